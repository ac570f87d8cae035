package io.httpkit.internal.codec.http1;

import static io.httpkit.internal.codec.http1.DecoderCase.post;
import static io.httpkit.internal.codec.http1.DecoderCase.row;

import java.util.Arrays;
import java.util.stream.Stream;

/** Bodies in chunks, with extensions and trailers. RFC 9112 §7.1. */
final class ChunkCases {
  private static final String HEAD = "POST / 1.1 chunked";
  private static final String LAST = "0\r\n\r\n";

  private ChunkCases() {}

  static Stream<DecoderCase> all() {
    return Stream.of(
            chunks(), sizes(), largeSizes(), extensions(), cumulated(), trailers(), bodyLimits())
        .flatMap(rows -> rows);
  }

  /** A request whose body is this; the expected events are those behind its head. */
  private static DecoderCase body(String body, String... expected) {
    String[] events =
        Stream.concat(Stream.of(HEAD), Arrays.stream(expected)).toArray(String[]::new);
    return row("chunks: " + body, post("Transfer-Encoding: chunked\r\n", body), events);
  }

  private static Stream<DecoderCase> chunks() {
    return Stream.of(
        body(LAST, "end"),
        body("5\r\nhello\r\n" + LAST, "content hello", "end"),
        body("1\r\nh\r\n4\r\nello\r\n" + LAST, "content hello", "end"),
        body("a\r\n0123456789\r\n" + LAST, "content 0123456789", "end"),
        body("A\r\n0123456789\r\n000\r\n\r\n", "content 0123456789", "end"),
        body("2\r\n\r\n\r\n" + LAST, "content \r\n", "end"),
        body("5\r\n0\r\n\r\n\r\n" + LAST, "content 0\r\n\r\n", "end"),
        body("1\r\na\r\n" + LAST + post("", ""), "content a", "end", "POST / 1.1", "end"),
        body("1\r\na\r\n" + LAST + "x\r\n", "content a", "end", "400"),
        body("", "incomplete"),
        body("5", "incomplete"),
        body("5\r", "incomplete"),
        body("5\r\n", "incomplete"),
        body("5\r\nhell", "content hell", "incomplete"),
        body("5\r\nhello", "content hello", "incomplete"),
        body("5\r\nhello\r", "content hello", "incomplete"),
        body("5\r\nhello\r\n", "content hello", "incomplete"),
        body("0\r\n", "incomplete"),
        body("0\r\n\r", "incomplete"),
        body("1\r\naX\r\n", "content a", "400"),
        body("1\r\naX", "content a", "400"),
        body("1\r\na\n", "content a", "400"),
        body("1\r\na\rX", "content a", "400"),
        body("1\r\na\r\r\n", "content a", "400"),
        body("1\r\na" + LAST, "content a", "400"),
        body("5\r\nhell\r\n" + LAST, "content hell\r", "400"),
        body("1\r\na\r\n\r\n" + LAST, "content a", "400"));
  }

  private static Stream<DecoderCase> sizes() {
    Stream<DecoderCase> accepted =
        Stream.of("1", "01", "0000000000000001")
            .map(size -> body(size + "\r\na\r\n" + LAST, "content a", "end"));
    Stream<DecoderCase> refused =
        Stream.of(
                "",
                " 1",
                "\t1",
                "1 ",
                "1\t",
                "+1",
                "-1",
                "-0",
                "0x1",
                "x",
                "g",
                "1g",
                "1h",
                "#1",
                "1.0",
                "1,1",
                "1 1",
                "1_0",
                "\"1\"",
                "\u00b9",
                "\u00e1",
                "1\u0000",
                "\u00001",
                "1\u000b",
                "00000000000000001",
                "00000000000000000",
                "10000000000000000",
                "ffffffffffffffff0")
            .map(size -> body(size + "\r\na\r\n" + LAST, "400"));
    Stream<DecoderCase> lineEnds =
        Stream.of(
            body("1\na\r\n" + LAST, "400"),
            body("1\ra\r\n" + LAST, "400"),
            body("1\r\r\na\r\n" + LAST, "400"),
            body("\n1\r\na\r\n" + LAST, "400"),
            body("\r\n1\r\na\r\n" + LAST, "400"),
            body("0\n\r\n", "400"),
            body("0\r\n\n", "400"),
            body("0".repeat(9_000), "400"),
            body("g".repeat(9_000), "400"));
    return Stream.of(accepted, refused, lineEnds).flatMap(rows -> rows);
  }

