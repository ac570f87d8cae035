package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.internal.loop.Ticker;
import io.httpkit.testing.Leftovers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Makes the servers and the peers of a test and ends them after it. Then nothing may be left of
 * them: no thread, no connection, no request, no file descriptor; and none of their loops may have
 * reported a fault.
 */
final class NothingLeft implements BeforeEachCallback, AfterEachCallback {
  private static final long BOUND_SECONDS = 20;
  private static final List<String> THREADS =
      List.of("http-kit-loop-", "http-kit-stop", "http-kit-tls-", "worker-", "own-worker-");

  /** What happens in the servers of {@link #start}. */
  final RecordingEvents events = new RecordingEvents();

  private final List<HttpServer> servers = new ArrayList<>();
  private final ConcurrentLinkedQueue<ScriptedPeer> peers = new ConcurrentLinkedQueue<>();
  private List<String> descriptorsBefore = List.of();

  /** A server on any free port of this machine, that records its events. */
  HttpServer start(Handler handler) {
    return start(handler, config -> config);
  }

  HttpServer start(Handler handler, UnaryOperator<ServerConfig.Builder> options) {
    return start(handler, options, Ticker.SYSTEM);
  }

  HttpServer start(Handler handler, UnaryOperator<ServerConfig.Builder> options, Ticker ticker) {
    HttpServer server = create(handler, options, ticker);
    try {
      server.start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return server;
  }

  /** The same, not started yet. */
  HttpServer create(Handler handler, UnaryOperator<ServerConfig.Builder> options) {
    return create(handler, options, Ticker.SYSTEM);
  }

  private HttpServer create(
      Handler handler, UnaryOperator<ServerConfig.Builder> options, Ticker ticker) {
    ServerConfig.Builder config =
        ServerConfig.builder().ip("127.0.0.1").port(0).loops(2).events(events);
    return add(HttpServer.create(handler, options.apply(config).build(), ticker));
  }

  HttpServer add(HttpServer server) {
    servers.add(server);
    return server;
  }

  ScriptedPeer connect(HttpServer server) throws IOException {
    return add(ScriptedPeer.connect(server));
  }

  /** A peer for which the system keeps few bytes. */
  ScriptedPeer connectNarrow(HttpServer server) throws IOException {
    return add(ScriptedPeer.connect(server, 16 * 1024));
  }

  private ScriptedPeer add(ScriptedPeer peer) {
    peers.add(peer);
    return peer;
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    descriptorsBefore = Leftovers.descriptors();
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    for (ScriptedPeer peer : peers) {
      peer.close();
    }
    for (HttpServer server : servers) {
      server.stop(Duration.ZERO).get(BOUND_SECONDS, TimeUnit.SECONDS);
      assertThat(server.status()).isEqualTo(ServerStatus.STOPPED);
      assertThat(server.connections()).as("connections").isZero();
      assertThat(server.activeRequests()).as("active requests").isZero();
      assertNothingOpen(server.statistics());
    }
    Leftovers.assertEnd(Leftovers.threads(THREADS));
    assertThat(Leftovers.descriptors()).hasSizeLessThanOrEqualTo(descriptorsBefore.size());
    assertThat(events.all(RecordingEvents.Kind.LOOP_ERROR)).isEmpty();
    assertEachRequestEndedOnce();
  }

  private static void assertNothingOpen(ServerStatistics left) {
    assertThat(left.connections()).as("connections").isZero();
    assertThat(left.channels().webSockets()).as("WebSockets").isZero();
    assertThat(left.channels().eventStreams()).as("streams of events").isZero();
    assertThat(left.channels().responses()).as("channels over HTTP").isZero();
  }

  private void assertEachRequestEndedOnce() {
    List<Request> ended = new ArrayList<>();
    for (RecordingEvents.Event event : events.all()) {
      boolean isEnd =
          event.kind() == RecordingEvents.Kind.RESPONSE
              || event.kind() == RecordingEvents.Kind.ABORTED;
      Request request = event.request();
      if (isEnd && request != null) {
        ended.add(request);
      }
    }
    List<Request> begun =
        events.all(RecordingEvents.Kind.REQUEST).stream()
            .map(RecordingEvents.Event::request)
            .toList();
    assertThat(ended).containsExactlyInAnyOrderElementsOf(begun);
  }
}
