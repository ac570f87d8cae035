package io.httpkit.internal.codec.http1;

import static io.httpkit.internal.codec.http1.DecoderCase.response;

import io.httpkit.http.Method;
import java.util.List;
import java.util.stream.Stream;

/** How the body of a response ends, and whether the connection goes on. RFC 9112 §6.3 and §9.3. */
final class ResponseBodyCases {
  private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
  private static final String BROKEN = "Content-Length: x\r\nTransfer-Encoding: gzip\r\n";
  private static final String NEXT = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  private ResponseBodyCases() {}

  static Stream<DecoderCase> all() {
    return Stream.of(
            lengths(),
            badFraming(),
            chunks(),
            trailers(),
            bodyless(),
            handedOver(),
            untilClose(),
            endsEarly(),
            bodyLimits())
        .flatMap(rows -> rows);
  }

  private static DecoderCase ok(String headerLines, String body, String... expected) {
    return response("HTTP/1.1 200 OK\r\n" + headerLines + "\r\n" + body, expected);
  }

  private static Stream<DecoderCase> lengths() {
    return Stream.of(
        ok("Content-Length: 5\r\n", "hello", "200 1.1 fixed 5", "content hello", "end"),
        ok("Content-Length: 5\r\n", "hell", "200 1.1 fixed 5", "content hell", "incomplete"),
        ok("Content-Length: 0\r\n", "", "200 1.1", "end"),
        ok("Content-Length: 000\r\n", "", "200 1.1", "end"),
        ok("Content-Length: 005\r\n", "hello", "200 1.1 fixed 5", "content hello", "end"),
        ok("Content-Length: 2147483648\r\n", "", "200 1.1 fixed 2147483648", "incomplete"),
        ok("Content-Length: 2147483648\r\n", "", "200 1.1 fixed 2147483648", "502")
            .withMaxBody(Integer.MAX_VALUE),
        ok("Content-Length: 5\r\n", "hello" + NEXT, "200 1.1 fixed 5", "content hello", "end")
            .then("200 1.1", "end")
            .to(Method.GET, Method.GET));
  }

  private static Stream<DecoderCase> badFraming() {
    return Stream.of(
            "Content-Length: -1\r\n",
            "Content-Length: +1\r\n",
            "Content-Length: 0x1\r\n",
            "Content-Length: 1,1\r\n",
            "Content-Length: 1 1\r\n",
            "Content-Length:\r\n",
            "Content-Length: 9223372036854775807\r\n",
            "Content-Length: 99999999999999999999\r\n",
            "Content-Length: 1\r\nContent-Length: 1\r\n",
            "Content-Length: 1\r\nX: y\r\ncontent-length: 2\r\n",
            "Content-Length: 1\r\nContent-Length: 1\r\nContent-Length: 1\r\n",
            CHUNKED + "Content-Length: 1\r\n",
            "Content-Length: 1\r\n" + CHUNKED,
            CHUNKED + "Content-Length: x\r\n",
            CHUNKED + CHUNKED,
            CHUNKED + "Transfer-Encoding: gzip\r\n",
            "Transfer-Encoding: gzip\r\n",
            "Transfer-Encoding: gzip\r\n" + CHUNKED,
            "Transfer-Encoding: gzip, chunked\r\n",
            "Transfer-Encoding: chunked, gzip\r\n",
            "Transfer-Encoding: chunked, chunked\r\n",
            "Transfer-Encoding: chunked, identity\r\n",
            "Transfer-Encoding: identity\r\n",
            "Transfer-Encoding: xchunked\r\n",
            "Transfer-Encoding: \"chunked\"\r\n",
            "Transfer-Encoding: chunked;q=1\r\n",
            "Transfer-Encoding: \u000bchunked\r\n",
            "Transfer-Encoding:\r\n")
        .flatMap(
            lines ->
                Stream.of(
                    ok(lines, "1\r\na\r\n0\r\n\r\n", "502"),
                    response("HTTP/1.1 404 x\r\n" + lines + "\r\n", "502").to(Method.CONNECT)));
  }

