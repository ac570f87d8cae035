package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.RecordingEvents.Kind;
import io.httpkit.server.ScriptedPeer.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of body that a handler may answer with, on the wire. */
class BodiesTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String HEAD = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String GET_1_0 = "GET / HTTP/1.0\r\n\r\n";
  private static final String GET_1_0_KEEP = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  private static final int MAX = 8_000_000;

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  @TempDir private Path directory = Path.of("");

  /** Streams that were handed to the server, to see that it closes each. */
  private final Queue<TrackedStream> streams = new ConcurrentLinkedQueue<>();

  /** Counts what is read of it and how often it is closed. */
  private static class TrackedStream extends InputStream {
    private final InputStream from;
    private final AtomicLong read = new AtomicLong();
    private final AtomicInteger closed = new AtomicInteger();
    private final CountDownLatch firstClosed = new CountDownLatch(1);

    TrackedStream(InputStream from) {
      this.from = from;
    }

    @Override
    public int read() throws IOException {
      throw new IOException("one byte at a time");
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = from.read(bytes, offset, length);
      read.addAndGet(Math.max(0, count));
      return count;
    }

    @Override
    public void close() throws IOException {
      closed.incrementAndGet();
      firstClosed.countDown();
    }

    void awaitClosed() throws InterruptedException {
      assertThat(firstClosed.await(20, TimeUnit.SECONDS)).as("closed").isTrue();
    }
  }

  private TrackedStream stream(byte[] bytes) {
    return tracked(new ByteArrayInputStream(bytes));
  }

  private TrackedStream tracked(InputStream from) {
    TrackedStream stream = new TrackedStream(from);
    streams.add(stream);
    return stream;
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length + 2).position(1).put(bytes).flip().position(1);
  }

  private Path file(byte[] bytes) {
    try {
      return Files.write(directory.resolve("file"), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Object> parts(InputStream stream, byte[] bytes) {
    int third = bytes.length / 3;
    return List.<Object>of(
        ByteBuffer.wrap(bytes, 0, third),
        "",
        new byte[0],
        stream,
        ByteBuffer.wrap(bytes, third, bytes.length - third));
  }

  /** How a test makes a body of bytes. */
  private interface Maker {
    Body body(BodiesTest test, byte[] bytes);
  }

  private static Arguments kind(String name, boolean lengthIsKnown, Maker maker) {
    return arguments(name, lengthIsKnown, maker);
  }

  private static Stream<Arguments> kinds() {
    return Stream.of(
        kind("byte[]", true, (test, bytes) -> Body.of(bytes)),
        kind("heap buffer", true, (test, bytes) -> Body.of(ByteBuffer.wrap(bytes))),
        kind("direct buffer", true, (test, bytes) -> Body.of(direct(bytes))),
        kind(
            "read-only buffer",
            true,
            (test, bytes) -> Body.of(ByteBuffer.wrap(bytes).asReadOnlyBuffer())),
        kind("stream", false, (test, bytes) -> Body.of(test.stream(bytes))),
        kind("measured", true, (test, bytes) -> Body.of(test.stream(bytes), bytes.length)),
        kind("file", true, (test, bytes) -> Body.of(test.file(bytes))),
        kind(
            "parts", false, (test, bytes) -> Body.ofParts(parts(test.stream(new byte[0]), bytes))));
  }

  private HttpServer answering(Status status, Function<byte[], Body> maker, byte[] bytes) {
    return servers.start(request -> Response.of(status, Headers.empty(), maker.apply(bytes)));
  }

  private void assertStreamsAreClosed() throws InterruptedException {
    for (TrackedStream stream : streams) {
      stream.awaitClosed();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void arrivesInAnySize(String name, boolean lengthIsKnown, Maker maker) throws Exception {
    for (int size = 0; size <= MAX; size += size < 2 ? 1 : 1_999_999) {
      byte[] bytes = random(size);
      HttpServer server = answering(Status.OK, b -> maker.body(this, b), bytes);
      ScriptedPeer peer = servers.connect(server);
      for (int i = 0; i < 2; i++) {
        Reply reply = peer.send(GET).read();
        assertThat(reply.status()).as(name).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(bytes);
        assertThat(reply.header("Content-Length")).isEqualTo(lengthIsKnown ? "" + size : "");
        assertThat(reply.header("Transfer-Encoding")).isEqualTo(lengthIsKnown ? "" : "chunked");
        assertThat(reply.header("Connection")).isEmpty();
      }
      assertThat(servers.events.await(Kind.RESPONSE).bodyBytes()).isZero();
    }
    assertStreamsAreClosed();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void arrivesFromTheLoopToo(String name, boolean lengthIsKnown, Maker maker) throws Exception {
    for (int size : new int[] {0, 1, 2048, 2049, 40_000, 300_000}) {
      byte[] bytes = random(size);
      HttpServer server =
          servers.start(
              Handler.nonBlocking(
                  request -> Response.of(Status.OK, Headers.empty(), maker.body(this, bytes))));
      ScriptedPeer peer = servers.connect(server).send(GET + GET);
      assertThat(peer.read().body()).as(name).isEqualTo(bytes);
      Reply reply = peer.read();
      assertThat(reply.body()).isEqualTo(bytes);
      assertThat(reply.headers().contains("Content-Length")).isEqualTo(lengthIsKnown);
    }
    assertStreamsAreClosed();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void goesToAClientOf10(String name, boolean lengthIsKnown, Maker maker) throws Exception {
    byte[] bytes = random(100_000);
    HttpServer server = answering(Status.OK, b -> maker.body(this, b), bytes);
    ScriptedPeer peer = servers.connect(server);
    Reply reply = peer.send(GET_1_0).read();
    assertThat(reply.body()).as(name).isEqualTo(bytes);
    assertThat(reply.header("Connection")).isEqualTo("close");
    assertThat(reply.header("Content-Length")).isEqualTo(lengthIsKnown ? "100000" : "");
    assertThat(reply.headers().contains("Transfer-Encoding")).isFalse();
    peer.expectEof();
    peer = servers.connect(server);
    reply = peer.send(GET_1_0_KEEP).read();
    assertThat(reply.body()).isEqualTo(bytes);
    // without a length, only the end of the connection tells that of the body
    assertThat(reply.header("Connection")).isEqualTo(lengthIsKnown ? "keep-alive" : "close");
    assertThat(reply.headers().contains("Transfer-Encoding")).isFalse();
    if (lengthIsKnown) {
      assertThat(peer.send(GET_1_0_KEEP).read().body()).isEqualTo(bytes);
    } else {
      peer.expectEof();
    }
    assertStreamsAreClosed();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void isNotSentToHead(String name, boolean lengthIsKnown, Maker maker) throws Exception {
    byte[] bytes = random(100_000);
    HttpServer server = answering(Status.OK, b -> maker.body(this, b), bytes);
    ScriptedPeer peer = servers.connect(server);
    Reply reply = peer.send(HEAD + GET).read("HEAD");
    assertThat(reply.status()).as(name).isEqualTo(200);
    assertThat(reply.header("Content-Length")).isEqualTo(lengthIsKnown ? "100000" : "");
    assertThat(reply.header("Transfer-Encoding")).isEqualTo(lengthIsKnown ? "" : "chunked");
    assertThat(peer.read().body()).isEqualTo(bytes);
    peer.send("HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    reply = peer.read("HEAD");
    assertThat(reply.header("Connection")).isEqualTo("keep-alive");
    assertThat(reply.headers().contains("Transfer-Encoding")).isFalse();
    peer.send("HEAD / HTTP/1.0\r\n\r\n").read("HEAD");
    peer.expectEof();
    assertStreamsAreClosed();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void isNotSentWithAStatusThatHasNone(String name, boolean known, Maker maker) throws Exception {
    for (Status status : List.of(Status.NO_CONTENT, Status.RESET_CONTENT, Status.NOT_MODIFIED)) {
      HttpServer server = answering(status, b -> maker.body(this, b), random(100_000));
      ScriptedPeer peer = servers.connect(server);
      for (String method : List.of("GET", "HEAD", "GET")) {
        Reply reply = peer.send(method + " / HTTP/1.1\r\nHost: a\r\n\r\n").read(method);
        assertThat(reply.status()).as(name).isEqualTo(status.code());
        assertThat(reply.body()).isEmpty();
        assertThat(reply.header("Content-Length")).isEqualTo(status.code() == 205 ? "0" : "");
        assertThat(reply.headers().contains("Transfer-Encoding")).isFalse();
      }
    }
    assertStreamsAreClosed();
  }

  @Test
  void nothingHasALengthOfZero() throws Exception {
    Reply reply =
        servers.connect(answering(Status.OK, b -> Body.EMPTY, new byte[0])).send(GET).read();
    assertThat(reply.header("Content-Length")).isEqualTo("0");
    assertThat(reply.headers().contains("Content-Type")).isFalse();
  }

  @Test
  void textIsUtf8() throws Exception {
    HttpServer server = servers.start(request -> Response.text("h\u00e9llo \u20ac \ud83d\ude00"));
    Reply reply = servers.connect(server).send(GET).read();
    assertThat(reply.text()).isEqualTo("h\u00e9llo \u20ac \ud83d\ude00");
    assertThat(reply.header("Content-Length")).isEqualTo("15");
    assertThat(reply.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
  }

  @Test
  void aBufferIsSentFromItsPositionWhichStaysWhereItIs() throws Exception {
    ByteBuffer buffer = ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}, 1, 3);
    HttpServer server =
        servers.start(request -> Response.of(Status.OK, Headers.empty(), Body.of(buffer)));
    ScriptedPeer peer = servers.connect(server).send(GET + GET);
    assertThat(peer.read().body()).containsExactly(2, 3, 4);
    assertThat(peer.read().body()).containsExactly(2, 3, 4);
  }

  // ---- streams

  @Test
  void aStreamThatIsLongerThanAnnouncedIsCut() throws Exception {
    TrackedStream stream = stream(random(50_000));
    HttpServer server = answering(Status.OK, b -> Body.of(stream, 20_000), new byte[0]);
    ScriptedPeer peer = servers.connect(server).send(GET);
    assertThat(peer.read().body()).hasSize(20_000);
    stream.awaitClosed();
    assertThat(stream.read).hasValue(20_000);
    assertThat(stream.closed).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 99_999})
  void aStreamThatIsShorterThanAnnouncedClosesTheConnection(int length) throws Exception {
    TrackedStream stream = stream(random(length));
    HttpServer server = answering(Status.OK, b -> Body.of(stream, 100_000), new byte[0]);
    ScriptedPeer peer = servers.connect(server).send(GET + GET);
    String all = new String(peer.readToEnd(), StandardCharsets.ISO_8859_1);
    assertThat(all).hasSizeLessThan(100_500).containsOnlyOnce("HTTP/1.1");
    stream.awaitClosed();
    assertThat(servers.events.await(Kind.ERROR).error()).hasMessageContaining("announced length");
    servers.events.await(Kind.CLOSE);
  }

  @Test
  void aStreamThatFailsClosesTheConnection() throws Exception {
    for (Throwable failure :
        List.<Throwable>of(
            new IOException((String) null),
            new IllegalStateException("secret"),
            new AssertionError("secret"))) {
      TrackedStream stream =
          tracked(
              new InputStream() {
                private int left = 3;

                @Override
                public int read() {
                  return 'x';
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                  if (left-- > 0) {
                    return 10;
                  }
                  if (failure instanceof IOException e) {
                    throw e;
                  }
                  if (failure instanceof RuntimeException e) {
                    throw e;
                  }
                  throw (Error) failure;
                }
              });
      HttpServer server = answering(Status.OK, b -> Body.of(stream), new byte[0]);
      ScriptedPeer peer = servers.connect(server).send(GET + GET);
      String all = new String(peer.readToEnd(), StandardCharsets.ISO_8859_1);
      assertThat(all).containsOnlyOnce("HTTP/1.1").doesNotContain("secret", "\r\n0\r\n");
      stream.awaitClosed();
    }
    assertThat(servers.events.await(Kind.ERROR, 3).error()).isInstanceOf(AssertionError.class);
    servers.events.await(Kind.CLOSE, 3);
  }

  @Test
  void aStreamWhoseCloseFailsDoesNoMoreHarm() throws Exception {
    HttpServer server =
        servers.start(
            request ->
                Response.stream(
                    new InputStream() {
                      @Override
                      public int read() {
                        return -1;
                      }

                      @Override
                      public void close() throws IOException {
                        throw new IOException("secret");
                      }
                    }));
    ScriptedPeer peer =
        servers.connect(server).send(HEAD + "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n");
    Reply reply = peer.read("HEAD");
    assertThat(reply.status()).isEqualTo(500);
    // whose body cannot be said to be complete
    String rest = new String(peer.readToEnd(), StandardCharsets.ISO_8859_1);
    assertThat(rest).containsOnlyOnce("HTTP/1.1 200").doesNotContain("secret", "\r\n0\r\n");
    servers.events.await(Kind.ERROR, 2);
  }

  @Test
  void aStreamIsClosedWhenTheClientLeaves() throws Exception {
    TrackedStream stream = tracked(endless());
    HttpServer server = answering(Status.OK, b -> Body.of(stream), new byte[0]);
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    peer.bytes(100_000);
    peer.reset();
    stream.awaitClosed();
    servers.events.await(Kind.CLOSE);
    assertThat(servers.events.count(Kind.ERROR)).isZero();
  }

  @Test
  void aStreamIsClosedWhenTheServerStops() throws Exception {
    TrackedStream stream = tracked(endless());
    HttpServer server = answering(Status.OK, b -> Body.of(stream), new byte[0]);
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    peer.bytes(100_000);
    server.close();
    stream.awaitClosed();
  }

  @Test
  void aStreamIsNotReadAheadOfASlowReader() throws Exception {
    TrackedStream stream = tracked(endless());
    HttpServer server = answering(Status.OK, b -> Body.of(stream), new byte[0]);
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    // as much as the sockets take, and the server's bounded queue
    long taken = untilItStands(stream.read);
    peer.bytes(2_000_000);
    assertThat(untilItStands(stream.read)).isBetween(taken, taken + 2_500_000);
    assertThat(taken).isLessThan(20_000_000);
  }

  /** The number when it has not changed for a while. */
  private static long untilItStands(AtomicLong number) throws Exception {
    long before = -1;
    while (before != number.get()) {
      before = number.get();
      CompletableFuture.runAsync(
              () -> {}, CompletableFuture.delayedExecutor(150, TimeUnit.MILLISECONDS))
          .get(20, TimeUnit.SECONDS);
    }
    return before;
  }

  private static InputStream endless() {
    return new InputStream() {
      @Override
      public int read() {
        return 'x';
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        return length;
      }
    };
  }

  // ---- files

  @Test
  void aFileThatIsMissingIsAnsweredWith500() throws Exception {
    Path missing = directory.resolve("secret");
    for (Path path : List.of(missing, directory)) {
      HttpServer server = answering(Status.OK, b -> Body.of(path), new byte[0]);
      ScriptedPeer peer = servers.connect(server);
      for (int i = 0; i < 2; i++) {
        Reply reply = peer.send(GET).read();
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.text()).doesNotContain("secret", directory.toString());
      }
      assertThat(peer.send(HEAD).read("HEAD").status()).isEqualTo(500);
    }
    assertThat(servers.events.await(Kind.ERROR, 6).error()).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void aFileThatShrinksWhileItIsSentClosesTheConnection() throws Exception {
    Path file = file(new byte[MAX * 4]);
    HttpServer server = answering(Status.OK, b -> Body.of(file), new byte[0]);
    ScriptedPeer peer = servers.connectNarrow(server).send(GET + GET);
    peer.bytes(10_000);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(20_000);
    }
    byte[] rest = peer.readToEnd();
    assertThat(rest).hasSizeLessThan(MAX * 4);
    servers.events.await(Kind.CLOSE);
    assertThat(servers.events.count(Kind.REQUEST)).isEqualTo(1);
  }

  @Test
  void aFileIsReadAnewForEachRequest() throws Exception {
    HttpServer server = servers.start(request -> Response.file(directory.resolve("file")));
    ScriptedPeer peer = servers.connect(server);
    for (String content : List.of("one", "", "three")) {
      file(content.getBytes(StandardCharsets.UTF_8));
      Reply reply = peer.send(GET).read();
      assertThat(reply.text()).isEqualTo(content);
      assertThat(reply.header("Content-Length")).isEqualTo("" + content.length());
    }
  }

  // ---- parts

  @Test
  void partsAreTraversedOnce() throws Exception {
    AtomicInteger traversals = new AtomicInteger();
    Iterable<String> parts =
        () -> {
          traversals.incrementAndGet();
          return List.of("a", "b", "c").iterator();
        };
    HttpServer server = servers.start(request -> Response.parts(parts));
    ScriptedPeer peer = servers.connect(server);
    assertThat(peer.send(GET).read().text()).isEqualTo("abc");
    assertThat(traversals).hasValue(1);
  }

  @Test
  void noPartsAreAnEmptyBody() throws Exception {
    HttpServer server = servers.start(request -> Response.parts(List.of()));
    ScriptedPeer peer = servers.connect(server).send(GET + GET);
    assertThat(peer.read().body()).isEmpty();
    assertThat(peer.read().body()).isEmpty();
  }

  @Test
  void aFirstPartOfAnotherTypeIsAnsweredWith500() throws Exception {
    HttpServer server = servers.start(request -> Response.parts(List.<Object>of(42, "secret")));
    ScriptedPeer peer = servers.connect(server).send(GET);
    Reply reply = peer.read();
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.text()).doesNotContain("42");
    assertThat(servers.events.await(Kind.ERROR).error()).hasMessageContaining("42");
    assertThat(peer.send(GET).read().status()).isEqualTo(500);
  }

  @Test
  void aLaterPartOfAnotherTypeClosesTheConnection() throws Exception {
    TrackedStream behind = stream(random(10));
    HttpServer server =
        servers.start(
            request -> Response.parts(List.<Object>of("first", 42, new Object(), behind)));
    ScriptedPeer peer = servers.connect(server).send(GET + GET);
    String all = new String(peer.readToEnd(), StandardCharsets.ISO_8859_1);
    assertThat(all).containsOnlyOnce("HTTP/1.1").doesNotContain("\r\n0\r\n");
    behind.awaitClosed();
    servers.events.await(Kind.CLOSE);
    assertThat(servers.events.await(Kind.ERROR).error()).hasMessageContaining("42");
  }

  @Test
  void partsWithoutEndStopWhenTheClientLeaves() throws Exception {
    AtomicLong asked = new AtomicLong();
    Iterator<String> endless =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public String next() {
            asked.incrementAndGet();
            return "x".repeat(1000);
          }
        };
    Iterable<String> parts = () -> endless;
    HttpServer server = servers.start(request -> Response.parts(parts));
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    peer.bytes(100_000);
    peer.reset();
    servers.events.await(Kind.CLOSE);
    untilItStands(asked);
    ScriptedPeer head = servers.connect(server).send(HEAD);
    assertThat(head.read("HEAD").status()).isEqualTo(200);
  }

  @Test
  void streamsOfPartsAreClosedEvenIfTheyAreNotSent() throws Exception {
    HttpServer server =
        servers.start(
            request ->
                Response.parts(List.<Object>of("a", stream(random(10)), "b", stream(random(10)))));
    ScriptedPeer peer = servers.connect(server);
    assertThat(peer.send(HEAD).read("HEAD").status()).isEqualTo(200);
    assertThat(streams).hasSize(2);
    assertStreamsAreClosed();
    assertThat(peer.send(GET).read().body()).hasSize(22);
    assertThat(new ArrayList<>(streams)).hasSize(4);
    assertStreamsAreClosed();
  }

  // ---- all kinds, when there is nobody to send them to

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void isReleasedWhenTheClientIsGone(String name, boolean known, Maker maker) throws Exception {
    CompletableFuture<Response> later = new CompletableFuture<>();
    HttpServer server = servers.start(request -> Response.async(later));
    ScriptedPeer peer = servers.connect(server).send(GET);
    servers.events.await(Kind.REQUEST);
    peer.reset();
    servers.events.await(Kind.CLOSE);
    later.complete(Response.of(Status.OK, Headers.empty(), maker.body(this, random(1_000_000))));
    assertThat(later).as(name).isDone();
    assertStreamsAreClosed();
    assertThat(server.activeRequests()).isZero();
  }
}
