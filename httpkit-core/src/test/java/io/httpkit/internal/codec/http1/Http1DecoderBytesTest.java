package io.httpkit.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Each of the 256 bytes at each kind of place in a head. */
class Http1DecoderBytesTest {
  private static final String ALPHANUMERIC =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final String TOKEN = ALPHANUMERIC + "!#$%&'*+-.^_`|~";

  /** In place of a status: something is still to come. */
  private static final int INCOMPLETE = 0;

  private static boolean isToken(int b) {
    return TOKEN.indexOf(b) >= 0;
  }

  private static boolean isValue(int b) {
    return b == '\t' || (b >= ' ' && b != 0x7f);
  }

  private static boolean isTarget(int b) {
    return b > ' ' && b < 0x7f && b != '#';
  }

  private static int only(IntPredicate accepted, int b) {
    return accepted.test(b) ? 200 : 400;
  }

  /**
   * @param template the place of the byte is a {@code @}
   * @param expected the status each byte leads to, 200 if it is accepted
   */
  private static void check(String template, IntUnaryOperator expected) {
    check(text -> DecoderCase.row("byte", text), template, expected);
  }

  /** The same for a response, of which each byte is accepted or leads to 502. */
  private static void checkResponse(String template, IntPredicate accepted) {
    check(DecoderCase::response, template, b -> accepted.test(b) ? 200 : 502);
  }

  private static void check(
      Function<String, DecoderCase> kind, String template, IntUnaryOperator expected) {
    List<String> wrong =
        IntStream.range(0, 256)
            .filter(b -> outcome(kind, template, b) != expected.applyAsInt(b))
            .mapToObj(
                b -> "0x" + Integer.toHexString(b) + " leads to " + outcome(kind, template, b))
            .collect(Collectors.toList());
    assertThat(wrong).as(template).isEmpty();
  }

  private static int outcome(Function<String, DecoderCase> kind, String template, int b) {
    String text = template.replace('@', (char) b);
    DecoderCase row = kind.apply(text);
    int[] cuts = IntStream.range(1, text.length()).filter(i -> i % 7 == b % 7).toArray();
    String last = last(Decoding.checkCuts(row, cuts).words());
    if (last.startsWith("end")) {
      return 200;
    }
    return last.equals("incomplete") ? INCOMPLETE : Integer.parseInt(last);
  }

  private static String last(List<String> words) {
    return words.get(words.size() - 1);
  }

  @Test
  void methodIsATokenInUpperCase() {
    IntUnaryOperator expected =
        b -> {
          boolean lower = b >= 'a' && b <= 'z';
          return isToken(b) && !lower ? 501 : 400;
        };
    check("GE@ET / HTTP/1.1\r\nHost: a\r\n\r\n", expected);
    check("GET@ / HTTP/1.1\r\nHost: a\r\n\r\n", expected);
    check("@GET / HTTP/1.1\r\nHost: a\r\n\r\n", expected);
  }

  @Test
  void targetIsVisibleAscii() {
    check("GET /a@b HTTP/1.1\r\nHost: a\r\n\r\n", b -> only(Http1DecoderBytesTest::isTarget, b));
    check("GET /@ HTTP/1.1\r\nHost: a\r\n\r\n", b -> only(Http1DecoderBytesTest::isTarget, b));
    check("GET /?@ HTTP/1.1\r\nHost: a\r\n\r\n", b -> only(Http1DecoderBytesTest::isTarget, b));
  }

  @Test
  void betweenThePartsOfTheRequestLineIsASpace() {
    check("GET@/ HTTP/1.1\r\nHost: a\r\n\r\n", b -> only(c -> c == ' ', b));
    check("GET /@HTTP/1.1\r\nHost: a\r\n\r\n", b -> only(c -> c == ' ', b));
  }

  @Test
  void versionIsOneOfTwo() {
    IntPredicate known = b -> b == '0' || b == '1';
    IntPredicate digit = b -> b >= '0' && b <= '9';
    check(
        "GET / HTTP/1.@\r\nHost: a\r\n\r\n", b -> known.test(b) ? 200 : digit.test(b) ? 505 : 400);
    check("GET / HTTP/@.1\r\nHost: a\r\n\r\n", b -> b == '1' ? 200 : digit.test(b) ? 505 : 400);
    check("GET / HTTP/1@1\r\nHost: a\r\n\r\n", b -> only(c -> c == '.', b));
    check("GET / HTT@/1.1\r\nHost: a\r\n\r\n", b -> only(c -> c == 'P', b));
  }

  @Test
  void lineEndsWithCarriageReturnAndLineFeed() {
    check("GET / HTTP/1.1@\nHost: a\r\n\r\n", b -> only(c -> c == '\r', b));
    check("GET / HTTP/1.1\r\nHost: a\r\nX: y@\n\r\n", b -> only(c -> c == '\r', b));
    check("GET / HTTP/1.1\r\nHost: a\r\n@\n\r\n", b -> only(c -> c == '\r', b));
    check("GET / HTTP/1.1\r\nHost: a\r\nX: y\r@\r\n\r\n", b -> only(c -> c == '\n', b));
    check("GET / HTTP/1.1\r@Host: a\r\n\r\n", b -> only(c -> c == '\n', b));
  }

