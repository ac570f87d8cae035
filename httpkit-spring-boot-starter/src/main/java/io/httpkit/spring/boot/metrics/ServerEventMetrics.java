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
    abortedRequests(registry);
    loopErrors(registry);
    acceptPauses(registry);
  }

  /** Those that were opened long ago and are still there count too. */
  private double maxConnections() {
    return Math.max(maxConnections.poll(), connections.get());
  }

  private static Counter abortedRequests(MeterRegistry registry) {
    return Counter.builder("httpkit.server.requests.aborted")
        .baseUnit("requests")
        .description("Requests that got no response, or not all of one")
        .register(registry);
  }

  private static Counter loopErrors(MeterRegistry registry) {
    return Counter.builder("httpkit.server.loop.errors")
        .baseUnit("errors")
        .description("Faults of the library")
        .register(registry);
  }

  private static Counter acceptPauses(MeterRegistry registry) {
    return Counter.builder("httpkit.server.accept.pauses")
        .baseUnit("pauses")
        .description("Times that accepting paused: too many connections, or files")
        .register(registry);
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
    for (MeterRegistry registry : registries) {
      Counter.builder("httpkit.server.tls.handshakes")
          .baseUnit("handshakes")
          .description("TLS handshakes that succeeded or failed")
          .tag("result", result)
          .tag("protocol", protocol)
          .register(registry)
          .increment();
    }
  }

  /** Without a request the client broke HTTP, or took too long to say what it wants. */
  @Override
  public void onResponse(@Nullable Request request, Status status, long bodyBytes, long nanos) {
    if (request != null) {
      return;
    }
    for (MeterRegistry registry : registries) {
      Counter.builder("httpkit.server.parse.errors")
          .baseUnit("errors")
          .description("Requests that were refused before they were requests")
          .tag("kind", status.reason().toLowerCase(Locale.ROOT).replace(' ', '_'))
          .register(registry)
          .increment();
    }
  }

  @Override
  public void onAborted(Request request, @Nullable Status status) {
    registries.forEach(registry -> abortedRequests(registry).increment());
  }

  @Override
  public void onChannelClose(AsyncChannel channel, CloseStatus status) {
    for (MeterRegistry registry : registries) {
      Counter.builder("httpkit.channels.closed")
          .baseUnit("channels")
          .description("Channels that were closed, and why; too slow a reader is try_again_later")
          .tag("type", type(channel))
          .tag("reason", status.kind().name().toLowerCase(Locale.ROOT))
          .register(registry)
          .increment();
    }
  }

  private static String type(AsyncChannel channel) {
    if (channel.isWebSocket()) {
      return "websocket";
    }
    return channel.isEventStream() ? "sse" : "response";
  }

  @Override
  public void onAcceptPaused(@Nullable Throwable cause) {
    registries.forEach(registry -> acceptPauses(registry).increment());
  }

  @Override
  public void onLoopError(Throwable error) {
    registries.forEach(registry -> loopErrors(registry).increment());
  }
}
