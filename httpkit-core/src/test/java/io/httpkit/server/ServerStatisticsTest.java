package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ServerSentEvent;
import io.httpkit.http.Status;
import io.httpkit.server.RecordingEvents.Event;
import io.httpkit.server.RecordingEvents.Kind;
import io.httpkit.server.ServerStatistics.Channels;
import io.httpkit.server.ServerStatistics.Workers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a server counts, and that each request ends. */
class ServerStatisticsTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final RecordingListener listener = new RecordingListener();
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch leave = new CountDownLatch(1);

  private Response slow(Request request) throws InterruptedException {
    entered.countDown();
    assertThat(leave.await(20, TimeUnit.SECONDS)).isTrue();
    return Response.text("slow");
  }

  private static Stream<Arguments> threads() {
    UnaryOperator<Handler> onLoop = Handler::nonBlocking;
    return Stream.of(
        arguments("on the loop", onLoop), arguments("on a worker", UnaryOperator.identity()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("threads")
  void countConnectionsAndBytes(String where, UnaryOperator<Handler> how) throws Exception {
    HttpServer server = servers.start(how.apply(request -> Response.bytes(new byte[100_000])));
    try (ScriptedPeer first = servers.connect(server);
        ScriptedPeer second = servers.connect(server)) {
      first.send(GET).read();
      second.send(GET).read();
      second.send(GET).read();
      ServerStatistics now = server.statistics();

      assertThat(now.loops()).hasSize(2);
      assertThat(now.connections()).isEqualTo(2);
      assertThat(now.openedConnections()).isEqualTo(2);
      assertThat(now.bytesReceived()).isEqualTo(3L * GET.length());
    }
    servers.events.await(Kind.CLOSE, 2);
    server.stop(Duration.ZERO).get(20, TimeUnit.SECONDS);
    ServerStatistics end = server.statistics();
    assertThat(end.connections()).isZero();
    assertThat(end.openedConnections()).isEqualTo(2);
    assertThat(end.bytesSent()).isBetween(300_000L, 302_000L);
  }

  @Test
  void countAnswersThatTheLoopSendsLater() throws Exception {
    HttpServer server = servers.start(request -> Response.bytes(new byte[4_000_000]));
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    peer.read();
    peer.close();
    servers.events.await(Kind.CLOSE);

    assertThat(server.statistics().bytesSent()).isBetween(4_000_000L, 4_001_000L);
  }

  @Test
  void areThereBeforeTheFirstStart() {
    HttpServer server = servers.create(request -> Response.text(""), config -> config);

    assertThat(server.statistics()).isEqualTo(ServerStatistics.NONE);
  }

  @Test
  void showThatWorkersAreBusyAndWhatIsRejected() throws Exception {
    HttpServer server = servers.start(this::slow, config -> config.thread(1).queueSize(1));
    assertThat(server.statistics().workers()).isEqualTo(new Workers(1, 0, 0, 0, 1));
    ScriptedPeer busy = servers.connect(server).send(GET);
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    ScriptedPeer queued = servers.connect(server).send(GET);
    servers.events.await(Kind.REQUEST, 2);
    ScriptedPeer rejected = servers.connect(server).send(GET);

    assertThat(rejected.read().status()).isEqualTo(503);
    ServerStatistics now = server.statistics();
    assertThat(now.workers()).isEqualTo(new Workers(1, 1, 1, 1, 1));
    assertThat(now.activeRequests()).isEqualTo(2);
    assertThat(now.rejectedRequests()).isEqualTo(1);
    leave.countDown();
    busy.read();
    queued.read();
  }

  @Test
  void countChannelsByKind() throws Exception {
    HttpServer server =
        servers.start(
            request ->
                request.path().equals("/events")
                    ? request.asEventStream(listener)
                    : request.asChannel(listener));
    WebSocketPeer socket = WebSocketPeer.open(servers.connect(server));
    AsyncChannel webSocket = listener.awaitOpen();
    ScriptedPeer streaming = servers.connect(server).send(GET.replace("/ ", "/events "));
    listener.awaitOpen();
    ScriptedPeer polling = servers.connect(server).send(GET);
    AsyncChannel poll = listener.awaitOpen();
    assertThat(channels(server)).isEqualTo(new Channels(1, 1, 1, 0, 0));

    socket.text("in").text("in");
    webSocket.send("out");
    webSocket.send(ServerSentEvent.of("an event as a message"));
    socket.expectText("out").expectText("an event as a message").ping("p").expectPong("p");
    poll.send(ServerSentEvent.of("becomes a stream"));
    RecordingListener.readHead(polling);
    assertThat(channels(server)).isEqualTo(new Channels(1, 2, 0, 2, 2));

    socket.close();
    streaming.close();
    polling.close();
    for (int i = 0; i < 3; i++) {
      listener.awaitClose();
    }
    assertThat(channels(server)).isEqualTo(new Channels(0, 0, 0, 2, 2));
  }

  private static Channels channels(HttpServer server) {
    return server.statistics().channels();
  }

  @Test
  void requestIsAbortedWhenTheClientLeavesBeforeItsAnswer() throws Exception {
    HttpServer server = servers.start(this::slow);
    ScriptedPeer peer = servers.connect(server).send(GET);
    assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    peer.reset();

    Event aborted = servers.events.await(Kind.ABORTED);
    assertThat(aborted.request()).isSameAs(servers.events.await(Kind.REQUEST).request());
    assertThat(aborted.status()).isNull();
    leave.countDown();
  }

  @Test
  void requestIsAbortedWhenTheClientLeavesItsStream() throws Exception {
    HttpServer server = servers.start(request -> request.asEventStream(listener));
    ScriptedPeer peer = servers.connect(server).send(GET);
    RecordingListener.readHead(peer);
    peer.reset();

    assertThat(servers.events.await(Kind.ABORTED).status()).isEqualTo(Status.OK);
    assertThat(servers.events.count(Kind.RESPONSE)).isZero();
  }

  @Test
  void requestIsAbortedWhenItsBodyBreaksOff() throws Exception {
    HttpServer server = servers.start(request -> Response.text(request.text()));
    byte[] half =
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nhalf"
            .getBytes(StandardCharsets.US_ASCII);
    servers.connect(server).send(half).close();

    assertThat(servers.events.await(Kind.ABORTED).status()).isNull();
  }
}