  /** Where an int, an unsigned int or a long would overflow. What follows is never a new chunk. */
  private static Stream<DecoderCase> largeSizes() {
    String rest = "abcd\r\n" + LAST;
    Stream<DecoderCase> accepted =
        Stream.of(
                "7ffffffe",
                "7fffffff",
                "80000000",
                "80000004",
                "ffffffff",
                "100000000",
                "100000004",
                "7ffffffffffffffe",
                "7fffffffffffffff",
                "07fffffffffffffF".substring(1) + "f")
            .map(size -> body(size + "\r\n" + rest, "content " + rest, "incomplete"));
    Stream<DecoderCase> refused =
        Stream.of(
                "8000000000000000",
                "8000000000000004",
                "fffffffffffffffe",
                "ffffffffffffffff",
                "FFFFFFFFFFFFFFFC")
            .map(size -> body(size + "\r\n" + rest, "413"));
    return Stream.concat(accepted, refused);
  }

  private static Stream<DecoderCase> extensions() {
    Stream<DecoderCase> accepted =
        Stream.of(
                ";a",
                ";foo=bar",
                ";foo=\"bar\"",
                ";foo=\"\"",
                ";a=\"b;c=d\"",
                ";a=\"\\\"\"",
                ";a=\"\\\\\"",
                ";a=\"x\\\"y\"",
                ";a=\"\t \u00e9\"",
                ";a;b=c;d=\"e\"",
                " ; a = b",
                "\t;\ta\t=\t\"b\"",
                ";a ;b",
                ";a=b ; c",
                ";!#$%&'*+-.^_`|~=1")
            .flatMap(
                ext ->
                    Stream.of(
                        body("1" + ext + "\r\na\r\n" + LAST, "content a", "end"),
                        body("1\r\na\r\n0" + ext + "\r\n\r\n", "content a", "end")));
    Stream<DecoderCase> refused =
        Stream.of(
                ";",
                ";;",
                ";a;",
                "; ",
                ";a ",
                ";a=b ",
                ";a=\"b\" ",
                ";=",
                ";=b",
                ";a=",
                ";a= ",
                ";a=;b",
                ";a=b=c",
                ";a b",
                ";a=b c",
                ";a=\"",
                ";a=\"b",
                ";a=\"b\\",
                ";a=\"b\\\"",
                ";a=\"b\"c",
                ";a=b\"c\"",
                ";a='b c'",
                ";a=\"\u0000\"",
                ";a=\"\\\u0000\"",
                ";a=\"\u007f\"",
                ";a=\u00e9",
                ";\u00e9",
                ";a(b",
                ";a,b",
                "a;b;=",
                " a",
                ",a",
                ":a")
            .flatMap(
                ext ->
                    Stream.of(
                        body("1" + ext + "\r\na\r\n" + LAST, "400"),
                        body("1\r\na\r\n0" + ext + "\r\n\r\n", "content a", "400")));
    Stream<DecoderCase> lineEnds =
        Stream.of(
            body("1;\n", "400"),
            body("1;a\n", "400"),
            body("1;a\na\r\n" + LAST, "400"),
            body("1;a\r\r\na\r\n" + LAST, "400"),
            body("1;a\rb\r\na\r\n" + LAST, "400"),
            body("1;a=\"x\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n\"", "400"),
            body("1;a=\"x\n\"\r\na\r\n" + LAST, "400"),
            body("1;a=\"x\\\r\n\"\r\na\r\n" + LAST, "400"));
    return Stream.of(accepted, refused, lineEnds).flatMap(rows -> rows);
  }

  private static Stream<DecoderCase> cumulated() {
    Http1Limits ten = new Http1Limits(8192, 64 * 1024, 200, 10);
    Http1Limits none = new Http1Limits(8192, 64 * 1024, 200, 0);
    String five = "1;abcd\r\nx\r\n";
    String manyExtensions = "1;" + "e".repeat(80) + "\r\nx\r\n";
    return Stream.of(
        body("1;abcdefghi\r\nx\r\n" + LAST, "content x", "end").within(ten),
        body("1;abcdefghij\r\nx\r\n" + LAST, "400").within(ten),
        body("1 ; a = b \r\nx\r\n" + LAST, "400").within(ten),
        body(five + five + LAST, "content xx", "end").within(ten),
        body(five + "1;abcde\r\nx\r\n", "content x", "400").within(ten),
        body(five + five + "1;a\r\nx\r\n", "content xx", "400").within(ten),
        body(five + five + "0;a\r\n\r\n", "content xx", "400").within(ten),
        body("0000000000000001;abcdefghi\r\nx\r\n" + LAST, "content x", "end").within(ten),
        body("0000000000000001;abcdefghij\r\nx\r\n", "400").within(ten),
        body("0000000000000001;abcdefghi\r", "incomplete").within(ten),
        body("0000000000000001;abcdefghi\r ", "400").within(ten),
        body("1;" + "a".repeat(100), "400").within(ten),
        body(five + "1;" + "a".repeat(100), "content x", "400").within(ten),
        body("1\r\nx\r\n" + LAST, "content x", "end").within(none),
        body("1;a\r\nx\r\n" + LAST, "400").within(none),
        body(
                five + five + LAST + post("Transfer-Encoding: chunked\r\n", five + five + LAST),
                "content xx",
                "end",
                HEAD,
                "content xx",
                "end")
            .within(ten),
        body(manyExtensions.repeat(200), "content " + "x".repeat(8192 / 81), "400"));
  }

