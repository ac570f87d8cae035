package io.httpkit.spring.boot.metrics;

import io.httpkit.client.ClientStatistics;
import io.httpkit.client.HttpClient;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The connections of clients, each by the name of its bean. */
public final class ClientMetrics implements MeterBinder {
  private final Map<String, HttpClient> clients;

  /** Of these clients. */
  public ClientMetrics(Map<String, HttpClient> clients) {
    this.clients = Map.copyOf(clients);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    clients.forEach(
        (name, client) -> {
          bind(registry, "active", name, client, now -> now.open() - now.idle());
          bind(registry, "idle", name, client, ClientStatistics::idle);
          bind(registry, "pending", name, client, ClientStatistics::waiting);
        });
  }

  private static void bind(
      MeterRegistry registry,
      String state,
      String name,
      HttpClient client,
      ToDoubleFunction<ClientStatistics> value) {
    Gauge.builder(
            "httpkit.client.connections." + state,
            client,
            some -> value.applyAsDouble(some.statistics()))
        .baseUnit("connections")
        .description("Connections of a client; pending are requests that wait for one")
        .tag("client", name)
        .register(registry);
  }
}
