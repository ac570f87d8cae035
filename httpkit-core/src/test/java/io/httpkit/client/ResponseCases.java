package io.httpkit.client;

import static io.httpkit.client.ResponseCase.answer;
import static io.httpkit.client.ResponseCase.failure;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ResponseCase.Ending;
import io.httpkit.http.Method;
import java.util.stream.Stream;

/** What servers send. The limits of heads are those of {@link ResponseTableTest}. */
final class ResponseCases {
  private static final String OK = "HTTP/1.1 200 OK\r\n";
  private static final String CHUNKED = OK + "Transfer-Encoding: chunked\r\n\r\n";
  private static final String HELLO = OK + "Content-Length: 5\r\n\r\nhello";
  private static final String NOT_HTTP = "is not HTTP";

  private ResponseCases() {}

  static Stream<ResponseCase> all() {
    return Stream.of(
            bodies(), interims(), bodyless(), badHeads(), persistence(), limits(), endings())
        .flatMap(rows -> rows);
  }

  private static Stream<ResponseCase> bodies() {
    return Stream.of(
        answer("Content-Length", HELLO, 200, "hello").withHeaders("Content-Length: 5\n"),
        answer("Content-Length 0", OK + "Content-Length: 0\r\n\r\n", 200, ""),
        answer("no reason", "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\na", 200, "a"),
        answer("empty reason", "HTTP/1.1 200 \r\nContent-Length: 1\r\n\r\na", 200, "a"),
        answer("an error", "HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\nno", 500, "no"),
        answer("unknown status", "HTTP/1.1 799 Oh\r\nContent-Length: 2\r\n\r\nno", 799, "no"),
        answer("chunks", CHUNKED + "5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", 200, "hello world"),
        answer("no chunk", CHUNKED + "0\r\n\r\n", 200, ""),
        answer("chunk extension", CHUNKED + "1;a=b\r\nx\r\n0\r\n\r\n", 200, "x"),
        answer("Chunked", OK + "Transfer-Encoding: Chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 200, "x"),
        answer("trailers", CHUNKED + "1\r\nx\r\n0\r\nT: a\r\nU: b\r\n\r\n", 200, "x"),
        answer("until close", OK + "\r\nall of it", 200, "all of it").then(Ending.CLOSES).once(),
        answer("empty until close", OK + "\r\n", 200, "").then(Ending.CLOSES).once());
  }

  private static Stream<ResponseCase> interims() {
    return Stream.of("100 Continue", "103 Early Hints", "199 Whatever")
        .map(
            line ->
                answer(line, "HTTP/1.1 " + line + "\r\nInterim: x\r\n\r\n" + HELLO, 200, "hello")
                    .withHeaders("Content-Length: 5\n"));
  }

  /** Complete with their heads, on a connection that stays open. */
  private static Stream<ResponseCase> bodyless() {
    String length = "Content-Length: 999\r\n\r\n";
    String coding = "Transfer-Encoding: nonsense\r\n\r\n";
    return Stream.of(
        answer("HEAD", OK + length, 200, "").to(Method.HEAD),
        answer("HEAD, coding", OK + coding, 200, "").to(Method.HEAD),
        answer("304", "HTTP/1.1 304 Not Modified\r\n" + length, 304, ""),
        answer("304, coding", "HTTP/1.1 304 Not Modified\r\n" + coding, 304, ""),
        answer("204", "HTTP/1.1 204 No Content\r\n\r\n", 204, ""),
        answer("204, length", "HTTP/1.1 204 No Content\r\n" + length, 204, "").once(),
        answer("204, coding", "HTTP/1.1 204 No Content\r\n" + coding, 204, "").once(),
        answer("205, length", "HTTP/1.1 205 Reset Content\r\n" + length, 205, "").once(),
        answer("205, coding", "HTTP/1.1 205 Reset Content\r\n" + coding, 205, "").once());
  }

  private static Stream<ResponseCase> badHeads() {
    Stream<String> lines =
        Stream.of(
            "GARBAGE 200 OK",
            "HTTP/2.0 200 OK",
            "HTTP/1.1 20 OK",
            "HTTP/1.1 +20 OK",
            "HTTP/1.1 2O0 OK",
            "HTTP/1.1 2000 OK",
            "ICY 200 OK");
    Stream<String> fields =
        Stream.of(
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Content-Length: -1",
            "Content-Length: +1",
            "Content-Length: 1, 1",
            "Content-Length: 99999999999999999999",
            "Content-Length: 5\r\nContent-Length: 5",
            "Transfer-Encoding: gzip",
            "Transfer-Encoding: chunked, gzip",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "No colon",
            "Space : a",
            " folded: a");
    return Stream.of(
            lines.map(
                line ->
                    failure(line, line + "\r\nContent-Length: 0\r\n\r\n", Kind.PROTOCOL, NOT_HTTP)),
            fields.map(field -> failure(field, OK + field + "\r\n\r\n", Kind.PROTOCOL, NOT_HTTP)),
            Stream.of(
                failure("bad chunk", CHUNKED + "-1\r\nx\r\n", Kind.PROTOCOL, NOT_HTTP),
                failure("chunk of nothing", CHUNKED + "\r\nx\r\n", Kind.PROTOCOL, NOT_HTTP),
                failure("long chunk", CHUNKED + "1\r\nxyz\r\n", Kind.PROTOCOL, NOT_HTTP),
                failure(
                    "forbidden trailer",
                    CHUNKED + "1\r\nx\r\n0\r\nContent-Length: 1\r\n\r\n",
                    Kind.PROTOCOL,
                    NOT_HTTP),
                failure(
                    "chunks in 1.0",
                    "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                    Kind.PROTOCOL,
                    NOT_HTTP),
                failure(
                    "101",
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: a\r\nConnection: upgrade\r\n\r\n",
                    Kind.PROTOCOL,
                    "unasked")))
        .flatMap(rows -> rows);
  }

  private static Stream<ResponseCase> persistence() {
    String length = "Content-Length: 1\r\n";
    return Stream.of(
        answer("1.0", "HTTP/1.0 200 OK\r\n" + length + "\r\na", 200, "a").once(),
        answer(
            "1.0, keep-alive",
            "HTTP/1.0 200 OK\r\n" + length + "Connection: keep-alive\r\n\r\na",
            200,
            "a"),
        answer("close", OK + length + "Connection: close\r\n\r\na", 200, "a").once(),
        answer("Close among others", OK + length + "Connection: x, Close\r\n\r\na", 200, "a")
            .once(),
        answer("Keep-Alive: timeout=5", OK + length + "Keep-Alive: timeout=5\r\n\r\na", 200, "a"),
        answer(
            "Keep-Alive: timeout=5, max=9",
            OK + length + "Keep-Alive: timeout=5, max=9\r\n\r\na",
            200,
            "a"),
        answer(
            "Keep-Alive: timeout=99999999999999999999",
            OK + length + "Keep-Alive: timeout=99999999999999999999\r\n\r\na",
            200,
            "a"),
        answer("Keep-Alive: max=9", OK + length + "Keep-Alive: max=9\r\n\r\na", 200, "a"),
        answer("Keep-Alive: timeout=0", OK + length + "Keep-Alive: timeout=0\r\n\r\na", 200, "a")
            .once(),
        answer("Keep-Alive: timeout=1", OK + length + "Keep-Alive: timeout=1\r\n\r\na", 200, "a")
            .once(),
        answer("Keep-Alive: timeout=x", OK + length + "Keep-Alive: timeout=x\r\n\r\na", 200, "a")
            .once(),
        answer("surplus", OK + length + "\r\nab", 200, "a").once(),
        answer("surplus behind chunks", CHUNKED + "1\r\na\r\n0\r\n\r\n\r\n", 200, "a").once(),
        answer("a second response", HELLO + HELLO, 200, "hello").once(),
        answer("half-closed", HELLO, 200, "hello").then(Ending.HALF_CLOSES).once(),
        answer("closed", HELLO, 200, "hello").then(Ending.CLOSES).once());
  }

  private static Stream<ResponseCase> limits() {
    String line = "X: " + "y".repeat(60) + "\r\n";
    String end = "Content-Length: 1\r\n\r\na";
    return Stream.of(
        answer("longest line", OK + "X: " + "y".repeat(59) + "\r\n" + end, 200, "a"),
        failure(
            "line too long", OK + "X: " + "y".repeat(60) + "\r\n" + end, Kind.PROTOCOL, NOT_HTTP),
        failure("endless line", OK + "X: " + "y".repeat(1000), Kind.PROTOCOL, NOT_HTTP),
        failure("endless status line", "HTTP/1.1 200 " + "y".repeat(1000), Kind.PROTOCOL, NOT_HTTP),
        failure(
            "head too long",
            OK + line.substring(0, 50).concat("\r\n").repeat(6) + end,
            Kind.PROTOCOL,
            NOT_HTTP),
        answer("most lines", OK + "X: y\r\n".repeat(7) + end, 200, "a"),
        failure("too many lines", OK + "X: y\r\n".repeat(8) + end, Kind.PROTOCOL, NOT_HTTP),
        failure(
            "too many trailers",
            CHUNKED + "0\r\n" + "X: y\r\n".repeat(9) + "\r\n",
            Kind.PROTOCOL,
            NOT_HTTP),
        answer(
            "largest body",
            OK + "Content-Length: 100\r\n\r\n" + "b".repeat(100),
            200,
            "b".repeat(100)),
        failure(
            "announced body too large",
            OK + "Content-Length: 101\r\n\r\n",
            Kind.TOO_LARGE,
            "maxBody"),
        failure(
            "huge announced body",
            OK + "Content-Length: 9223372036854775807\r\n\r\n",
            Kind.PROTOCOL,
            "too large"),
        failure(
            "chunks too large",
            CHUNKED + ("33\r\n" + "b".repeat(51) + "\r\n").repeat(2) + "0\r\n\r\n",
            Kind.TOO_LARGE,
            "maxBody"),
        failure("too much until close", OK + "\r\n" + "b".repeat(101), Kind.TOO_LARGE, "maxBody"));
  }

  private static ResponseCase early(String name, String response, String where) {
    return failure(name, response, Kind.CLOSED, where);
  }

  private static Stream<ResponseCase> endings() {
    String before = "closed before a response of http";
    String head = "closed within the head of the response of http";
    String body = "closed within the body of the response of http";
    return Stream.of(
            early("before the head", "", before),
            early("within the status line", "HTTP/1.1 2", head),
            early("within the head", OK + "Content-", head),
            early("within the end of the head", OK + "Content-Length: 1\r\n\r", head),
            early("behind an interim head", "HTTP/1.1 100 Continue\r\n\r\n", head),
            early("before a fixed body", OK + "Content-Length: 5\r\n\r\n", body),
            early("within a fixed body", OK + "Content-Length: 5\r\n\r\nhell", body),
            early("before the first chunk", CHUNKED, body),
            early("within a chunk size", CHUNKED + "5", body),
            early("within a chunk", CHUNKED + "5\r\nhell", body),
            early("behind a chunk", CHUNKED + "5\r\nhello", body),
            early("between chunks", CHUNKED + "5\r\nhello\r\n", body),
            early("within the last chunk", CHUNKED + "0\r\n", body),
            early("within trailers", CHUNKED + "0\r\nT: a\r\n", body))
        .flatMap(
            row ->
                Stream.of(Ending.HALF_CLOSES, Ending.CLOSES, Ending.RESETS)
                    .map(ending -> named(row, ending)));
  }

  private static ResponseCase named(ResponseCase row, Ending ending) {
    return new ResponseCase(
        ending + " " + row.name(),
        row.method(),
        row.response(),
        ending,
        row.status(),
        row.headers(),
        row.body(),
        row.kind(),
        row.message(),
        row.next());
  }
}
