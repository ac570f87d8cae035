package io.httpkit.server;

import static io.httpkit.server.RecordingListener.readHead;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.CloseStatus.Kind;
import io.httpkit.channel.ServerSentEvent;
import io.httpkit.channel.SharedMessage;
import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.ScriptedPeer.Reply;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that are given piece by piece over a channel. */
class StreamingTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String GET_CLOSE = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  private static final String GET_1_0 = "GET / HTTP/1.0\r\n\r\n";
  private static final String NEXT = "GET /next HTTP/1.1\r\nHost: a\r\n\r\n";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  @TempDir private Path directory = Path.of("");

  private final RecordingListener listener = new RecordingListener();

  /** Answers the request behind the stream. */
  private final AtomicInteger next = new AtomicInteger();

  private Response handle(Request request) {
    return request.path().equals("/next")
        ? Response.text("next " + next.incrementAndGet())
        : request.asChannel(listener);
  }

  private ScriptedPeer peer() throws IOException {
    return servers.connect(servers.start(this::handle));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static <T> T get(Future<T> future) throws Exception {
    return future.get(20, TimeUnit.SECONDS);
  }

  // ---- framing

  @Test
  void nextRequestWaitsForTheEndOfTheStream() throws Exception {
    ScriptedPeer peer = peer().send(GET + NEXT + NEXT);
    AsyncChannel channel = listener.awaitOpen();
    Response first =
        Response.text("first")
            .withHeader("Content-Length", "999")
            .withHeader("Transfer-Encoding", "gzip");

    assertThat(channel.send(first, false)).isTrue();

    Headers head = readHead(peer);
    assertThat(head.get("Status-Line")).contains("HTTP/1.1 200 OK");
    assertThat(head.contains("Content-Length")).isFalse();
    assertThat(head.all("Transfer-Encoding")).containsExactly("chunked");
    peer.expect("5\r\nfirst\r\n");
    assertThat(peer.hasWithin(Duration.ofMillis(100))).isFalse();
    assertThat(next).as("requests that were begun behind the stream").hasValue(0);
    assertThat(channel.send("done")).isTrue();
    peer.expect("4\r\ndone\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n");
    assertThat(readHeadLines(peer).get("Content-Length")).contains("6");
    peer.expect("next 1");
    assertThat(peer.read().text()).isEqualTo("next 2");
  }

  private static Headers readHeadLines(ScriptedPeer peer) throws IOException {
    Headers.Builder lines = Headers.builder();
    for (String line = peer.line(); !line.isEmpty(); line = peer.line()) {
      int colon = line.indexOf(": ");
      lines.add(line.substring(0, colon), line.substring(colon + 2));
    }
    return lines.build();
  }

  @Test
  void framingHeadersOfTheHandlerAreDroppedToo() throws Exception {
    HttpServer server =
        servers.start(
            request ->
                request
                    .asChannel(
                        channel -> {
                          channel.send("first", false);
                          channel.send("done");
                        })
                    .withHeader("Content-Length", "999")
                    .withHeader("Transfer-Encoding", "gzip"));
    ScriptedPeer peer = servers.connect(server).send(GET);

    Headers head = readHead(peer);
    assertThat(head.contains("Content-Length")).isFalse();
    assertThat(head.all("Transfer-Encoding")).containsExactly("chunked");
    peer.expect("5\r\nfirst\r\n4\r\ndone\r\n0\r\n\r\n");
  }

  @Test
  void endOfTheConnectionIsTheEndForAnOldClient() throws Exception {
    listener.whenOpen(
        channel -> {
          channel.send(Response.text("alpha").withHeader("Transfer-Encoding", "gzip"), false);
          channel.send("beta");
        });
    ScriptedPeer peer = peer().send(GET_1_0);

    Headers head = readHead(peer);
    assertThat(head.contains("Content-Length")).isFalse();
    assertThat(head.contains("Transfer-Encoding")).isFalse();
    assertThat(head.get("Connection")).contains("close");
    peer.expect("alphabeta").expectEof();
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
  }

  @Test
  void endOfTheConnectionIsTheEndForAnOldClientThatWouldKeepIt() throws Exception {
    listener.whenOpen(
        channel -> {
          channel.send("alpha", false);
          channel.send("beta");
        });
    ScriptedPeer peer = peer().send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

    assertThat(readHead(peer).get("Connection")).contains("close");
    peer.expect("alphabeta").expectEof();
  }

  @Test
  void answerWithoutBodyIsCompleteWithItsHead() throws Exception {
    List<Boolean> sent = new ArrayList<>();
    listener.whenOpen(
        channel -> {
          sent.add(channel.send("first", false));
          sent.add(channel.send("second", false));
        });
    ScriptedPeer peer = peer().send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + NEXT);

    Reply reply = peer.read("HEAD");
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.headers().contains("Content-Length")).isFalse();
    assertThat(peer.read().text()).isEqualTo("next 1");
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
    assertThat(sent).containsExactly(true, false);
  }

  @ParameterizedTest
  @ValueSource(ints = {204, 205, 304})
  void statusWithoutBodyIsCompleteWithItsHead(int code) throws Exception {
    AtomicBoolean closed = new AtomicBoolean();
    InputStream stream =
        new ByteArrayInputStream(new byte[10]) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    Response answer = Response.of(Status.of(code), Headers.empty(), Body.of(stream));
    listener.whenOpen(channel -> channel.send(answer, false));
    ScriptedPeer peer = peer().send(GET + NEXT);

    Reply reply = peer.read();
    assertThat(reply.status()).isEqualTo(code);
    assertThat(reply.headers().contains("Transfer-Encoding")).isFalse();
    assertThat(peer.read().text()).isEqualTo("next 1");
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
    assertThat(closed).isTrue();
  }

  @Test
  void clientThatWantsToCloseGetsItsStreamFirst() throws Exception {
    listener.whenOpen(
        channel -> {
          channel.send("first", false);
          channel.send("done");
        });
    ScriptedPeer peer = peer().send(GET_CLOSE + NEXT);

    assertThat(readHead(peer).get("Connection")).contains("close");
    peer.expect("5\r\nfirst\r\n4\r\ndone\r\n0\r\n\r\n").expectEof();
    assertThat(next).hasValue(0);
  }

  @Test
  void answerThatWantsToCloseEndsTheConnection() throws Exception {
    listener.whenOpen(
        channel -> {
          channel.send(Response.text("first").withHeader("Connection", "close"), false);
          channel.send("done");
        });
    ScriptedPeer peer = peer().send(GET + NEXT);

    assertThat(readHead(peer).all("Connection")).containsExactly("close");
    peer.expect("5\r\nfirst\r\n4\r\ndone\r\n0\r\n\r\n").expectEof();
    assertThat(next).hasValue(0);
  }

  @Test
  void statusAndHeadersAreThoseOfTheFirst() throws Exception {
    listener.whenOpen(
        channel -> {
          channel.send(Response.text("a").withStatus(Status.CREATED).withHeader("X", "1"), false);
          channel.send(Response.text("b").withStatus(Status.NOT_FOUND).withHeader("X", "2"), false);
          channel.send(Response.text("c").withHeader("Connection", "close"));
        });
    ScriptedPeer peer = peer().send(GET + NEXT);

    Reply reply = peer.read();
    assertThat(reply.status()).isEqualTo(201);
    assertThat(reply.headers().all("X")).containsExactly("1");
    assertThat(reply.text()).isEqualTo("abc");
    assertThat(peer.read().text()).isEqualTo("next 1");
  }

  @Test
  void streamThatBeginsWithHeadersHasTheDefaultType() throws Exception {
    listener.whenOpen(
        channel -> {
          channel.send(Response.of(Status.OK), false);
          channel.send("", false);
          channel.send(new byte[0], false);
          channel.send("a", false);
          channel.close();
        });

    Reply reply = peer().send(GET).read();
    assertThat(reply.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(reply.text()).isEqualTo("a");
  }

  @Test
  void eventInAnotherStreamIsRefused() throws Exception {
    ScriptedPeer peer = peer().send(GET);
    AsyncChannel channel = listener.awaitOpen();
    channel.send("a", false);

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> channel.send(ServerSentEvent.of("b")))
        .withMessageContaining("not as a stream of events");

    channel.send("c");
    assertThat(peer.read().text()).isEqualTo("ac");
  }

  // ---- pieces

  @ParameterizedTest
  @ValueSource(strings = {GET, GET_CLOSE, GET_1_0})
  void randomPiecesArriveWhole(String request) throws Exception {
    byte[] all = random(60_000);
    ScriptedPeer peer = peer().send(request);
    AsyncChannel channel = listener.awaitOpen();
    Random random = new Random(7);
    int sent = 0;
    while (sent < all.length) {
      int length = Math.min(256 + random.nextInt(1_025), all.length - sent);
      assertThat(channel.send(ByteBuffer.wrap(all, sent, length), false)).isTrue();
      sent += length;
    }
    assertThat(channel.close()).isTrue();
    assertThat(channel.close()).isFalse();

    assertThat(peer.read().body()).isEqualTo(all);
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
    if (request.equals(GET)) {
      assertThat(peer.send(NEXT).read().text()).isEqualTo("next 1");
    } else {
      peer.expectEof();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {GET, GET_1_0})
  void largePiecesArriveWhole(String request) throws Exception {
    ScriptedPeer peer = peer().send(request);
    AsyncChannel channel = listener.awaitOpen();
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int length : new int[] {70_000, 32 * 1024, 32 * 1024 + 1, 1, 200_000}) {
      byte[] piece = random(length);
      all.writeBytes(piece);
      ByteBuffer direct = ByteBuffer.allocateDirect(length).put(piece).flip();
      assertThat(channel.send(direct.asReadOnlyBuffer(), false)).isTrue();
      assertThat(direct.remaining()).as("of the caller's buffer").isEqualTo(length);
      all.writeBytes(piece);
      assertThat(channel.send(SharedMessage.of(piece), false)).isTrue();
    }
    channel.close();

    assertThat(peer.read().body()).isEqualTo(all.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(strings = {GET, GET_1_0})
  void whatIsReadKeepsItsPlace(String request) throws Exception {
    byte[] large = random(150_000);
    Path file = Files.write(directory.resolve("file"), large);
    listener.whenOpen(
        channel -> {
          channel.send("begin ", false);
          channel.send(new ByteArrayInputStream(large), false);
          channel.send(" stream ", false);
          channel.send(file, false);
          channel.send(" file ", false);
          channel.send(Response.file(file), false);
          channel.send(Response.stream(new ByteArrayInputStream(large)), false);
          channel.send(Response.parts(List.of("a", "b", new byte[] {'c'})), false);
          channel.send(Response.of(Status.OK, Headers.empty(), Body.of(stream("defgh"), 3)), false);
          channel.send(" end", true);
        });
    ScriptedPeer peer = peer().send(request);

    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes(bytes("begin "));
    expected.writeBytes(large);
    expected.writeBytes(bytes(" stream "));
    expected.writeBytes(large);
    expected.writeBytes(bytes(" file "));
    expected.writeBytes(large);
    expected.writeBytes(large);
    expected.writeBytes(bytes("abcdef end"));
    assertThat(peer.read().body()).isEqualTo(expected.toByteArray());
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void streamMayBeFirstAndLast() throws Exception {
    listener.whenOpen(
        channel -> {
          channel.send(stream("first "), false);
          channel.send("middle ", false);
          channel.send(stream("last"));
        });

    assertThat(peer().send(GET).read().text()).isEqualTo("first middle last");
  }

  /** Gives one byte when it is let. */
  private static final class Gate extends InputStream {
    private final CountDownLatch opened = new CountDownLatch(1);
    private final AtomicBoolean given = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    @Override
    public int read() throws IOException {
      try {
        if (!opened.await(20, TimeUnit.SECONDS)) {
          throw new IOException("nobody opened the gate");
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return given.getAndSet(true) ? -1 : 'g';
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int one = read();
      bytes[offset] = (byte) one;
      return one < 0 ? -1 : 1;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  void sendsWaitBehindAStream() throws Exception {
    Gate gate = new Gate();
    ScriptedPeer peer = peer().send(GET);
    AsyncChannel channel = listener.awaitOpen();
    channel.send("a", false);
    assertThat(channel.isWritable()).isTrue();

    channel.send(gate, false);
    assertThat(channel.isWritable()).isFalse();
    assertThat(channel.send("bcd", false)).isTrue();
    assertThat(channel.send(Response.text("ef"), false)).isTrue();
    assertThat(channel.queuedBytes()).isEqualTo(5);
    CompletableFuture<Void> flushed = channel.flushed().toCompletableFuture();
    readHead(peer);
    peer.expect("1\r\na\r\n");
    assertThat(peer.hasWithin(Duration.ofMillis(50))).isFalse();
    assertThat(flushed).isNotDone();
    gate.opened.countDown();

    peer.expect("1\r\ng\r\n3\r\nbcd\r\n2\r\nef\r\n");
    get(flushed);
    listener.awaitDrain();
    assertThat(channel.isWritable()).isTrue();
    assertThat(channel.queuedBytes()).isZero();
    channel.close();
    peer.expect("0\r\n\r\n");
    assertThat(gate.closed.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void channelThatIsEndingTakesNothingMore() throws Exception {
    Gate gate = new Gate();
    ScriptedPeer peer = peer().send(GET + NEXT);
    AsyncChannel channel = listener.awaitOpen();
    channel.send(gate);

    assertThat(channel.isOpen()).isFalse();
    assertThat(channel.send("x")).isFalse();
    assertThat(channel.close()).isFalse();
    CompletableFuture<Void> flushed = channel.flushed().toCompletableFuture();
    assertThat(listener.isClosed()).isFalse();
    gate.opened.countDown();

    assertThat(peer.read().text()).isEqualTo("g");
    assertThat(peer.read().text()).isEqualTo("next 1");
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
    get(flushed);
  }

  // ---- what goes wrong

  private static InputStream broken(AtomicBoolean closed) {
    return new InputStream() {
      private int left = 3;

      @Override
      public int read() throws IOException {
        if (left-- == 0) {
          throw new IOException("on purpose");
        }
        return 'x';
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        bytes[offset] = (byte) read();
        return 1;
      }

      @Override
      public void close() {
        closed.set(true);
      }
    };
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void streamThatBreaksBreaksTheAnswer(boolean last) throws Exception {
    AtomicBoolean closed = new AtomicBoolean();
    ScriptedPeer peer = peer().send(GET + NEXT);
    AsyncChannel channel = listener.awaitOpen();
    channel.send("a", false);
    channel.send(broken(closed), last);

    String received = new String(peer.readToEnd(), StandardCharsets.US_ASCII);
    assertThat(received).contains("1\r\na\r\n").doesNotContain("0\r\n\r\n").doesNotContain("500");
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.INTERNAL_SERVER_ERROR);
    assertThat(closed).isTrue();
    assertThat(next).hasValue(0);
    assertThat(channel.send("x")).isFalse();
  }

  @Test
  void streamThatEndsEarlyBreaksTheAnswer() throws Exception {
    listener.whenOpen(
        channel ->
            channel.send(Response.of(Status.OK, Headers.empty(), Body.of(stream("abc"), 5))));
    ScriptedPeer peer = peer().send(GET);

    String received = new String(peer.readToEnd(), StandardCharsets.US_ASCII);
    assertThat(received).contains("Content-Length: 5\r\n").endsWith("\r\n\r\nabc");
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.INTERNAL_SERVER_ERROR);
  }

  @Test
  void whatIsBehindABrokenStreamIsDropped() throws Exception {
    AtomicBoolean closed = new AtomicBoolean();
    Gate gate = new Gate();
    Gate behind = new Gate();
    ScriptedPeer peer = peer().send(GET);
    AsyncChannel channel = listener.awaitOpen();
    channel.send(gate, false);
    channel.send(broken(closed), false);
    channel.send("behind", false);
    channel.send(behind, false);
    CompletableFuture<Void> flushed = channel.flushed().toCompletableFuture();
    gate.opened.countDown();

    assertThat(new String(peer.readToEnd(), StandardCharsets.US_ASCII)).doesNotContain("behind");
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.INTERNAL_SERVER_ERROR);
    assertThat(behind.closed.await(20, TimeUnit.SECONDS)).isTrue();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> get(flushed));
  }

  @Test
  void fileThatIsNotThereBreaksTheAnswer() throws Exception {
    ScriptedPeer peer = peer().send(GET);
    AsyncChannel channel = listener.awaitOpen();
    channel.send("a", false);
    channel.send(directory.resolve("missing"), false);

    assertThat(new String(peer.readToEnd(), StandardCharsets.US_ASCII)).endsWith("1\r\na\r\n");
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.INTERNAL_SERVER_ERROR);
  }

  @Test
  void listenerThatThrowsInTheMiddleBreaksTheAnswer() throws Exception {
    listener.whenOpen(
        channel -> {
          channel.send("a", false);
          throw new IllegalStateException("on purpose");
        });
    ScriptedPeer peer = peer().send(GET + NEXT);

    assertThat(new String(peer.readToEnd(), StandardCharsets.US_ASCII))
        .endsWith("1\r\na\r\n")
        .doesNotContain("500");
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.INTERNAL_SERVER_ERROR);
    assertThat(next).hasValue(0);
  }

  @Test
  void partOfAWrongTypeIsRefused() throws Exception {
    ScriptedPeer peer = peer().send(GET);
    AsyncChannel channel = listener.awaitOpen();
    channel.send("a", false);

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> channel.send(Response.parts(List.of(42))))
        .withMessageContaining("42");

    assertThat(channel.isOpen()).isTrue();
    channel.send("b");
    assertThat(peer.read().text()).isEqualTo("ab");
  }

  // ---- when it is sent

  @Test
  void flushedSaysWhenAllIsWithTheSystem() throws Exception {
    HttpServer server = servers.start(this::handle);
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    get(channel.flushed().toCompletableFuture());
    byte[] large = random(8_000_000);
    channel.send(large, false);
    CompletableFuture<Void> flushed = channel.flushed().toCompletableFuture();
    assertThat(channel.queuedBytes()).isPositive();
    assertThat(flushed).isNotDone();
    channel.close();
    CompletableFuture<Void> ended = channel.flushed().toCompletableFuture();

    assertThat(peer.read().body()).isEqualTo(large);

    get(flushed);
    get(ended);
  }

  @ParameterizedTest
  @ValueSource(strings = {GET, GET_1_0})
  void flushedIsToldOfALongPollToo(String request) throws Exception {
    List<CompletableFuture<Void>> flushed = new ArrayList<>();
    listener.whenOpen(
        channel -> {
          channel.send("answer");
          flushed.add(channel.flushed().toCompletableFuture());
        });
    ScriptedPeer peer = peer().send(request);

    assertThat(peer.read().text()).isEqualTo("answer");
    listener.awaitClose();
    get(flushed.get(0));
  }

  @Test
  void flushedFailsWhenTheClientIsGone() throws Exception {
    HttpServer server = servers.start(this::handle);
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    channel.send(random(8_000_000), false);
    CompletableFuture<Void> flushed = channel.flushed().toCompletableFuture();
    peer.reset();

    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> get(flushed));
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.CLIENT_CLOSE);
    CompletableFuture<Void> late = channel.flushed().toCompletableFuture();
    assertThatExceptionOfType(CancellationException.class).isThrownBy(() -> get(late));
  }

  // ---- many threads

  private static final int WRITERS = 8;

  @Test
  void chunksOfManyWritersStayWhole() throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      ScriptedPeer peer = peer();
      for (int round = 0; round < 150; round++) {
        peer.send(GET);
        AsyncChannel channel = listener.awaitOpen();
        CyclicBarrier start = new CyclicBarrier(WRITERS);
        List<Callable<Boolean>> tasks = new ArrayList<>();
        Set<String> pieces = new HashSet<>();
        for (int i = 0; i < WRITERS; i++) {
          String piece = Integer.toString(i).repeat(1 + 300 * i + round);
          pieces.add(piece);
          tasks.add(
              () -> {
                start.await(20, TimeUnit.SECONDS);
                return channel.send(piece, false);
              });
        }
        for (Future<Boolean> sent : writers.invokeAll(tasks)) {
          assertThat(get(sent)).isTrue();
        }
        channel.close();
        assertThat(readHead(peer).get("Status-Line")).contains("HTTP/1.1 200 OK");
        assertThat(readChunks(peer)).containsExactlyInAnyOrderElementsOf(pieces);
      }
    } finally {
      writers.shutdownNow();
    }
  }

  private static List<String> readChunks(ScriptedPeer peer) throws IOException {
    List<String> chunks = new ArrayList<>();
    for (int size = Integer.parseInt(peer.line(), 16); size > 0; ) {
      chunks.add(new String(peer.bytes(size), StandardCharsets.US_ASCII));
      assertThat(peer.line()).isEmpty();
      size = Integer.parseInt(peer.line(), 16);
    }
    assertThat(peer.line()).isEmpty();
    return chunks;
  }

  @Test
  void onlyOneOfManyAnswersALongPoll() throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      ScriptedPeer peer = peer();
      for (int round = 0; round < 150; round++) {
        peer.send(GET);
        AsyncChannel channel = listener.awaitOpen();
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int i = 0; i < WRITERS; i++) {
          int writer = i;
          tasks.add(() -> channel.send("by " + writer) ? writer : -1);
        }
        List<Integer> taken = new ArrayList<>();
        for (Future<Integer> sent : writers.invokeAll(tasks)) {
          taken.add(get(sent));
        }
        taken.removeIf(writer -> writer < 0);
        assertThat(taken).hasSize(1);
        assertThat(peer.read().text()).isEqualTo("by " + taken.get(0));
      }
    } finally {
      writers.shutdownNow();
    }
  }
}