  private static Stream<DecoderCase> chunks() {
    String head = "HTTP/1.0 200 OK\r\n" + CHUNKED;
    return Stream.of(
        chunked("0\r\n\r\n", "end"),
        chunked("5\r\nhello\r\n0\r\n\r\n", "content hello", "end"),
        chunked("1;a=\"b\"\r\nh\r\n4\r\nello\r\n000\r\n\r\n", "content hello", "end"),
        ok("Transfer-Encoding: Chunked\r\n", "0\r\n\r\n", "200 1.1 chunked", "end"),
        ok("Connection: close\r\n" + CHUNKED, "0\r\n\r\n", "200 1.1 chunked close", "end"),
        chunked("-1\r\n", "502"),
        chunked("+1\r\n", "502"),
        chunked("0x1\r\n", "502"),
        chunked("1\n", "502"),
        chunked("ffffffffffffffff\r\n", "502"),
        chunked("1;\r\n", "502"),
        chunked("1\r\naX\r\n", "content a", "502"),
        chunked("1\r\na\r", "content a", "incomplete"),
        response(head + "\r\n0\r\n\r\n", "502"),
        response(head + "Connection: keep-alive\r\n\r\n0\r\n\r\n", "502"));
  }

  private static DecoderCase chunked(String body, String... expected) {
    return ok(CHUNKED, body, "200 1.1 chunked").then(expected);
  }

  private static Stream<DecoderCase> trailers() {
    return Stream.concat(
        Stream.of(
            chunked("0\r\nX: y\r\n", "incomplete"),
            chunked("0\r\nX: y\r\n\r", "incomplete"),
            chunked("0\r\nX: y\r\n\r\n", "end {X=\"y\"}"),
            chunked("0\r\nETag: \"a\"\r\nServer-Timing: b\r\n\r\n")
                .then("end {ETag=\"\\u0022a\\u0022\", Server-Timing=\"b\"}"),
            chunked(
                "1\r\na\r\n0\r\nX-Trailer: yes\r\n\r\n", "content a", "end {X-Trailer=\"yes\"}"),
            chunked("0\r\nX: y\r\n\r\n" + NEXT, "end {X=\"y\"}", "200 1.1", "end")
                .to(Method.GET, Method.GET),
            chunked("0\r\nBroken\r\n\r\n", "502"),
            chunked("0\r\nX: y\r\n z\r\n\r\n", "502"),
            chunked("0\r\nX: y\n\r\n", "502")),
        Stream.of(
                "Content-Length: 1",
                "content-length: 1",
                "Transfer-Encoding: chunked",
                "Connection: close",
                "Host: a",
                "Trailer: X",
                "Upgrade: x",
                "Set-Cookie: a=b",
                "WWW-Authenticate: Basic",
                "Proxy-Authenticate: Basic",
                "Age: 1",
                "Cache-Control: no-store",
                "Date: x",
                "Expires: 0",
                "Location: /",
                "Retry-After: 1",
                "Vary: *",
                "Content-Encoding: gzip",
                "Content-Range: bytes 0-0/1",
                "Content-Type: text/html")
            .map(line -> chunked("0\r\nX: y\r\n" + line + "\r\n\r\n", "502")));
  }

  private static Stream<DecoderCase> bodyless() {
    List<String> framings =
        List.of("", "Content-Length: 0\r\n", "Content-Length: 999\r\n", CHUNKED, BROKEN);
    Stream<DecoderCase> headAnd304 =
        framings.stream()
            .flatMap(
                lines ->
                    Stream.of(
                        bodyless("HEAD", "200 OK", lines, ""),
                        bodyless("HEAD", "404 x", lines, ""),
                        bodyless("HEAD", "205 x", lines, ""),
                        bodyless("GET", "304 x", lines, "")));
    Stream<DecoderCase> others =
        Stream.of(
            bodyless("GET", "204 x", "", ""),
            bodyless("GET", "204 x", "Content-Length: 0\r\n", ""),
            bodyless("GET", "204 x", "Connection: close\r\n", " close"),
            bodyless("POST", "204 x", "Content-Length: 999\r\n", " close"),
            bodyless("GET", "204 x", CHUNKED, " close"),
            bodyless("GET", "204 x", BROKEN, " close"),
            bodyless("GET", "205 x", "Content-Length: 0\r\n", ""),
            bodyless("GET", "205 x", "", " close"),
            bodyless("GET", "205 x", "Content-Length: 999\r\n", " close"),
            bodyless("GET", "205 x", CHUNKED, " close"),
            bodyless("GET", "205 x", BROKEN, " close"),
            response("HTTP/1.0 204 x\r\n\r\n", "204 1.0 close", "end").ended());
    return Stream.concat(headAnd304, others);
  }

