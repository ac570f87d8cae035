package io.httpkit.spring.boot.metrics;

import io.httpkit.server.HttpServer;
import io.httpkit.server.ServerConfig;
import io.httpkit.server.ServerStatistics;
import io.httpkit.server.ServerStatistics.Channels;
import io.httpkit.server.ServerStatistics.Loop;
import io.httpkit.server.ServerStatistics.Workers;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** What {@link HttpServer#statistics} tells, asked when somebody reads the meters. */
public final class ServerMetrics implements MeterBinder {
  private final HttpServer server;
  private final ServerConfig config;

  /** Of this server. */
  public ServerMetrics(HttpServer server) {
    this.server = server;
    this.config = server.config();
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    bindConnections(registry);
    bindRequests(registry);
    bindWorkers(registry);
    bindChannels(registry);
    for (int i = 0; i < config.loops(); i++) {
      bindLoop(registry, i);
    }
  }

  private void bindConnections(MeterRegistry registry) {
    gauge(
            "httpkit.server.connections.current",
            "connections",
            "Open connections",
            ServerStatistics::connections)
        .register(registry);
    gauge(
            "httpkit.server.connections.config.max",
            "connections",
            "Connections at which accepting pauses",
            statistics -> config.limits().maxConnections())
        .register(registry);
    counter(
            "httpkit.server.connections.opened",
            "connections",
            "Connections that were ever open",
            ServerStatistics::openedConnections)
        .register(registry);
    counter("httpkit.server.bytes.in", "bytes", "Bytes received", ServerStatistics::bytesReceived)
        .register(registry);
    counter("httpkit.server.bytes.out", "bytes", "Bytes sent", ServerStatistics::bytesSent)
        .register(registry);
    gauge(
            "httpkit.server.bytes.queued",
            "bytes",
            "Bytes that clients have not taken yet",
            ServerStatistics::queuedBytes)
        .register(registry);
  }

  private void bindRequests(MeterRegistry registry) {
    gauge(
            "httpkit.server.requests.active",
            "requests",
            "Requests whose response is not complete",
            ServerStatistics::activeRequests)
        .register(registry);
    counter(
            "httpkit.server.queue.rejected",
            "tasks",
            "Requests answered 503, as the queue was full",
            ServerStatistics::rejectedRequests)
        .register(registry);
  }

  private void bindWorkers(MeterRegistry registry) {
    workers(
            "httpkit.server.threads.busy",
            "threads",
            "Worker threads that run something",
            Workers::busy)
        .register(registry);
    workers("httpkit.server.threads.current", "threads", "Worker threads", Workers::threads)
        .register(registry);
    workers(
            "httpkit.server.threads.config.max",
            "threads",
            "Worker threads there may be",
            Workers::max)
        .register(registry);
    workers("httpkit.server.queue.size", "tasks", "Tasks that wait for a worker", Workers::queued)
        .register(registry);
    workers(
            "httpkit.server.queue.remaining",
            "tasks",
            "Tasks for which the queue has room",
            workers -> Math.max(0, workers.queueSize() - workers.queued()))
        .register(registry);
  }

  private void bindChannels(MeterRegistry registry) {
    channels("websocket", Channels::webSockets).register(registry);
    channels("sse", Channels::eventStreams).register(registry);
    channels("response", Channels::responses).register(registry);
    messages("in", Channels::messagesReceived).register(registry);
    messages("out", Channels::messagesSent).register(registry);
  }

  private void bindLoop(MeterRegistry registry, int index) {
    TimeGauge.builder(
            "httpkit.server.loop.lag", server, TimeUnit.NANOSECONDS, some -> lagNanos(some, index))
        .description("How long something waited for the event loop, at most within 1 to 2 minutes")
        .tag("loop", Integer.toString(index + 1))
        .register(registry);
  }

  private static double lagNanos(HttpServer server, int index) {
    List<Loop> loops = server.statistics().loops();
    return index < loops.size() ? loops.get(index).lag().toNanos() : 0;
  }

  private Gauge.Builder<HttpServer> gauge(
      String name, String unit, String description, ToDoubleFunction<ServerStatistics> value) {
    return Gauge.builder(name, server, some -> value.applyAsDouble(some.statistics()))
        .baseUnit(unit)
        .description(description);
  }

  private FunctionCounter.Builder<HttpServer> counter(
      String name, String unit, String description, ToDoubleFunction<ServerStatistics> value) {
    return FunctionCounter.builder(name, server, some -> value.applyAsDouble(some.statistics()))
        .baseUnit(unit)
        .description(description);
  }

  private Gauge.Builder<HttpServer> workers(
      String name, String unit, String description, ToDoubleFunction<Workers> value) {
    return gauge(name, unit, description, statistics -> value.applyAsDouble(statistics.workers()));
  }

  private Gauge.Builder<HttpServer> channels(String type, ToDoubleFunction<Channels> value) {
    return gauge(
            "httpkit.channels.open",
            "channels",
            "Open channels: WebSockets, streams of events, and long polls with the rest",
            statistics -> value.applyAsDouble(statistics.channels()))
        .tag("type", type);
  }

  private FunctionCounter.Builder<HttpServer> messages(
      String direction, ToDoubleFunction<Channels> value) {
    return counter(
            "httpkit.websocket.messages",
            "messages",
            "Messages over WebSockets",
            statistics -> value.applyAsDouble(statistics.channels()))
        .tag("direction", direction);
  }
}
