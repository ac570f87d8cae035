package io.httpkit.internal.codec.http1;

import static io.httpkit.internal.codec.http1.DecoderCase.line;
import static io.httpkit.internal.codec.http1.DecoderCase.row;

import io.httpkit.http.Method;
import java.util.Arrays;
import java.util.stream.Stream;

/** Method, target and version. RFC 9112 §3. */
final class RequestLineCases {
  private static final String GET = "GET / 1.1";

  private RequestLineCases() {}

  static Stream<DecoderCase> all() {
    return Stream.of(methods(), malformed(), versions(), targets(), absolute(), connect(), early())
        .flatMap(rows -> rows);
  }

  private static Stream<DecoderCase> methods() {
    Stream<DecoderCase> known =
        Arrays.stream(Method.values())
            .filter(method -> method != Method.CONNECT)
            .map(method -> line(method + " / HTTP/1.1", method + " / 1.1", "end"));
    Stream<DecoderCase> others =
        Stream.of(
            line("FOO / HTTP/1.1", "501"),
            line("GETS / HTTP/1.1", "501"),
            line("GE / HTTP/1.1", "501"),
            line("X-$!#%&'*+.^_`|~09 / HTTP/1.1", "501"),
            line("get / HTTP/1.1", "400"),
            line("gET / HTTP/1.1", "400"),
            line("GEt / HTTP/1.1", "400"),
            line("foo / HTTP/1.1", "400"),
            line("FOo / HTTP/1.1", "400"),
            line("G(ET / HTTP/1.1", "400"),
            line("GET\" / HTTP/1.1", "400"),
            line("\u00c9T / HTTP/1.1", "400"));
    return Stream.concat(known, others);
  }

  private static Stream<DecoderCase> malformed() {
    return Stream.of(
        line(" GET / HTTP/1.1", "400"),
        line("\tGET / HTTP/1.1", "400"),
        line("GET\t/\tHTTP/1.1", "400"),
        line("GET  / HTTP/1.1", "400"),
        line("GET /  HTTP/1.1", "400"),
        line("GET / HTTP/1.1 ", "400"),
        line("GET / HTTP/1.1\t", "400"),
        line("GET / HTTP/1.1 x", "400"),
        line("GET / x HTTP/1.1", "400"),
        line("GET /", "400"),
        line("GET / ", "400"),
        line("GET", "400"),
        line("GET ", "400"),
        line(" ", "400"),
        line("GET HTTP/1.1", "400"),
        line("/ HTTP/1.1", "400"),
        line("GET: /", "400"),
        line("Host: example.com", "400"),
        line("\u0000GET / HTTP/1.1", "400"),
        line("GET\u0000 / HTTP/1.1", "400"),
        line("\ufeffGET / HTTP/1.1".replace("\ufeff", "\u00ef\u00bb\u00bf"), "400"),
        line("\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc", "400"));
  }

  private static Stream<DecoderCase> versions() {
    return Stream.of(
        line("GET / HTTP/1.1", GET, "end"),
        line("GET / HTTP/1.0", "GET / 1.0 close", "end"),
        line("GET / HTTP/1.2", "505"),
        line("GET / HTTP/1.9", "505"),
        line("GET / HTTP/0.9", "505"),
        line("HEAD / HTTP/0.9", "505"),
        line("GET / HTTP/2.0", "505"),
        line("GET / HTTP/2.1", "505"),
        line("GET / HTTP/0.0", "505"),
        line("GET / HTTP/9.9", "505"),
        row("preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505"),
        line("GET / HTTP/2", "400"),
        line("GET / HTTP/11", "400"),
        line("GET / HTTP/1", "400"),
        line("GET / HTTP/1.", "400"),
        line("GET / HTTP/1.10", "400"),
        line("GET / HTTP/01.1", "400"),
        line("GET / HTTP/+1.1", "400"),
        line("GET / HTTP/1,1", "400"),
        line("GET / HTTP/1.x", "400"),
        line("GET / HTTP/a.1", "400"),
        line("GET / HTTP/1 .1", "400"),
        line("GET / http/1.1", "400"),
        line("GET / Http/1.1", "400"),
        line("GET / HTTPS/1.1", "400"),
        line("GET / ICY/1.1", "400"),
        line("GET / HTTP", "400"),
        line("GET / HTTP/1.1\u0000", "400"),
        line("GET / HTTP/1.\u00b2", "400"));
  }

  private static Stream<DecoderCase> targets() {
    return Stream.of(
        line("GET /p?q=1&r=%20 HTTP/1.1", "GET /p?q=1&r=%20 1.1", "end"),
        line("GET //evil.example HTTP/1.1", "GET //evil.example 1.1", "end"),
        line("GET /../..//a;b=c HTTP/1.1", "GET /../..//a;b=c 1.1", "end"),
        line("GET /? HTTP/1.1", "GET /? 1.1", "end"),
        line("OPTIONS * HTTP/1.1", "OPTIONS * 1.1", "end"),
        line("OPTIONS /a HTTP/1.1", "OPTIONS /a 1.1", "end"),
        line("OPTIONS ** HTTP/1.1", "400"),
        line("GET * HTTP/1.1", "400"),
        line("GET a HTTP/1.1", "400"),
        line("GET ?q HTTP/1.1", "400"),
        line("GET example.com HTTP/1.1", "400"),
        line("GET example.com:80 HTTP/1.1", "400"),
        line("GET /a#b HTTP/1.1", "400"),
        line("GET /\u0001 HTTP/1.1", "400"),
        line("GET /\u0085 HTTP/1.1", "400"),
        line("GET /\u00a0 HTTP/1.1", "400"),
        line("GET /\u00e9 HTTP/1.1", "400"),
        line("GET /\u007f HTTP/1.1", "400"));
  }

