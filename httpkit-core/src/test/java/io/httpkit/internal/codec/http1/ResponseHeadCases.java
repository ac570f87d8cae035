package io.httpkit.internal.codec.http1;

import static io.httpkit.internal.codec.http1.DecoderCase.response;

import io.httpkit.http.Method;
import java.util.stream.Stream;

/** Status lines, interim responses, and the limits of heads. RFC 9112 §4, RFC 9110 §15.2. */
final class ResponseHeadCases {
  private static final String EMPTY = "Content-Length: 0\r\n\r\n";
  private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";
  private static final String FINAL = "HTTP/1.1 200 OK\r\n" + EMPTY;

  private ResponseHeadCases() {}

  static Stream<DecoderCase> all() {
    return Stream.of(
            goodLines(), badLines(), headerLines(), interims(), endsEarly(), surplus(), limits())
        .flatMap(rows -> rows);
  }

  private static DecoderCase line(String statusLine, String... expected) {
    return response(statusLine + "\r\n" + EMPTY, expected);
  }

  private static Stream<DecoderCase> goodLines() {
    return Stream.of(
        line("HTTP/1.1 200 OK", "200 1.1", "end"),
        line("HTTP/1.0 200 OK", "200 1.0 close", "end"),
        line("HTTP/1.1 200 ", "200 1.1", "end"),
        line("HTTP/1.1 200", "200 1.1", "end"),
        line("HTTP/1.1 200  two  spaces ", "200 1.1", "end"),
        line("HTTP/1.1 200 tab\there", "200 1.1", "end"),
        line("HTTP/1.1 200 gr\u00fcn \u0080\u00ff", "200 1.1", "end"),
        line("HTTP/1.1 299 gr\u00fcn", "299 1.1", "end"),
        line("HTTP/1.1 404 Not Found", "404 1.1", "end"),
        line("HTTP/1.1 600 x", "600 1.1", "end"),
        line("HTTP/1.1 999", "999 1.1", "end"));
  }

  private static Stream<DecoderCase> badLines() {
    return Stream.of(
            "GARBAGE 200 OK",
            "GARBAGE",
            "",
            "\r\nHTTP/1.1 200 OK",
            "HTTP/2.0 200 OK",
            "HTTP/1.2 200 OK",
            "HTTP/0.9 200 OK",
            "HTTP/1.10 200 OK",
            "HTTP/11 200 OK",
            "HTTP/1.1x200 OK",
            "http/1.1 200 OK",
            " HTTP/1.1 200 OK",
            "HTTP/1.1  200 OK",
            "HTTP/1.1\t200 OK",
            "HTTP/1.1 20 OK",
            "HTTP/1.1 2000 OK",
            "HTTP/1.1 +20 OK",
            "HTTP/1.1 -20 OK",
            "HTTP/1.1 2O0 OK",
            "HTTP/1.1 099 OK",
            "HTTP/1.1 000 OK",
            "HTTP/1.1 200\tOK",
            "HTTP/1.1 200OK",
            "HTTP/1.1 200 O\u0001K",
            "HTTP/1.1 200 O\rK",
            "HTTP/1.1 200 O\u0000K",
            "HTTP/1.1 200 O\u007fK",
            "HTTP/1.1 ",
            "HTTP/1.1",
            "HTTP/1.1 2")
        .map(line -> line(line, "502"));
  }

  private static DecoderCase header(String headerLine, String... expected) {
    return response("HTTP/1.1 200 OK\r\n" + headerLine + "\r\n" + EMPTY, expected);
  }

  private static Stream<DecoderCase> headerLines() {
    return Stream.of(
        header("X: y", "200 1.1", "end"),
        header("X:", "200 1.1", "end"),
        header("X: gr\u00fcn", "200 1.1", "end"),
        header("Connection: close", "200 1.1 close", "end"),
        header("connection: x, CLOSE", "200 1.1 close", "end"),
        header("Connection: keep-alive", "200 1.1", "end"),
        header("Connection: closed", "200 1.1", "end"),
        header("Connection: keep-alive\r\nConnection: close", "200 1.1 close", "end"),
        header("X: y\r\n folded", "502"),
        header(" X: y", "502"),
        header("X : y", "502"),
        header("Broken", "502"),
        header(": y", "502"),
        header("X: y\u0000z", "502"),
        header("X: y\rz", "502"),
        header("X: y\nZ: z", "502"),
        response("HTTP/1.1 200 OK\nX: y\n\n", "502"),
        response("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n" + EMPTY, "200 1.0", "end"),
        response(
            "HTTP/1.0 200 OK\r\nConnection: Keep-Alive, close\r\n" + EMPTY,
            "200 1.0 close",
            "end"));
  }

