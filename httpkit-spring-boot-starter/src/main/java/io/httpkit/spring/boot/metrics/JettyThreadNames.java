package io.httpkit.spring.boot.metrics;

import io.httpkit.server.HttpServer;
import io.httpkit.server.ServerStatistics.Workers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.function.ToDoubleFunction;

/**
 * The worker threads under the names of Jetty's, for dashboards that know Tomcat and Jetty only.
 */
public final class JettyThreadNames implements MeterBinder {
  private final HttpServer server;

  /** Of this server. */
  public JettyThreadNames(HttpServer server) {
    this.server = server;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bind(registry, "config.max", Workers::max);
    bind(registry, "config.min", workers -> 0);
    bind(registry, "current", Workers::threads);
    bind(registry, "busy", Workers::busy);
    bind(registry, "idle", workers -> workers.threads() - workers.busy());
    bind(registry, "jobs", Workers::queued);
  }

  private void bind(MeterRegistry registry, String name, ToDoubleFunction<Workers> value) {
    Gauge.builder(
            "jetty.threads." + name,
            server,
            some -> value.applyAsDouble(some.statistics().workers()))
        .description("As httpkit.server.threads and httpkit.server.queue")
        .register(registry);
  }
}
