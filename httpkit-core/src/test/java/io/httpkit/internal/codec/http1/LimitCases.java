package io.httpkit.internal.codec.http1;

import static io.httpkit.internal.codec.http1.DecoderCase.LIMITS;
import static io.httpkit.internal.codec.http1.DecoderCase.row;

import java.util.stream.Stream;

/** Each bound of a head: exactly reached, passed by one, and passed by what never ends. */
final class LimitCases {
  private static final Http1Limits SMALL = new Http1Limits(32, 80, 4, 10);
  private static final String LINE = "GET / HTTP/1.1\r\n";
  private static final String HOST = "Host: a\r\n";

  private LimitCases() {}

  static Stream<DecoderCase> all() {
    return Stream.concat(
        Stream.of(requestLine(), headerLine(), headerBytes(), headerCount())
            .flatMap(rows -> rows)
            .map(row -> row.within(SMALL)),
        defaults());
  }

  private static Stream<DecoderCase> requestLine() {
    String longest = "/" + "p".repeat(32 - "GET / HTTP/1.1\r\n".length());
    return Stream.of(
        row(
            "line of 32 bytes",
            "GET " + longest + " HTTP/1.1\r\n" + HOST + "\r\n",
            "GET " + longest + " 1.1",
            "end"),
        row("line of 33 bytes", "GET " + longest + "p HTTP/1.1\r\n" + HOST + "\r\n", "414"),
        row("32 bytes without end", "GET /".repeat(7).substring(0, 32), "incomplete"),
        row("33 bytes without end", "GET /".repeat(7).substring(0, 33), "414"),
        row("33 bytes of nonsense", "\u0000".repeat(33), "414"),
        row("long line with a bare line feed", "GET /" + "p".repeat(28) + "\n", "414"),
        row("line of 32 bytes with a bare line feed", "GET /" + "p".repeat(26) + "\n", "400"),
        row("long line behind an empty one", "\r\nGET " + longest + "p HTTP/1.1\r\n", "414"),
        row(
            "line of 32 bytes behind empty ones",
            "\r\n".repeat(20) + "GET " + longest + " HTTP/1.1\r\n" + HOST + "\r\n",
            "GET " + longest + " 1.1",
            "end"),
        row(
            "long second line",
            LINE + HOST + "\r\nGET " + longest + "p HTTP/1.1\r\n",
            "GET / 1.1",
            "end",
            "414"));
  }

  private static Stream<DecoderCase> headerLine() {
    String longest = "X: " + "y".repeat(32 - "X: \r\n".length());
    return Stream.of(
        row("header line of 32 bytes", LINE + HOST + longest + "\r\n\r\n", "GET / 1.1", "end"),
        row("header line of 33 bytes", LINE + HOST + longest + "y\r\n\r\n", "431"),
        row("32 bytes of a header line", LINE + HOST + longest + "yy", "incomplete"),
        row("33 bytes of a header line", LINE + HOST + longest + "yyy", "431"),
        row("first header line of 33 bytes", LINE + longest + "y\r\n" + HOST + "\r\n", "431"),
        row("33 bytes of a name", LINE + "n".repeat(33), "431"),
        row("long header line with a bare line feed", LINE + HOST + longest + "yy\n", "431"));
  }

  /** 80 bytes, with the empty line. */
  private static Stream<DecoderCase> headerBytes() {
    String lines = HOST + ("X: " + "y".repeat(27) + "\r\n") + ("X: " + "y".repeat(27) + "\r\n");
    return Stream.of(
        row("header of 80 bytes", LINE + lines + "X:y\r\n\r\n", "GET / 1.1", "end"),
        row("header of 81 bytes", LINE + lines + "X: y\r\n\r\n", "431"),
        row("header of 80 bytes without end", LINE + lines + "X: yyyyyy", "431"),
        row("header of 79 bytes without end", LINE + lines + "X: yyyy", "incomplete"),
        row(
            "the request line does not count",
            "GET /0123456789abcdef HTTP/1.1\r\n" + lines + "X:y\r\n\r\n",
            "GET /0123456789abcdef 1.1",
            "end"),
        row(
            "each head counts for itself",
            (LINE + lines + "X:y\r\n\r\n").repeat(2),
            "GET / 1.1",
            "end",
            "GET / 1.1",
            "end"));
  }

  private static Stream<DecoderCase> headerCount() {
    return Stream.of(
        row("4 lines", LINE + HOST + "X:\r\n".repeat(3) + "\r\n", "GET / 1.1", "end"),
        row("5 lines", LINE + HOST + "X:\r\n".repeat(4) + "\r\n", "431"),
        row("5 lines without end", LINE + HOST + "X:\r\n".repeat(4), "431"),
        row("4 lines and half another", LINE + HOST + "X:\r\n".repeat(3) + "X", "incomplete"),
        row(
            "each head counts its lines",
            (LINE + HOST + "X:\r\n".repeat(3) + "\r\n").repeat(2),
            "GET / 1.1",
            "end",
            "GET / 1.1",
            "end"));
  }

  private static Stream<DecoderCase> defaults() {
    String longest = "/" + "p".repeat(LIMITS.maxLine() - LINE.length());
    String headerLine = "X: " + "y".repeat(LIMITS.maxLine() - "X: \r\n".length()) + "\r\n";
    String thousand = "X: " + "y".repeat(995) + "\r\n";
    return Stream.of(
        row(
            "target of 8 KiB",
            "GET " + longest + " HTTP/1.1\r\n" + HOST + "\r\n",
            "GET " + longest + " 1.1",
            "end"),
        row("target over 8 KiB", "GET " + longest + "p HTTP/1.1\r\n" + HOST + "\r\n", "414"),
        row("header line of 8 KiB", LINE + HOST + headerLine + "\r\n", "GET / 1.1", "end"),
        row("header line over 8 KiB", LINE + HOST + "z" + headerLine + "\r\n", "431"),
        row("70 header lines of 1000 bytes", LINE + HOST + thousand.repeat(70) + "\r\n", "431"),
        row(
            "65 header lines of 1000 bytes",
            LINE + HOST + thousand.repeat(65) + "\r\n",
            "GET / 1.1",
            "end"),
        row("200 header lines", LINE + HOST + "X: y\r\n".repeat(199) + "\r\n", "GET / 1.1", "end"),
        row("201 header lines", LINE + HOST + "X: y\r\n".repeat(200) + "\r\n", "431"));
  }
}