  private static Stream<DecoderCase> interims() {
    String early = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\nContent-Length: 5\r\n\r\n";
    return Stream.of(
        response(CONTINUE + FINAL, "continue", "200 1.1", "end"),
        response(CONTINUE + CONTINUE + FINAL, "continue", "continue", "200 1.1", "end"),
        response("HTTP/1.1 100\r\n\r\n" + FINAL, "continue", "200 1.1", "end"),
        response("HTTP/1.0 100 Continue\r\n\r\n" + FINAL, "continue", "200 1.1", "end"),
        response(early + FINAL, "200 1.1", "end"),
        response(
            "HTTP/1.1 199 x\r\nTransfer-Encoding: gzip\r\nConnection: close\r\n\r\n" + FINAL,
            "200 1.1",
            "end"),
        response("HTTP/1.1 102\r\n\r\n" + early + CONTINUE + FINAL, "continue", "200 1.1", "end"),
        response(early + early.repeat(31) + FINAL, "200 1.1", "end"),
        response(early.repeat(33) + FINAL, "502"),
        response(early, "incomplete"),
        response(early + "HTTP/1.1 2", "incomplete"),
        response("HTTP/1.1 103 x\r\nBroken\r\n\r\n" + FINAL, "502"),
        response("HTTP/1.1 103 x\r\n\r\nGARBAGE\r\n", "502"),
        response(CONTINUE + "HTTP/1.1 404 x\r\n" + EMPTY, "continue", "404 1.1", "end")
            .to(Method.POST),
        response(early + FINAL + early + FINAL, "200 1.1", "end", "200 1.1", "end")
            .to(Method.GET, Method.GET),
        response(
                early.repeat(20) + FINAL + early.repeat(20) + FINAL,
                "200 1.1",
                "end",
                "200 1.1",
                "end")
            .to(Method.GET, Method.GET));
  }

  private static Stream<DecoderCase> endsEarly() {
    return Stream.of(
        response("", "502").ended(),
        response("H", "502").ended(),
        response("HTTP/1.1 200 OK\r\n", "502").ended(),
        response("HTTP/1.1 200 OK\r\n\r", "502").ended(),
        response(CONTINUE, "continue", "502").ended(),
        response("HTTP/1.1 103 x\r\n\r\n", "502").ended(),
        response(FINAL, "200 1.1", "end").ended());
  }

  private static Stream<DecoderCase> surplus() {
    return Stream.of(
        response(FINAL + FINAL, "200 1.1", "end", "200 1.1", "end").to(Method.GET, Method.GET),
        response(FINAL + FINAL, "200 1.1", "end", "502"),
        response(FINAL + "\r\n", "200 1.1", "end", "502"),
        response(FINAL + "H", "200 1.1", "end", "502"),
        response(FINAL + CONTINUE, "200 1.1", "end", "502"),
        response(
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc",
            "200 1.1 fixed 2",
            "content ab",
            "end",
            "502"));
  }

  private static Stream<DecoderCase> limits() {
    Http1Limits tight = new Http1Limits(32, 80, 4, 0);
    String start = "HTTP/1.1 200 OK\r\n";
    String interim = "HTTP/1.1 103\r\nX: y\r\n\r\n";
    String longest = "HTTP/1.1 200 " + "r".repeat(32 - "HTTP/1.1 200 \r\n".length());
    String line = "X: " + "y".repeat(32 - "X: \r\n".length());
    return Stream.of(
            response(longest + "\r\n" + EMPTY, "200 1.1", "end"),
            response(longest + "r\r\n" + EMPTY, "502"),
            response("z".repeat(32), "incomplete"),
            response("z".repeat(33), "502"),
            response(start + line + "\r\n" + EMPTY, "200 1.1", "end"),
            response(start + line + "y\r\n" + EMPTY, "502"),
            response(start + line + "yyy", "502"),
            response(start + (line + "\r\n").repeat(2) + EMPTY, "502"),
            response(start + "X:\r\n".repeat(3) + EMPTY, "200 1.1", "end"),
            response(start + "X:\r\n".repeat(4) + EMPTY, "502"),
            response(interim.repeat(3) + start + EMPTY, "200 1.1", "end"),
            response(interim.repeat(4) + start + EMPTY, "502"))
        .map(row -> row.within(tight));
  }
}
