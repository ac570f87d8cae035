package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.Status;
import io.httpkit.server.RecordingEvents.Kind;
import io.httpkit.server.ScriptedPeer.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Each limit of a server, just within it and just beyond. */
class LimitsTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n";
  private static final String CHUNKED =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final AtomicInteger handled = new AtomicInteger();

  private Response handle(Request request) {
    handled.incrementAndGet();
    return Response.text(request.text());
  }

  private Reply ask(HttpServer server, String input) throws IOException {
    return servers.connect(server).send(input).read();
  }

  /** Refused, with the connection closed and the handler not called. */
  private void assertRefused(int status, HttpServer server, String input) throws IOException {
    int before = handled.get();
    ScriptedPeer peer = servers.connect(server).send(input);
    peer.read().assertRefused(status);
    peer.expectEof();
    assertThat(handled).hasValue(before);
  }

  private static String fill(String start, int length) {
    return start + "a".repeat(length - start.length());
  }

  @Test
  void maxLineBoundsTheRequestLine() throws IOException {
    HttpServer server = servers.start(this::handle, config -> config.maxLine(100));
    String end = " HTTP/1.1\r\n";
    String longest = fill("GET /", 100 - end.length());
    assertThat(ask(server, longest + end + "Host: a\r\n\r\n").status()).isEqualTo(200);
    assertRefused(414, server, longest + "a" + end + "Host: a\r\n\r\n");
    // even if it never ends
    assertRefused(414, server, fill("GET /", 101));
  }

  @Test
  void maxLineIs8192ByDefault() throws IOException {
    HttpServer server = servers.start(this::handle);
    for (int length : new int[] {1000, 8000}) {
      assertThat(ask(server, fill("GET /", length) + " HTTP/1.1\r\nHost: a\r\n\r\n").status())
          .isEqualTo(200);
    }
    for (int length : new int[] {8192, 10192, 12192}) {
      assertRefused(414, server, fill("GET /", length) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    }
  }

  @Test
  void maxLineBoundsAHeaderLine() throws IOException {
    HttpServer server = servers.start(this::handle, config -> config.maxLine(100));
    assertThat(ask(server, GET + fill("X: ", 98) + "\r\n\r\n").status()).isEqualTo(200);
    assertRefused(431, server, GET + fill("X: ", 99) + "\r\n\r\n");
    assertRefused(431, server, GET + fill("X: ", 101));
    assertRefused(431, server, CHUNKED + "0\r\n" + fill("X: ", 99) + "\r\n\r\n");
  }

  @Test
  void maxHeaderBytesBoundsAllHeaderLines() throws IOException {
    HttpServer server = servers.start(this::handle, config -> config.maxHeaderBytes(200));
    String lines = "Host: a\r\n" + fill("X: ", 98) + "\r\n";
    String last = fill("Y: ", 200 - lines.length() - 4);
    assertThat(ask(server, "GET / HTTP/1.1\r\n" + lines + last + "\r\n\r\n").status())
        .isEqualTo(200);
    assertRefused(431, server, "GET / HTTP/1.1\r\n" + lines + last + "a\r\n\r\n");
    assertRefused(
        431, server, CHUNKED + "0\r\n" + fill("X: ", 98) + "\r\n" + fill("Y: ", 99) + "\r\n\r\n");
  }

  @Test
  void maxHeaderBytesIs64KibibytesByDefault() throws IOException {
    HttpServer server = servers.start(this::handle);
    String line = fill("X: ", 1000) + "\r\n";
    assertThat(ask(server, GET + line.repeat(60) + "\r\n").status()).isEqualTo(200);
    assertRefused(431, server, GET + line.repeat(70) + "\r\n");
  }

  @Test
  void maxHeadersBoundsTheHeaderLines() throws IOException {
    HttpServer server = servers.start(this::handle, config -> config.maxHeaders(3));
    assertThat(ask(server, GET + "X: 1\r\nX: 2\r\n\r\n").status()).isEqualTo(200);
    assertRefused(431, server, GET + "X: 1\r\nX: 2\r\nX: 3\r\n\r\n");
    assertThat(ask(server, CHUNKED + "0\r\nX: 1\r\nX: 2\r\nX: 3\r\n\r\n").status()).isEqualTo(200);
    assertRefused(431, server, CHUNKED + "0\r\nX: 1\r\nX: 2\r\nX: 3\r\nX: 4\r\n\r\n");
  }

  @Test
  void maxHeadersIs200ByDefault() throws IOException {
    HttpServer server = servers.start(this::handle);
    assertThat(ask(server, GET + "X: y\r\n".repeat(199) + "\r\n").status()).isEqualTo(200);
    assertRefused(431, server, GET + "X: y\r\n".repeat(200) + "\r\n");
  }

  @Test
  void maxResponseHeaderBytesTurnsTheAnswerInto500() throws Exception {
    HttpServer server =
        servers.start(
            request -> Response.text("x").withHeader("X", "y".repeat(request.target().length())),
            config -> config.maxResponseHeaderBytes(1024));
    ScriptedPeer peer = servers.connect(server);
    String head = " HTTP/1.1\r\nHost: a\r\n\r\n";
    assertThat(peer.send(fill("GET /", 500) + head).read().status()).isEqualTo(200);
    Reply reply = peer.send(fill("GET /", 2000) + head).read();
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.headers().contains("X")).isFalse();
    assertThat(servers.events.await(Kind.ERROR).error()).hasMessageContaining("1024");
    // it is not the client's fault
    assertThat(peer.send("GET /" + head).read().status()).isEqualTo(200);
  }

  @Test
  void maxBodyBoundsTheAnnouncedLengthBeforeAnyByteComes() throws IOException {
    HttpServer server = servers.start(this::handle, config -> config.maxBody(10));
    String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ";
    assertThat(ask(server, head + "10\r\n\r\n0123456789").text()).isEqualTo("0123456789");
    assertRefused(413, server, head + "11\r\n\r\n");
  }

  @Test
  void maxBodyBoundsAllChunksTogether() throws IOException {
    HttpServer server = servers.start(this::handle, config -> config.maxBody(10));
    String five = "5\r\n01234\r\n";
    assertThat(ask(server, CHUNKED + five + five + "0\r\n\r\n").text()).isEqualTo("0123401234");
    assertRefused(413, server, CHUNKED + five + five + "1\r\n");
    assertRefused(413, server, CHUNKED + "1\r\n0\r\n7fffffff\r\n");
    assertThat(ask(server, CHUNKED + five + "6\r\n").text()).contains("the 10 bytes");
  }

  @Test
  void maxBodyMayBeNothing() throws IOException {
    HttpServer server = servers.start(this::handle, config -> config.maxBody(0));
    assertThat(ask(server, CHUNKED + "0\r\n\r\n").status()).isEqualTo(200);
    assertRefused(413, server, CHUNKED + "1\r\n");
  }

  @Test
  void maxChunkExtensionBytesBoundsThoseOfAllChunks() throws IOException {
    HttpServer server = servers.start(this::handle, config -> config.maxChunkExtensionBytes(20));
    String chunk = "1;a=bc\r\nx\r\n";
    assertThat(ask(server, CHUNKED + chunk.repeat(4) + "0\r\n\r\n").text()).isEqualTo("xxxx");
    assertRefused(400, server, CHUNKED + chunk.repeat(5));
    assertRefused(400, server, CHUNKED + "1;" + "a".repeat(1000));
  }

  @Test
  void maxChunkExtensionBytesStopsManySmallChunks() throws IOException {
    HttpServer server = servers.start(this::handle);
    ScriptedPeer peer = servers.connect(server).send(CHUNKED);
    byte[] chunk = ("1;" + "a".repeat(80) + "\r\nx\r\n").getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 100_000 && !peer.hasWithin(Duration.ZERO); i++) {
      peer.send(chunk);
    }
    peer.read().assertRefused(400);
    assertThat(handled).hasValue(0);
  }

  @Test
  void maxParametersBoundsQueryAndForm() throws IOException {
    HttpServer server =
        servers.start(
            request -> Response.text(request.query() + " " + request.form()),
            config -> config.maxParameters(2));
    ScriptedPeer peer = servers.connect(server);
    String end = " HTTP/1.1\r\nHost: a\r\n\r\n";
    assertThat(peer.send("GET /?a=1&b=2" + end).read().text()).isEqualTo("{a=[1], b=[2]} {}");
    Reply refused = peer.send("GET /?a=1&b=2&c=3" + end).read();
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text()).isEqualTo("more than 2 parameters\n");
    String form =
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    assertThat(peer.send(form + "Content-Length: 7\r\n\r\na=1&b=2").read().text())
        .isEqualTo("{} {a=[1], b=[2]}");
    assertThat(peer.send(form + "Content-Length: 5\r\n\r\na&b&c").read().status()).isEqualTo(400);
    assertThat(servers.events.count(Kind.ERROR)).isZero();
  }

  @Test
  void maxCookiesBoundsTheCookies() throws IOException {
    HttpServer server =
        servers.start(
            request -> Response.text(request.cookies().toString()), config -> config.maxCookies(2));
    ScriptedPeer peer = servers.connect(server);
    assertThat(peer.send(GET + "Cookie: a=1\r\nCookie: b=2\r\n\r\n").read().text())
        .isEqualTo("{a=1, b=2}");
    assertThat(peer.send(GET + "Cookie: a=1; b=2; c=3\r\n\r\n").read().status()).isEqualTo(400);
  }

  @Test
  void maxConnectionsPausesAcceptingUntilOneEnds() throws Exception {
    HttpServer server = servers.start(this::handle, config -> config.maxConnections(2));
    ScriptedPeer first = servers.connect(server);
    ScriptedPeer second = servers.connect(server);
    assertThat(first.send(GET + "\r\n").read().status()).isEqualTo(200);
    assertThat(second.send(GET + "\r\n").read().status()).isEqualTo(200);
    ScriptedPeer third = servers.connect(server).send(GET + "\r\n");
    assertThat(servers.events.await(Kind.ACCEPT_PAUSED).error()).isNull();
    // waits for a few attempts to accept again
    assertThat(third.hasWithin(Duration.ofMillis(350))).isFalse();
    assertThat(server.connections()).isEqualTo(2);
    assertThat(servers.events.count(Kind.ACCEPT_PAUSED)).isEqualTo(1);
    assertThat(second.send(GET + "\r\n").read().status()).isEqualTo(200);
    first.close();
    assertThat(third.read().status()).isEqualTo(200);
    servers.events.await(Kind.ACCEPT_RESUMED);
    assertThat(servers.events.count(Kind.ACCEPT_RESUMED)).isEqualTo(1);
    assertThat(servers.events.count(Kind.ACCEPT)).isEqualTo(3);
  }

  @Test
  void queueSizeBoundsTheRequestsThatWaitForAThread() throws Exception {
    assertAdmits(2, config -> config.thread(1).queueSize(1));
  }

  @Test
  void queueSizeBoundsTheRequestsOnVirtualThreads() throws Exception {
    if (Runtime.version().feature() >= 21) {
      assertAdmits(2, config -> config.virtualThreads().queueSize(2));
    }
  }

  /** So many requests are in flight; another is answered 503, and the connection goes on. */
  private void assertAdmits(int admitted, UnaryOperator<ServerConfig.Builder> options)
      throws Exception {
    CountDownLatch entered = new CountDownLatch(1);
    Semaphore leave = new Semaphore(0);
    HttpServer server =
        servers.start(
            request -> {
              entered.countDown();
              assertThat(leave.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
              return Response.text("done");
            },
            config -> options.apply(config.loops(1)));
    List<ScriptedPeer> waiting = new ArrayList<>();
    for (int i = 0; i < admitted; i++) {
      waiting.add(servers.connect(server).send(GET + "\r\n"));
      servers.events.await(Kind.REQUEST, i + 1);
      assertThat(entered.await(20, TimeUnit.SECONDS)).isTrue();
    }
    ScriptedPeer rejected = servers.connect(server);
    Reply reply = rejected.send(GET + "\r\n").read();
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.header("Retry-After")).isEqualTo("1");
    assertThat(reply.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(servers.events.count(Kind.REJECTED)).isEqualTo(1);
    assertThat(servers.events.await(Kind.RESPONSE).status()).isEqualTo(Status.SERVICE_UNAVAILABLE);
    leave.release(admitted + 1);
    for (ScriptedPeer peer : waiting) {
      assertThat(peer.read().text()).isEqualTo("done");
    }
    assertThat(rejected.send(GET + "\r\n").read().text()).isEqualTo("done");
  }

  @Test
  void announcedBodiesCostNoMemoryBeforeTheyCome() throws Exception {
    HttpServer server = servers.start(this::handle);
    String head = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 8388608\r\n\r\n";
    servers.connect(server).send(head);
    servers.events.await(Kind.REQUEST, 1);
    long before = usedHeap();
    for (int i = 0; i < 200; i++) {
      servers.connect(server).send(head + "x");
    }
    servers.events.await(Kind.REQUEST, 201);
    // the peers of this test have 64 KiB each
    assertThat(usedHeap() - before).isLessThan(200 * (64 + 16) * 1024L);
    assertThat(server.activeRequests()).isEqualTo(201);
  }

  @SuppressWarnings("ExplicitGarbageCollection") // to see what is in use
  private static long usedHeap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
