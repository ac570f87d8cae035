package io.httpkit.internal.codec.http1;

import static io.httpkit.internal.codec.http1.DecoderCase.LIMITS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Event.Content;
import io.httpkit.internal.codec.http1.Http1Event.Continue;
import io.httpkit.internal.codec.http1.Http1Event.End;
import io.httpkit.internal.codec.http1.Http1Event.ResponseHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the tables do not show of a decoder of responses. */
class Http1ResponseDecoderTest {
  private final Http1Decoder decoder = Http1Decoder.forResponses(LIMITS);

  private static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private ResponseHead head(Method method, String text) {
    decoder.expect(method);
    if (decoder.next(buffer(text)) instanceof ResponseHead head) {
      return head;
    }
    throw new AssertionError("no head");
  }

  @ParameterizedTest
  @CsvSource({
    "200, OK, 200, OK",
    "200, Fine, 200, OK",
    "302, Moved Temporarily, 302, Found",
    "404, '', 404, Not Found",
    "520, Origin is odd, 520, Origin is odd",
    "520, '', 520, ''",
    "520, gr\u00fcn, 520, ''",
    "520, 'a\tb', 520, ''"
  })
  void reasonIsKeptOfACodeWithoutAName(int code, String sent, int kept, String reason) {
    ResponseHead head =
        head(Method.GET, "HTTP/1.1 " + code + " " + sent + "\r\nContent-Length: 0\r\n\r\n");

    assertThat(head.status()).isEqualTo(new Status(kept, reason));
  }

  @Test
  void headersOfInterimResponsesAreNotSeen() {
    String hints = "HTTP/1.1 103 x\r\nA: 1\r\n\r\n";
    String goOn = "HTTP/1.1 100 x\r\nB: 2\r\n\r\n";
    ByteBuffer in = buffer(hints + goOn + "HTTP/1.1 204 x\r\nC: 3\r\n\r\n");
    decoder.expect(Method.GET);

    assertThat(decoder.next(in)).isInstanceOf(Continue.class);
    assertThat(decoder.next(in))
        .isInstanceOfSatisfying(
            ResponseHead.class, head -> assertThat(head.headers()).isEqualTo(Headers.of("C", "3")));
  }

  @Test
  void bytesOfTheOtherProtocolAreLeftInTheBuffer() {
    ByteBuffer in = buffer("HTTP/1.1 101 x\r\nUpgrade: x\r\n\r\nrest");
    decoder.expect(Method.GET);

    assertThat(decoder.next(in))
        .isInstanceOfSatisfying(ResponseHead.class, head -> assertThat(head.upgrade()).isTrue());
    assertThat(in.remaining()).isEqualTo(4);
  }

  @Test
  void bodyUntilTheCloseIsAViewOfTheInput() {
    ByteBuffer in = buffer("HTTP/1.1 200 x\r\n\r\nhello");
    decoder.expect(Method.GET);
    decoder.next(in);

    assertThat(decoder.next(in))
        .isInstanceOfSatisfying(
            Content.class, piece -> assertThat(piece.bytes()).isEqualTo(buffer("hello")));
    assertThat(decoder.next(in)).isNull();
    assertThat(decoder.endOfInput()).isEqualTo(new End(Headers.empty()));
    assertThat(decoder.isBetweenMessages()).isTrue();
    assertThat(decoder.endOfInput()).isNull();
  }

  @Test
  void isBetweenMessagesOnlyWhileNoByteOfTheResponseHasCome() {
    assertThat(decoder.isBetweenMessages()).isTrue();
    decoder.expect(Method.GET);
    assertThat(decoder.isBetweenMessages()).isTrue();
    decoder.next(buffer("HTTP/1.1 103 x\r\n\r\n"));
    assertThat(decoder.isBetweenMessages()).isFalse();
    decoder.next(buffer("HTTP/1.1 204 x\r\n\r\n"));
    assertThat(decoder.isBetweenMessages()).isTrue();
  }

  @Test
  void anEndBetweenMessagesIsNone() {
    assertThat(decoder.endOfInput()).isNull();
    head(Method.GET, "HTTP/1.1 204 x\r\n\r\n");
    assertThat(decoder.endOfInput()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "'', before the head",
    "'H', within the head",
    "'HTTP/1.1 100 x\r\n\r\n', within the head",
    "'HTTP/1.1 200 x\r\nContent-Length: 1\r\n\r\n', within the body",
    "'HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n', within a chunk size",
    "'HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n', within a chunk",
    "'HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n', within the trailers",
  })
  void anEndWithinAMessageSaysWhere(String text, String where) {
    ByteBuffer in = buffer(text);
    decoder.expect(Method.GET);
    while (decoder.next(in) != null) {
      assertThat(in.remaining()).isLessThan(text.length());
    }

    assertThatExceptionOfType(BadMessageException.class)
        .isThrownBy(decoder::endOfInput)
        .withMessage("the peer ended " + where)
        .satisfies(e -> assertThat(e.status()).isEqualTo(Status.BAD_GATEWAY));
  }

  @Test
  void aDecoderOfRequestsMayEndToo() {
    Http1Decoder requests = Http1Decoder.forRequests(LIMITS);

    assertThat(requests.endOfInput()).isNull();
    requests.next(buffer("GET"));
    assertThatExceptionOfType(BadMessageException.class)
        .isThrownBy(requests::endOfInput)
        .withMessage("the peer ended within the head")
        .satisfies(e -> assertThat(e.status()).isEqualTo(Status.BAD_REQUEST));
  }

  @Test
  void oneResponseIsExpectedAtATime() {
    decoder.expect(Method.GET);

    assertThatIllegalStateException()
        .isThrownBy(() -> decoder.expect(Method.POST))
        .withMessage("the response to GET has not come yet");
    assertThatIllegalStateException()
        .isThrownBy(() -> Http1Decoder.forRequests(LIMITS).expect(Method.GET))
        .withMessage("a decoder of requests expects no response to GET");
  }

  @Test
  void refusalHasTheStatusOfAGatewayAndNoTrace() {
    decoder.expect(Method.GET);

    assertThatExceptionOfType(BadMessageException.class)
        .isThrownBy(() -> decoder.next(buffer("SECRET 200 OK\r\n")))
        .withMessage("status line must be: HTTP/1.1, space, three digits, space, reason")
        .satisfies(e -> assertThat(e.status()).isEqualTo(Status.BAD_GATEWAY))
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty());
  }
}
