package io.httpkit.internal.codec.content;

import static io.httpkit.internal.codec.content.Compressed.HAS_CHECKSUM;
import static io.httpkit.internal.codec.content.Compressed.HAS_COMMENT;
import static io.httpkit.internal.codec.content.Compressed.HAS_EXTRA;
import static io.httpkit.internal.codec.content.Compressed.HAS_NAME;
import static io.httpkit.internal.codec.content.Compressed.HAS_TEXT;
import static io.httpkit.internal.codec.content.Compressed.damaged;
import static io.httpkit.internal.codec.content.Compressed.gzip;
import static io.httpkit.internal.codec.content.Compressed.join;
import static io.httpkit.internal.codec.content.Compressed.latin1;
import static io.httpkit.internal.codec.content.Compressed.member;
import static io.httpkit.internal.codec.content.Compressed.raw;
import static io.httpkit.internal.codec.content.Compressed.without;
import static io.httpkit.internal.codec.content.Compressed.zlib;
import static io.httpkit.internal.codec.content.ContentCase.row;
import static io.httpkit.internal.codec.content.ContentCoding.DEFLATE;
import static io.httpkit.internal.codec.content.ContentCoding.GZIP;
import static io.httpkit.internal.codec.content.ContentCoding.IDENTITY;
import static io.httpkit.internal.codec.content.ContentCoding.OTHER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ContentDecoderTest {
  private static final String TEXT = "hello ".repeat(20);
  private static final String EARLY = "|compressed body ends too early";
  private static final String CORRUPT = "|compressed body is corrupt";
  private static final String CHECKSUM = "|compressed body does not match its checksum";
  private static final String BEHIND = "|bytes behind the compressed body";

  private static Stream<ContentCase> cases() {
    return Stream.of(gzips(), gzipHeaders(), damagedGzips(), deflates(), limits())
        .flatMap(rows -> rows);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @MethodSource("cases")
  void decodesTheSameHoweverTheBytesAreSplit(ContentCase row) {
    row.check();
  }

  private static Stream<ContentCase> gzips() {
    String random = randomText(20_000);
    return Stream.of(
        row("some", GZIP, gzip(TEXT), TEXT),
        row("empty", GZIP, gzip(""), ""),
        row("no byte", GZIP, latin1(""), ""),
        row("long", GZIP, gzip(random), random),
        row("members", GZIP, join(gzip("a"), gzip(""), gzip("b")), "ab"),
        row("members of several kinds", GZIP, join(member(8, "n\0", "a"), gzip("b")), "ab"),
        row("many empty members", GZIP, join(nTimes(100, gzip(""))), ""));
  }

  private static byte[][] nTimes(int n, byte[] bytes) {
    return IntStream.range(0, n).mapToObj(i -> bytes).toArray(byte[][]::new);
  }

  private static String randomText(int length) {
    Random random = new Random(20260101);
    StringBuilder text = new StringBuilder();
    random.ints(length, 0, 256).forEach(c -> text.append((char) c));
    return text.toString();
  }

  private static Stream<ContentCase> gzipHeaders() {
    int all = HAS_TEXT | HAS_CHECKSUM | HAS_EXTRA | HAS_NAME | HAS_COMMENT;
    String parts = "\3\0abcname\0comment\0";
    String longExtra = "\0\1" + "x".repeat(256);
    return Stream.of(
        row("no flag", GZIP, member(0, "", TEXT), TEXT),
        row("text", GZIP, member(HAS_TEXT, "", TEXT), TEXT),
        row("extra", GZIP, member(HAS_EXTRA, "\2\0ab", TEXT), TEXT),
        row("empty extra", GZIP, member(HAS_EXTRA, "\0\0", TEXT), TEXT),
        row("extra of 256", GZIP, member(HAS_EXTRA, longExtra, TEXT), TEXT),
        row("name", GZIP, member(HAS_NAME, "n\0", TEXT), TEXT),
        row("empty name", GZIP, member(HAS_NAME, "\0", TEXT), TEXT),
        row("comment", GZIP, member(HAS_COMMENT, "c\0", TEXT), TEXT),
        row("checksum", GZIP, member(HAS_CHECKSUM, "", TEXT), TEXT),
        row("all", GZIP, member(all, parts, TEXT), TEXT),
        row("all, and a member", GZIP, join(member(all, parts, "a"), gzip("b")), "ab"),
        row("wrong checksum", GZIP, damaged(4, member(HAS_CHECKSUM, "", TEXT)))
            .refused("|gzip header does not match its checksum"),
        row("wrong name", GZIP, damaged(10, member(all, parts, TEXT))).refused(EARLY),
        row("reserved flag", GZIP, member(0x20, "", TEXT)).refused("|not gzip"),
        row("other method", GZIP, damaged(2, gzip(TEXT))).refused("|not gzip"),
        row("other first byte", GZIP, damaged(0, gzip(TEXT))).refused("|not gzip"),
        row("other second byte", GZIP, damaged(1, gzip(TEXT))).refused("|not gzip"),
        row("text", GZIP, latin1("<html>")).refused("|not gzip"),
        row("endless name", GZIP, member(HAS_NAME, "n".repeat(128 * 1024) + "\0", TEXT))
            .refused("|gzip header of more than 131072 bytes"),
        row("no end of the name", GZIP, latin1("\u001f\u008b\u0008\u0008mtimxoname"))
            .refused(EARLY));
  }

  private static Stream<ContentCase> damagedGzips() {
    byte[] whole = gzip(TEXT);
    Stream<ContentCase> named =
        Stream.of(
            row("wrong CRC32", GZIP, damaged(-5, whole), TEXT + CHECKSUM),
            row("wrong ISIZE", GZIP, damaged(-1, whole), TEXT + CHECKSUM),
            row("first member wrong", GZIP, join(damaged(-8, gzip("a")), whole), "a" + CHECKSUM),
            row("a byte behind", GZIP, join(whole, latin1("x")), TEXT + BEHIND),
            row("zeros behind", GZIP, join(whole, new byte[5]), TEXT + BEHIND),
            row("half a header behind", GZIP, join(whole, latin1("\u001f\u008b")), TEXT + EARLY),
            row("block of an unknown kind", GZIP, join(without(10, gzip("")), latin1("\7")))
                .refused(CORRUPT));
    Stream<ContentCase> cutOff =
        IntStream.range(1, whole.length)
            .mapToObj(n -> row("without " + n, GZIP, without(n, whole)).refused(EARLY));
    return Stream.concat(named, cutOff);
  }

  private static Stream<ContentCase> deflates() {
    String random = randomText(20_000);
    byte[] withDictionary = latin1("x\u00bb\0\0\0\0\3\0\0\0\0\0");
    return Stream.of(
        row("zlib", DEFLATE, zlib(TEXT), TEXT),
        row("zlib, empty", DEFLATE, zlib(""), ""),
        row("zlib, long", DEFLATE, zlib(random), random),
        row("raw", DEFLATE, raw(TEXT), TEXT),
        row("raw, empty", DEFLATE, raw(""), ""),
        row("raw, long", DEFLATE, raw(random), random),
        row("raw, stored", DEFLATE, latin1("\1\5\0\u00fa\u00ffhello"), "hello"),
        row("no byte", DEFLATE, latin1(""), ""),
        row("one byte of zlib", DEFLATE, latin1("x")).refused(EARLY),
        row("one byte of raw", DEFLATE, latin1("\3")).refused(EARLY),
        row("header of zlib", DEFLATE, latin1("x\u009c")).refused(EARLY),
        row("zlib without its last byte", DEFLATE, without(1, zlib(TEXT)), TEXT + EARLY),
        row("raw without its last byte", DEFLATE, without(1, raw("hello"))).refused(EARLY),
        row("zlib with a wrong checksum", DEFLATE, damaged(-1, zlib(TEXT))).refused(CORRUPT),
        row("zlib with a dictionary", DEFLATE, withDictionary)
            .refused("|compressed with a dictionary"),
        row("a byte behind zlib", DEFLATE, join(zlib(TEXT), latin1("x")), TEXT + BEHIND),
        row("a byte behind raw", DEFLATE, join(raw(TEXT), latin1("x")), TEXT + BEHIND),
        row("twice", DEFLATE, join(zlib(TEXT), zlib(TEXT)), TEXT + BEHIND),
        row("text", DEFLATE, latin1("<html>")).refused(CORRUPT));
  }

  private static Stream<ContentCase> limits() {
    String max = TEXT.substring(0, 100);
    String refusal = "|body larger than 100 bytes";
    Stream<ContentCase> sizes =
        Stream.of(GZIP, DEFLATE)
            .flatMap(
                coding ->
                    Stream.of(
                        row("100 bytes", coding, coded(coding, max), max),
                        row("101 bytes", coding, coded(coding, max + "x"), max + refusal),
                        row("many", coding, coded(coding, TEXT.repeat(9)), max + refusal)))
            .map(row -> row.within(100));
    String zeros = "\0".repeat(3000);
    ContentLimits ratio = new ContentLimits(Long.MAX_VALUE, 1000, 10);
    return Stream.concat(
        sizes,
        Stream.of(
            row("none allowed", GZIP, gzip(TEXT), "|body larger than 0 bytes").within(0),
            row("members together", GZIP, join(gzip(max), gzip("x")), max + refusal).within(100),
            row("bomb", GZIP, gzip(zeros)).refused("|" + times(10)).within(ratio),
            row("raw bomb", DEFLATE, raw(zeros)).refused("|" + times(10)).within(ratio),
            row("zlib bomb", DEFLATE, zlib(zeros)).refused("|" + times(10)).within(ratio),
            row("free bytes", GZIP, gzip("\0".repeat(1000)), "\0".repeat(1000)).within(ratio),
            row("no bomb", GZIP, gzip(randomText(3000)), randomText(3000)).within(ratio)));
  }

  private static String times(int ratio) {
    return "body that grows to more than " + ratio + " times what was sent";
  }

  private static byte[] coded(ContentCoding coding, String text) {
    return coding == GZIP ? gzip(text) : zlib(text);
  }

  // ---- bombs

  @Test
  void ofABombComesOutLittleMoreThanIsFree() {
    ByteBuffer bomb = ByteBuffer.wrap(gzip("\0".repeat(50 << 20)));
    long[] made = new long[1];

    try (ContentDecoder decoder = ContentDecoder.of(GZIP, ContentLimits.of(Long.MAX_VALUE))) {
      assertThatExceptionOfType(BadMessageException.class)
          .isThrownBy(
              () -> {
                for (ByteBuffer piece = decoder.decode(bomb);
                    piece != null;
                    piece = decoder.decode(bomb)) {
                  made[0] += piece.remaining();
                }
              })
          .withMessage(times(100));
    }
    assertThat(made[0]).isBetween(1L << 20, (1L << 20) + 16 * 1024);
  }

  // ---- life

  private static void assertReleased(ContentDecoder decoder) {
    ByteBuffer some = ByteBuffer.allocate(1);
    assertThatIllegalStateException().isThrownBy(() -> decoder.decode(some));
    // what an inflater says that holds no memory any more
    assertThatThrownBy(() -> decoder.next(some))
        .isInstanceOfAny(NullPointerException.class, IllegalStateException.class)
        .hasMessage("Inflater has been closed");
  }

  private static Stream<Arguments> inflating() {
    return Stream.of(Arguments.of(GZIP, gzip(TEXT)), Arguments.of(DEFLATE, zlib(TEXT)));
  }

  @ParameterizedTest
  @MethodSource("inflating")
  void closingReleasesTheInflater(ContentCoding coding, byte[] bytes) {
    ContentDecoder decoder = ContentDecoder.of(coding, ContentLimits.of(1000));
    assertThat(decoder.decode(ByteBuffer.wrap(without(9, bytes)))).isNotNull();
    decoder.close();
    decoder.close();

    assertReleased(decoder);
    assertThatExceptionOfType(BadMessageException.class).isThrownBy(decoder::end);
  }

  @ParameterizedTest
  @MethodSource("inflating")
  void aRefusalReleasesTheInflater(ContentCoding coding, byte[] bytes) {
    ContentDecoder decoder = ContentDecoder.of(coding, ContentLimits.of(1));
    ByteBuffer in = ByteBuffer.wrap(bytes);
    assertThat(decoder.decode(in)).isNotNull();

    assertThatExceptionOfType(BadMessageException.class).isThrownBy(() -> decoder.decode(in));
    assertReleased(decoder);
  }

  @ParameterizedTest
  @MethodSource("inflating")
  void anEndThatIsTooEarlyReleasesTheInflater(ContentCoding coding, byte[] bytes) {
    ContentDecoder decoder = ContentDecoder.of(coding, ContentLimits.of(1000));
    assertThat(decoder.decode(ByteBuffer.wrap(without(9, bytes)))).isNotNull();

    assertThatExceptionOfType(BadMessageException.class).isThrownBy(decoder::end);
    assertReleased(decoder);
  }

  @Test
  void theEndOfTheBodyClosesTheDecoder() {
    ContentDecoder decoder = ContentDecoder.of(DEFLATE, ContentLimits.of(10));
    assertThat(decoder.decode(ByteBuffer.wrap(zlib("a")))).isEqualTo(ByteBuffer.wrap(latin1("a")));
    decoder.end();

    assertThatIllegalStateException().isThrownBy(() -> decoder.decode(ByteBuffer.allocate(1)));
  }

  @ParameterizedTest
  @EnumSource(names = {"IDENTITY", "OTHER"})
  void thereIsNoDecoderForWhatIsLeftAsItIs(ContentCoding coding) {
    ContentLimits limits = ContentLimits.of(10);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> ContentDecoder.of(coding, limits))
        .withMessage("nothing to decode in a body of " + coding);
  }

  // ---- which coding

  private static Stream<Arguments> codings() {
    String field = "Content-Encoding";
    return Stream.of(
        Arguments.of(Headers.empty(), IDENTITY),
        Arguments.of(Headers.of(field, ""), IDENTITY),
        Arguments.of(Headers.of(field, "identity"), IDENTITY),
        Arguments.of(Headers.of(field, "gzip"), GZIP),
        Arguments.of(Headers.of("content-encoding", "GZip"), GZIP),
        Arguments.of(Headers.of(field, "x-gzip"), GZIP),
        Arguments.of(Headers.of(field, "deflate"), DEFLATE),
        Arguments.of(Headers.of(field, "br"), OTHER),
        Arguments.of(Headers.of(field, "gzip;q=1"), OTHER),
        Arguments.of(Headers.of(field, "identity, gzip ,"), GZIP),
        Arguments.of(Headers.of(field, "gzip", field, "identity"), GZIP));
  }

  @ParameterizedTest
  @MethodSource("codings")
  void codingIsThatOfTheHeaders(Headers headers, ContentCoding coding) {
    assertThat(ContentCoding.of(headers)).isEqualTo(coding);
  }

  private static Stream<Headers> chains() {
    String field = "Content-Encoding";
    return Stream.of(
        Headers.of(field, "gzip, gzip"),
        Headers.of(field, "gzip", field, "gzip"),
        Headers.of(field, "deflate,gzip"),
        Headers.of(field, "br, identity, gzip"),
        Headers.of(field, "gzip," + "gzip,".repeat(1000)));
  }

  @ParameterizedTest
  @MethodSource("chains")
  void oneCodingOnAnotherIsRefused(Headers headers) {
    assertThatExceptionOfType(BadMessageException.class)
        .isThrownBy(() -> ContentCoding.of(headers))
        .withMessage("more than one content coding");
  }
}