  @Test
  void nameIsAToken() {
    check("GET / HTTP/1.1\r\nHost: a\r\nX@Y: z\r\n\r\n", b -> only(c -> isToken(c) || c == ':', b));
    check(
        "GET / HTTP/1.1\r\nHost: a\r\n@X: y\r\n\r\n", b -> only(Http1DecoderBytesTest::isToken, b));
    check("GET / HTTP/1.1\r\nHost: a\r\nX@: y\r\n\r\n", b -> only(c -> isToken(c) || c == ':', b));
    check(
        "GET / HTTP/1.1\r\n@Host: a\r\nHost: a\r\n\r\n",
        b -> only(Http1DecoderBytesTest::isToken, b));
    check("GET / HTTP/1.1\r\nHost: a\r\nX@y\r\n\r\n", b -> only(c -> c == ':', b));
  }

  @Test
  void valueIsWithoutControlCharacters() {
    check(
        "GET / HTTP/1.1\r\nHost: a\r\nX: y@z\r\n\r\n",
        b -> only(Http1DecoderBytesTest::isValue, b));
    check("GET / HTTP/1.1\r\nHost: a\r\nX:@\r\n\r\n", b -> only(Http1DecoderBytesTest::isValue, b));
    check(
        "GET / HTTP/1.1\r\nHost: a\r\nX: y@\r\n\r\n", b -> only(Http1DecoderBytesTest::isValue, b));
  }

  @Test
  void hostIsOfLettersDigitsAndFewSymbols() {
    check(
        "GET / HTTP/1.1\r\nHost: a@1\r\n\r\n",
        b -> only(c -> (ALPHANUMERIC + "-._~%:").indexOf(c) >= 0, b));
  }

  @Test
  void lengthIsOfDigits() {
    check(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0@\r\n\r\n",
        b -> b == '0' || b == ' ' || b == '\t' ? 200 : b > '0' && b <= '9' ? INCOMPLETE : 400);
  }

  @Test
  void codingIsChunked() {
    check(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked@\r\n\r\n0\r\n\r\n",
        b -> only(c -> c == ' ' || c == '\t', b));
    check(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunke@\r\n\r\n0\r\n\r\n",
        b -> only(c -> c == 'd' || c == 'D', b));
  }

  @Test
  void chunkSizeIsOfHexadecimalDigits() {
    String head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    IntUnaryOperator size =
        b -> b == '0' ? 200 : "23456789abcdefABCDEF".indexOf(b) >= 0 ? INCOMPLETE : 400;
    check(head + "0@\r\n\r\n", size);
    check(head + "@\r\n\r\n", size);
    check(head + "0;@\r\n\r\n", b -> only(Http1DecoderBytesTest::isToken, b));
    check(head + "0;a=\"@\"\r\n\r\n", b -> only(c -> isValue(c) && c != '"' && c != '\\', b));
    check(head + "0;a=\"\\@\"\r\n\r\n", b -> only(Http1DecoderBytesTest::isValue, b));
    check(head + "1\r\n@\r\n0\r\n\r\n", b -> 200);
    check(head + "1\r\nx@\n0\r\n\r\n", b -> only(c -> c == '\r', b));
    check(head + "1\r\nx\r@0\r\n\r\n", b -> only(c -> c == '\n', b));
    check(head + "0\r\nX: @\r\n\r\n", b -> only(Http1DecoderBytesTest::isValue, b));
    check(head + "0\r\n@X: y\r\n\r\n", b -> only(Http1DecoderBytesTest::isToken, b));
  }

  @Test
  void statusLineIsVersionCodeAndReason() {
    IntPredicate digit = b -> b >= '0' && b <= '9';
    checkResponse("HTTP/1.@ 200 x\r\nContent-Length: 0\r\n\r\n", b -> b == '0' || b == '1');
    checkResponse("HTTP/@.1 200 x\r\nContent-Length: 0\r\n\r\n", b -> b == '1');
    checkResponse("HTT@/1.1 200 x\r\nContent-Length: 0\r\n\r\n", b -> b == 'P');
    checkResponse("@HTTP/1.1 200 x\r\nContent-Length: 0\r\n\r\n", b -> false);
    checkResponse("HTTP/1.1@200 x\r\nContent-Length: 0\r\n\r\n", b -> b == ' ');
    checkResponse("HTTP/1.1 20@ x\r\nContent-Length: 0\r\n\r\n", digit);
    checkResponse("HTTP/1.1 2@0 x\r\nContent-Length: 0\r\n\r\n", digit);
    checkResponse("HTTP/1.1 200@x\r\nContent-Length: 0\r\n\r\n", b -> b == ' ');
    checkResponse("HTTP/1.1 200 a@b\r\nContent-Length: 0\r\n\r\n", Http1DecoderBytesTest::isValue);
    checkResponse("HTTP/1.1 200 x@\nContent-Length: 0\r\n\r\n", b -> b == '\r');
    checkResponse("HTTP/1.1 200 x\r@Content-Length: 0\r\n\r\n", b -> b == '\n');
  }
}
