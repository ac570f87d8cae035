package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Body;
import io.httpkit.http.Cookie;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.RecordingEvents.Kind;
import io.httpkit.server.ScriptedPeer.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a handler's answer reaches the wire, and what the server adds to it. */
class ResponseTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String HEAD = "HEAD / HTTP/1.1\r\nHost: a\r\n\r\n";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private Reply get(Response response) throws IOException {
    return get(response, config -> config);
  }

  private Reply get(Response response, UnaryOperator<ServerConfig.Builder> options)
      throws IOException {
    return servers.connect(servers.start(request -> response, options)).send(GET).read();
  }

  @Test
  void hasTheHeadersOfTheApplicationInTheirOrder() throws Exception {
    HttpServer server =
        servers.start(
            request -> Response.text("x").withHeader("Date", "now").withHeader("X-a", "\u00e9 b"),
            config -> config.serverHeader(null));
    servers
        .connect(server)
        .send(GET)
        .expect(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nDate: now\r\n"
                + "X-a: \u00e9 b\r\nContent-Length: 1\r\n\r\nx");
  }

  @Test
  void hasALineForEachValueOfAHeader() throws Exception {
    Reply reply = get(Response.text("x").withHeader("X", List.of("1", "2", "3")));
    assertThat(reply.headers().all("X")).containsExactly("1", "2", "3");
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 39, 300})
  void hasManyHeaders(int count) throws Exception {
    Headers.Builder headers = Headers.builder();
    for (int i = 0; i < count; i++) {
      headers.add("X-" + i, "value " + i);
    }
    Reply reply = get(Response.of(Status.OK, headers.build(), Body.of("x")));
    for (int i = 0; i < count; i++) {
      assertThat(reply.header("X-" + i)).isEqualTo("value " + i);
    }
  }

  @Test
  void hasItsCookies() throws Exception {
    Reply reply =
        get(
            Response.text("x")
                .withCookie(Cookie.of("a", "1"))
                .withCookie(Cookie.of("b", "2").httpOnly()));
    assertThat(reply.headers().all("Set-Cookie")).hasSize(2);
    assertThat(reply.headers().all("Set-Cookie").get(0)).startsWith("a=1");
    assertThat(reply.headers().all("Set-Cookie").get(1)).startsWith("b=2").contains("HttpOnly");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 299, 404, 599, 999})
  void hasAnyStatus(int code) throws Exception {
    Reply reply = get(Response.text("x").withStatus(Status.of(code)));
    assertThat(reply.status()).isEqualTo(code);
    assertThat(reply.statusLine()).startsWith("HTTP/1.1 " + code + " ");
    assertThat(reply.text()).isEqualTo("x");
  }

  // ---- Date and Server

  @Test
  void hasTheDateAndTheNameOfTheServer() throws Exception {
    Reply reply = get(Response.text("x"));
    ZonedDateTime date =
        ZonedDateTime.parse(reply.header("Date"), DateTimeFormatter.RFC_1123_DATE_TIME);
    assertThat(Duration.between(date, ZonedDateTime.now(date.getZone())).abs())
        .isLessThan(Duration.ofSeconds(30));
    assertThat(reply.headers().all("Date")).hasSize(1);
    assertThat(reply.headers().all("Server")).containsExactly("http-kit");
  }

  @Test
  void hasTheDateAndTheNameThatTheApplicationGives() throws Exception {
    Reply reply = get(Response.text("x").withHeader("date", "now").withHeader("SERVER", "mine"));
    assertThat(reply.headers().all("Date")).containsExactly("now");
    assertThat(reply.headers().all("Server")).containsExactly("mine");
  }

  @Test
  void hasTheConfiguredNameOrNone() throws Exception {
    assertThat(get(Response.text("x"), c -> c.serverHeader("mine")).headers().all("Server"))
        .containsExactly("mine");
    assertThat(get(Response.text("x"), c -> c.serverHeader(null)).headers().all("Server"))
        .isEmpty();
  }

  @Test
  void anErrorHasTheNameOfItsOwnServer() throws Exception {
    HttpServer one = servers.start(r -> Response.text("x"), c -> c.serverHeader("one"));
    HttpServer two = servers.start(r -> Response.text("x"), c -> c.serverHeader("two"));
    for (int i = 0; i < 2; i++) {
      assertThat(servers.connect(one).send("x\r\n").read().header("Server")).isEqualTo("one");
      assertThat(servers.connect(two).send("x\r\n").read().header("Server")).isEqualTo("two");
    }
  }

  // ---- framing belongs to the server

  @ParameterizedTest
  @ValueSource(strings = {"999", "0", "5", "-1", "abc", "5, 5"})
  void aWrongContentLengthOfTheApplicationIsReplaced(String length) throws Exception {
    Reply reply = get(Response.text("hello").withHeader("content-length", length));
    assertThat(reply.headers().all("Content-Length")).containsExactly("5");
    assertThat(reply.text()).isEqualTo("hello");
  }

  @Test
  void aTransferEncodingOfTheApplicationIsDropped() throws Exception {
    for (String coding : List.of("gzip", "chunked", "identity")) {
      Reply reply =
          get(
              Response.text("hello")
                  .withHeader("Transfer-Encoding", coding)
                  .withHeader("Content-Length", "999"));
      assertThat(reply.headers().contains("Transfer-Encoding")).isFalse();
      assertThat(reply.headers().all("Content-Length")).containsExactly("5");
    }
  }

  @ParameterizedTest
  @CsvSource({"'', 1234, 1234", "hello, 5678, 5", "hello world, '', 11", "'', '', 0", "'', x, 0"})
  void headHasTheLengthOfTheBodyOrWithoutOneTheStatedLength(
      String body, String stated, String expected) throws Exception {
    for (boolean later : new boolean[] {false, true}) {
      Response text = Response.text(body);
      Response response = stated.isEmpty() ? text : text.withHeader("Content-Length", stated);
      HttpServer server =
          servers.start(
              request ->
                  later ? Response.async(CompletableFuture.supplyAsync(() -> response)) : response);
      ScriptedPeer peer = servers.connect(server).send(HEAD + GET);
      assertThat(peer.read("HEAD").headers().all("Content-Length")).containsExactly(expected);
      assertThat(peer.read().text()).isEqualTo(body);
    }
  }

  @Test
  void aResponseThatIsNotModifiedHasTheStatedLengthOnly() throws Exception {
    Response response =
        Response.of(Status.NOT_MODIFIED)
            .withHeader("Content-Length", "999")
            .withHeader("Transfer-Encoding", "chunked");
    HttpServer server = servers.start(request -> response);
    ScriptedPeer peer = servers.connect(server).send(GET + HEAD + GET);
    for (int i = 0; i < 3; i++) {
      Reply reply = peer.read();
      assertThat(reply.header("Content-Length")).isEqualTo("999");
      assertThat(reply.headers().contains("Transfer-Encoding")).isFalse();
    }
  }

  @Test
  void aResponseWithoutContentHasNoLength() throws Exception {
    Response response =
        Response.noContent()
            .withHeader("Content-Length", "999")
            .withHeader("Transfer-Encoding", "chunked");
    ScriptedPeer peer = servers.connect(servers.start(request -> response)).send(GET + GET);
    for (int i = 0; i < 2; i++) {
      Reply reply = peer.read();
      assertThat(reply.status()).isEqualTo(204);
      assertThat(reply.headers().contains("Content-Length")).isFalse();
      assertThat(reply.headers().contains("Transfer-Encoding")).isFalse();
    }
  }

  // ---- what must not reach the wire

  @ParameterizedTest
  @CsvSource({
    "X, 'a\r\nSet-Cookie: evil=1'",
    "X, 'a\nb'",
    "X, 'a\rb'",
    "X, 'a\u0000b'",
    "X, '\u20ac'",
    "'X\r\nSet-Cookie', evil=1",
    "'X ', a",
    "'X:', a",
    "'', a"
  })
  void aHeaderThatWouldBreakTheHeadIsAnsweredWith500(String name, String value) throws Exception {
    HttpServer server = servers.start(request -> Response.text("x").withHeader(name, value));
    ScriptedPeer peer = servers.connect(server).send(GET + GET);
    for (int i = 0; i < 2; i++) {
      Reply reply = peer.read();
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.headers().names())
          .containsExactlyInAnyOrder("content-type", "server", "date", "content-length");
    }
    assertThat(servers.events.await(Kind.ERROR).error())
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** Headers of another make are checked when they are written. */
  @Test
  void headersThatWereNotCheckedAreAnsweredWith500() throws Exception {
    Headers evil =
        new Headers() {
          @Override
          public int size() {
            return 2;
          }

          @Override
          public String name(int index) {
            return "X-" + index;
          }

          @Override
          public String value(int index) {
            return index == 0 ? "good" : "a\r\nSet-Cookie: evil=1";
          }
        };
    HttpServer server = servers.start(request -> Response.text("x").withHeaders(evil));
    HttpServer onLoop =
        servers.start(Handler.nonBlocking(request -> Response.text("x").withHeaders(evil)));
    for (HttpServer each : List.of(server, onLoop)) {
      ScriptedPeer peer = servers.connect(each).send(GET + GET);
      for (int i = 0; i < 2; i++) {
        Reply reply = peer.read();
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.headers().contains("X-0")).isFalse();
        assertThat(reply.headers().contains("Set-Cookie")).isFalse();
      }
    }
  }

  @Test
  void aStatusOutsideOfItsRangeCannotBeMade() {
    for (int code : new int[] {99, 1000, 0, -1}) {
      assertThatIllegalArgumentException().isThrownBy(() -> Status.of(code));
    }
  }

  // ---- what a handler does wrong

  @Test
  @SuppressWarnings("NullAway") // a handler written without care for null
  void nullIsAnsweredWith404() throws Exception {
    HttpServer server = servers.start(request -> null);
    ScriptedPeer peer = servers.connect(server).send(GET + GET);
    for (int i = 0; i < 2; i++) {
      Reply reply = peer.read();
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.header("Connection")).isEmpty();
    }
    assertThat(servers.events.count(Kind.ERROR)).isZero();
  }

  @Test
  void whatAHandlerThrowsIsAnsweredWith500WithoutItsMessage() throws Exception {
    for (Throwable thrown :
        List.<Throwable>of(
            new IllegalStateException("secret"),
            new IOException("secret"),
            new StackOverflowError("secret"),
            new AssertionError("secret"))) {
      for (boolean blocking : new boolean[] {true, false}) {
        Handler failing =
            request -> {
              if (thrown instanceof Error e) {
                throw e;
              }
              throw (Exception) thrown;
            };
        HttpServer server = servers.start(blocking ? failing : Handler.nonBlocking(failing));
        ScriptedPeer peer = servers.connect(server).send(GET + HEAD + GET);
        Reply reply = peer.read();
        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.text()).doesNotContain("secret");
        assertThat(reply.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        Reply head = peer.read("HEAD");
        assertThat(head.header("Content-Length")).isEqualTo(reply.header("Content-Length"));
        assertThat(peer.read().status()).isEqualTo(500);
      }
    }
    assertThat(servers.events.await(Kind.ERROR, 24).error()).hasMessage("secret");
  }

  @Test
  void aHandlerThatCannotSayWhetherItBlocksIsAnsweredWith500() throws Exception {
    HttpServer server =
        servers.start(
            new Handler() {
              @Override
              public Response handle(Request request) {
                return Response.text("x");
              }

              @Override
              public boolean isNonBlocking(Request request) {
                throw new IllegalStateException("secret");
              }
            });
    Reply reply = servers.connect(server).send(GET).read();
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.text()).doesNotContain("secret");
    assertThat(servers.events.await(Kind.ERROR).error()).hasMessage("secret");
  }

  @Test
  void aBadMessageIsAnsweredWithItsStatusAndMessage() throws Exception {
    for (boolean later : new boolean[] {false, true}) {
      BadMessageException bad = new BadMessageException(Status.CONFLICT, "not twice");
      HttpServer server =
          servers.start(
              request -> {
                if (later) {
                  return Response.async(CompletableFuture.failedFuture(bad));
                }
                throw bad;
              });
      ScriptedPeer peer = servers.connect(server).send(GET + GET);
      for (int i = 0; i < 2; i++) {
        Reply reply = peer.read();
        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.text()).isEqualTo("not twice\n");
      }
    }
    assertThat(servers.events.count(Kind.ERROR)).isZero();
  }

  @Test
  void whatARequestCannotDecodeIsAnsweredWith400() throws Exception {
    HttpServer server = servers.start(request -> Response.text(request.query("a").orElse("none")));
    ScriptedPeer peer = servers.connect(server);
    assertThat(peer.send("GET /?a=%zz HTTP/1.1\r\nHost: a\r\n\r\n").read().status()).isEqualTo(400);
    assertThat(peer.send("GET /?a=%2b HTTP/1.1\r\nHost: a\r\n\r\n").read().text()).isEqualTo("+");
  }

  // ---- later

  @Test
  void comesLaterFromAnotherThread() throws Exception {
    CompletableFuture<Response> later = new CompletableFuture<>();
    HttpServer server = servers.start(request -> Response.async(later));
    ScriptedPeer peer = servers.connect(server).send(GET + GET);
    servers.events.await(Kind.REQUEST);
    assertThat(peer.hasWithin(Duration.ofMillis(100))).isFalse();
    assertThat(servers.events.count(Kind.REQUEST)).isEqualTo(1);
    assertThat(server.activeRequests()).isEqualTo(1);
    new Thread(() -> later.complete(Response.text("later"))).start();
    assertThat(peer.read().text()).isEqualTo("later");
    assertThat(peer.read().text()).isEqualTo("later");
  }

  @Test
  void mayComeLaterThanLater() throws Exception {
    CompletableFuture<Response> later = new CompletableFuture<>();
    Response twice = Response.async(CompletableFuture.completedFuture(Response.async(later)));
    HttpServer server = servers.start(request -> twice);
    ScriptedPeer peer = servers.connect(server).send(GET);
    later.complete(Response.text("later"));
    assertThat(peer.read().text()).isEqualTo("later");
  }

  @Test
  void isAnsweredWith500WhenItFailsLater() throws Exception {
    for (Throwable failure :
        List.<Throwable>of(
            new IOException("secret"),
            new CompletionException("secret", new IOException("secret")),
            new AssertionError("secret"))) {
      CompletableFuture<Response> later = new CompletableFuture<>();
      HttpServer server = servers.start(request -> Response.async(later));
      ScriptedPeer peer = servers.connect(server).send(GET);
      later.completeExceptionally(failure);
      Reply reply = peer.read();
      assertThat(reply.status()).isEqualTo(500);
      assertThat(reply.text()).doesNotContain("secret");
      assertThat(peer.send(GET).read().status()).isEqualTo(500);
    }
    assertThat(servers.events.all(Kind.ERROR)).hasSize(6);
    assertThat(servers.events.await(Kind.ERROR, 3).error()).isInstanceOf(IOException.class);
  }

  @Test
  @SuppressWarnings("NullAway") // a handler written without care for null
  void isAnsweredWith404WhenNullComesLater() throws Exception {
    CompletableFuture<Response> later = new CompletableFuture<>();
    HttpServer server = servers.start(request -> Response.async(later));
    ScriptedPeer peer = servers.connect(server).send(GET);
    later.complete(null);
    assertThat(peer.read().status()).isEqualTo(404);
  }

  @Test
  void onlyTheFirstOfSeveralAnswersCounts() throws Exception {
    CompletableFuture<Response> later = new CompletableFuture<>();
    HttpServer server = servers.start(request -> Response.async(later));
    ScriptedPeer peer = servers.connect(server).send(GET);
    assertThat(later.complete(Response.text("first"))).isTrue();
    assertThat(later.complete(Response.text("second"))).isFalse();
    assertThat(later.completeExceptionally(new IOException("third"))).isFalse();
    assertThat(peer.read().text()).isEqualTo("first");
    later.obtrudeValue(Response.text("second"));
    assertThat(peer.send(GET).read().text()).isEqualTo("second");
    assertThat(servers.events.await(Kind.RESPONSE, 2).status()).isEqualTo(Status.OK);
  }

  @Test
  void mayComeAfterTheClientHasLeft() throws Exception {
    CompletableFuture<Response> later = new CompletableFuture<>();
    HttpServer server = servers.start(request -> Response.async(later));
    ScriptedPeer peer = servers.connect(server).send(GET);
    servers.events.await(Kind.REQUEST);
    assertThat(server.activeRequests()).isEqualTo(1);
    peer.reset();
    servers.events.await(Kind.CLOSE);
    assertThat(server.activeRequests()).isZero();
    later.complete(Response.text("too late"));
    assertThat(server.activeRequests()).isZero();
    assertThat(servers.connect(server).send(GET).read().text()).isEqualTo("too late");
  }

  @Test
  void mayComeAfterTheServerHasStopped() throws Exception {
    CompletableFuture<Response> later = new CompletableFuture<>();
    HttpServer server = servers.start(request -> Response.async(later));
    ScriptedPeer peer = servers.connect(server).send(GET);
    servers.events.await(Kind.REQUEST);
    server.close();
    assertThat(later.complete(Response.text("too late"))).isTrue();
    assertThat(peer.readToEnd()).isEmpty();
  }

  // ---- the last of its connection

  @Test
  void closesTheConnectionWhenTheApplicationAsksForIt() throws Exception {
    for (String value : List.of("close", "Close", "x, CLOSE")) {
      for (boolean blocking : new boolean[] {true, false}) {
        Handler closing = request -> Response.text("bye").withHeader("connection", value);
        HttpServer server = servers.start(blocking ? closing : Handler.nonBlocking(closing));
        int before = servers.events.count(Kind.REQUEST);
        ScriptedPeer peer = servers.connect(server).send(GET + GET);
        Reply reply = peer.read();
        assertThat(reply.headers().all("Connection")).containsExactly("close");
        assertThat(reply.text()).isEqualTo("bye");
        peer.expectEof();
        assertThat(servers.events.count(Kind.REQUEST)).isEqualTo(before + 1);
      }
    }
  }

  @Test
  void closesTheConnectionBehindAStreamWhenTheApplicationAsksForIt() throws Exception {
    byte[] body = "streamed".getBytes(StandardCharsets.UTF_8);
    HttpServer server =
        servers.start(
            request ->
                Response.stream(new java.io.ByteArrayInputStream(body))
                    .withHeader("Connection", "close"));
    ScriptedPeer peer = servers.connect(server).send(GET + GET);
    Reply reply = peer.read();
    assertThat(reply.header("Connection")).isEqualTo("close");
    assertThat(reply.text()).isEqualTo("streamed");
    peer.expectEof();
    assertThat(servers.events.count(Kind.REQUEST)).isEqualTo(1);
  }

  @Test
  void anotherConnectionHeaderOfTheApplicationIsDropped() throws Exception {
    for (String value : List.of("keep-alive", "upgrade", "x")) {
      Reply reply = get(Response.text("x").withHeader("Connection", value));
      assertThat(reply.headers().contains("Connection")).isFalse();
    }
  }
}
