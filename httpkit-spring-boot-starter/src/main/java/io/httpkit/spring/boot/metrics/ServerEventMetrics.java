package io.httpkit.spring.boot.metrics;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.CloseStatus;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.ServerEvents;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.distribution.TimeWindowMax;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Counts what happens in the server but is not in its statistics. Listens to nothing that happens
 * for each request that goes well. All tags have few values, whatever clients do.
 */
public final class ServerEventMetrics implements ServerEvents, MeterBinder {
  private static final Duration MAX_WINDOW = Duration.ofMinutes(1);
  private static final int MAX_WINDOWS = 3;

  /** Bound while the context starts, told of events by any thread. */
  private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

  private final AtomicInteger connections = new AtomicInteger();
  private final TimeWindowMax maxConnections;

  /** Told of nothing yet. */
  public ServerEventMetrics() {
    this(Clock.SYSTEM);
  }

  ServerEventMetrics(Clock clock) {
    maxConnections = new TimeWindowMax(clock, MAX_WINDOW.toMillis(), MAX_WINDOWS);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    registries.add(registry);
    Gauge.builder("httpkit.server.connections.max", this, ServerEventMetrics::maxConnections)
        .baseUnit("connections")
        .description("Most connections that were open at once, within the last minutes")
        .register(registry);
    abortedRequests().register(registry);
    loopErrors().register(registry);
    acceptPauses().register(registry);
  }

  /** Those that were opened long ago and are still there count too. */
  private double maxConnections() {
    return Math.max(maxConnections.poll(), connections.get());
  }

  private static Counter.Builder abortedRequests() {
    return counter(
        "httpkit.server.requests.aborted",
        "requests",
        "Requests that got no response, or not all of one");
  }

  private static Counter.Builder loopErrors() {
    return counter("httpkit.server.loop.errors", "errors", "Faults of the library");
  }

  private static Counter.Builder acceptPauses() {
    return counter(
        "httpkit.server.accept.pauses",
        "pauses",
        "Times that accepting paused: too many connections, or files");
  }

  private static Counter.Builder counter(String name, String unit, String description) {
    return Counter.builder(name).baseUnit(unit).description(description);
  }

  private void count(Counter.Builder counter) {
    registries.forEach(registry -> counter.register(registry).increment());
  }

  @Override
  public void onAccept(@Nullable SocketAddress remote) {
    maxConnections.record(connections.incrementAndGet());
  }

  @Override
  public void onClose(@Nullable SocketAddress remote) {
    maxConnections.record(connections.getAndDecrement());
  }

  @Override
  public void onTlsHandshake(@Nullable SocketAddress remote, SSLSession session) {
    tlsHandshake("success", session.getProtocol());
  }

  @Override
  public void onTlsFailure(@Nullable SocketAddress remote, Throwable cause) {
    tlsHandshake("failure", "none");
  }

  private void tlsHandshake(String result, String protocol) {
    count(
        counter(
                "httpkit.server.tls.handshakes",
                "handshakes",
                "TLS handshakes that succeeded or failed")
            .tag("result", result)
            .tag("protocol", protocol));
  }

  /** Without a request the client broke HTTP, or took too long to say what it wants. */
  @Override
  public void onResponse(@Nullable Request request, Status status, long bodyBytes, long nanos) {
    if (request != null) {
      return;
    }
    count(
        counter(
                "httpkit.server.parse.errors",
                "errors",
                "Requests that were refused before they were requests")
            .tag("kind", status.reason().toLowerCase(Locale.ROOT).replace(' ', '_')));
  }

  @Override
  public void onAborted(Request request, @Nullable Status status) {
    count(abortedRequests());
  }

  @Override
  public void onChannelClose(AsyncChannel channel, CloseStatus status) {
    count(
        counter(
                "httpkit.channels.closed",
                "channels",
                "Channels that were closed, and why; too slow a reader is try_again_later")
            .tag("type", type(channel))
            .tag("reason", status.kind().name().toLowerCase(Locale.ROOT)));
  }

  private static String type(AsyncChannel channel) {
    if (channel.isWebSocket()) {
      return "websocket";
    }
    return channel.isEventStream() ? "sse" : "response";
  }

  @Override
  public void onAcceptPaused(@Nullable Throwable cause) {
    count(acceptPauses());
  }

  @Override
  public void onLoopError(Throwable error) {
    count(loopErrors());
  }
}