  private static Stream<DecoderCase> trailers() {
    Http1Limits small = new Http1Limits(32, 64, 3, 10);
    String next = post("", "");
    Stream<DecoderCase> accepted =
        Stream.of(
            body("0\r\nX-Trailer: yes\r\n\r\n", "end {X-Trailer=\"yes\"}"),
            body("1\r\na\r\n0\r\nX: y\r\nZ:\r\n\r\n", "content a", "end {X=\"y\", Z=\"\"}"),
            body("0\r\nX: y\r\nX: z\r\n\r\n", "end {X=\"y\", X=\"z\"}"),
            body("0\r\nX: y\r\n\r\n" + next, "end {X=\"y\"}", "POST / 1.1", "end"),
            body("0\r\nX: y\r\n", "incomplete"),
            body("0\r\nX: y\r\n\r", "incomplete"),
            body("0\r\nTe: y\r\nHosts: y\r\n\r\n", "end {Te=\"y\", Hosts=\"y\"}"),
            body("0\r\na: b\r\nc: d\r\ne: f\r\n\r\n", "end {a=\"b\", c=\"d\", e=\"f\"}")
                .within(small),
            body("0\r\na: b\r\nc: d\r\ne: f\r\ng: h\r\n\r\n", "431").within(small),
            body("0\r\na: " + "b".repeat(27) + "\r\n\r\n", "end {a=\"" + "b".repeat(27) + "\"}")
                .within(small),
            body("0\r\na: " + "b".repeat(28) + "\r\n\r\n", "431").within(small),
            body("0\r\na: " + "b".repeat(100), "431").within(small),
            body(
                    "0\r\n" + ("a: " + "b".repeat(26) + "\r\n").repeat(2) + "\r\n",
                    "end {a=\"" + "b".repeat(26) + "\", a=\"" + "b".repeat(26) + "\"}")
                .within(small),
            body("0\r\n" + ("a: " + "b".repeat(26) + "\r\n").repeat(2) + "x:\r\n\r\n", "431")
                .within(small));
    Stream<DecoderCase> refused =
        Stream.of(
                "X\r\n",
                ": x\r\n",
                " X: y\r\n",
                "X : y\r\n",
                "X: y\r\n folded\r\n",
                "X: y\n",
                "X: a\rb\r\n",
                "X: a\u0000\r\n",
                "X: y\n\r\n")
            .map(lines -> body("0\r\n" + lines + "\r\n" + next, "400"));
    Stream<DecoderCase> forbidden =
        Stream.of(
                "Host",
                "Content-Length",
                "Transfer-Encoding",
                "Connection",
                "Trailer",
                "Upgrade",
                "Authorization",
                "Proxy-Authorization",
                "Cookie",
                "Expect",
                "hOST",
                "CONTENT-LENGTH")
            .map(name -> body("0\r\nX: y\r\n" + name + ": 1\r\n\r\n" + next, "400"));
    return Stream.of(accepted, refused, forbidden).flatMap(rows -> rows);
  }

  private static Stream<DecoderCase> bodyLimits() {
    String kilobyte = "k".repeat(1024);
    return Stream.of(
        body("1\r\na\r\n7fffffff\r\n", "content a", "413").withMaxBody(1024),
        body("1\r\na\r\n7fffffffffffffff\r\n", "content a", "413").withMaxBody(1024),
        body("1\r\na\r\nffffffff\r\n", "content a", "413").withMaxBody(1024),
        body("100000004\r\nabcd\r\n", "413").withMaxBody(1024),
        body("400\r\n" + kilobyte + "\r\n" + LAST, "content " + kilobyte, "end").withMaxBody(1024),
        body("401\r\n", "413").withMaxBody(1024),
        body("400\r\n" + kilobyte + "\r\n1\r\n", "content " + kilobyte, "413").withMaxBody(1024),
        body("2\r\nab\r\n3\r\ncde\r\n" + LAST, "content abcde", "end").withMaxBody(5),
        body("2\r\nab\r\n4\r\ncdef\r\n" + LAST, "content ab", "413").withMaxBody(5),
        body("1\r\na\r\n7fffffffffffffff\r\n", "content a", "413"),
        body("1\r\na\r\n7ffffffffffffffe\r\nbc", "content abc", "incomplete"),
        body("1\r\na", "413").withMaxBody(0),
        body(LAST, "end").withMaxBody(0),
        body(
                "5\r\nhello\r\n"
                    + LAST
                    + post("Transfer-Encoding: chunked\r\n", "5\r\nhello\r\n" + LAST),
                "content hello",
                "end",
                HEAD,
                "content hello",
                "end")
            .withMaxBody(5));
  }
}
