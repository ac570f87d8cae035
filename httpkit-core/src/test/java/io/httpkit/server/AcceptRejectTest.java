package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.httpkit.http.Method;
import io.httpkit.server.RecordingEvents.Kind;
import io.httpkit.server.ScriptedPeer.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a client's bytes is a request, and what is refused with which status. */
class AcceptRejectTest {
  private static final String BEHIND = "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String CHUNKED =
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final Queue<String> handled = new ConcurrentLinkedQueue<>();

  /** Answers what it saw. */
  private Response handle(Request request) {
    String seen =
        request.method()
            + " "
            + request.target()
            + " "
            + request.protocol()
            + " "
            + request.text()
            + " "
            + request.trailers();
    handled.add(seen);
    return Response.text(seen);
  }

  private static Stream<Arguments> accepted() {
    return Stream.of(
        get("an empty line before it", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "/"),
        get("many empty lines before it", "\r\n".repeat(50) + get("Host: a"), "/"),
        get("all visible characters in a target", "GET /!$&'()*+,;=:@-._~%20?/?\"<>\\^`{|}[]"),
        get("an absolute target of 1.0 without Host", "GET http://h/p?q HTTP/1.0\r\n\r\n"),
        get("an absolute target", "GET http://h/p?q HTTP/1.1\r\nHost: h\r\n\r\n"),
        get("the default port left out", "GET http://h:80/ HTTP/1.1\r\nHost: h\r\n\r\n"),
        get("hosts in different case", "GET HTTPS://H/ HTTP/1.1\r\nHost: h:443\r\n\r\n"),
        get("an absolute target without path", "GET http://h HTTP/1.1\r\nHost: h\r\n\r\n"),
        get("1.0 without Host", "GET / HTTP/1.0\r\n\r\n"),
        arguments("an asterisk", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS * HTTP/1.1  {}"),
        arguments(
            "CONNECT",
            "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
            "CONNECT example.com:443 HTTP/1.1  {}"),
        get("a host and an empty port", get("Host: localhost:"), "/"),
        get("an IPv6 host and a port", get("Host: [::ffff:a9fe:a9fe]:80"), "/"),
        get("an IPv6 host", get("Host: [::1]"), "/"),
        get("the largest port", get("Host: a.b-c_d~e%20:65535"), "/"),
        get("an upgrade it does not know", get("Host: a\r\nUpgrade: other, websocket"), "/"),
        get("no space behind the colon", get("Host:a"), "/"),
        get("space around a value", get("Host: \t a \t "), "/"),
        get("an empty value", get("Host: a\r\nX:"), "/"),
        get("tab and ISO-8859-1 in a value", get("Host: a\r\nX: \t\u00e9\tb\u00ff"), "/"),
        get("all characters of a name", get("Host: a\r\n!#$%&'*+-.^_`|~09azAZ: x"), "/"),
        get("a body of no bytes", get("Host: a\r\nContent-Length: 0"), "/"),
        post("a body", "Content-Length: 5\r\n\r\nhello", "hello {}"),
        post("a length with zeros before it", "Content-Length: 00005\r\n\r\nhello", "hello {}"),
        post("chunks", "Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n"),
        post("the coding in any case", "transfer-encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
        post("sizes in any case", chunks("A\r\n0123456789\r\na\r\n0123456789\r\n0\r\n\r\n"), 2),
        post("zeros before a size", chunks("000000000000000a\r\n0123456789\r\n00\r\n\r\n"), 1),
        post("a chunk extension", chunks("5;foo=bar\r\nhello\r\n0\r\n\r\n")),
        post("an extension without value", chunks("5;foo\r\nhello\r\n0;bar\r\n\r\n")),
        post("a quoted extension", chunks("5;a=\"x;\\\" \u00e9\"\r\nhello\r\n0\r\n\r\n")),
        post("extensions and spaces", chunks("5 ; a = b ; c\r\nhello\r\n0\r\n\r\n")),
        post("a trailer", chunks("5\r\nhello\r\n0\r\nX-T: yes\r\n\r\n"), "hello {X-T=\"yes\"}"));
  }

  private static String get(String lines) {
    return "GET / HTTP/1.1\r\n" + lines + "\r\n\r\n";
  }

  private static Arguments get(String name, String input) {
    String head = input.contains("HTTP/1.") ? input : input + " HTTP/1.1\r\nHost: a\r\n\r\n";
    return arguments(name, head, head.substring(0, head.indexOf('\r')) + "  {}");
  }

  private static Arguments get(String name, String input, String target) {
    return arguments(name, input, "GET " + target + " HTTP/1.1  {}");
  }

  private static String chunks(String chunks) {
    return "Transfer-Encoding: chunked\r\n\r\n" + chunks;
  }

  private static Arguments post(String name, String rest) {
    return post(name, rest, "hello {}");
  }

  private static Arguments post(String name, String rest, int tens) {
    return post(name, rest, "0123456789".repeat(tens) + " {}");
  }

  private static Arguments post(String name, String rest, String seen) {
    return arguments(name, "POST / HTTP/1.1\r\nHost: a\r\n" + rest, "POST / HTTP/1.1 " + seen);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("accepted")
  void takes(String name, String input, String seen) throws IOException {
    HttpServer server = servers.start(this::handle);
    boolean goesOn = input.contains("HTTP/1.1");
    ScriptedPeer peer = servers.connect(server).send(input + (goesOn ? BEHIND : ""));
    Reply reply = peer.read();
    assertThat(reply.statusLine()).as(name).isEqualTo("HTTP/1.1 200 OK");
    assertThat(reply.text()).isEqualTo(seen);
    if (goesOn) {
      assertThat(peer.read().text()).isEqualTo("GET /behind HTTP/1.1  {}");
    } else {
      peer.expectEof();
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Method.class,
      mode = Mode.EXCLUDE,
      names = {"CONNECT", "HEAD"})
  void takesEachMethod(Method method) throws IOException {
    ScriptedPeer peer = servers.connect(servers.start(this::handle));
    assertThat(peer.send(method + " / HTTP/1.1\r\nHost: a\r\n\r\n").read().text())
        .isEqualTo(method + " / HTTP/1.1  {}");
  }

  @Test
  void closesBehindARequestThatAsksForIt() throws IOException {
    HttpServer server = servers.start(this::handle);
    for (String value : List.of("close", "Close", "keep-alive, close", "x,close ,y")) {
      ScriptedPeer peer = servers.connect(server).send(get("Host: a\r\nConnection: " + value));
      Reply reply = peer.send(BEHIND).read();
      assertThat(reply.status()).as(value).isEqualTo(200);
      assertThat(reply.header("Connection")).as(value).isEqualTo("close");
      peer.expectEof();
    }
    assertThat(handled).hasSize(4).noneMatch(seen -> seen.contains("/behind"));
  }

  private static Stream<Arguments> rejected() {
    List<Arguments> rows = new ArrayList<>();
    // the request line
    for (String line :
        List.of(
            " GET / HTTP/1.1",
            "\tGET / HTTP/1.1",
            "GET\t/\tHTTP/1.1",
            "GET  / HTTP/1.1",
            "GET /  HTTP/1.1",
            "GET / HTTP/1.1 ",
            "GET / HTTP/1.1\t",
            "get / HTTP/1.1",
            "Get / HTTP/1.1",
            "G@T / HTTP/1.1",
            "GET /\u0001 HTTP/1.1",
            "GET /\u0000 HTTP/1.1",
            "GET /\u007f HTTP/1.1",
            "GET /\u0085 HTTP/1.1",
            "GET /\u00a0 HTTP/1.1",
            "GET /\u00e9 HTTP/1.1",
            "GET /#fragment HTTP/1.1",
            "GET /a b HTTP/1.1",
            "GET foo HTTP/1.1",
            "GET * HTTP/1.1",
            "GET HTTP/1.1",
            "GET  HTTP/1.1",
            "GET",
            "GET /",
            "/ HTTP/1.1",
            "CONNECT / HTTP/1.1",
            "CONNECT a HTTP/1.1",
            "GET http:// HTTP/1.1",
            "GET http:///p HTTP/1.1",
            "GET ftp://a/ HTTP/1.1",
            "GET http://b/ HTTP/1.1",
            "GET http://a:81/ HTTP/1.1",
            "GET http://u@a/ HTTP/1.1",
            "GET http://a:65536/ HTTP/1.1",
            "GET / http/1.1",
            "GET / HTTP/1",
            "GET / HTTP/1.",
            "GET / HTTP/11",
            "GET / HTTP/1.10",
            "GET / HTTP/01.1",
            "GET / HTTP/1,1",
            "GET / HTTP/x.1",
            "GET / HTTPS/1.1")) {
      rows.add(arguments(line, line + "\r\nHost: a\r\n\r\n", 400));
    }
    for (String line :
        List.of("FOO / HTTP/1.1", "M-SEARCH / HTTP/1.1", "GETX / HTTP/1.1", "G / HTTP/1.1")) {
      rows.add(arguments(line, line + "\r\nHost: a\r\n\r\n", 501));
    }
    for (String line :
        List.of(
            "GET / HTTP/2.0",
            "GET / HTTP/1.2",
            "GET / HTTP/0.9",
            "HEAD / HTTP/0.9",
            "PRI * HTTP/2.0",
            "GET / HTTP/3.0")) {
      rows.add(arguments(line, line + "\r\nHost: a\r\n\r\n", 505));
    }
    // line ends
    for (String input :
        List.of(
            "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n\n",
            "GET / HTTP/1.1\n\n",
            "GET / HTTP/1.1\r\rHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n",
            "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n")) {
      rows.add(arguments("line ends in " + escaped(input), input, 400));
    }
    // header lines, the last with the Host that is missing without it
    for (String lines :
        List.of(
            "Broken",
            "Broken\r\nHost: a",
            ": a\r\nHost: a",
            "X : a\r\nHost: a",
            "X\t: a\r\nHost: a",
            " Host: a",
            "Host: a\r\n folded",
            "Host: a\r\n\tfolded",
            "Host: a\r\nX: b\r\n c: d",
            "X(y): a\r\nHost: a",
            "X\u00e9: a\r\nHost: a",
            "X\u0000: a\r\nHost: a",
            "X: \u0000\r\nHost: a",
            "X: \u0007\r\nHost: a",
            "X: \u007f\r\nHost: a",
            "X: a\u001bb\r\nHost: a",
            "X: a",
            "Host:",
            "Host:  ",
            "Host: a\r\nHost: a",
            "Host: a\r\nhost: b",
            "Host: a b",
            "Host: a,b",
            "Host: a/b",
            "Host: u@a",
            "Host: a?b",
            "Host: a\u00e9",
            "Host: localhost:65536",
            "Host: localhost:+80",
            "Host: localhost:-1",
            "Host: localhost:es",
            "Host: localhost:()",
            "Host: localhost:99999999999",
            "Host: localhost:80:80",
            "Host: :80",
            "Host: ::1",
            "Host: [::1",
            "Host: [::1]x",
            "Host: [::1]80",
            "Host: [1]",
            "Host: []",
            "Host: [::g]")) {
      rows.add(arguments("header " + escaped(lines), get(lines), 400));
    }
    // the framing of a body
    for (String lines :
        List.of(
            "Content-Length: -1",
            "Content-Length: +1",
            "Content-Length:",
            "Content-Length: 0x5",
            "Content-Length: 5 5",
            "Content-Length: 5,5",
            "Content-Length: 5, 5",
            "Content-Length: 5;",
            "Content-Length: 5.0",
            "Content-Length: \u00b2",
            "Content-Length: five",
            "Content-Length: 5\r\nContent-Length: 5",
            "Content-Length: 5\r\ncontent-length: 6",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Transfer-Encoding: chunked\r\nContent-Length: 0",
            "Transfer-Encoding: gzip",
            "Transfer-Encoding: identity",
            "Transfer-Encoding:",
            "Transfer-Encoding: chunked, identity",
            "Transfer-Encoding: identity, chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: chunked, xchunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked,",
            "Transfer-Encoding: ,chunked",
            "Transfer-Encoding: \"chunked\"",
            "Transfer-Encoding: chunked;q=1",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked")) {
      rows.add(arguments(escaped(lines), framed("1.1", lines), 400));
    }
    rows.add(arguments("TE in 1.0", framed("1.0", "Transfer-Encoding: chunked"), 400));
    rows.add(arguments("TE gzip in 1.0", framed("1.0", "Transfer-Encoding: gzip"), 400));
    for (String length :
        List.of("8388609", "2147483648", "4294967301", "9223372036854775808", "9".repeat(100))) {
      rows.add(arguments("length " + length, framed("1.1", "Content-Length: " + length), 413));
    }
    rows.add(arguments("another expectation", get("Host: a\r\nExpect: tea"), 417));
    // chunks
    for (String body :
        List.of(
            "-1\r\n",
            "+1\r\n",
            "\r\n",
            " 1\r\na\r\n",
            "g\r\n",
            "0x1\r\na\r\n",
            "1 2\r\n",
            "1\na\r\n",
            "1;\na\r\n",
            "1;\r\na\r\n",
            "1;=b\r\na\r\n",
            "1;a=\r\na\r\n",
            "1;a=\"x\r\n0\r\n\r\n",
            "1;a=\"x\"y\r\na\r\n",
            "1;a=\"x\n\"\r\na\r\n",
            "1;a=\"x\u0001\"\r\na\r\n",
            "1;a=\"x\\\r\na\r\n",
            "1;a\rb\r\na\r\n",
            "1,a\r\na\r\n",
            "1\r\naX\r\n",
            "1\r\na\n0\r\n\r\n",
            "1\r\na\rX",
            "00000000000000001\r\na\r\n",
            "11111111111111111\r\n",
            "0\r\n\n",
            "0\r\nX: y\n\r\n",
            "0\r\nBroken\r\n\r\n",
            "0\r\nX : y\r\n\r\n",
            "0\r\n X: y\r\n\r\n",
            "0\r\nX: \u0000\r\n\r\n")) {
      rows.add(arguments("chunk " + escaped(body), CHUNKED + body, 400));
    }
    for (String size :
        List.of(
            "800001",
            "7fffffff",
            "80000000",
            "ffffffff",
            "100000000",
            "100000004",
            "7fffffffffffffff",
            "8000000000000000",
            "ffffffffffffffff")) {
      rows.add(arguments("size " + size, CHUNKED + size + "\r\na", 413));
      rows.add(arguments("1 and size " + size, CHUNKED + "1\r\na\r\n" + size + "\r\na", 413));
    }
    for (String name :
        List.of(
            "Host",
            "Content-Length",
            "Transfer-Encoding",
            "Connection",
            "Trailer",
            "Upgrade",
            "Authorization",
            "Proxy-Authorization",
            "Cookie",
            "expect")) {
      String trailers = "1\r\na\r\n0\r\nX: y\r\n" + name + ": 1\r\n\r\n";
      rows.add(arguments("trailer " + name, CHUNKED + trailers, 400));
    }
    return rows.stream();
  }

  /** A request whose body would hide another, if it were understood differently. */
  private static String framed(String version, String lines) {
    return "POST / HTTP/" + version + "\r\nHost: a\r\n" + lines + "\r\n\r\n5\r\nhello\r\n0\r\n\r\n";
  }

  private static String escaped(String input) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < input.length(); i++) {
      char c = input.charAt(i);
      out.append(c >= ' ' && c < 0x7f ? String.valueOf(c) : String.format("<%02x>", (int) c));
    }
    return out.toString();
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("rejected")
  void refusesAndRunsNothingBehindIt(String name, String input, int status) throws Exception {
    HttpServer server = servers.start(this::handle);
    ScriptedPeer peer = servers.connect(server).send(input + BEHIND);
    Reply reply = peer.read();
    reply.assertRefused(status);
    peer.expectEof();
    peer.close();
    servers.events.await(Kind.CLOSE);
    assertThat(handled).as(name).isEmpty();
    assertThat(servers.events.await(Kind.RESPONSE).status())
        .hasToString(reply.statusLine().substring(9));
  }

  @Test
  void refusesOneByteAtATime() throws Exception {
    HttpServer server = servers.start(this::handle);
    ScriptedPeer peer = servers.connect(server).sendByteByByte(CHUNKED + "1\r\naX");
    peer.read().assertRefused(400);
    peer.expectEof();
    assertThat(handled).isEmpty();
  }

  @Test
  void refusesAWrongRequestLineBeforeTheLinesBehindIt() throws Exception {
    ScriptedPeer peer = servers.connect(servers.start(this::handle));
    peer.send("GET / HTTP/4.0\r\n").read().assertRefused(505);
  }

  @Test
  void doesNotRepeatWhatTheClientSent() throws Exception {
    HttpServer server = servers.start(this::handle);
    for (String input :
        List.of(
            "SECRET / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET SECRET HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / SECRET\r\nHost: a\r\n\r\n",
            get("SECRET"),
            get("Host: a\r\nSECRET : x"),
            get("Host: SECRET SECRET"),
            get("Host: a\r\nX: SECRET\u0001"),
            get("Host: a\r\nContent-Length: SECRET"),
            get("Host: a\r\nTransfer-Encoding: SECRET"),
            get("Host: a\r\nExpect: SECRET"),
            CHUNKED + "SECRET\r\n",
            CHUNKED + "1;SECRET=\"\r\n")) {
      Reply reply = servers.connect(server).send(input).read();
      assertThat(reply.status()).as(input).isGreaterThanOrEqualTo(400);
      assertThat(reply.text()).as(input).doesNotContainIgnoringCase("secret");
      assertThat(reply.headers().toString()).as(input).doesNotContainIgnoringCase("secret");
    }
  }

  /** Each of the 256 bytes in a method, a target, a version, a name, a value and a chunk size. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "G\u0100T / HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /a\u0100b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\u0100\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX\u0100Y: z\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: y\u0100z\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\u0100b\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\u0100\r\n\r\n"
      })
  void takesOrRefusesEachByteInEachPlace(String template) throws Exception {
    HttpServer server = servers.start(this::handle);
    for (char c = 0; c < 256; c++) {
      ScriptedPeer peer = servers.connect(server);
      Reply reply = peer.send(template.replace('\u0100', c) + BEHIND).read();
      assertThat(isAllowed(template, c))
          .as("%s of %02x", template, (int) c)
          .contains(reply.status());
      if (reply.status() != 200) {
        peer.expectEof();
      }
      peer.close();
    }
    assertThat(handled.stream().filter(seen -> seen.contains("/behind")).count())
        .isLessThanOrEqualTo(handled.size() / 2);
  }

  private static List<Integer> isAllowed(String template, char c) {
    int place = template.indexOf('\u0100');
    boolean letterOrDigit = c < 128 && Character.isLetterOrDigit(c);
    boolean token = letterOrDigit || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    if (place == 1) {
      return c == 'E' ? List.of(200) : token ? List.of(400, 501) : List.of(400);
    }
    if (template.startsWith("GET /a")) {
      return List.of(c > ' ' && c < 0x7f && c != '#' ? 200 : 400);
    }
    if (template.startsWith("HTTP/1.1", place - 8)) {
      return List.of(400);
    }
    if (template.startsWith("X", place - 1)) {
      return List.of(token || c == ':' ? 200 : 400);
    }
    if (template.startsWith("X: y", place - 4)) {
      return List.of(c == '\t' || (c >= ' ' && c != 0x7f) ? 200 : 400);
    }
    if (template.startsWith("Host: a", place - 7)) {
      return List.of(letterOrDigit || "-._~%".indexOf(c) >= 0 ? 200 : 400);
    }
    boolean ignored = c == ' ' || c == '\t' || c == '0';
    return ignored ? List.of(200) : c >= '1' && c <= '9' ? List.of(200) : List.of(400);
  }

  @Test
  void forgetsTrailersBeforeTheNextRequest() throws IOException {
    ScriptedPeer peer = servers.connect(servers.start(this::handle));
    peer.send(CHUNKED + "1\r\na\r\n0\r\nX-T: y\r\n\r\n" + CHUNKED + "1\r\nb\r\n0\r\n\r\n");
    assertThat(peer.read().text()).isEqualTo("POST / HTTP/1.1 a {X-T=\"y\"}");
    assertThat(peer.read().text()).isEqualTo("POST / HTTP/1.1 b {}");
  }

  @Test
  void answersARequestLineOfTwoMebibytesCompletely() throws Exception {
    HttpServer server = servers.start(this::handle);
    ScriptedPeer peer = servers.connect(server);
    peer.send("GET /" + "a".repeat(2 * 1024 * 1024) + " HTTP/1.1\r\nHost: a\r\n\r\n" + BEHIND);
    peer.read().assertRefused(414);
    peer.expectEof();
    peer.close();
    servers.events.await(Kind.CLOSE);
    assertThat(handled).isEmpty();
  }

  @Test
  void answersABodyOfFourMebibytesThatIsTooLargeCompletely() throws Exception {
    HttpServer server = servers.start(this::handle, config -> config.maxBody(1024));
    ScriptedPeer peer = servers.connect(server);
    peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4194304\r\n\r\n");
    peer.send(new byte[4 * 1024 * 1024]).send(BEHIND);
    peer.read().assertRefused(413);
    peer.expectEof();
    assertThat(handled).isEmpty();
  }
}
