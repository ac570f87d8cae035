package io.httpkit.internal.codec.http1;

import static io.httpkit.internal.codec.http1.DecoderCase.get;
import static io.httpkit.internal.codec.http1.DecoderCase.header;
import static io.httpkit.internal.codec.http1.DecoderCase.post;
import static io.httpkit.internal.codec.http1.DecoderCase.row;

import java.util.stream.Stream;

/** Header lines, {@code Host}, what ends a line, and whether the connection goes on. */
final class HeaderCases {
  private static final String GET = "GET / 1.1";
  private static final String GET_CLOSE = "GET / 1.1 close";
  private static final String LINE = "GET / HTTP/1.1\r\n";

  private HeaderCases() {}

  static Stream<DecoderCase> all() {
    return Stream.of(names(), lineEnds(), hosts(), hostLines(), persistence(), expectations())
        .flatMap(rows -> rows);
  }

  private static Stream<DecoderCase> names() {
    return Stream.of(
        header("X: y", GET, "end"),
        header("X:y", GET, "end"),
        header("X:", GET, "end"),
        header("X: ", GET, "end"),
        header("X: \t y \t ", GET, "end"),
        header("X: a:b: c", GET, "end"),
        header("X: \u00e9\u00ff\u0080", GET, "end"),
        header("!#$%&'*+-.^_`|~09aZ: y", GET, "end"),
        header("X", "400"),
        header("Broken", "400"),
        header(": y", "400"),
        header(":", "400"),
        header("X : y", "400"),
        header("X\t: y", "400"),
        header("X\u000b: y", "400"),
        header("X Y: z", "400"),
        header("X(: y", "400"),
        header("X/Y: z", "400"),
        header("\"X\": y", "400"),
        header("X@Y: z", "400"),
        header("[X]: y", "400"),
        header("\u00e9: y", "400"),
        header("X\u0000: y", "400"),
        header("X: a\u0000b", "400"),
        header("X: \u0000", "400"),
        header("X: \u007f", "400"),
        header("X: a\u000bb", "400"),
        header("X: a\u000cb", "400"),
        header("X: a\u001bb", "400"),
        header("X: a\r\n folded", "400"),
        header("X: a\r\n\tfolded", "400"),
        header("X: a\r\n ", "400"),
        header("X:\r\n folded", "400"),
        header(" X: leading", "400"),
        row("space before the first header", LINE + " Host: a\r\n\r\n", "400"),
        row("tab before the first header", LINE + "\tHost: a\r\n\r\n", "400"),
        row("space line as first header", LINE + " \r\nHost: a\r\n\r\n", "400"),
        row("space line as last header", LINE + "Host: a\r\n \r\n\r\n", "400"));
  }

