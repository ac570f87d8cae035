package io.httpkit.server;

import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a server does, and has done since its last start. Its numbers are of almost the same time.
 *
 * @param activeRequests requests whose response is not complete
 * @param rejectedRequests those that were answered 503, because as many as allowed waited for a
 *     worker
 * @param loops of each event loop, in the order of their numbers; empty before the first start
 * @param workers the threads that run handlers; all zero if they are an executor of the
 *     application, which then knows best
 * @param channels what handlers have opened in place of a response
 */
public record ServerStatistics(
    int activeRequests,
    long rejectedRequests,
    List<Loop> loops,
    Workers workers,
    Channels channels) {

  static final ServerStatistics NONE =
      new ServerStatistics(
          0, 0, List.of(), new Workers(0, 0, 0, 0, 0), new Channels(0, 0, 0, 0, 0));

  /** Copies the list. */
  public ServerStatistics {
    loops = List.copyOf(loops);
  }

  /**
   * One event loop.
   *
   * @param connections that are open
   * @param openedConnections that were ever open
   * @param bytesReceived with all framing, and with TLS as encrypted
   * @param bytesSent of those that the system took
   * @param queuedBytes that peers have not taken yet; as it was a second or two ago
   * @param lag how long something had to wait at most for the loop within the last minute or two,
   *     looked at once a second. It is long if something that waits runs on the loop.
   */
  public record Loop(
      int connections,
      long openedConnections,
      long bytesReceived,
      long bytesSent,
      long queuedBytes,
      Duration lag) {}

  /**
   * The threads that run handlers.
   *
   * @param max as many as there may be
   * @param threads as many as there are
   * @param busy those that run something
   * @param queued what waits for one
   * @param queueSize how much may wait. With virtual threads nothing waits: 0, and {@code max} says
   *     how many may run.
   */
  public record Workers(int max, int threads, int busy, int queued, int queueSize) {}

  /**
   * What handlers have opened.
   *
   * @param webSockets that are open
   * @param eventStreams streams of server-sent events that are open
   * @param responses long polls and other streams that are open
   * @param messagesReceived over WebSockets
   * @param messagesSent over WebSockets
   */
  public record Channels(
      int webSockets, int eventStreams, int responses, long messagesReceived, long messagesSent) {}

  /** Open connections. */
  public int connections() {
    return (int) sum(Loop::connections);
  }

  /** Connections that were ever open. */
  public long openedConnections() {
    return sum(Loop::openedConnections);
  }

  /** Bytes that were read from connections. */
  public long bytesReceived() {
    return sum(Loop::bytesReceived);
  }

  /** Bytes that were written to connections. */
  public long bytesSent() {
    return sum(Loop::bytesSent);
  }

  /** Bytes that wait for peers to take them. */
  public long queuedBytes() {
    return sum(Loop::queuedBytes);
  }

  private long sum(ToLongFunction<Loop> value) {
    return loops.stream().mapToLong(value).sum();
  }
}
