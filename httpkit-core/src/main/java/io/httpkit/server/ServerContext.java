package io.httpkit.server;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.internal.codec.http1.DefaultFields;
import io.httpkit.internal.codec.http1.Http1Limits;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.websocket.DeflaterPool;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/** What all connections of a running server share. Any thread. */
final class ServerContext {
  private final ServerConfig config;
  private final ServerEvents events;
  private final Http1Limits http1Limits;
  private final DefaultFieldsClock defaultFields;
  private final Executor workers;
  private final DeflaterPool deflaters = new DeflaterPool();
  private final LongAdder activeRequests = new LongAdder();
  private final LongAdder rejectedRequests = new LongAdder();
  private final LongAdder webSockets = new LongAdder();
  private final LongAdder eventStreams = new LongAdder();
  private final LongAdder openResponses = new LongAdder();
  private final Runnable onConnectionClosed;
  private final long headNanos;
  private final long bodyNanos;
  private final long idleNanos;

  /** Volatile, as it is read when a response is encoded, on any thread. */
  private volatile boolean draining;

  /**
   * @param onConnectionClosed called on the connection's loop
   */
  ServerContext(
      ServerConfig config, ServerEvents events, Executor workers, Runnable onConnectionClosed) {
    this.onConnectionClosed = onConnectionClosed;
    this.config = config;
    this.events = events;
    this.workers = workers;
    this.defaultFields = new DefaultFieldsClock(config.serverHeader());
    ServerConfig.Limits limits = config.limits();
    this.http1Limits =
        new Http1Limits(
            limits.maxLine(),
            limits.maxHeaderBytes(),
            limits.maxHeaders(),
            limits.maxChunkExtensionBytes());
    this.headNanos = nanos(config.timeouts().head());
    this.bodyNanos = nanos(config.timeouts().body());
    this.idleNanos = nanos(config.timeouts().idle());
  }

  /** Of a duration beyond 292 years, that. */
  static long nanos(Duration duration) {
    return duration.compareTo(Duration.ofNanos(Long.MAX_VALUE / 2)) > 0
        ? Long.MAX_VALUE / 2
        : duration.toNanos();
  }

  ServerConfig.Limits limits() {
    return config.limits();
  }

  ServerEvents events() {
    return events;
  }

  /** Whether anybody wants to know of each request and response. */
  boolean isObserved() {
    return !config.events().isEmpty();
  }

  Http1Limits http1Limits() {
    return http1Limits;
  }

  DefaultFields defaultFields() {
    return defaultFields.fields();
  }

  /** To be called once a second; tells the nanoseconds until the next time. */
  long refreshDefaultFields() {
    return defaultFields.refresh();
  }

  Executor workers() {
    return workers;
  }

  /** How channels behave unless a handler says otherwise. */
  ChannelOptions channels() {
    return config.channels();
  }

  DeflaterPool deflaters() {
    return deflaters;
  }

  LongAdder activeRequests() {
    return activeRequests;
  }

  LongAdder rejectedRequests() {
    return rejectedRequests;
  }

  /** How many channels of this one's kind are open. */
  LongAdder openChannels(AsyncChannel channel) {
    if (channel.isWebSocket()) {
      return webSockets;
    }
    return channel.isEventStream() ? eventStreams : openResponses;
  }

  /** What began as a response has sent its first event. */
  void becameEventStream() {
    openResponses.decrement();
    eventStreams.increment();
  }

  /**
   * @param received messages over WebSockets
   * @param sent messages over WebSockets
   */
  ServerStatistics.Channels channelStatistics(long received, long sent) {
    return new ServerStatistics.Channels(
        webSockets.intValue(), eventStreams.intValue(), openResponses.intValue(), received, sent);
  }

  long headNanos() {
    return headNanos;
  }

  long bodyNanos() {
    return bodyNanos;
  }

  long idleNanos() {
    return idleNanos;
  }

  void closed(Connection connection) {
    events.onClose(connection.remoteAddress());
    onConnectionClosed.run();
  }

  /** Whether the server is stopping, so that each response is its connection's last. */
  boolean isDraining() {
    return draining;
  }

  void drain() {
    draining = true;
  }
}
