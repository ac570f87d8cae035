package io.httpkit.internal.codec.http1;

import static io.httpkit.internal.codec.http1.DecoderCase.post;
import static io.httpkit.internal.codec.http1.DecoderCase.row;

import java.util.stream.Stream;

/** Which body a head announces: the requests that smuggle others. RFC 9112 §6. */
final class FramingCases {
  private static final String CHUNKED = "POST / 1.1 chunked";
  private static final String SMUGGLED = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";

  private FramingCases() {}

  static Stream<DecoderCase> all() {
    return Stream.of(codings(), codingLines(), lengths(), lengthLines(), both(), fixed(), limits())
        .flatMap(rows -> rows);
  }

  private static Stream<DecoderCase> codings() {
    Stream<DecoderCase> accepted =
        Stream.of("chunked", "Chunked", "CHUNKED", "cHuNkEd", "\t chunked \t")
            .map(value -> coding(value, CHUNKED, "end"));
    Stream<DecoderCase> refused =
        Stream.of(
                "",
                " ",
                ",",
                "gzip",
                "identity",
                "deflate",
                "trailers",
                "gzip, chunked",
                "chunked, gzip",
                "chunked, identity",
                "identity, chunked",
                "chunked, chunked",
                "chunked,chunked",
                "chunked, xchunked",
                "xchunked",
                "x-chunked",
                "chunkedx",
                "chunk",
                "chunke",
                "chunked,",
                ",chunked",
                "chunked;",
                "chunked;q=1",
                "chunked;a=b",
                "chunked chunked",
                "chun ked",
                "\"chunked\"",
                "'chunked'",
                "chunked\u000b",
                "\u000bchunked",
                "\u000cchunked",
                "chunked\u0000",
                "\u0000chunked",
                "chunked\u0085",
                "\u00a0chunked",
                "ch\u00fcnked",
                "\u00e3hunked",
                "Content-Length: 5")
            .map(value -> coding(value, "400"));
    return Stream.concat(accepted, refused);
  }

  private static DecoderCase coding(String value, String... expected) {
    String name = "Transfer-Encoding: " + value;
    return row(name, post(name + "\r\n", "0\r\n\r\n"), expected);
  }

