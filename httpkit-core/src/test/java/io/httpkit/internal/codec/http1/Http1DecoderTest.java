package io.httpkit.internal.codec.http1;

import static io.httpkit.internal.codec.http1.DecoderCase.LIMITS;
import static io.httpkit.internal.codec.http1.DecoderCase.get;
import static io.httpkit.internal.codec.http1.DecoderCase.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Event.Content;
import io.httpkit.internal.codec.http1.Http1Event.End;
import io.httpkit.internal.codec.http1.Http1Event.RequestHead;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class Http1DecoderTest {
  private final Http1Decoder decoder = Http1Decoder.forRequests(LIMITS);

  static Stream<DecoderCase> cases() {
    return Stream.of(
            RequestLineCases.all(),
            HeaderCases.all(),
            FramingCases.all(),
            ChunkCases.all(),
            LimitCases.all(),
            ResponseHeadCases.all(),
            ResponseBodyCases.all())
        .flatMap(rows -> rows);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @MethodSource("cases")
  void decodesTheSameHoweverTheBytesAreSplit(DecoderCase row) {
    Decoding.check(row);
  }

  private static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private RequestHead head(String text) {
    return head(buffer(text));
  }

  private RequestHead head(ByteBuffer in) {
    if (decoder.next(in) instanceof RequestHead head) {
      return head;
    }
    throw new AssertionError("no head");
  }

  @Test
  void givesHeaderLinesInOrderWithoutTheSpaceAroundValues() {
    Headers headers =
        head(get("X:y\r\nx: \t a b \t\r\nEmpty:\r\nSpace: \t \r\nText: \u00e9\r\n")).headers();

    assertThat(headers)
        .isEqualTo(
            Headers.of("Host", "a", "X", "y", "x", "a b", "Empty", "", "Space", "", "Text", "é"));
    assertThat(headers.name(2)).isEqualTo("x");
    assertThat(headers.get("X")).contains("y, a b");
    assertThat(headers.all("eMPTY")).containsExactly("");
    assertThat(headers.contains("Spac")).isFalse();
    assertThat(headers.contains("Space ")).isFalse();
  }

  @Test
  void namesThatDifferInMoreThanCaseAreDifferent() {
    Headers headers = head(get("a@b_: x\r\n".replace("@", "^"))).headers();

    assertThat(headers.contains("A^B_")).isTrue();
    assertThat(headers.contains("a~b_")).isFalse();
    assertThat(headers.contains("a^b\u007f")).isFalse();
    assertThat(headers.contains("\u0001^b_")).isFalse();
  }

  @Test
  void givesContentAsAViewOfTheInput() {
    ByteBuffer in = buffer(post("Content-Length: 5\r\n", "hello"));
    head(in);

    assertThat(decoder.next(in)).isInstanceOf(Content.class);
    assertThat(in.hasRemaining()).isFalse();
    assertThat(decoder.next(in)).isEqualTo(new End(Headers.empty()));
  }

  @Test
  void givesNothingMoreBehindAHeadUntilItIsAsked() {
    ByteBuffer in = buffer(get("") + get(""));
    int length = get("").length();

    head(in);
    assertThat(in.position()).isEqualTo(length);
    assertThat(decoder.isBetweenMessages()).isTrue();
    head(in);
    assertThat(in.hasRemaining()).isFalse();
  }

  @Test
  void leavesTheBytesOfAnIncompletePartInTheBuffer() {
    ByteBuffer in = buffer("GET / HTTP/1.1\r\nHost: a\r\n");

    assertThat(decoder.next(in)).isNull();
    assertThat(in.position()).isZero();
  }

  @Test
  void trailersAreNotSeenInTheNextRequest() {
    ByteBuffer in =
        buffer(post("Transfer-Encoding: chunked\r\n", "0\r\nX: secret\r\n\r\n") + get(""));
    head(in);

    assertThat(decoder.next(in)).isEqualTo(new End(Headers.of("X", "secret")));
    assertThat(head(in).headers()).isEqualTo(Headers.of("Host", "a"));
    assertThat(in.hasRemaining()).isFalse();
  }

  @Test
  void isBetweenMessagesOnlyWhileNoByteOfTheNextHasCome() {
    assertThat(decoder.isBetweenMessages()).isTrue();
    decoder.next(buffer(""));
    assertThat(decoder.isBetweenMessages()).isTrue();
    decoder.next(buffer("\r\n\r\n"));
    assertThat(decoder.isBetweenMessages()).isTrue();
    decoder.next(buffer("G"));
    assertThat(decoder.isBetweenMessages()).isFalse();

    ByteBuffer in = buffer(post("Transfer-Encoding: chunked\r\n", "1\r\na\r\n0\r\n\r\n"));
    head(in);
    assertThat(decoder.isBetweenMessages()).isFalse();
    assertThat(decoder.next(in)).isInstanceOf(Content.class);
    assertThat(decoder.isBetweenMessages()).isFalse();
    assertThat(decoder.next(in)).isInstanceOf(End.class);
    assertThat(decoder.isBetweenMessages()).isTrue();

    head(get(""));
    assertThat(decoder.isBetweenMessages()).isTrue();
  }

  @Test
  void limitOfOneBodyDoesNotBindTheNext() {
    ByteBuffer in = buffer(post("Content-Length: 5\r\n", "hello").repeat(2));

    head(in);
    decoder.limitBody(5);
    assertThat(decoder.next(in)).isInstanceOf(Content.class);
    assertThat(decoder.next(in)).isInstanceOf(End.class);
    head(in);
    assertThatExceptionOfType(BadMessageException.class)
        .isThrownBy(() -> decoder.limitBody(4))
        .satisfies(e -> assertThat(e.status()).isEqualTo(Status.CONTENT_TOO_LARGE));
  }

  @Test
  void doesNotLookAtBytesOfAnUnfinishedHeadAgain() {
    ByteBuffer in = buffer("GET / HTTP/1.1\r\nX: " + "y".repeat(4000) + "\r\nHost: a\r\n\r\n");
    int limit = in.limit();

    assertThat(decoder.next(in.limit(limit - 1))).isNull();
    in.put(2000, (byte) '\n');
    assertThat(decoder.next(in)).as("still").isNull();
    in.put(2000, (byte) 'y');
    assertThat(decoder.next(in.limit(limit))).isInstanceOf(RequestHead.class);
  }

  @Test
  void looksAtTheRequestLineOfAnUnfinishedHeadOnce() {
    ByteBuffer in = buffer("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    int limit = in.limit();

    assertThat(decoder.next(in.limit(limit - 8))).isNull();
    in.put(0, (byte) ' ');
    assertThat(decoder.next(in.limit(limit - 7))).isNull();
    in.put(0, (byte) 'G');
    assertThat(decoder.next(in.limit(limit))).isInstanceOf(RequestHead.class);
  }

  @Test
  void refusalTellsThePeerNothingItSent() {
    assertThatExceptionOfType(BadMessageException.class)
        .isThrownBy(() -> decoder.next(buffer("SECRET-METHOD /secret HTTP/1.1\r\n")))
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty())
        .withMessageNotContainingAny("SECRET", "secret");
  }

  /** Reading every line of a field for every line of it would take minutes. */
  @Test
  void manyConnectionLinesAreReadOnce() {
    Http1Decoder generous = Http1Decoder.forRequests(new Http1Limits(8192, 1 << 24, 20_000, 0));
    String lines = "Connection: a,b,c,d,e,f\r\n".repeat(20_000 - 1);

    assertThat(generous.next(buffer(get(lines))))
        .isInstanceOfSatisfying(RequestHead.class, head -> assertThat(head.keepAlive()).isTrue());
  }
}
