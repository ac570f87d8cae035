package io.httpkit.client;

import static io.httpkit.client.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ScriptedServer.Peer;
import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
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
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of requests, and what becomes of those that cannot be sent wholly. */
class RequestBytesTest {
  private static final int LARGE = 3 * 1024 * 1024;

  @RegisterExtension final NothingLeft all = new NothingLeft();

  @TempDir private Path directory;

  /**
   * A request and its bytes, in which {@code @} stands for the host and the end of its line.
   *
   * @param path behind the host of the URL
   */
  record Case(
      String name,
      Method method,
      String path,
      UnaryOperator<RequestBuilder> options,
      String expected) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Case row(
      Method method, String path, UnaryOperator<RequestBuilder> options, String expected) {
    return new Case(method + " " + path + ": " + expected, method, path, options, expected);
  }

  private static InputStream stream(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  private static ByteBuffer direct(String text) {
    return ByteBuffer.allocateDirect(100).put(text.getBytes(StandardCharsets.UTF_8)).flip();
  }

  static Stream<Case> cases() {
    return Stream.of(plain(), headers(), bodies(), parameters()).flatMap(rows -> rows);
  }

  private static Stream<Case> plain() {
    return Stream.of(
        row(Method.GET, "/", b -> b, "GET / HTTP/1.1@\r\n"),
        row(Method.GET, "", b -> b, "GET / HTTP/1.1@\r\n"),
        row(Method.GET, "/a/../b?c=d#e", b -> b, "GET /b?c=d HTTP/1.1@\r\n"),
        row(Method.GET, "/é ü", b -> b, "GET /%C3%A9%20%C3%BC HTTP/1.1@\r\n"),
        row(Method.HEAD, "/", b -> b, "HEAD / HTTP/1.1@\r\n"),
        row(Method.DELETE, "/", b -> b, "DELETE / HTTP/1.1@\r\n"),
        row(Method.OPTIONS, "/", b -> b, "OPTIONS / HTTP/1.1@\r\n"),
        row(Method.POST, "/", b -> b, "POST / HTTP/1.1@Content-Length: 0\r\n\r\n"),
        row(Method.PUT, "/", b -> b, "PUT / HTTP/1.1@Content-Length: 0\r\n\r\n"),
        row(Method.PATCH, "/", b -> b, "PATCH / HTTP/1.1@Content-Length: 0\r\n\r\n"),
        row(Method.GET, "/", b -> b.keepAlive(false), "GET / HTTP/1.1@Connection: close\r\n\r\n"));
  }

  private static Stream<Case> headers() {
    return Stream.of(
        row(
            Method.GET,
            "/",
            b -> b.header("A", "1").addHeader("a", "2").header("B", "x").header("b", "3"),
            "GET / HTTP/1.1@A: 1\r\na: 2\r\nb: 3\r\n\r\n"),
        row(
            Method.GET,
            "/",
            b -> b.header("A", "1").headers(Headers.of("a", "2", "A", "3")),
            "GET / HTTP/1.1@a: 2\r\nA: 3\r\n\r\n"),
        row(
            Method.GET,
            "/",
            b -> b.basicAuth("u", "p").userAgent("me").contentType("text/x"),
            "GET / HTTP/1.1@Authorization: Basic dTpw\r\nUser-Agent: me\r\nContent-Type: "
                + "text/x\r\n\r\n"),
        row(
            Method.GET,
            "/",
            b -> b.basicAuth("u", "p").bearer("t"),
            "GET / HTTP/1.1@Authorization: Bearer t\r\n\r\n"),
        row(
            Method.GET,
            "/",
            b -> b.compression(true),
            "GET / HTTP/1.1@Accept-Encoding: gzip, deflate\r\n\r\n"),
        row(
            Method.GET,
            "/",
            b -> b.compression(true).header("accept-encoding", "br"),
            "GET / HTTP/1.1@accept-encoding: br\r\n\r\n"),
        // a part of what is compressed could not be decompressed
        row(
            Method.GET,
            "/",
            b -> b.compression(true).header("range", "bytes=0-9"),
            "GET / HTTP/1.1@range: bytes=0-9\r\n\r\n"),
        row(
            Method.GET,
            "/",
            b -> b.compression(true).header("Range", "bytes=0-9").header("Accept-Encoding", "gzip"),
            "GET / HTTP/1.1@Range: bytes=0-9\r\nAccept-Encoding: gzip\r\n\r\n"),
        row(
            Method.POST,
            "/",
            b -> b.header("Content-Length", "99").header("Connection", "x").body("abc"),
            "POST / HTTP/1.1@Content-Length: 3\r\n\r\nabc"),
        row(
            Method.GET,
            "/",
            b -> b.header("Host", "other"),
            "GET / HTTP/1.1\r\nHost: other\r\n\r\n"));
  }

  private static Stream<Case> bodies() {
    String head = "POST / HTTP/1.1@Content-Length: ";
    String chunked = "POST / HTTP/1.1@Transfer-Encoding: chunked\r\n\r\n";
    return Stream.of(
        row(Method.POST, "/", b -> b.body("aé"), head + "3\r\n\r\naÃ©"),
        row(Method.POST, "/", b -> b.body(""), head + "0\r\n\r\n"),
        row(Method.POST, "/", b -> b.body(new byte[] {65, -1}), head + "2\r\n\r\nAÿ"),
        row(
            Method.POST,
            "/",
            b -> b.body(ByteBuffer.wrap(new byte[] {65, 66, 67, 68}).position(1).limit(3)),
            head + "2\r\n\r\nBC"),
        row(Method.POST, "/", b -> b.body(direct("abc").position(1)), head + "2\r\n\r\nbc"),
        row(Method.POST, "/", b -> b.body(direct("abc").asReadOnlyBuffer()), head + "3\r\n\r\nabc"),
        row(Method.POST, "/", b -> b.body(stream("abc")), chunked + "3\r\nabc\r\n0\r\n\r\n"),
        row(Method.POST, "/", b -> b.body(stream("")), chunked + "0\r\n\r\n"),
        row(Method.POST, "/", b -> b.body(Body.of(stream("abc"), 3)), head + "3\r\n\r\nabc"),
        row(Method.POST, "/", b -> b.body(Body.of(stream("abcde"), 3)), head + "3\r\n\r\nabc"),
        row(
            Method.POST,
            "/",
            b -> b.body(Body.ofParts(List.of("ab", new byte[] {67}))),
            chunked + "2\r\nab\r\n1\r\nC\r\n0\r\n\r\n"),
        row(
            Method.POST,
            "/",
            b -> b.body(SinglePiece.publisher(ByteBuffer.wrap(new byte[] {65, 66}))),
            chunked + "2\r\nAB\r\n0\r\n\r\n"),
        row(
            Method.POST,
            "/",
            b -> b.body(SinglePiece.publisher(ByteBuffer.allocate(0))),
            chunked + "0\r\n\r\n"),
        row(
            Method.POST,
            "/",
            b -> b.body(SinglePiece.publisher(ByteBuffer.wrap(new byte[] {65, 66})), 2),
            head + "2\r\n\r\nAB"),
        row(
            Method.PUT,
            "/",
            b -> b.body(new Multipart.Builder("B").part("a", "1").build()),
            "PUT / HTTP/1.1@Content-Type: multipart/form-data; boundary=B"
                + "\r\nContent-Length: 59"
                + "\r\n\r\n--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--B--\r\n"),
        row(
            Method.PUT,
            "/",
            b -> b.body(new Multipart.Builder("B").part("a", TrackedStream.of("x")).build()),
            "PUT / HTTP/1.1@Content-Type: multipart/form-data; boundary=B"
                + "\r\nTransfer-Encoding: chunked"
                + "\r\n\r\n59\r\n--B\r\nContent-Disposition: form-data; name=\"a\"\r\n"
                + "Content-Type: application/octet-stream"
                + "\r\n\r\n\r\n1\r\nx\r\n2\r\n\r\n\r\n7\r\n--B--\r\n\r\n0\r\n\r\n"),
        row(Method.DELETE, "/", b -> b.body("x"), "DELETE / HTTP/1.1@Content-Length: 1\r\n\r\nx"),
        row(Method.GET, "/", b -> b.body("x"), "GET / HTTP/1.1@Content-Length: 1\r\n\r\nx"));
  }

  private static Stream<Case> parameters() {
    String form = "POST / HTTP/1.1@Content-Type: application/x-www-form-urlencoded\r\n";
    return Stream.of(
        row(
            Method.POST,
            "/",
            b -> b.form("a", "1 2").form("é", "&").form("none", null),
            form + "Content-Length: 16\r\n\r\na=1+2&%C3%A9=%26"),
        row(
            Method.POST,
            "/",
            b -> b.form("a", 1).contentType("x/y"),
            "POST / HTTP/1.1@Content-Type: x/y\r\nContent-Length: 3\r\n\r\na=1"),
        row(
            Method.GET,
            "/p?x=y#f",
            b -> b.query("a", "1 2").query("l", List.of(1, 2)),
            "GET /p?x=y&a=1%202&l=1&l=2 HTTP/1.1@\r\n"),
        row(Method.GET, "/", b -> b.query("q", true), "GET /?q=true HTTP/1.1@\r\n"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void sendsExactlyTheseBytes(Case row) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    String url = server.url("").concat(row.path());
    CompletableFuture<ClientResponse> future =
        row.options().apply(client.request(row.method(), url)).send();
    String host = "\r\nHost: " + server.host() + "\r\n";
    Peer peer = server.accept().expect(row.expected().replaceFirst("@", host));
    if (!row.expected().endsWith("Content-Type")) {
      assertThat(peer.isSilentFor(Duration.ofMillis(20))).isTrue();
    }
    peer.send("HTTP/1.1 204 No Content\r\n\r\n");
    assertThat(Outcome.of(future).status().code()).isEqualTo(204);
  }

  @Test
  void addsTheDefaultsOfTheClient() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.userAgent("http-kit").compression(true));
    CompletableFuture<ClientResponse> future = client.get(server.url("/")).send();
    server
        .accept()
        .expect(
            "GET / HTTP/1.1\r\nHost: "
                + server.host()
                + "\r\nUser-Agent: http-kit\r\nAccept-Encoding: gzip, deflate\r\n\r\n")
        .send(ok(""));
    assertThat(Outcome.of(future).bytes()).isEmpty();
  }

  @Test
  void sendsWhoTheUrlNames() throws Exception {
    ScriptedServer server = all.server();
    String url = "http://us%20er:p%3Ass@" + server.host() + "/";
    CompletableFuture<ClientResponse> future = all.client().get(url).send();
    server
        .accept()
        .expect("GET / HTTP/1.1\r\nHost: " + server.host() + "\r\n")
        .expect("Authorization: Basic dXMgZXI6cDpzcw==\r\n\r\n")
        .send(ok(""));
    assertThat(Outcome.of(future).url()).isEqualTo(server.url("/"));
  }

  @Test
  void consumesTheBufferThatIsGiven() {
    ByteBuffer buffer = ByteBuffer.wrap(new byte[10]).position(3).limit(8);
    all.client().post("http://a").body(buffer);
    assertThat(buffer.remaining()).isZero();
  }

  // ---- large bodies

  enum Source {
    BYTES,
    STREAM,
    STREAM_WITH_LENGTH,
    FILE,
    MULTIPART,
    PUBLISHER
  }

  @ParameterizedTest
  @org.junit.jupiter.params.provider.EnumSource
  void sendsALargeBodyToAServerThatReadsLate(Source source) throws Exception {
    byte[] content = new byte[LARGE];
    new Random(1).nextBytes(content);
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    CompletableFuture<ClientResponse> future =
        withBody(client.post(server.url("/")), source, content).send();
    Peer peer = server.accept();
    String head = peer.head();
    byte[] received = head.contains("chunked") ? peer.chunks() : peer.bytes(LARGE + overhead(head));
    assertThat(new String(received, StandardCharsets.ISO_8859_1))
        .contains(new String(content, StandardCharsets.ISO_8859_1));
    peer.send(ok("thanks"));
    assertThat(Outcome.of(future).text()).isEqualTo("thanks");
    CompletableFuture<ClientResponse> again = client.get(server.url("/")).send();
    peer.expect(server.request("GET", "/")).send(ok("again"));
    assertThat(Outcome.of(again).text()).isEqualTo("again");
  }

  private static int overhead(String head) {
    int at = head.indexOf("Content-Length: ") + "Content-Length: ".length();
    return Integer.parseInt(head.substring(at, head.indexOf('\r', at))) - LARGE;
  }

  private RequestBuilder withBody(RequestBuilder builder, Source source, byte[] content)
      throws IOException {
    return switch (source) {
      case BYTES -> builder.body(content);
      case STREAM -> builder.body(new ByteArrayInputStream(content));
      case STREAM_WITH_LENGTH ->
          builder.body(Body.of(new ByteArrayInputStream(content), content.length));
      case FILE -> builder.body(file(content));
      case MULTIPART -> builder.body(Multipart.builder().part("f", file(content)).build());
      case PUBLISHER -> builder.body(SinglePiece.publisher(ByteBuffer.wrap(content)));
    };
  }

  private Path file(byte[] content) {
    try {
      return Files.write(directory.resolve("file"), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void asksAPublisherForMoreOnlyWhenTheServerTakesIt() throws Exception {
    ScriptedServer server = all.server();
    ManualPublisher publisher = new ManualPublisher();
    CompletableFuture<ClientResponse> future =
        all.client().post(server.url("/")).body(publisher).send();
    Peer peer = server.accept();
    String head = peer.head();
    assertThat(head).contains("Transfer-Encoding: chunked");
    assertThat(publisher.wish()).isEqualTo("request 1");
    byte[] piece = new byte[64 * 1024];
    int sent = 0;
    do {
      publisher.next(piece);
      sent++;
    } while (publisher.wishes.poll(100, java.util.concurrent.TimeUnit.MILLISECONDS) != null);
    // what the system holds for a socket is a few MiB
    assertThat(sent).isBetween(2, 500);
    for (int i = 0; i < sent; i++) {
      peer.expect("10000\r\n");
      assertThat(peer.bytes(piece.length)).containsOnly(0);
      peer.expect("\r\n");
    }
    assertThat(publisher.wish()).isEqualTo("request 1");
    publisher.next("end").complete();
    peer.expect("3\r\nend\r\n0\r\n\r\n").send(ok(""));
    assertThat(Outcome.of(future).bytes()).isEmpty();
  }

  // ---- bodies that break

  @Test
  void cutsTheConnectionWhenAPublisherFails() throws Exception {
    ScriptedServer server = all.server();
    ManualPublisher publisher = new ManualPublisher();
    CompletableFuture<ClientResponse> future =
        all.client().post(server.url("/")).body(publisher).send();
    Peer peer = server.accept();
    assertThat(peer.head()).contains("chunked");
    publisher.next("abc").fail(new IllegalStateException("broken"));
    assertThat(Outcome.failure(future, Kind.REQUEST_BODY))
        .hasMessageContaining("broken")
        .hasCauseInstanceOf(IllegalStateException.class);
    assertThat(new String(peer.readToEnd(), StandardCharsets.ISO_8859_1)).isIn("", "3\r\nabc\r\n");
  }

  @Test
  void cutsTheConnectionWhenAPublisherGivesMoreThanAnnounced() throws Exception {
    ScriptedServer server = all.server();
    ManualPublisher publisher = new ManualPublisher();
    CompletableFuture<ClientResponse> future =
        all.client().post(server.url("/")).body(publisher, 4).send();
    Peer peer = server.accept();
    assertThat(peer.head()).contains("Content-Length: 4\r\n");
    publisher.next("abc").next("de");
    assertThat(Outcome.failure(future, Kind.REQUEST_BODY)).hasMessageContaining("longer");
    publisher.awaitCancel();
    assertThat(new String(peer.readToEnd(), StandardCharsets.ISO_8859_1)).isIn("", "abc");
  }

  @Test
  void cutsTheConnectionWhenAPublisherGivesLessThanAnnounced() throws Exception {
    ScriptedServer server = all.server();
    ManualPublisher publisher = new ManualPublisher();
    CompletableFuture<ClientResponse> future =
        all.client().post(server.url("/")).body(publisher, 4).send();
    Peer peer = server.accept();
    assertThat(peer.head()).contains("Content-Length: 4\r\n");
    publisher.next("abc").complete();
    assertThat(Outcome.failure(future, Kind.REQUEST_BODY)).hasMessageContaining("shorter");
    assertThat(new String(peer.readToEnd(), StandardCharsets.ISO_8859_1)).isIn("", "abc");
  }

  @Test
  void failsWhenAPublisherThrows() throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future =
        all.client()
            .post(server.url("/"))
            .body(
                subscriber -> {
                  throw new IllegalStateException("broken");
                })
            .send();
    assertThat(Outcome.failure(future, Kind.REQUEST_BODY)).hasMessageContaining("broken");
    server.accept().readToEnd();
  }

  @Test
  void cancelsAPublisherWhenTheConnectionEnds() throws Exception {
    ScriptedServer server = all.server();
    ManualPublisher publisher = new ManualPublisher();
    CompletableFuture<ClientResponse> future =
        all.client().post(server.url("/")).body(publisher).send();
    Peer peer = server.accept();
    assertThat(peer.head()).contains("chunked");
    assertThat(publisher.wish()).isEqualTo("request 1");
    peer.close();
    Outcome.failure(future, Kind.CLOSED);
    publisher.awaitCancel();
  }

  @Test
  void cancelsAPublisherWhenItsRequestIsCancelled() throws Exception {
    ScriptedServer server = all.server();
    ManualPublisher publisher = new ManualPublisher();
    CompletableFuture<ClientResponse> future =
        all.client().post(server.url("/")).body(publisher).send();
    Peer peer = server.accept();
    assertThat(peer.head()).contains("chunked");
    assertThat(publisher.wish()).isEqualTo("request 1");
    future.cancel(false);
    publisher.awaitCancel();
    peer.expectEof();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 9})
  void cutsTheConnectionWhenAStreamBreaks(long length) throws Exception {
    ScriptedServer server = all.server();
    TrackedStream stream = TrackedStream.breaking("abc", new IOException("broken"));
    CompletableFuture<ClientResponse> future =
        all.client().post(server.url("/")).body(Body.of(stream, length)).send();
    Peer peer = server.accept();
    assertThat(Outcome.failure(future, Kind.REQUEST_BODY)).hasMessageContaining("broken");
    assertThat(stream.isClosedSoon()).isTrue();
    assertThat(new String(peer.readToEnd(), StandardCharsets.ISO_8859_1))
        .doesNotContain("0\r\n\r\n");
  }

  @Test
  void cutsTheConnectionWhenAStreamIsTooShort() throws Exception {
    ScriptedServer server = all.server();
    TrackedStream stream = TrackedStream.of("abc");
    CompletableFuture<ClientResponse> future =
        all.client().post(server.url("/")).body(Body.of(stream, 4)).send();
    server.accept();
    assertThat(Outcome.failure(future, Kind.REQUEST_BODY)).hasMessageContaining("shorter");
    assertThat(stream.isClosedSoon()).isTrue();
  }

  @Test
  void closesAStreamOfARequestThatGetsNoConnection() throws Exception {
    ScriptedServer server = all.server();
    server.stopListening();
    TrackedStream stream = TrackedStream.of("abc");
    String url = "http://127.0.0.1:1/";
    CompletableFuture<ClientResponse> future = all.client().post(url).body(stream).send();
    Outcome.failure(future, Kind.CONNECT);
    assertThat(stream.isClosedSoon()).isTrue();
  }

  @Test
  void givesBackTheConnectionOfARequestThatCannotBeSent() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    Path missing = directory.resolve("missing");
    ClientException failure =
        Outcome.failure(client.post(server.url("/")).body(missing).send(), Kind.REQUEST_BODY);
    assertThat(failure).hasMessageContaining("missing");
    Outcome.failure(client.post(server.url("/")).body(directory).send(), Kind.REQUEST_BODY);
    Throwable refused =
        Outcome.failure(
            client.post(server.url("/")).header("Transfer-Encoding", "chunked").body("a").send());
    assertThat(refused)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Transfer-Encoding");
    CompletableFuture<ClientResponse> future = client.get(server.url("/")).send();
    server.accept().expect(server.request("GET", "/")).send(ok("ok"));
    assertThat(Outcome.of(future).text()).isEqualTo("ok");
    assertThat(client.statistics()).isEqualTo(new ClientStatistics(1, 1, 0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: gzip",
        "Content-Length: 3",
        "Host: a b",
        "Host: a\tb",
        "Expect: more"
      })
  void refusesWhatWouldBreakTheFraming(String field) throws Exception {
    ScriptedServer server = all.server();
    String[] parts = field.split(": ", 2);
    CompletableFuture<ClientResponse> future =
        all.client().get(server.url("/")).header(parts[0], parts[1]).send();
    assertThat(Outcome.failure(future)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refusesInjectionBeforeItConnects() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    RequestBuilder request = client.get(server.url("/"));
    for (String bad : new String[] {"a\r\nb: c", "a\nb", "a\rb", "a\0b"}) {
      assertThatIllegalArgumentException().isThrownBy(() -> request.header("X", bad).build());
      assertThatIllegalArgumentException().isThrownBy(() -> request.header(bad, "x").build());
      assertThatIllegalArgumentException().isThrownBy(() -> request.userAgent(bad).build());
      assertThatIllegalArgumentException().isThrownBy(() -> request.bearer(bad).build());
      assertThatIllegalArgumentException().isThrownBy(() -> request.basicAuth(bad, "x").build());
      assertThatIllegalArgumentException().isThrownBy(() -> request.contentType(bad).build());
      assertThatIllegalArgumentException().isThrownBy(() -> client.get("http://" + bad + "/"));
    }
    assertThat(server.acceptsWithin(Duration.ofMillis(50))).isFalse();
  }

  @Test
  void refusesAFormWithABody() {
    RequestBuilder request = all.client().post("http://a").form("a", 1).body("b");
    assertThatIllegalArgumentException().isThrownBy(request::send);
  }

  // ---- Expect: 100-continue

  private static String expecting(ScriptedServer server, int length) {
    return "POST / HTTP/1.1\r\nHost: "
        + server.host()
        + "\r\nExpect: 100-continue\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  @Test
  void sendsTheBodyWhenItIsToldToContinue() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    CompletableFuture<ClientResponse> future =
        client.post(server.url("/")).body("abc").expectContinue().send();
    Peer peer = server.accept().expect(expecting(server, 3));
    assertThat(peer.isSilentFor(Duration.ofMillis(100))).isTrue();
    peer.send("HTTP/1.1 100 Continue\r\n\r\n").expect("abc").send(ok("got it"));
    assertThat(Outcome.of(future).text()).isEqualTo("got it");
    assertThat(client.statistics().idle()).isEqualTo(1);
  }

  @Test
  void sendsTheBodyAfterASecondWithoutAWord() throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future =
        all.client().post(server.url("/")).body("abc").expectContinue().send();
    Peer peer = server.accept().expect(expecting(server, 3));
    assertThat(peer.isSilentFor(Duration.ofMillis(900))).isTrue();
    peer.expect("abc").send(ok("got it"));
    assertThat(Outcome.of(future).text()).isEqualTo("got it");
  }

  @Test
  void withholdsTheBodyFromAServerThatAnswersAtOnce() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    TrackedStream stream = TrackedStream.of("abc");
    CompletableFuture<ClientResponse> future =
        client.post(server.url("/")).body(Body.of(stream, 3)).expectContinue().send();
    Peer peer = server.accept().expect(expecting(server, 3));
    peer.send("HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n");
    assertThat(Outcome.of(future).status().code()).isEqualTo(417);
    peer.expectEof();
    assertThat(stream.isClosedSoon()).isTrue();
  }

  @Test
  void doesNotExpectAnythingForABodyThatIsEmpty() throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future =
        all.client().get(server.url("/")).expectContinue().send();
    server.accept().expect(server.request("GET", "/")).send(ok(""));
    assertThat(Outcome.of(future).bytes()).isEmpty();
  }

