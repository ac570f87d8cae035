package io.httpkit.server;

import static io.httpkit.server.RecordingListener.readHead;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.CloseStatus.Kind;
import io.httpkit.channel.ServerSentEvent;
import io.httpkit.channel.SharedMessage;
import io.httpkit.http.Headers;
import io.httpkit.server.ScriptedPeer.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams of server-sent events, on the wire. */
class EventStreamTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final RecordingListener listener = new RecordingListener();

  private HttpServer server() {
    return servers.start(request -> request.asEventStream(listener));
  }

  private HttpServer server(Duration heartbeat) {
    return servers.start(
        request -> request.asEventStream(listener),
        options -> options.channels(ChannelOptions.DEFAULTS.withHeartbeat(heartbeat)));
  }

  private static String chunk(String event) {
    int length = event.getBytes(StandardCharsets.UTF_8).length;
    return Integer.toHexString(length) + "\r\n" + event + "\r\n";
  }

  private static void expectChunks(ScriptedPeer peer, String... events) throws IOException {
    for (String event : events) {
      peer.expect(
          new String(chunk(event).getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
    }
  }

  // ---- the stream

  @Test
  void beginsBeforeThereIsAnEvent() throws Exception {
    ScriptedPeer peer = servers.connect(server()).send(GET);

    Headers head = readHead(peer);

    assertThat(head.get("Status-Line")).contains("HTTP/1.1 200 OK");
    assertThat(head.all("Content-Type")).containsExactly("text/event-stream");
    assertThat(head.all("Cache-Control")).containsExactly("no-store");
    assertThat(head.all("Transfer-Encoding")).containsExactly("chunked");
    assertThat(head.contains("Content-Length")).isFalse();
    AsyncChannel channel = listener.awaitOpen();
    assertThat(channel.isEventStream()).isTrue();
    assertThat(channel.isWebSocket()).isFalse();
    assertThat(channel.closesAfterSend()).isFalse();
    assertThat(peer.hasWithin(Duration.ofMillis(50))).isFalse();
  }

  @Test
  void headersOfTheHandlerCount() throws Exception {
    HttpServer server =
        servers.start(
            request ->
                request
                    .asEventStream(listener)
                    .withHeader("Cache-Control", "no-cache")
                    .withHeader("X-Accel-Buffering", "no")
                    .withType("text/plain"));

    Headers head = readHead(servers.connect(server).send(GET));

    assertThat(head.all("Cache-Control")).containsExactly("no-cache");
    assertThat(head.all("X-Accel-Buffering")).containsExactly("no");
    assertThat(head.all("Content-Type")).containsExactly("text/event-stream");
  }

  @Test
  void headThatIsTooLargeIsAnsweredAsAnError() throws Exception {
    HttpServer server =
        servers.start(
            request -> request.asEventStream(listener).withHeader("X", "x".repeat(70_000)));

    assertThat(servers.connect(server).send(GET).read().status()).isEqualTo(500);
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.INTERNAL_SERVER_ERROR);
  }

  @Test
  void eventsAreChunksOfTheirOwn() throws Exception {
    ScriptedPeer peer = servers.connect(server()).send(GET + GET);
    AsyncChannel channel = listener.awaitOpen();
    readHead(peer);

    channel.send("täxt");
    channel.send(SharedMessage.of("shared"));
    channel.send(ServerSentEvent.of("tick", "1\n2").withId("7"));
    channel.send(ServerSentEvent.comment("note"));
    channel.send(ServerSentEvent.of("x").withRetry(Duration.ofSeconds(3)));
    assertThat(channel.isOpen()).isTrue();
    channel.send(ServerSentEvent.of("last"), true);

    expectChunks(
        peer,
        "data: täxt\n\n",
        "data: shared\n\n",
        "id: 7\nevent: tick\ndata: 1\ndata: 2\n\n",
        ": note\n\n",
        "retry: 3000\ndata: x\n\n",
        "data: last\n\n");
    peer.expect("0\r\n\r\nHTTP/1.1 200 OK\r\n");
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
    assertThat(channel.send("late")).isFalse();
    listener.awaitOpen();
  }

  @Test
  void oldClientGetsThePlainEvents() throws Exception {
    listener.whenOpen(
        channel -> {
          channel.send("one");
          channel.send(SharedMessage.of("two"));
          channel.send(ServerSentEvent.of("three"));
          channel.close();
        });
    ScriptedPeer peer = servers.connect(server()).send("GET / HTTP/1.0\r\n\r\n");

    Headers head = readHead(peer);
    assertThat(head.get("Connection")).contains("close");
    assertThat(head.contains("Transfer-Encoding")).isFalse();
    peer.expect("data: one\n\ndata: two\n\ndata: three\n\n").expectEof();
  }

  @Test
  void sharedMessageIsFramedForEachKindOfClient() throws Exception {
    HttpServer server = server();
    ScriptedPeer old = servers.connect(server).send("GET / HTTP/1.0\r\n\r\n");
    AsyncChannel first = listener.awaitOpen();
    ScriptedPeer current = servers.connect(server).send(GET);
    AsyncChannel second = listener.awaitOpen();
    SharedMessage message = SharedMessage.of("a\nb");

    for (AsyncChannel channel : List.of(first, second, first, second)) {
      assertThat(channel.send(message)).isTrue();
    }
    first.close();
    second.close();

    String events = "data: a\ndata: b\n\n".repeat(2);
    assertThat(old.read().text()).isEqualTo(events);
    assertThat(current.read().text()).isEqualTo(events);
  }

  @Test
  void eventMayBeginTheAnswerOfAChannel() throws Exception {
    HttpServer server =
        servers.start(request -> request.asChannel(listener).withHeader("X-A", "1"));
    ScriptedPeer peer = servers.connect(server).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    assertThat(channel.isEventStream()).isFalse();

    channel.send(ServerSentEvent.of("first"));
    channel.send("second");
    assertThat(channel.send(ServerSentEvent.of("last"), true)).isTrue();

    Reply reply = peer.read();
    assertThat(reply.header("Content-Type")).isEqualTo("text/event-stream");
    assertThat(reply.header("X-A")).isEqualTo("1");
    assertThat(reply.text()).isEqualTo("data: first\n\ndata: second\n\ndata: last\n\n");
  }

  @Test
  void bytesAreRefused() throws Exception {
    ScriptedPeer peer = servers.connect(server()).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    List<Object> refused =
        List.of(
            new byte[1],
            ByteBuffer.allocate(1),
            new ByteArrayInputStream(new byte[1]),
            Path.of("x"),
            Response.text("x"),
            SharedMessage.of(new byte[1]));

    for (Object each : refused) {
      assertThatExceptionOfType(IllegalStateException.class)
          .as("%s", each)
          .isThrownBy(() -> channel.send(each))
          .withMessage("only events and text can be sent over a stream of events");
    }

    channel.send("still here");
    channel.close();
    assertThat(peer.read().text()).isEqualTo("data: still here\n\n");
  }

  @Test
  void answerToHeadIsItsHead() throws Exception {
    ScriptedPeer peer = servers.connect(server()).send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + GET);

    assertThat(peer.read("HEAD").header("Content-Type")).isEqualTo("text/event-stream");
    AsyncChannel channel = listener.awaitOpen();
    assertThat(channel.isOpen()).isFalse();
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
    listener.awaitOpen().close();
    assertThat(peer.read().text()).isEmpty();
  }

  @Test
  void clientThatConnectsAgainNamesWhatItHasSeen() throws Exception {
    HttpServer server =
        servers.start(
            request ->
                request.asEventStream(
                    channel -> {
                      channel.send("after " + request.lastEventId().orElse("nothing"));
                      channel.close();
                    }));
    ScriptedPeer peer = servers.connect(server);

    assertThat(peer.send(GET).read().text()).isEqualTo("data: after nothing\n\n");
    String again = "GET / HTTP/1.1\r\nHost: a\r\nLast-Event-ID: 42\r\n\r\n";
    assertThat(peer.send(again).read().text()).isEqualTo("data: after 42\n\n");
  }

  // ---- what must not break out of its line

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\n", "\r\n", "\u0000", "a\rdata: x", "a\n\ndata: x"})
  void idAndTypeCannotBreakTheirLine(String evil) throws Exception {
    ScriptedPeer peer = servers.connect(server()).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    List<UnaryOperator<ServerSentEvent>> changes =
        List.of(event -> event.withId(evil), event -> event.withEvent(evil));

    for (UnaryOperator<ServerSentEvent> change : changes) {
      assertThatExceptionOfType(IllegalArgumentException.class)
          .isThrownBy(() -> channel.send(change.apply(ServerSentEvent.of("x"))));
    }

    channel.close();
    assertThat(peer.read().text()).isEmpty();
  }

  private static List<List<String>> lines() {
    return List.of(
        List.of("a\rid: 1", "data: a\ndata: id: 1\n\n"),
        List.of("a\nid: 1", "data: a\ndata: id: 1\n\n"),
        List.of("a\r\nid: 1", "data: a\ndata: id: 1\n\n"),
        List.of("a\n\nevent: x", "data: a\ndata: \ndata: event: x\n\n"),
        List.of("a\r\r\nb", "data: a\ndata: \ndata: b\n\n"),
        List.of("\n", "data: \ndata: \n\n"),
        List.of("", "data: \n\n"),
        List.of("a\u2028b\u0085c\u000bd", "data: a\u2028b\u0085c\u000bd\n\n"),
        List.of(" a: b", "data:  a: b\n\n"));
  }

  @ParameterizedTest
  @MethodSource("lines")
  void linesOfDataStayData(List<String> row) throws Exception {
    String text = row.get(0);
    String expected = row.get(1);
    ScriptedPeer peer = servers.connect(server()).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    channel.send(text);
    channel.send(SharedMessage.of(text));
    channel.send(ServerSentEvent.of(text));
    channel.send(ServerSentEvent.comment(text));
    channel.close();

    assertThat(peer.read().text()).isEqualTo(expected.repeat(3) + expected.replace("data: ", ": "));
  }

  // ---- heartbeat

  @Test
  void idleStreamIsKeptAlive() throws Exception {
    ScriptedPeer peer = servers.connect(server(Duration.ofMillis(40))).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    readHead(peer);

    expectChunks(peer, ": \n\n", ": \n\n", ": \n\n");

    channel.close();
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
  }

  @Test
  void busyStreamNeedsNoHeartbeat() throws Exception {
    ScriptedPeer peer = servers.connect(server(Duration.ofSeconds(2))).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    readHead(peer);
    long until = System.nanoTime() + Duration.ofMillis(400).toNanos();
    int sent = 0;
    while (System.nanoTime() < until) {
      channel.send("x");
      sent++;
      expectChunks(peer, "data: x\n\n");
      assertThat(peer.hasWithin(Duration.ofMillis(20))).isFalse();
    }
    assertThat(sent).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"asChannel", "never"})
  void onlyStreamsOfEventsHaveAHeartbeat(String kind) throws Exception {
    Duration heartbeat = Duration.ofMillis(kind.equals("never") ? 0 : 20);
    HttpServer server =
        servers.start(
            request ->
                kind.equals("never")
                    ? request.asEventStream(listener)
                    : request.asChannel(listener),
            options ->
                options
                    .writeTimeout(Duration.ofMillis(200))
                    .channels(ChannelOptions.DEFAULTS.withHeartbeat(heartbeat)));
    ScriptedPeer peer = servers.connect(server).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    if (kind.equals("asChannel")) {
      channel.send("x", false);
      readHead(peer);
      peer.expect("1\r\nx\r\n");
    } else {
      readHead(peer);
    }

    assertThat(peer.hasWithin(Duration.ofMillis(200))).isFalse();
  }

  @Test
  void clientThatIsGoneIsNoticed() throws Exception {
    ScriptedPeer peer = servers.connect(server()).send(GET);
    listener.awaitOpen();
    readHead(peer);
    peer.close();

    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.CLIENT_CLOSE);
    servers.events.await(RecordingEvents.Kind.CLOSE, 1);
  }
}
