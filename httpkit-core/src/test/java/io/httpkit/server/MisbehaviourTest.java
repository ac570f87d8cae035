package io.httpkit.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What handlers do wrong is answered, or ends the connection; it never leaves it hanging. */
class MisbehaviourTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  @TempDir @Nullable Path temporary;

  private final AtomicBoolean closed = new AtomicBoolean();

  private InputStream stream() {
    return new ByteArrayInputStream(new byte[100]) {
      @Override
      public void close() {
        closed.set(true);
      }
    };
  }

  /** The status of the answer to one request. */
  private int status(Handler handler, UnaryOperator<ServerConfig.Builder> options)
      throws Exception {
    HttpServer server = servers.start(handler, options);
    return servers.connect(server).send(GET).read().status();
  }

  private int status(Handler handler) throws Exception {
    return status(handler, options -> options);
  }

  @Test
  void interimStatusIsNoAnswer() throws Exception {
    assertThat(status(request -> Response.of(Status.CONTINUE))).isEqualTo(500);
    assertThat(status(request -> Response.of(Status.SWITCHING_PROTOCOLS))).isEqualTo(500);
  }

  @Test
  void answerOfItsOwnFitsIntoTheSmallestHead() throws Exception {
    Handler failing =
        request -> {
          throw new IllegalStateException("on purpose");
        };

    UnaryOperator<ServerConfig.Builder> small =
        options -> options.maxResponseHeaderBytes(256).serverHeader("s".repeat(300));
    assertThat(status(failing, small)).isEqualTo(500);
  }

  @Test
  void streamOfAnAnswerThatIsRefusedIsClosed() throws Exception {
    Headers tooLong = Headers.of("X", "x".repeat(70_000));
    Handler handler = request -> Response.of(Status.OK, tooLong, Body.of(stream()));

    assertThat(status(handler)).isEqualTo(500);
    assertThat(closed).isTrue();
  }

  @Test
  void stageThatCannotBeAwaitedEndsTheConnection() throws Exception {
    CompletionStage<Response> broken =
        new CompletableFuture<>() {
          @Override
          public CompletableFuture<Response> whenComplete(
              BiConsumer<? super Response, ? super Throwable> action) {
            throw new IllegalStateException("on purpose");
          }
        };

    Handler handler = request -> Response.async(broken);
    servers.connect(servers.start(handler)).send(GET).expectEof();
    servers.connect(servers.start(Handler.nonBlocking(handler))).send(GET).expectEof();
  }

  @Test
  void executorThatFailsInTheMiddleOfAnAnswerEndsTheConnection() throws Exception {
    Executor failing =
        task -> {
          throw new IllegalStateException("on purpose");
        };
    Handler handler = Handler.nonBlocking(request -> Response.stream(stream()));

    ScriptedPeer peer =
        servers.connect(servers.start(handler, options -> options.executor(failing))).send(GET);

    assertThat(new String(peer.readToEnd(), StandardCharsets.US_ASCII)).doesNotContain("500");
    assertThat(closed).isTrue();
  }

  @Test
  void interruptionThatAHandlerKeepsDoesNotReachItsFile() throws Exception {
    Path file = Files.writeString(requireNonNull(temporary).resolve("file"), "content");
    Handler handler =
        request -> {
          Thread.currentThread().interrupt();
          return Response.file(file);
        };

    assertThat(status(handler)).isEqualTo(200);
  }

  @Test
  void changesToALaterAnswerAreMadeWhenItComes() throws Exception {
    CompletableFuture<Response> later = new CompletableFuture<>();
    Response changed =
        Response.async(later).withStatus(Status.CREATED).withHeader("X-Took", "1").withType("a/b");
    later.complete(Response.text("x"));

    Response.Later deferred = requireNonNull(changed.later());
    Response answered = deferred.stage().toCompletableFuture().get(10, TimeUnit.SECONDS);

    assertThat(answered.status()).isEqualTo(Status.CREATED);
    assertThat(answered.headers()).isEqualTo(Headers.of("X-Took", "1", "Content-Type", "a/b"));
  }

  @Test
  void clientThatEndedCountsAsGoneAfterTheIdleTimeout() throws Exception {
    CompletableFuture<Response> never = new CompletableFuture<>();
    HttpServer server =
        servers.start(
            request -> Response.async(never),
            options -> options.idleTimeout(Duration.ofMillis(200)));

    servers.connect(server).send(GET).halfClose().expectEof();

    servers.events.await(RecordingEvents.Kind.CLOSE, 1);
    assertThat(server.activeRequests()).isZero();
  }

  @Test
  void addressOfAClientIsKnownAfterItLeft() throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    AtomicReference<@Nullable Object> seen = new AtomicReference<>();
    CountDownLatch asked = new CountDownLatch(1);
    HttpServer server =
        servers.start(
            request -> {
              assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
              seen.set(request.remoteAddress());
              asked.countDown();
              return Response.noContent();
            });
    ScriptedPeer peer = servers.connect(server).send(GET);
    Object address = peer.localAddress();
    servers.events.await(RecordingEvents.Kind.REQUEST, 1);
    peer.reset();
    RecordingEvents.Event close = servers.events.await(RecordingEvents.Kind.CLOSE, 1);
    gone.countDown();
    assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();

    assertThat(seen.get()).isEqualTo(address);
    assertThat(close.remote()).isEqualTo(address);
  }

  @Test
  void fastReaderOfAFileDoesNotKeepTheLoop() throws Exception {
    Path file = requireNonNull(temporary).resolve("big");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 30);
    }
    Handler handler =
        request -> request.path().equals("/big") ? Response.file(file) : Response.text("pong");
    HttpServer server = servers.start(handler, options -> options.loops(1));
    CountDownLatch reading = new CountDownLatch(1);
    FutureTask<Long> reader = new FutureTask<>(() -> readAll(server, reading));
    new Thread(reader, "reader").start();
    assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();

    ScriptedPeer peer = servers.connect(server);
    int pongs = 0;
    while (!reader.isDone()) {
      assertThat(peer.send(GET).read().text()).isEqualTo("pong");
      pongs++;
    }

    assertThat(reader.get(10, TimeUnit.SECONDS)).isGreaterThan(1L << 30);
    assertThat(pongs).as("answers while the file was sent").isGreaterThan(20);
  }

  private static long readAll(HttpServer server, CountDownLatch reading) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(10_000);
      String request = "GET /big HTTP/1.0\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      byte[] buffer = new byte[1 << 20];
      long count = 0;
      for (int n = 0; n >= 0; n = socket.getInputStream().read(buffer)) {
        count += n;
        reading.countDown();
      }
      return count;
    }
  }
}