  // ---- answers that come before the body is sent

  @Test
  void doesNotUseAConnectionAgainOnWhichABodyWasNotSentWholly() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    ManualPublisher publisher = new ManualPublisher();
    CompletableFuture<ClientResponse> future = client.post(server.url("/")).body(publisher).send();
    Peer peer = server.accept();
    assertThat(peer.head()).contains("chunked");
    publisher.next("abc");
    peer.expect("3\r\nabc\r\n").send(ok("enough"));
    assertThat(Outcome.of(future).text()).isEqualTo("enough");
    publisher.awaitCancel();
    peer.expectEof();
  }

  @Test
  void doesNotWaitForAServerThatHasAnsweredAndReadsNoMore() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.maxConnectionsPerOrigin(1));
    CompletableFuture<ClientResponse> future =
        client.post(server.url("/")).body(new byte[64 * 1024 * 1024]).send();
    Peer peer = server.accept();
    assertThat(peer.head()).contains("Content-Length: 67108864");
    peer.send("HTTP/1.1 413 No\r\nContent-Length: 0\r\n\r\n");
    assertThat(Outcome.of(future).status().code()).isEqualTo(413);
    CompletableFuture<ClientResponse> again = client.get(server.url("/")).send();
    server.accept().expect(server.request("GET", "/")).send(ok("again"));
    assertThat(Outcome.of(again).text()).isEqualTo("again");
  }

  /** More than two sockets hold, so that something of it is always unread. */
  private static final byte[] MUCH = new byte[16 * 1024 * 1024];

  private static Stream<Case> uploads() {
    return Stream.of(
        row(Method.POST, "/", b -> b.body(MUCH), "bytes"),
        row(Method.POST, "/", b -> b.body(Body.of(new ByteArrayInputStream(MUCH))), "stream"),
        row(Method.POST, "/", b -> b.body(endless()), "publisher"));
  }

  /** Publishes as much as is wanted, and never ends. */
  private static Flow.Publisher<ByteBuffer> endless() {
    return subscriber ->
        subscriber.onSubscribe(
            new Flow.Subscription() {
              private long wanted;
              private boolean isGiving;

              @Override
              public void request(long count) {
                wanted += count;
                if (isGiving) {
                  return;
                }
                isGiving = true;
                for (; wanted > 0; wanted--) {
                  subscriber.onNext(ByteBuffer.allocate(64 * 1024));
                }
                isGiving = false;
              }

              @Override
              public void cancel() {
                wanted = 0;
              }
            });
  }

  /** Its system then says that the connection is reset, which overtakes nothing it has sent. */
  @ParameterizedTest
  @MethodSource("uploads")
  void answerOfAServerThatClosesWithoutReadingIsRead(Case upload) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    for (int round = 0; round < 100; round++) {
      CompletableFuture<ClientResponse> future =
          upload.options().apply(client.post(server.url("/"))).send();
      Peer peer = server.accept();
      peer.head();
      peer.send("HTTP/1.1 413 No\r\nConnection: close\r\nContent-Length: 2\r\n\r\nno").close();
      assertThat(Outcome.of(future).status().code()).isEqualTo(413);
      assertThat(Outcome.of(future).text()).isEqualTo("no");
    }
  }

  /** What ends with the connection may have been cut with it. */
  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 413 No\r\n\r\nno", "HTTP/1.1 413 No\r\n"})
  void cutAnswerOfAServerThatClosesWithoutReadingIsAFailure(String answer) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    for (int round = 0; round < 100; round++) {
      CompletableFuture<ClientResponse> future = client.post(server.url("/")).body(MUCH).send();
      Peer peer = server.accept();
      peer.head();
      peer.send(answer).close();
      Outcome.failure(future, Kind.CLOSED);
    }
    assertThat(client.statistics().open()).isZero();
  }

  @Test
  void publishersAreNotCalledOnALoop() throws Exception {
    ScriptedServer server = all.server();
    Set<String> threads = ConcurrentHashMap.newKeySet();
    CompletableFuture<ClientResponse> future =
        all.client()
            .post(server.url("/"))
            .body(
                subscriber ->
                    subscriber.onSubscribe(
                        new Flow.Subscription() {
                          private int left = 300;

                          @Override
                          public void request(long count) {
                            threads.add(Thread.currentThread().getName());
                            if (left-- > 0) {
                              subscriber.onNext(ByteBuffer.allocate(64 * 1024));
                            } else {
                              subscriber.onComplete();
                            }
                          }

                          @Override
                          public void cancel() {}
                        }))
            .send();
    Peer peer = server.accept();
    assertThat(peer.head()).contains("chunked");
    assertThat(peer.chunks()).hasSize(300 * 64 * 1024);
    peer.send(ok(""));
    Outcome.of(future);
    assertThat(threads).isNotEmpty().noneMatch(name -> name.contains("loop"));
  }

  @Test
  void doesNotSendAgainWhatAServerDoesNotTake() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.idleTimeout(Duration.ofMillis(1500)));
    CompletableFuture<ClientResponse> first = client.get(server.url("/")).send();
    Peer peer = server.accept().expect(server.request("GET", "/")).send(ok(""));
    Outcome.of(first);

    CompletableFuture<ClientResponse> stalled =
        client.put(server.url("/")).body(new byte[64 * 1024 * 1024]).send();

    assertThat(Outcome.failure(stalled, Kind.IDLE_TIMEOUT)).hasMessageContaining("idleTimeout");
    assertThat(all.events.all(RecordingEvents.Kind.RETRY)).isEmpty();
    peer.close();
  }

  /** Each gives the connection to the next. */
  @Test
  void failsAsManyAsWaitForOneConnection() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.maxConnectionsPerOrigin(1));
    CompletableFuture<ClientResponse> first = client.get(server.url("/")).send();
    Peer peer = server.accept().expect(server.request("GET", "/"));
    List<CompletableFuture<ClientResponse>> bad = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      bad.add(client.get(server.url("/")).header("Host", "a b").send());
    }
    CompletableFuture<ClientResponse> last = client.get(server.url("/")).send();
    peer.send(ok(""));
    Outcome.of(first);
    for (CompletableFuture<ClientResponse> future : bad) {
      assertThat(Outcome.failure(future)).isInstanceOf(IllegalArgumentException.class);
    }
    peer.expect(server.request("GET", "/")).send(ok("last"));
    assertThat(Outcome.of(last).text()).isEqualTo("last");
  }
}
