package io.httpkit.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.internal.codec.http1.Http1Encoder.Persistence;
import io.httpkit.internal.codec.http1.Http1Event.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestEncoderTest {
  private static final RequestEncoder GET = RequestEncoder.of(Method.GET, "/", "a");
  private static final String LINES = "GET / HTTP/1.1\r\nHost: a\r\n";

  private static String head(RequestEncoder encoder, Headers headers) {
    ByteBuffer out = ByteBuffer.allocate(encoder.headBytes(headers));
    encoder.head(out, headers);
    return text(out);
  }

  private static String text(ByteBuffer written) {
    return StandardCharsets.ISO_8859_1.decode(written.flip()).toString();
  }

  private static RequestEncoder start(long length, Persistence persistence, boolean continues) {
    return new RequestEncoder(Method.PUT, "/p?q", "a:1", length, persistence, continues);
  }

  private static RequestEncoder withLength(Method method, String target, long length) {
    return new RequestEncoder(method, target, "a", length, Persistence.IMPLICIT, false);
  }

  // ---- the whole head

  private static Stream<Arguments> heads() {
    String put = "PUT /p?q HTTP/1.1\r\nHost: a:1\r\n";
    return Stream.of(
        Arguments.of(GET, LINES),
        Arguments.of(start(Http1Encoder.NO_LENGTH, Persistence.IMPLICIT, false), put),
        Arguments.of(start(0, Persistence.IMPLICIT, false), put + "Content-Length: 0\r\n"),
        Arguments.of(
            start(Http1Encoder.CHUNKED, Persistence.CLOSE, false),
            put + "Transfer-Encoding: chunked\r\nConnection: close\r\n"),
        Arguments.of(
            start(12, Persistence.KEEP_ALIVE, true),
            put + "Expect: 100-continue\r\nContent-Length: 12\r\nConnection: keep-alive\r\n"),
        Arguments.of(
            start(Http1Encoder.NO_LENGTH, Persistence.UPGRADE, false),
            put + "Connection: Upgrade\r\n"),
        Arguments.of(
            withLength(Method.POST, "/", Long.MAX_VALUE),
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775807\r\n"));
  }

  @ParameterizedTest
  @MethodSource("heads")
  void headIsRequestLineHostAndFraming(RequestEncoder encoder, String lines) {
    assertThat(head(encoder, Headers.empty())).isEqualTo(lines + "\r\n");
  }

  @Test
  void headersStandBehindTheHostInTheirOrder() {
    Headers headers = Headers.of("B", "1", "A", "", "b", "gr\u00fcn");

    assertThat(head(GET, headers)).isEqualTo(LINES + "B: 1\r\nA: \r\nb: gr\u00fcn\r\n\r\n");
  }

  @Test
  void writesBehindWhatTheBufferHolds() {
    ByteBuffer out = ByteBuffer.wrap(new byte[400], 100, 300).slice();
    out.put((byte) '>');

    GET.head(out, Headers.of("X", "y"));

    assertThat(text(out)).isEqualTo(">" + LINES + "X: y\r\n\r\n");
  }

  // ---- the fields of the framing

  @Test
  void hostOfTheApplicationStandsFirst() {
    assertThat(head(GET, Headers.of("X", "y", "hOST", "[::1]:80")))
        .isEqualTo("GET / HTTP/1.1\r\nHost: [::1]:80\r\nX: y\r\n\r\n");
  }

  private static Stream<Arguments> ownFields() {
    return Stream.of(
        Arguments.of(5, "Content-Length", "999", "Content-Length: 5\r\n"),
        Arguments.of(5, "content-length", "x", "Content-Length: 5\r\n"),
        Arguments.of(Http1Encoder.CHUNKED, "Content-Length", "5", "Transfer-Encoding: chunked\r\n"),
        Arguments.of(0, "Content-Length", "0", "Content-Length: 0\r\n"),
        Arguments.of(Http1Encoder.NO_LENGTH, "Content-Length", "0", ""),
        Arguments.of(Http1Encoder.NO_LENGTH, "Connection", "close", ""),
        Arguments.of(Http1Encoder.NO_LENGTH, "Expect", "100-Continue", ""),
        Arguments.of(Http1Encoder.NO_LENGTH, "Expects", "x", "Expects: x\r\n"),
        Arguments.of(Http1Encoder.NO_LENGTH, "Upgrade", "x", "Upgrade: x\r\n"),
        Arguments.of(Http1Encoder.NO_LENGTH, "Hosts", "x", "Hosts: x\r\n"),
        Arguments.of(Http1Encoder.NO_LENGTH, "TE", "trailers", "TE: trailers\r\n"));
  }

  @ParameterizedTest
  @MethodSource("ownFields")
  void framingOfTheApplicationIsLeftOut(long length, String name, String value, String lines) {
    RequestEncoder encoder = withLength(Method.GET, "/", length);

    assertThat(head(encoder, Headers.of(name, value))).isEqualTo(LINES + lines + "\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "-1, Content-Length, 5, Content-Length without a body",
    "-1, Content-Length, 00, Content-Length without a body",
    "0, Content-Length, 5, Content-Length without a body",
    "5, Transfer-Encoding, chunked, Transfer-Encoding must be left to the client",
    "-2, transfer-encoding, chunked, Transfer-Encoding must be left to the client",
    "-1, Expect, x, the only expectation is 100-continue",
    "-1, Host, a b, 'Host must be a name or address, with or without a port'",
    "-1, Host, '', 'Host must be a name or address, with or without a port'",
    "-1, Host, user@a, 'Host must be a name or address, with or without a port'"
  })
  void framingOfTheApplicationIsRefused(long length, String name, String value, String message) {
    RequestEncoder encoder = withLength(Method.GET, "/", length);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> head(encoder, Headers.of(name, value)))
        .withMessage(message);
  }

  @Test
  void repeatedFramingIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> head(GET, Headers.of("Host", "a", "HOST", "a")))
        .withMessage("more than one Host");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                head(
                    withLength(Method.GET, "/", 1),
                    Headers.of("Content-Length", "1", "content-length", "1")))
        .withMessage("more than one Content-Length");
  }

  @Test
  void nothingIsWrittenOfAHeadThatIsRefused() {
    ByteBuffer out = ByteBuffer.allocate(400).put((byte) '>');

    assertThatIllegalArgumentException().isThrownBy(() -> GET.head(out, Headers.of("Expect", "x")));
    assertThat(out.position()).isEqualTo(1);
  }

  // ---- targets

  @ParameterizedTest
  @CsvSource({
    "GET, /",
    "GET, //a/b",
    "GET, /a?b=c&d[]=%20",
    "GET, http://a.example:80/b?c",
    "GET, HTTPS://[::1]",
    "OPTIONS, *",
    "OPTIONS, /",
    "CONNECT, a.example:443",
    "CONNECT, [::1]:443"
  })
  void targetHasTheFormOfTheMethod(Method method, String target) {
    assertThat(head(RequestEncoder.of(method, target, "a"), Headers.empty()))
        .startsWith(method + " " + target + " HTTP/1.1\r\nHost: a\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, ''",
    "GET, *",
    "GET, a",
    "GET, a:80",
    "GET, ?q",
    "GET, ftp://a/",
    "GET, http:///",
    "GET, http://user@a/",
    "GET, http://a:65536/",
    "GET, /a b",
    "GET, /a#b",
    "GET, '/a\rb'",
    "GET, '/a\nb'",
    "GET, '/ HTTP/1.1\r\nX: y'",
    "GET, '/\u0000'",
    "GET, '/\u007f'",
    "GET, '/gr\u00fcn'",
    "GET, '/\u0120'",
    "GET, '/\u010a'",
    "CONNECT, /",
    "CONNECT, a",
    "CONNECT, a:",
    "CONNECT, http://a:80",
    "CONNECT, [::1]",
    "OPTIONS, **"
  })
  void otherTargetsAreRefused(Method method, String target) {
    assertThatIllegalArgumentException().isThrownBy(() -> RequestEncoder.of(method, target, "a"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a\r\nX: y", "a/b", "user@a", "a:65536", "a:+80", "gr\u00fcn"})
  void otherHostsAreRefused(String host) {
    assertThatIllegalArgumentException().isThrownBy(() -> RequestEncoder.of(Method.GET, "/", host));
  }

  @Test
  void onlyABodyWaits() {
    for (long length : new long[] {0, Http1Encoder.NO_LENGTH}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> start(length, Persistence.IMPLICIT, true))
          .withMessage("no body to wait with for 100");
    }
    assertThatIllegalArgumentException().isThrownBy(() -> withLength(Method.GET, "/", -3));
  }

  // ---- round trip

  @Test
  void whatIsWrittenCanBeRead() {
    Random random = new Random(20260101);
    for (int round = 0; round < 1_000; round++) {
      Headers headers = random(random);
      long length = random.nextLong() & Long.MAX_VALUE >> random.nextInt(63);
      String target = "/" + round;
      RequestEncoder encoder = withLength(Method.POST, target, length);
      ByteBuffer out = ByteBuffer.allocate(encoder.headBytes(headers));
      encoder.head(out, headers);

      assertThat(Http1Decoder.forRequests(DecoderCase.LIMITS).next(out.flip()))
          .isInstanceOfSatisfying(
              RequestHead.class,
              head -> {
                assertThat(head.method()).isEqualTo(Method.POST);
                assertThat(head.target()).isEqualTo(target);
                assertThat(head.framing().length()).isEqualTo(length);
                assertThat(head.headers()).isEqualTo(read(headers, length));
              });
    }
  }

  private static Headers random(Random random) {
    Headers.Builder headers = Headers.builder();
    for (int i = random.nextInt(20); i > 0; i--) {
      String name = "N-" + Integer.toString(random.nextInt(1_000_000), 36);
      headers.add(name, random.nextBoolean() ? "" : "v" + (char) (0xa1 + random.nextInt(95)));
    }
    return headers.build();
  }

  private static Headers read(Headers headers, long length) {
    Headers.Builder read = Headers.builder().add("Host", "a");
    for (int i = 0; i < headers.size(); i++) {
      read.add(headers.name(i), headers.value(i));
    }
    return read.add("Content-Length", Long.toString(length)).build();
  }
}