  private static Stream<DecoderCase> lineEnds() {
    String second = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
    return Stream.of(
        row("bare LF behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", "400"),
        row("bare LF behind a header", LINE + "Host: a\n\r\n", "400"),
        row("bare LF behind the last header", LINE + "Host: a\r\nX: y\n\r\n", "400"),
        row("bare LF as empty line", LINE + "Host: a\r\n\n", "400"),
        row("bare LFs only", "GET / HTTP/1.1\nHost: a\n\n", "400"),
        row("bare LF in a value", get("X: a\nY: b\r\n"), "400"),
        row("bare LF in a name", get("X\nY: b\r\n"), "400"),
        row("bare LF in the target", "GET /\n HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        row("bare LF in the method", "GE\nT / HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        row("LF CR", "GET / HTTP/1.1\n\rHost: a\n\r\n\r", "400"),
        row("bare CR behind the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n", "400"),
        row("bare CR in a value", get("X: a\rb\r\n"), "400"),
        row("bare CR before a header", get("X: a\rTransfer-Encoding: chunked\r\n"), "400"),
        row("bare CR at the end of a value", get("X: a\r\r\n"), "400"),
        row("bare CR as a value", get("X:\r\r\n"), "400"),
        row("bare CR in a name", get("X\rY: b\r\n"), "400"),
        row("bare CR before a name", get("\rX: b\r\n"), "400"),
        row("bare CR before the empty line", LINE + "Host: a\r\n\r\r\n\r\n", "400"),
        row("bare CR in the target", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        row("bare CR as space", "GET\r/ HTTP/1.1\r\nHost: a\r\n\r\n", "400"),
        row("bare CRs only", "GET / HTTP/1.1\rHost: a\r\r", "incomplete"),
        row("no second request behind a bare LF", LINE + "Host: a\n\n" + second, "400"),
        row("no second request behind bare CRs", LINE + "Host: a\r\r" + second, "400"),
        row("not a line end: NEL", get("X: a\u0085Y: b\r\n"), GET, "end"));
  }

  private static Stream<DecoderCase> hosts() {
    Stream<DecoderCase> accepted =
        Stream.of(
                "example.com",
                "example.com:80",
                "EXAMPLE.com",
                "localhost:",
                "localhost:0",
                "localhost:65535",
                "localhost:00080",
                "127.0.0.1:8080",
                "[::1]",
                "[::1]:",
                "[::ffff:a9fe:a9fe]:80",
                "[::FFFF:169.254.169.254]",
                "xn--bcher-kva.example",
                "a_b",
                "a~b",
                "%41.example",
                "-",
                " \t example.com \t ")
            .map(host -> host(host, GET, "end"));
    Stream<DecoderCase> refused =
        Stream.of(
                "",
                " ",
                "localhost:65536",
                "localhost:99999999999999999999",
                "localhost:4294967376",
                "localhost:+80",
                "localhost:-1",
                "localhost:es",
                "localhost:()",
                "localhost:8 0",
                "localhost:80:80",
                "localhost:\u0662",
                ":80",
                ":",
                "user@example.com",
                "user:pw@example.com",
                "example.com/",
                "http://example.com",
                "example.com?q",
                "example.com#f",
                "exa mple.com",
                "a,b",
                "a, b",
                "a;b",
                "a\\b",
                "\"a\"",
                "<a>",
                "a|b",
                "\u00e9.example",
                "::1",
                "[::1",
                "::1]",
                "[]",
                "[:]",
                "[::1]x",
                "[::1]:x",
                "[::1]80",
                "[127.0.0.1]",
                "[::1%25eth0]",
                "[::g]",
                "[[::1]]",
                "a[::1]")
            .map(host -> host.replace("\u0662", "\u00b2"))
            .map(host -> host(host, "400"));
    return Stream.concat(accepted, refused);
  }

  private static DecoderCase host(String host, String... expected) {
    return row("Host: " + host, LINE + "Host: " + host + "\r\n\r\n", expected);
  }

  private static Stream<DecoderCase> hostLines() {
    String old = "GET / HTTP/1.0\r\n";
    return Stream.of(
        row("no Host", LINE + "\r\n", "400"),
        row("no Host but others", LINE + "X-Host: a\r\nHosts: b\r\n\r\n", "400"),
        row("Host twice", LINE + "Host: a\r\nHost: b\r\n\r\n", "400"),
        row("the same Host twice", LINE + "Host: a\r\nHost: a\r\n\r\n", "400"),
        row("Host twice in other cases", LINE + "Host: a\r\nX: y\r\nhOST: a\r\n\r\n", "400"),
        row("Host in any case", LINE + "hOsT: a\r\n\r\n", GET, "end"),
        row("Host last", LINE + "X: y\r\nHost: a\r\n\r\n", GET, "end"),
        row("1.0 without Host", old + "\r\n", "GET / 1.0 close", "end"),
        row("1.0 with Host", old + "Host: a\r\n\r\n", "GET / 1.0 close", "end"),
        row("1.0 with bad Host", old + "Host: a b\r\n\r\n", "400"),
        row("1.0 with empty Host", old + "Host:\r\n\r\n", "400"),
        row("1.0 with Host twice", old + "Host: a\r\nHost: a\r\n\r\n", "400"));
  }

  private static Stream<DecoderCase> persistence() {
    String old = "GET / HTTP/1.0\r\n";
    return Stream.of(
        header("Connection: close", GET_CLOSE, "end"),
        header("connection: CLOSE", GET_CLOSE, "end"),
        header("Connection: keep-alive", GET, "end"),
        header("Connection: keep-alive, close", GET_CLOSE, "end"),
        header("Connection: close, keep-alive", GET_CLOSE, "end"),
        header("Connection: keep-alive,close", GET_CLOSE, "end"),
        header("Connection: ,, close ,", GET_CLOSE, "end"),
        header("Connection: keep-alive\r\nConnection: close", GET_CLOSE, "end"),
        header("Connection: close\r\nConnection: keep-alive", GET_CLOSE, "end"),
        header("Connection: upgrade", GET, "end"),
        header("Connection: closed", GET, "end"),
        header("Connection: not close", GET, "end"),
        header("Connection:", GET, "end"),
        header("Proxy-Connection: close", GET, "end"),
        row("1.0 keep-alive", old + "Connection: Keep-Alive\r\n\r\n", "GET / 1.0", "end"),
        row(
            "1.0 keep-alive in a list",
            old + "Connection: a, keep-alive\r\n\r\n",
            "GET / 1.0",
            "end"),
        row(
            "1.0 keep-alive and close",
            old + "Connection: keep-alive, close\r\n\r\n",
            "GET / 1.0 close",
            "end"),
        row(
            "1.0 with another option",
            old + "Connection: upgrade\r\n\r\n",
            "GET / 1.0 close",
            "end"),
        row("two requests", get("") + get(""), GET, "end", GET, "end"),
        row(
            "what follows close is still decoded",
            get("Connection: close\r\n") + get(""),
            GET_CLOSE,
            "end",
            GET,
            "end"),
        row(
            "second request incomplete",
            get("") + "GET / HTTP/1.1\r\nHos",
            GET,
            "end",
            "incomplete"),
        row("second request refused", get("") + "GET /\r\n", GET, "end", "400"),
        row("nothing behind the refusal", get("X\r\n") + get(""), "400"));
  }

  private static Stream<DecoderCase> expectations() {
    String expect = "Expect: 100-continue\r\n";
    String old = "POST / HTTP/1.0\r\nContent-Length: 1\r\n";
    return Stream.of(
        row(
            "100-continue",
            post(expect + "Content-Length: 1\r\n", "x"),
            "POST / 1.1 fixed 1 continue",
            "content x",
            "end"),
        row(
            "100-Continue",
            post("expect: 100-CONTINUE\r\nContent-Length: 1\r\n", ""),
            "POST / 1.1 fixed 1 continue",
            "incomplete"),
        row(
            "100-continue before chunks",
            post(expect + "Transfer-Encoding: chunked\r\n", "0\r\n\r\n"),
            "POST / 1.1 chunked continue",
            "end"),
        row(
            "100-continue on 1.0",
            old + expect + "\r\nx",
            "POST / 1.0 fixed 1 close",
            "content x",
            "end"),
        row(
            "another expectation on 1.0",
            old + "Expect: tea\r\n\r\nx",
            "POST / 1.0 fixed 1 close",
            "content x",
            "end"),
        header("Expect: tea", "417"),
        header("Expect: 100-continue, tea", "417"),
        header("Expect: 100-continued", "417"),
        header("Expect: 200-ok", "417"),
        header("Expect:", "417"),
        header("Expect: 100-continue\r\nExpect: tea", "417"));
  }
}
