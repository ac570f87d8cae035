package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.RecordingEvents.Kind;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Each time-out of a server: what it ends, and what it leaves alone. */
class TimeoutsTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String POST = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n";
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final int LARGE = 32 * 1024 * 1024;

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final AtomicInteger handled = new AtomicInteger();

  private Response handle(Request request) {
    handled.incrementAndGet();
    return Response.text("hello " + request.text());
  }

  @Test
  void headTimeoutEndsAHeadThatStops() throws Exception {
    HttpServer server = servers.start(this::handle, config -> config.headTimeout(SHORT));
    ScriptedPeer peer = servers.connect(server).send("GET / HT");
    peer.read().assertRefused(408);
    peer.expectEof();
    assertThat(handled).hasValue(0);
    assertThat(servers.events.await(Kind.RESPONSE).status()).isEqualTo(Status.REQUEST_TIMEOUT);
  }

  @Test
  void headTimeoutIsNotExtendedByAByteNowAndThen() throws Exception {
    HttpServer server = servers.start(this::handle, config -> config.headTimeout(SHORT));
    ScriptedPeer peer = servers.connect(server);
    long start = System.nanoTime();
    peer.drip("GET / HTTP/1.1\r\nX: " + "y".repeat(1000), Duration.ofMillis(20));
    peer.read().assertRefused(408);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(SHORT, Duration.ofSeconds(10));
  }

  @Test
  void headTimeoutEndsALineEndThatStops() throws Exception {
    HttpServer server = servers.start(this::handle, config -> config.headTimeout(SHORT));
    servers.connect(server).send("\r").read().assertRefused(408);
  }

  @Test
  void headTimeoutCountsForEachRequestOfAConnection() throws Exception {
    HttpServer server = servers.start(this::handle, config -> config.headTimeout(SHORT));
    ScriptedPeer peer = servers.connect(server);
    assertThat(peer.send(GET).read().status()).isEqualTo(200);
    // between two requests it is the idle time-out that counts
    assertThat(peer.hasWithin(SHORT.multipliedBy(2))).isFalse();
    assertThat(peer.send(GET).read().status()).isEqualTo(200);
    peer.send("GET / HT").read().assertRefused(408);
  }

  @Test
  void bodyTimeoutEndsABodyThatStops() throws Exception {
    HttpServer server = servers.start(this::handle, config -> config.bodyTimeout(SHORT));
    for (String input :
        new String[] {
          POST,
          POST + "01234",
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello",
          "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        }) {
      ScriptedPeer peer = servers.connect(server).send(input);
      peer.read().assertRefused(408);
      peer.expectEof();
    }
    assertThat(handled).hasValue(0);
  }

  @Test
  void bodyTimeoutIsExtendedByEachPiece() throws Exception {
    Duration timeout = Duration.ofMillis(800);
    HttpServer server =
        servers.start(this::handle, config -> config.bodyTimeout(timeout).minBodyRate(0));
    ScriptedPeer peer = servers.connect(server).send(POST);
    peer.drip("0123456789", Duration.ofMillis(100));
    assertThat(peer.read().text()).isEqualTo("hello 0123456789");
  }

  @Test
  void minBodyRateEndsABodyThatIsTooSlow() throws Exception {
    HttpServer server =
        servers.start(
            this::handle, config -> config.bodyTimeout(Duration.ofMillis(500)).minBodyRate(1000));
    ScriptedPeer peer = servers.connect(server);
    peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000\r\n\r\n");
    peer.drip("x".repeat(10_000), Duration.ofMillis(50));
    peer.read().assertRefused(408);
    assertThat(handled).hasValue(0);
  }

  @Test
  void idleTimeoutClosesANewConnectionWithoutAnAnswer() throws Exception {
    HttpServer server = servers.start(this::handle, config -> config.idleTimeout(SHORT));
    servers.connect(server).expectEof();
    servers.events.await(Kind.CLOSE);
    assertThat(servers.events.count(Kind.RESPONSE)).isZero();
  }

  @Test
  void idleTimeoutClosesAConnectionBehindARequest() throws Exception {
    for (Handler handler :
        new Handler[] {
          this::handle,
          Handler.nonBlocking(this::handle),
          request -> Response.async(CompletableFuture.supplyAsync(() -> Response.text("later")))
        }) {
      HttpServer server = servers.start(handler, config -> config.idleTimeout(SHORT));
      ScriptedPeer peer = servers.connect(server).send(GET);
      assertThat(peer.read().header("Connection")).isEmpty();
      peer.expectEof();
    }
  }

  @Test
  void idleTimeoutDoesNotCountWhileARequestIsHandled() throws Exception {
    HttpServer server =
        servers.start(
            request ->
                Response.async(
                    CompletableFuture.supplyAsync(
                        () -> Response.text("later"),
                        CompletableFuture.delayedExecutor(600, TimeUnit.MILLISECONDS))),
            config -> config.idleTimeout(SHORT).headTimeout(SHORT).bodyTimeout(SHORT));
    assertThat(servers.connect(server).send(GET).read().text()).isEqualTo("later");
  }

  /** A client that reads slowly is not idle: what it has asked for waits for it to read. */
  @Test
  void idleTimeoutDoesNotCountWhileAnAnswerIsBeingSent() throws Exception {
    HttpServer server =
        servers.start(
            Handler.nonBlocking(request -> Response.bytes(new byte[LARGE])),
            config -> config.idleTimeout(SHORT));
    ScriptedPeer peer = servers.connectNarrow(server).send(GET + GET);
    servers.events.await(Kind.RESPONSE);
    CompletableFuture<Void> later =
        CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(600, TimeUnit.MILLISECONDS));
    later.get(20, TimeUnit.SECONDS);
    assertThat(peer.read().body()).hasSize(LARGE);
    assertThat(peer.read().body()).hasSize(LARGE);
  }

  @Test
  void writeTimeoutClosesTheConnectionOfAPeerThatDoesNotRead() throws Exception {
    HttpServer server =
        servers.start(
            request -> Response.bytes(new byte[LARGE]), config -> config.writeTimeout(SHORT));
    servers.connectNarrow(server).send(GET);
    servers.events.await(Kind.CLOSE);
    assertThat(server.connections()).isZero();
  }

  @Test
  void writeTimeoutClosesAStreamThatIsNotRead() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }

          @Override
          public void close() {
            closed.countDown();
          }
        };
    HttpServer server =
        servers.start(request -> Response.stream(endless), config -> config.writeTimeout(SHORT));
    servers.connectNarrow(server).send(GET);
    servers.events.await(Kind.CLOSE);
    assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(server.activeRequests()).isZero();
  }

  @Test
  void writeTimeoutClosesAFileThatIsNotRead(@TempDir Path directory) throws Exception {
    Path file = Files.write(directory.resolve("large"), new byte[LARGE]);
    HttpServer server =
        servers.start(
            request -> Response.of(Status.OK, Headers.empty(), Body.of(file)),
            config -> config.writeTimeout(SHORT));
    servers.connectNarrow(server).send(GET);
    servers.events.await(Kind.CLOSE);
    assertThat(server.connections()).isZero();
  }

  @Test
  void lingerTimeoutClosesAConnectionThatThePeerKeepsOpen() throws Exception {
    HttpServer server = servers.start(this::handle, config -> config.lingerTimeout(SHORT));
    ScriptedPeer peer = servers.connect(server).send("Broken\r\n");
    peer.read().assertRefused(400);
    peer.expectEof();
    servers.events.await(Kind.CLOSE);
  }

  @Test
  void lingerTimeoutEndsThePatienceForAPeerThatKeepsSending() throws Exception {
    HttpServer server = servers.start(this::handle, config -> config.lingerTimeout(SHORT));
    ScriptedPeer peer = servers.connect(server).send("Broken\r\n");
    peer.read().assertRefused(400);
    peer.drip("x".repeat(100), Duration.ofMillis(20));
    servers.events.await(Kind.CLOSE);
  }

  @Test
  void doesNotLingerForAPeerThatEndsWhileItReads() throws Exception {
    HttpServer server =
        servers.start(
            request -> Response.bytes(new byte[LARGE]).withHeader("Connection", "close"),
            config -> config.lingerTimeout(Duration.ofMinutes(1)));
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    servers.events.await(Kind.RESPONSE);
    peer.halfClose();
    assertThat(peer.hasWithin(SHORT)).isTrue();
    assertThat(peer.read().body()).hasSize(LARGE);
    peer.expectEof();
    servers.events.await(Kind.CLOSE);
  }

  /** Waiting longer would only delay the end of a stopping server. */
  @Test
  void doesNotLingerForAPeerThatHasEnded() throws Exception {
    HttpServer server =
        servers.start(this::handle, config -> config.lingerTimeout(Duration.ofMinutes(1)));
    ScriptedPeer peer = servers.connect(server).send("Broken\r\n").halfClose();
    peer.read().assertRefused(400);
    peer.expectEof();
    servers.events.await(Kind.CLOSE);
  }
}
