package io.httpkit.spring.boot.observation;

import io.httpkit.http.Status;
import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.ServerEvents;
import io.httpkit.spring.boot.server.HttpKitInterceptor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;

/**
 * Observes each request, from the end of its head to the end of its response: also those that no
 * handler sees, as they are refused or wait until their client is gone. A WebSocket is a request
 * until it is open.
 *
 * <p>While its handler runs, the observation is the current one of that thread, so that logs carry
 * the trace, and what the handler asks of others continues it.
 */
public final class ServerRequestObservations implements ServerEvents, HttpKitInterceptor, Ordered {
  private static final String ATTRIBUTE = ServerRequestObservations.class.getName();

  private final ObservationRegistry registry;
  private final HttpKitServerObservationConvention ownConvention;
  private final @Nullable HttpKitServerObservationConvention convention;

  /**
   * @param ownConvention names and keys
   * @param convention of the application, in place of that
   */
  public ServerRequestObservations(
      ObservationRegistry registry,
      HttpKitServerObservationConvention ownConvention,
      @Nullable HttpKitServerObservationConvention convention) {
    this.registry = registry;
    this.ownConvention = ownConvention;
    this.convention = convention;
  }

  /** Outermost, so that other interceptors are part of what is observed. */
  @Override
  public int getOrder() {
    return HIGHEST_PRECEDENCE;
  }

  @Override
  public void onRequest(Request request) {
    Observation observation = begin(request);
    if (observation != null) {
      request.attribute(ATTRIBUTE, observation);
    }
  }

  private @Nullable Observation begin(@Nullable Request request) {
    Observation observation =
        Observation.createNotStarted(
            convention,
            ownConvention,
            () -> new HttpKitServerObservationContext(request),
            registry);
    return observation.isNoop() ? null : observation.start();
  }

  @Override
  public Response intercept(Request request, Handler next) throws Exception {
    Observation observation = of(request);
    if (observation == null) {
      return next.handle(request);
    }
    Observation.Scope scope = observation.openScope();
    try {
      return next.handle(request);
    } finally {
      scope.close();
    }
  }

  @Override
  public boolean isNonBlocking() {
    return true;
  }

  @Override
  public void onError(Request request, Throwable error) {
    Observation observation = of(request);
    if (observation != null) {
      observation.error(error);
    }
  }

  @Override
  public void onResponse(@Nullable Request request, Status status, long bodyBytes, long nanos) {
    stop(request == null ? begin(null) : of(request), status, false);
  }

  @Override
  public void onAborted(Request request, @Nullable Status status) {
    stop(of(request), status, true);
  }

  private static @Nullable Observation of(Request request) {
    return request.attribute(ATTRIBUTE) instanceof Observation begun ? begun : null;
  }

  private static void stop(
      @Nullable Observation observation, @Nullable Status status, boolean isAborted) {
    if (observation != null
        && observation.getContext() instanceof HttpKitServerObservationContext context) {
      if (status != null) {
        context.setResponse(status);
      }
      if (isAborted) {
        context.setAborted(true);
      }
      Request request = context.request();
      Throwable handled = request == null ? null : HandledExceptions.of(request);
      if (handled != null && context.getError() == null) {
        observation.error(handled);
      }
      observation.stop();
    }
  }
}
