package io.httpkit.internal.codec.http1;

import static io.httpkit.internal.codec.http1.DecoderCase.get;
import static io.httpkit.internal.codec.http1.DecoderCase.post;

import io.httpkit.http.Method;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damaged requests and responses: each is decoded or refused, never in another way, and the same
 * however it is cut.
 */
class Http1DecoderFuzzTest {
  private static final long SEED = 20260101;
  private static final int ROUNDS = 6_000;
  private static final int MAX_CHANGES = 4;

  private static final Http1Limits TIGHT = new Http1Limits(48, 160, 5, 12);

  private static final String CHUNKS =
      "5\r\nhello\r\n1;a=\"b\"\r\n \r\n005;c\r\nworld\r\n0\r\nX: y\r\n\r\n";

  private static final List<String> VALID =
      List.of(
          "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
          "\r\nGET http://a/p?q HTTP/1.1\r\nHost: a:80\r\nConnection: close, x\r\n\r\n",
          "OPTIONS * HTTP/1.0\r\nConnection: keep-alive\r\n\r\nCONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
          post("Expect: 100-continue\r\nContent-Length: 11\r\n", "hello world").concat(get("")),
          post("Transfer-Encoding: chunked\r\n", CHUNKS).concat(get("X: y\r\n")));

  private static final List<String> VALID_RESPONSES =
      List.of(
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 103 x\r\nA: b\r\n\r\nHTTP/1.1 100\r\n\r\nHTTP/1.1 204 No\r\n\r\n",
          "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nuntil close",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS,
          "HTTP/1.1 304 x\r\nContent-Length: 9\r\n\r\nHTTP/1.1 101 x\r\n\r\n\u0081");

  private static final List<String> PIECES =
      List.of(
          "\r",
          "\n",
          "\r\n",
          "\r\n\r\n",
          "\u0000",
          "\u007f",
          "\u0085",
          "\u00ff",
          " ",
          "\t",
          ":",
          ";",
          "=",
          "\"",
          "\\",
          "0",
          "1",
          "f",
          "ffffffffffffffff",
          "-",
          "+",
          ",",
          "chunked",
          "Transfer-Encoding: chunked\r\n",
          "Content-Length: 3\r\n",
          "Host: b\r\n",
          "x: y\r\n",
          "GET / HTTP/1.1\r\n",
          "HTTP/1.1 100 x\r\n\r\n",
          "HTTP/1.1 200 OK\r\n",
          "204",
          "0\r\n\r\n",
          "aaaaaaaaaaaaaaaaaaaaaaaa");

  private final Random random = new Random(SEED);

  @Test
  void damagedRequestsAreDecodedTheSameHoweverTheyAreCut() {
    for (int round = 0; round < ROUNDS; round++) {
      String text = damaged(VALID.get(random.nextInt(VALID.size())));
      DecoderCase row = DecoderCase.row("round " + round, text);
      Decoding.checkCuts(random.nextBoolean() ? row : row.within(TIGHT).withMaxBody(8), cuts(text));
    }
  }

  @Test
  void damagedResponsesAreDecodedTheSameHoweverTheyAreCut() {
    for (int round = 0; round < ROUNDS; round++) {
      String text = damaged(VALID_RESPONSES.get(random.nextInt(VALID_RESPONSES.size())));
      DecoderCase row =
          DecoderCase.response(text)
              .to(random.nextBoolean() ? Method.GET : Method.HEAD, Method.GET)
              .ended();
      Decoding.checkCuts(random.nextBoolean() ? row : row.within(TIGHT).withMaxBody(8), cuts(text));
    }
  }

  private String damaged(String valid) {
    StringBuilder text = new StringBuilder(valid);
    for (int changes = 1 + random.nextInt(MAX_CHANGES); changes > 0; changes--) {
      damage(text);
    }
    return text.toString();
  }

  private void damage(StringBuilder text) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + 1 + random.nextInt(8));
    switch (random.nextInt(5)) {
      case 0 -> text.replace(at, Math.min(at + 1, text.length()), piece());
      case 1 -> text.delete(at, end);
      case 2 -> text.insert(at, text.substring(at, end));
      case 3 -> text.insert(at, (char) random.nextInt(256));
      default -> text.insert(at, piece());
    }
  }

  private String piece() {
    return PIECES.get(random.nextInt(PIECES.size()));
  }

  private int[] cuts(String text) {
    return random.ints(random.nextInt(5), 0, text.length() + 1).sorted().toArray();
  }
}
