package io.httpkit.spring.boot.server.context;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Says that no more traffic is wanted as soon as the context begins to close. Web contexts do so by
 * themselves, others do not.
 */
public final class RefuseTrafficOnClose implements ApplicationListener<ContextClosedEvent> {
  private final ApplicationContext context;

  /** For this context; that others close is of no interest. */
  public RefuseTrafficOnClose(ApplicationContext context) {
    this.context = context;
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    if (event.getApplicationContext() == context) {
      AvailabilityChangeEvent.publish(context, ReadinessState.REFUSING_TRAFFIC);
    }
  }
}