  /** The head is followed by another response, as it has no body. */
  private static DecoderCase bodyless(String method, String status, String lines, String close) {
    String head = "HTTP/1.1 " + status + "\r\n" + lines + "\r\n";
    return response(head + NEXT, status.substring(0, 3) + " 1.1" + close, "end", "200 1.1", "end")
        .to(Method.valueOf(method), Method.GET);
  }

  private static Stream<DecoderCase> handedOver() {
    String upgrade = "HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n";
    return Stream.of(
        response(upgrade + "\r\n\u0081\u0000GARBAGE", "101 1.1 close", "end", "over"),
        response(upgrade + "Content-Length: 5\r\n\r\nhello", "101 1.1 close", "end", "over"),
        response("HTTP/1.1 100 x\r\n\r\n" + upgrade + "\r\n", "continue", "101 1.1 close")
            .then("end", "over"),
        response("HTTP/1.1 200 OK\r\n\r\n\u0016\u0003", "200 1.1 close", "end", "over")
            .to(Method.CONNECT),
        response("HTTP/1.1 204 OK\r\n" + BROKEN + "\r\n", "204 1.1 close", "end", "over")
            .to(Method.CONNECT),
        response("HTTP/1.0 200 OK\r\n\r\n", "200 1.0 close", "end", "over").to(Method.CONNECT),
        response("HTTP/1.1 407 x\r\nContent-Length: 1\r\n\r\na", "407 1.1 fixed 1", "content a")
            .then("end")
            .to(Method.CONNECT));
  }

  private static Stream<DecoderCase> untilClose() {
    return Stream.of(
        ok("", "hello", "200 1.1 until close close", "content hello", "incomplete"),
        ok("", "hello", "200 1.1 until close close", "content hello", "end").ended(),
        ok("", "", "200 1.1 until close close", "end").ended(),
        ok(
                "Connection: keep-alive\r\n",
                NEXT,
                "200 1.1 until close close",
                "content " + NEXT,
                "end")
            .ended(),
        response("HTTP/1.0 200 OK\r\n\r\nab", "200 1.0 until close close", "content ab", "end")
            .ended());
  }

  private static Stream<DecoderCase> endsEarly() {
    String fixed = "200 1.1 fixed 5";
    return Stream.of(
        ok("Content-Length: 5\r\n", "", fixed, "502").ended(),
        ok("Content-Length: 5\r\n", "hell", fixed, "content hell", "502").ended(),
        ok("Content-Length: 5\r\n", "hello", fixed, "content hello", "end").ended(),
        chunked("", "502").ended(),
        chunked("5", "502").ended(),
        chunked("5\r\nhell", "content hell", "502").ended(),
        chunked("5\r\nhello", "content hello", "502").ended(),
        chunked("5\r\nhello\r\n", "content hello", "502").ended(),
        chunked("0\r\n", "502").ended(),
        chunked("0\r\nX: y\r\n", "502").ended(),
        chunked("0\r\n\r\n", "end").ended());
  }

  private static Stream<DecoderCase> bodyLimits() {
    return Stream.of(
            ok("Content-Length: 5\r\n", "hello", "200 1.1 fixed 5", "content hello", "end"),
            ok("Content-Length: 6\r\n", "hello!", "200 1.1 fixed 6", "502"),
            chunked("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n", "content hello", "end"),
            chunked("2\r\nhe\r\n4\r\n", "content he", "502"),
            ok("", "hello", "200 1.1 until close close", "content hello", "end").ended(),
            ok("", "hello!", "200 1.1 until close close", "content hello", "502").ended())
        .map(row -> row.withMaxBody(5));
  }
}
