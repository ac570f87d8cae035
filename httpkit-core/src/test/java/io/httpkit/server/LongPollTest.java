package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.CloseStatus;
import io.httpkit.channel.CloseStatus.Kind;
import io.httpkit.channel.ServerSentEvent;
import io.httpkit.channel.SharedMessage;
import io.httpkit.http.BadMessageException;
import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.ScriptedPeer.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Answers that are given once, later, over a channel. */
class LongPollTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String HEAD = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String HTML = "text/html; charset=utf-8";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  @TempDir private Path directory = Path.of("");

  private final RecordingListener listener = new RecordingListener();

  private ScriptedPeer peer(Handler handler) throws IOException {
    return servers.connect(servers.start(handler));
  }

  private ScriptedPeer peer() throws IOException {
    return peer(request -> request.asChannel(listener));
  }

  /** Does it on a thread of its own. */
  private static void elsewhere(Runnable action) throws InterruptedException {
    Thread thread = new Thread(action, "elsewhere");
    thread.start();
    thread.join();
  }

  @Test
  void answersLaterFromAnotherThread() throws Exception {
    ScriptedPeer peer = peer().send(GET);
    AsyncChannel channel = listener.awaitOpen();
    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.isWebSocket()).isFalse();
    assertThat(channel.isEventStream()).isFalse();
    assertThat(channel.closesAfterSend()).isTrue();
    assertThat(channel.subprotocol()).isEmpty();
    assertThat(channel.remoteAddress()).isEqualTo(peer.localAddress());
    assertThat(peer.hasWithin(Duration.ofMillis(50))).isFalse();

    elsewhere(() -> assertThat(channel.send("änswer")).isTrue());

    Reply reply = peer.read();
    assertThat(reply.statusLine()).isEqualTo("HTTP/1.1 200 OK");
    assertThat(reply.text()).isEqualTo("änswer");
    assertThat(reply.header("Content-Length")).isEqualTo("7");
    assertThat(reply.header("Content-Type")).isEqualTo(HTML);
    assertThat(reply.headers().contains("Transfer-Encoding")).isFalse();
    assertThat(reply.headers().contains("Connection")).isFalse();
    assertThat(channel.isOpen()).isFalse();
    assertThat(listener.awaitClose()).isEqualTo(new CloseStatus(Kind.SERVER_CLOSE, 0, ""));
    assertThat(listener.calls).containsExactly("init", "open", "close SERVER_CLOSE");
  }

  @Test
  void connectionGoesOnBehindIt() throws Exception {
    ScriptedPeer peer = peer();
    for (int i = 0; i < 20; i++) {
      peer.send(GET);
      listener.awaitOpen().send("answer " + i);
      assertThat(peer.read().text()).isEqualTo("answer " + i);
    }
  }

  @Test
  void pollsThatArePipelinedAreAnsweredInOrder() throws Exception {
    ScriptedPeer peer = peer().send(GET + GET + GET);
    for (int i = 0; i < 3; i++) {
      listener.awaitOpen().send("answer " + i);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(peer.read().text()).isEqualTo("answer " + i);
    }
  }

  // ---- what can be sent

  /** What a test sends, made of the bytes that are to arrive. */
  private interface Maker {
    Object data(LongPollTest test, byte[] bytes);
  }

  private static Arguments kind(String name, boolean lengthIsKnown, Maker maker) {
    return arguments(name, lengthIsKnown, maker);
  }

  private static Stream<Arguments> kinds() {
    return Stream.of(
        kind("String", true, (test, bytes) -> new String(bytes, StandardCharsets.US_ASCII)),
        kind("byte[]", true, (test, bytes) -> bytes),
        kind("ByteBuffer", true, (test, bytes) -> ByteBuffer.wrap(bytes)),
        kind("direct", true, (test, bytes) -> direct(bytes)),
        kind("read-only", true, (test, bytes) -> ByteBuffer.wrap(bytes).asReadOnlyBuffer()),
        kind("SharedMessage", true, (test, bytes) -> SharedMessage.of(bytes)),
        kind("Path", true, (test, bytes) -> test.file(bytes)),
        kind("InputStream", false, (test, bytes) -> new ByteArrayInputStream(bytes)),
        kind("bytes of a Response", true, (test, bytes) -> response(Body.of(bytes))),
        kind("file of a Response", true, (test, bytes) -> response(Body.of(test.file(bytes)))),
        kind("stream of a Response", false, (test, bytes) -> response(Body.of(stream(bytes)))),
        kind(
            "measured stream of a Response",
            true,
            (test, bytes) -> response(Body.of(stream(bytes), bytes.length))),
        kind(
            "parts of a Response",
            false,
            (test, bytes) -> response(Body.ofParts(List.of(bytes, "", stream(new byte[0]))))));
  }

  private static InputStream stream(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private static Response response(Body body) {
    return Response.of(Status.OK, Headers.empty(), body);
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length + 1).position(1).put(bytes).flip().position(1);
  }

  private Path file(byte[] bytes) {
    try {
      return Files.write(directory.resolve("file"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] letters(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) ('a' + i % 26);
    }
    return bytes;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void arrivesWhole(String name, boolean lengthIsKnown, Maker maker) throws Exception {
    ScriptedPeer peer = peer();
    for (int length : new int[] {0, 1, 1_000, 40_000, 300_000}) {
      byte[] bytes = letters(length);
      Object data = maker.data(this, bytes);
      peer.send(GET);
      AsyncChannel channel = listener.awaitOpen();

      assertThat(channel.send(data)).isTrue();

      Reply reply = peer.read();
      assertThat(reply.body()).as("%s of %s bytes", name, length).isEqualTo(bytes);
      assertThat(reply.headers().contains("Content-Length")).isEqualTo(lengthIsKnown);
      assertThat(reply.header("Content-Type")).isEqualTo(HTML);
      assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
      assertThat(channel.send(data)).isFalse();
      assertThat(channel.close()).isFalse();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void answerToHeadHasNoBody(String name, boolean lengthIsKnown, Maker maker) throws Exception {
    ScriptedPeer peer = peer().send(HEAD);
    assertThat(listener.awaitOpen().send(maker.data(this, letters(10)))).isTrue();

    Reply reply = peer.read("HEAD");
    assertThat(reply.header("Content-Length")).isEqualTo(lengthIsKnown ? "10" : "");
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
    peer.send(GET);
    listener.awaitOpen().send("next");
    assertThat(peer.read().text()).isEqualTo("next");
  }

  @Test
  void sharedTextAnswersToo() throws Exception {
    ScriptedPeer peer = peer().send(GET);
    listener.awaitOpen().send(SharedMessage.of("ünd"));
    assertThat(peer.read().text()).isEqualTo("ünd");
  }

  @Test
  void eventsBeginAStream() throws Exception {
    ScriptedPeer peer = peer().send(GET);
    AsyncChannel channel = listener.awaitOpen();
    channel.send((Object) ServerSentEvent.of("x"));
    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.isEventStream()).isTrue();
    assertThat(channel.close()).isTrue();
    assertThat(peer.read().text()).isEqualTo("data: x\n\n");
  }

  @Test
  void nothingIsAnEmptyAnswer() throws Exception {
    ScriptedPeer peer = peer().send(GET + GET);
    assertThat(listener.awaitOpen().close()).isTrue();
    Object nothing = null;
    assertThat(listener.awaitOpen().send(nothing)).isTrue();

    for (int i = 0; i < 2; i++) {
      Reply reply = peer.read();
      assertThat(reply.statusLine()).isEqualTo("HTTP/1.1 200 OK");
      assertThat(reply.header("Content-Length")).isEqualTo("0");
      assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
    }
  }

  @Test
  void whatCannotBeSentIsRefused() throws Exception {
    ScriptedPeer peer = peer().send(GET);
    AsyncChannel channel = listener.awaitOpen();

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> channel.send(42))
        .withMessageContaining("java.lang.Integer");
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> channel.send(Response.async(new CompletableFuture<>())))
        .withMessageContaining("still to come");

    channel.send("fine");
    assertThat(peer.read().text()).isEqualTo("fine");
  }

  // ---- status and headers

  @Test
  void headersOfTheHandlerAreThoseOfTheAnswer() throws Exception {
    Handler handler =
        request ->
            request
                .asChannel(listener)
                .withStatus(Status.ACCEPTED)
                .withHeader("X-A", "handler")
                .withHeader("X-B", "handler")
                .withType("text/plain");
    ScriptedPeer peer = peer(handler).send(GET + GET + GET);
    listener.awaitOpen().send("plain");
    listener
        .awaitOpen()
        .send(
            Response.text("response")
                .withStatus(Status.NOT_FOUND)
                .withHeader("x-a", List.of("one", "two")));
    listener.awaitOpen().close();

    Reply plain = peer.read();
    assertThat(plain.status()).isEqualTo(202);
    assertThat(plain.header("X-A")).isEqualTo("handler");
    assertThat(plain.header("Content-Type")).isEqualTo("text/plain");
    Reply overridden = peer.read();
    assertThat(overridden.status()).isEqualTo(404);
    assertThat(overridden.headers().all("X-A")).containsExactly("one", "two");
    assertThat(overridden.header("X-B")).isEqualTo("handler");
    assertThat(overridden.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    Reply empty = peer.read();
    assertThat(empty.status()).isEqualTo(202);
    assertThat(empty.header("X-B")).isEqualTo("handler");
  }

  @Test
  void framingIsTheServers() throws Exception {
    ScriptedPeer peer = peer().send(GET);
    listener
        .awaitOpen()
        .send(
            Response.text("hello")
                .withHeader("Content-Length", "999")
                .withHeader("Transfer-Encoding", "gzip"));

    Reply reply = peer.read();
    assertThat(reply.header("Content-Length")).isEqualTo("5");
    assertThat(reply.headers().contains("Transfer-Encoding")).isFalse();
    assertThat(reply.text()).isEqualTo("hello");
  }

  @Test
  void typeThatTheHandlerGaveIsOfABodyOnly() throws Exception {
    HttpServer server =
        servers.start(request -> request.asChannel(listener).withType("text/plain"));
    ScriptedPeer peer = servers.connect(server).send(GET);
    listener.awaitOpen().send(Response.noContent());
    Reply reply = peer.read();
    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.headers().contains("Content-Type")).isFalse();
  }

  @Test
  void bodylessAnswerHasNoType() throws Exception {
    ScriptedPeer peer = peer().send(GET + GET);
    listener.awaitOpen().send(Response.noContent());
    listener.awaitOpen().send(Response.of(Status.NOT_MODIFIED), false);

    for (int i = 0; i < 2; i++) {
      Reply reply = peer.read();
      assertThat(reply.headers().contains("Content-Type")).isFalse();
      assertThat(reply.headers().contains("Content-Length")).isFalse();
      assertThat(reply.headers().contains("Transfer-Encoding")).isFalse();
      assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
    }
  }

  @Test
  void answerMayEndTheConnection() throws Exception {
    ScriptedPeer peer = peer().send(GET + GET);
    listener.awaitOpen().send(Response.text("last").withHeader("Connection", "close"));

    Reply reply = peer.read();
    assertThat(reply.text()).isEqualTo("last");
    assertThat(reply.header("Connection")).isEqualTo("close");
    peer.expectEof();
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
    assertThat(listener.calls).containsExactly("init", "open", "close SERVER_CLOSE");
  }

  @Test
  void oldClientIsAnswered() throws Exception {
    ScriptedPeer peer = peer().send("GET / HTTP/1.0\r\n\r\n");
    listener.awaitOpen().send("answer");

    Reply reply = peer.read();
    assertThat(reply.text()).isEqualTo("answer");
    assertThat(reply.header("Content-Length")).isEqualTo("6");
    assertThat(reply.header("Connection")).isEqualTo("close");
    peer.expectEof();
  }

  // ---- what goes wrong

  @ParameterizedTest
  @MethodSource("injections")
  void headerCannotBreakTheHead(Function<AsyncChannel, Boolean> sending) throws Exception {
    ScriptedPeer peer = peer().send(GET);
    AsyncChannel channel = listener.awaitOpen();

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> sending.apply(channel));

    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.send("fine")).isTrue();
    assertThat(peer.read().headers().contains("Evil")).isFalse();
  }

  private static Stream<Function<AsyncChannel, Boolean>> injections() {
    return Stream.of(
        channel -> channel.send(Response.text("x").withHeader("X", "a\r\nEvil: 1")),
        channel -> channel.send(Response.text("x").withHeader("X\r\nEvil: 1", "a")),
        channel -> channel.send(Response.text("x").withHeader("X", "a\nEvil: 1"), false),
        channel -> channel.send(Response.text("x").withHeader("X", "a\u0000"), false));
  }

  @Test
  void headThatIsTooLargeIsNotSent() throws Exception {
    Response large = Response.text("x").withHeader("X", "x".repeat(70_000));
    ScriptedPeer peer = peer().send(GET + GET + GET);
    listener.awaitOpen().send(large);
    AsyncChannel second = listener.awaitOpen();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> second.send(large, false));
    second.send("fine");
    AsyncChannel third = listener.awaitOpen();
    AtomicInteger closed = new AtomicInteger();
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> third.send(large.withBody(Body.of(counted(closed)))));
    assertThat(closed).hasValue(1);
    third.send("fine");

    assertThat(peer.read().status()).isEqualTo(500);
    assertThat(peer.read().text()).isEqualTo("fine");
    assertThat(peer.read().text()).isEqualTo("fine");
  }

  private static InputStream counted(AtomicInteger closed) {
    return new ByteArrayInputStream(new byte[10]) {
      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }

  @Test
  void streamThatIsNotTakenIsClosed() throws Exception {
    AtomicInteger closed = new AtomicInteger();
    ScriptedPeer peer = peer().send(GET);
    AsyncChannel channel = listener.awaitOpen();
    channel.close();

    assertThat(channel.send(counted(closed))).isFalse();
    assertThat(channel.send(Response.stream(counted(closed)))).isFalse();
    assertThat(channel.send(Response.parts(List.of(counted(closed), counted(closed))))).isFalse();

    assertThat(closed).hasValue(4);
    assertThat(peer.read().status()).isEqualTo(200);
  }

  @Test
  void interruptionOfTheSenderDoesNotReachTheFile() throws Exception {
    AtomicInteger kept = new AtomicInteger();
    Path file = file(letters(10));
    listener.whenOpen(
        channel -> {
          Thread.currentThread().interrupt();
          channel.send(file);
          kept.set(Thread.interrupted() ? 1 : 0);
        });

    assertThat(peer().send(GET).read().text()).isEqualTo("abcdefghij");
    listener.awaitClose();
    assertThat(kept).hasValue(1);
  }

  @Test
  void fileThatIsNotThereIsAnswered() throws Exception {
    ScriptedPeer peer = peer().send(GET);
    listener.awaitOpen().send(directory.resolve("missing"));
    assertThat(peer.read().status()).isEqualTo(500);
  }

  @Test
  void nothingIsBegunWithWhatCannotBeOpened() throws Exception {
    ScriptedPeer peer = peer().send(GET);
    AsyncChannel channel = listener.awaitOpen();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> channel.send(Response.parts(List.of(42)), false));
    assertThat(channel.isOpen()).isTrue();

    assertThat(channel.send(directory.resolve("missing"), false)).isFalse();

    assertThat(peer.read().status()).isEqualTo(500);
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void listenerThatThrowsBeforeAnythingIsSentIsAnswered() throws Exception {
    listener.whenOpen(
        channel -> {
          throw new IllegalStateException("on purpose");
        });
    ScriptedPeer peer = peer().send(GET);

    Reply reply = peer.read();
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.text()).doesNotContain("on purpose");
    assertThat(listener.awaitError()).hasMessage("on purpose");
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.INTERNAL_SERVER_ERROR);
    listener.whenOpen(channel -> channel.send("next"));
    assertThat(peer.send(GET).read().text()).isEqualTo("next");
  }

  @Test
  void listenerThatThrowsBehindTheAnswerChangesNothing() throws Exception {
    listener.whenOpen(
        channel -> {
          channel.send("answer");
          throw new IllegalStateException("on purpose");
        });
    ScriptedPeer peer = peer();

    assertThat(peer.send(GET).read().text()).isEqualTo("answer");
    assertThat(listener.awaitError()).hasMessage("on purpose");
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
    assertThat(peer.send(GET).read().text()).isEqualTo("answer");
  }

  @Test
  void whatInitThrowsIsTheAnswer() throws Exception {
    RecordingListener failing =
        new RecordingListener() {
          @Override
          public void onInit(AsyncChannel channel) {
            assertThat(channel.isOpen()).isFalse();
            assertThat(channel.send("too early")).isFalse();
            throw new BadMessageException(Status.FORBIDDEN, "not you");
          }
        };
    ScriptedPeer peer = peer(request -> request.asChannel(failing)).send(GET);

    Reply reply = peer.read();
    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.text()).isEqualTo("not you\n");
    assertThat(failing.calls).isEmpty();
  }

  // ---- whose channel it is

  @Test
  void closedChannelStaysClosedWhateverItsConnectionDoes() throws Exception {
    List<AsyncChannel> channels = new ArrayList<>();
    List<Boolean> sent = new ArrayList<>();
    ScriptedPeer peer = peer();
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      peer.send(GET);
      channels.add(listener.awaitOpen());
      if (i == 0) {
        sent.add(channels.get(0).send("0"));
      } else {
        sent.add(channels.get(0).send("stale"));
        channels.get(i).send(Integer.toString(i));
      }
      bodies.add(peer.read().text());
    }
    sent.add(channels.get(0).send("stale"));

    assertThat(sent).containsExactly(true, false, false, false);
    assertThat(bodies).containsExactly("0", "1", "2");
  }
}
