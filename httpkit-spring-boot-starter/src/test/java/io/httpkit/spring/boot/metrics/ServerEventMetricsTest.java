package io.httpkit.spring.boot.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServerEventMetricsTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration MOMENT = Duration.ofSeconds(1);

  private final MockClock clock = new MockClock();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ServerEventMetrics metrics = new ServerEventMetrics(clock);

  @Test
  void mostConnectionsAreThoseOfTheLastMinutes() {
    metrics.bindTo(registry);
    assertThat(most()).isZero();

    open(3);
    close(2);
    clock.add(MOMENT);
    assertThat(most()).isEqualTo(3);

    // Nothing happens: the one that is left is all there was of late.
    clock.add(LONG);
    assertThat(most()).isEqualTo(1);

    close(1);
    clock.add(MOMENT);
    assertThat(most()).isEqualTo(1);

    clock.add(LONG);
    assertThat(most()).isZero();
  }

  private void open(int count) {
    for (int i = 0; i < count; i++) {
      metrics.onAccept(null);
    }
  }

  private void close(int count) {
    for (int i = 0; i < count; i++) {
      metrics.onClose(null);
    }
  }

  private double most() {
    return registry.get("httpkit.server.connections.max").gauge().value();
  }
}