  private static Stream<DecoderCase> absolute() {
    return Stream.of(
        absolute("http://example.com/p?q", "example.com", true),
        absolute("http://example.com", "example.com", true),
        absolute("http://example.com?q", "example.com", true),
        absolute("HTTP://EXAMPLE.com/", "example.COM", true),
        absolute("http://example.com:80/", "example.com", true),
        absolute("http://example.com/", "example.com:80", true),
        absolute("http://example.com/", "example.com:", true),
        absolute("http://example.com:8080/", "example.com:8080", true),
        absolute("https://example.com/", "example.com:443", true),
        absolute("http://[::1]:8080/", "[::1]:8080", true),
        absolute("http://[::1]/", "[::1]:80", true),
        absolute("http://example.com/", "example.org", false),
        absolute("http://example.com/", "example.com:8080", false),
        absolute("http://example.com:443/", "example.com", false),
        absolute("https://example.com:80/", "example.com", false),
        absolute("http://user@example.com/", "example.com", false),
        absolute("http://user:pw@example.com/", "example.com", false),
        absolute("http://example.com@evil.example/", "evil.example", false),
        absolute("http://example.com\\@evil.example/", "example.com", false),
        absolute("http://example.com:65536/", "example.com", false),
        absolute("http://example.com:x/", "example.com", false),
        absolute("http://", "example.com", false),
        absolute("http:///p", "example.com", false),
        absolute("http:/p", "example.com", false),
        absolute("http:example.com", "example.com", false),
        absolute("httpx://example.com/", "example.com", false),
        absolute("ftp://example.com/", "example.com", false),
        absolute("file:///etc/passwd", "example.com", false),
        row(
            "absolute without Host",
            "GET http://h/p HTTP/1.0\r\n\r\n",
            "GET http://h/p 1.0 close",
            "end"),
        row("absolute on 1.1 still needs Host", "GET http://h/p HTTP/1.1\r\n\r\n", "400"),
        row("absolute on 1.0 must be Host", "GET http://h/p HTTP/1.0\r\nHost: i\r\n\r\n", "400"));
  }

  private static DecoderCase absolute(String target, String host, boolean accepted) {
    String text = "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
    String name = target + " of " + host;
    return accepted ? row(name, text, "GET " + target + " 1.1", "end") : row(name, text, "400");
  }

  private static Stream<DecoderCase> connect() {
    return Stream.of(
        line("CONNECT example.com:443 HTTP/1.1", "CONNECT example.com:443 1.1", "end"),
        line("CONNECT [::1]:443 HTTP/1.1", "CONNECT [::1]:443 1.1", "end"),
        line("CONNECT example.com HTTP/1.1", "400"),
        line("CONNECT example.com: HTTP/1.1", "400"),
        line("CONNECT [::1] HTTP/1.1", "400"),
        line("CONNECT [::1]: HTTP/1.1", "400"),
        line("CONNECT :443 HTTP/1.1", "400"),
        line("CONNECT example.com:65536 HTTP/1.1", "400"),
        line("CONNECT example.com:443/ HTTP/1.1", "400"),
        line("CONNECT user@example.com:443 HTTP/1.1", "400"),
        line("CONNECT / HTTP/1.1", "400"),
        line("CONNECT * HTTP/1.1", "400"),
        line("CONNECT http://example.com:443/ HTTP/1.1", "400"));
  }

  /** Nothing has to follow a line that is wrong, and what follows is not asked. */
  private static Stream<DecoderCase> early() {
    return Stream.of(
        row("only the line, malformed", "GET /\r\n", "400"),
        row("only the line, method", "FOO / HTTP/1.1\r\n", "501"),
        row("only the line, version", "GET / HTTP/3.0\r\n", "505"),
        row("line and half a header", "FOO / HTTP/1.1\r\nHost: a", "501"),
        row("line and one header", "FOO / HTTP/1.1\r\nHost: a\r\n", "501"),
        row("line before a bare line feed", "FOO / HTTP/1.1\r\nHost: a\n", "501"),
        row("line before too many headers", "FOO / HTTP/1.1\r\n" + "a: b\r\n".repeat(201), "501"),
        row("line before a long header", "GET / HTTP/3.0\r\n" + "a".repeat(9000), "505"),
        row("only a good line", "GET / HTTP/1.1\r\n", "incomplete"),
        row("half a line", "GET / HTTP/1.1", "incomplete"),
        row("half a bad line", "get", "incomplete"),
        row("nothing", "", new String[0]),
        row("empty line", "\r\n"),
        row("empty lines", "\r\n\r\n\r\n"),
        row("half an empty line", "\r", "incomplete"),
        row("empty lines before", "\r\n\r\n" + DecoderCase.get(""), GET, "end"),
        row(
            "empty line between",
            DecoderCase.get("") + "\r\n" + DecoderCase.get(""),
            GET,
            "end",
            GET,
            "end"),
        row("bare line feed before", "\n" + DecoderCase.get(""), "400"),
        row("bare line feed behind an empty line", "\r\n\n" + DecoderCase.get(""), "400"),
        row("bare carriage return before", "\r" + DecoderCase.get(""), "400"),
        row("two carriage returns before", "\r\r\n" + DecoderCase.get(""), "400"),
        row("space line before", " \r\n" + DecoderCase.get(""), "400"));
  }
}