  private static Stream<DecoderCase> codingLines() {
    return Stream.of(
        lines("transfer-encoding:chunked\r\n", CHUNKED, "end"),
        lines("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "400"),
        lines("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "400"),
        lines("Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n", "400"),
        lines("Transfer-Encoding: chunked\r\ntransfer-encoding:\r\n", "400"),
        lines("Transfer-Encoding : chunked\r\n", "400"),
        lines("Transfer-Encoding\t: chunked\r\n", "400"),
        lines(" Transfer-Encoding: chunked\r\n", "400"),
        lines("Transfer-Encoding:\r\n chunked\r\n", "400"),
        lines("Transfer-Encoding: chun\r\n ked\r\n", "400"),
        lines("X: y\nTransfer-Encoding: chunked\r\n", "400"),
        lines("X: y\rTransfer-Encoding: chunked\r\n", "400"),
        lines("Transfer\u0000-Encoding: chunked\r\n", "400"),
        lines("Transfer-Encoding\u0000: chunked\r\n", "400"),
        lines("Transfer Encoding: chunked\r\n", "400"),
        row(
            "another name is no coding",
            post("Transfer_Encoding: chunked\r\nX-Transfer-Encoding: chunked\r\n", SMUGGLED),
            "POST / 1.1",
            "end",
            "GET /smuggled 1.1",
            "end"),
        row(
            "coding on 1.0",
            "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "400"),
        row(
            "coding on 1.0 that keeps alive",
            "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "0\r\n\r\n"
                + SMUGGLED,
            "400"),
        row(
            "any coding on 1.0",
            "POST / HTTP/1.0\r\nTransfer-Encoding: identity\r\nContent-Length: 1\r\n\r\nx",
            "400"),
        row(
            "a GET may have chunks",
            DecoderCase.get("Transfer-Encoding: chunked\r\n") + "1\r\nx\r\n0\r\n\r\n",
            "GET / 1.1 chunked",
            "content x",
            "end"));
  }

  private static DecoderCase lines(String headerLines, String... expected) {
    return row(headerLines, post(headerLines, "0\r\n\r\n"), expected);
  }

  private static Stream<DecoderCase> lengths() {
    Stream<DecoderCase> accepted =
        Stream.of("5", "05", "000000000000000000000000000005", " \t5 \t")
            .map(value -> length(value, "POST / 1.1 fixed 5", "content hello", "end"));
    Stream<DecoderCase> refused =
        Stream.of(
                "",
                " ",
                "+5",
                "-5",
                "-0",
                "- 5",
                "5-",
                "5+",
                "5 5",
                "5\t5",
                "5,5",
                "5, 5",
                "5,",
                ",5",
                "5;",
                "5;a=b",
                "\"5\"",
                "5.0",
                ".5",
                "5e0",
                "0x5",
                "0b1",
                "5L",
                "5_0",
                "5a",
                "a5",
                "five",
                "NaN",
                "\u00b2",
                "5\u0000",
                "5\u000b",
                "5\u0085",
                "5\u00a0",
                "99999999999999999999x",
                "-99999999999999999999")
            .map(value -> length(value, "400"));
    Stream<DecoderCase> large =
        Stream.of(
                "9223372036854775808",
                "9223372036854775809",
                "9999999999999999999",
                "18446744073709551615",
                "18446744073709551616",
                "18446744073709551621",
                "92233720368547758070",
                "9".repeat(100),
                "0" + "1".repeat(20))
            .map(value -> length(value, "413"));
    return Stream.of(accepted, refused, large).flatMap(rows -> rows);
  }

  private static DecoderCase length(String value, String... expected) {
    String name = "Content-Length: " + value;
    return row(name, post(name + "\r\n", "hello"), expected);
  }

  private static Stream<DecoderCase> lengthLines() {
    return Stream.of(
        length("2147483647", "POST / 1.1 fixed 2147483647", "content hello", "incomplete"),
        length("2147483648", "POST / 1.1 fixed 2147483648", "content hello", "incomplete"),
        length("4294967296", "POST / 1.1 fixed 4294967296", "content hello", "incomplete"),
        length("4294967301", "POST / 1.1 fixed 4294967301", "content hello", "incomplete"),
        length(
            "9223372036854775799",
            "POST / 1.1 fixed 9223372036854775799",
            "content hello",
            "incomplete"),
        fixedLines("Content-Length: 5\r\nContent-Length: 5\r\n"),
        fixedLines("Content-Length: 5\r\nContent-Length: 6\r\n"),
        fixedLines("Content-Length: 0\r\nContent-Length: 5\r\n"),
        fixedLines("Content-Length: 5\r\nX: y\r\ncontent-length: 5\r\n"),
        fixedLines("Content-Length : 5\r\n"),
        fixedLines("Content-Length\u000b: 5\r\n"),
        fixedLines(" Content-Length: 5\r\n"),
        fixedLines("Content-Length:\r\n 5\r\n"),
        fixedLines("Content-Length: 1\r\n 5\r\n"),
        row(
            "another name is no length",
            post("Content_Length: 5\r\nXContent-Length: 5\r\nContent-Lengths: 5\r\n", SMUGGLED),
            "POST / 1.1",
            "end",
            "GET /smuggled 1.1",
            "end"));
  }

  private static DecoderCase fixedLines(String headerLines) {
    return row(headerLines, post(headerLines, "hello"), "400");
  }

  private static Stream<DecoderCase> both() {
    return Stream.of(
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: 0\r\n",
            "Content-Length: 0\r\nX: y\r\ntransfer-encoding: CHUNKED\r\n",
            "Content-Length: 5\r\nTransfer-Encoding: identity\r\n",
            "Content-Length: 5\r\nTransfer-Encoding:\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length: x\r\n",
            "Transfer-Encoding: chunked\r\nContent-Length:\r\n")
        .map(lines -> row(lines, post(lines, "0\r\n\r\n" + SMUGGLED), "400"));
  }

  private static Stream<DecoderCase> fixed() {
    String five = "Content-Length: 5\r\n";
    String head = "POST / 1.1 fixed 5";
    return Stream.of(
        row("body", post(five, "hello"), head, "content hello", "end"),
        row("no body", post("", ""), "POST / 1.1", "end"),
        row("length 0", post("Content-Length: 0\r\n", ""), "POST / 1.1", "end"),
        row("length 00", post("Content-Length: 00\r\n", ""), "POST / 1.1", "end"),
        row("body missing", post(five, ""), head, "incomplete"),
        row("body not complete", post(five, "hell"), head, "content hell", "incomplete"),
        row(
            "body on 1.0",
            "POST / HTTP/1.0\r\n" + five + "\r\nhello",
            "POST / 1.0 fixed 5 close",
            "content hello",
            "end"),
        row("body of line ends", post(five, "\r\n\r\n\n"), head, "content \r\n\r\n\n", "end"),
        row(
            "body of any bytes",
            post(five, "\u0000\u00ff\u0080\u007f\n"),
            head,
            "content \u0000\u00ff\u0080\u007f\n",
            "end"),
        row(
            "body like a request",
            post("Content-Length: 35\r\n", SMUGGLED),
            "POST / 1.1 fixed 35",
            "content " + SMUGGLED,
            "end"),
        row(
            "body and another request",
            post(five, "hello") + SMUGGLED,
            head,
            "content hello",
            "end",
            "GET /smuggled 1.1",
            "end"),
        row("body too long", post(five, "hellox") + SMUGGLED, head, "content hello", "end", "400"),
        row(
            "body and an empty line",
            post(five, "hello\r\n") + SMUGGLED,
            head,
            "content hello",
            "end",
            "GET /smuggled 1.1",
            "end"),
        row(
            "three bodies",
            post(five, "hello").repeat(3),
            head,
            "content hello",
            "end",
            head,
            "content hello",
            "end",
            head,
            "content hello",
            "end"));
  }

  private static Stream<DecoderCase> limits() {
    return Stream.of(
        row(
                "body at the limit",
                post("Content-Length: 5\r\n", "hello"),
                "POST / 1.1 fixed 5",
                "content hello",
                "end")
            .withMaxBody(5),
        row(
                "body over the limit",
                post("Content-Length: 6\r\n", "hello!"),
                "POST / 1.1 fixed 6",
                "413")
            .withMaxBody(5),
        row(
                "body over a limit of 0",
                post("Content-Length: 1\r\n", "x"),
                "POST / 1.1 fixed 1",
                "413")
            .withMaxBody(0),
        row("no body within a limit of 0", post("", ""), "POST / 1.1", "end").withMaxBody(0),
        row(
                "huge body over the limit",
                post("Content-Length: 9223372036854775799\r\n", ""),
                "POST / 1.1 fixed 9223372036854775799",
                "413")
            .withMaxBody(Integer.MAX_VALUE));
  }
}
