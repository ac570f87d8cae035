package io.httpkit.internal.codec.websocket;

import static io.httpkit.internal.codec.websocket.Frames.BINARY;
import static io.httpkit.internal.codec.websocket.Frames.BINARY_START;
import static io.httpkit.internal.codec.websocket.Frames.LAST;
import static io.httpkit.internal.codec.websocket.Frames.MORE;
import static io.httpkit.internal.codec.websocket.Frames.PING;
import static io.httpkit.internal.codec.websocket.Frames.RSV1;
import static io.httpkit.internal.codec.websocket.Frames.TEXT;
import static io.httpkit.internal.codec.websocket.Frames.TEXT_START;
import static io.httpkit.internal.codec.websocket.Frames.bytes;
import static io.httpkit.internal.codec.websocket.Frames.frame;
import static io.httpkit.internal.codec.websocket.Frames.latin1;
import static io.httpkit.internal.codec.websocket.Frames.start;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.internal.codec.websocket.WebSocketEvent.Binary;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Control;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Part;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WebSocketDecoderTest {
  private static final int FOUR_MIB = 4 << 20;

  private final LentInflaters inflaters = new LentInflaters();
  private final WebSocketDecoder decoder = decoder(FOUR_MIB, false);

  private WebSocketDecoder decoder(int maxMessage, boolean streamsParts) {
    return new WebSocketDecoder(Role.CLIENT, maxMessage, streamsParts, inflaters, false);
  }

  static Stream<DecoderCase> cases() {
    return Stream.of(
            FrameCases.all(),
            FragmentCases.all(),
            Utf8Cases.all(),
            CloseCases.all(),
            DeflateCases.all())
        .flatMap(rows -> rows);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @MethodSource("cases")
  void decodesTheSameHoweverTheBytesAreSplit(DecoderCase row) {
    Decoding.check(row);
  }

  static Stream<DecoderCase> casesFromServer() {
    return FromServer.rows(Stream.concat(cases(), limits()));
  }

  /** Every rule that is the same for both ends. */
  @ParameterizedTest(name = "[{index}] {0}")
  @MethodSource("casesFromServer")
  void decodesWhatAServerSendsJustSo(DecoderCase row) {
    Decoding.checkOneWay(row);
  }

  @Test
  void hasAllRowsButThoseAboutMasksForBothEnds() {
    List<String> missing = new ArrayList<>();
    cases().filter(row -> FromServer.row(row) == null).forEach(row -> missing.add(row.name()));

    assertThat(missing).allMatch(name -> name.matches(".*(mask|server|unmasked|example).*"));
  }

  static Stream<DecoderCase> limits() {
    return Stream.of(LimitCases.whole(), LimitCases.parts(), DeflateCases.limits())
        .flatMap(rows -> rows);
  }

  @ParameterizedTest(name = "[{index}] {0}")
  @MethodSource("limits")
  void limitsWholeMessages(DecoderCase row) {
    Decoding.checkOneWay(row);
  }

  @AfterEach
  void endInflater() {
    inflaters.end();
  }

  private static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(bytes(text));
  }

  private static void assertTooBig(WebSocketDecoder decoder, ByteBuffer in) {
    assertThatExceptionOfType(WebSocketException.class)
        .isThrownBy(() -> decoder.next(in))
        .satisfies(e -> assertThat(e.closeCode()).isEqualTo(1009));
  }

  private static void assertPing(@Nullable WebSocketEvent event) {
    assertThat(event)
        .isInstanceOfSatisfying(
            Control.class, control -> assertThat(control.opcode()).isEqualTo(Opcode.PING));
  }

  @Test
  void takesOneEventAtATime() {
    String first = frame(PING, "a");
    ByteBuffer in = buffer(first + frame(TEXT, "b"));

    assertPing(decoder.next(in));
    assertThat(in.position()).isEqualTo(first.length());
    assertThat(decoder.next(in)).isEqualTo(new Text("b"));
    assertThat(decoder.next(in)).isNull();
    assertThat(in.hasRemaining()).isFalse();
  }

  @Test
  void leavesHeadersAndControlFramesThatAreNotComplete() {
    for (String incomplete : List.of(start(TEXT, 70_000).substring(0, 13), start(PING, 3) + "ab")) {
      ByteBuffer in = buffer(incomplete);

      assertThat(decoder.next(in)).isNull();
      assertThat(in.position()).isZero();
      assertThat(decoder.isBetweenMessages()).isTrue();
    }
  }

  @Test
  void takesAPayloadAsItComes() {
    ByteBuffer in = buffer(start(BINARY, 10) + "abc");

    assertThat(decoder.next(in)).isNull();
    assertThat(in.hasRemaining()).isFalse();
    assertThat(decoder.isBetweenMessages()).isFalse();
  }

  @Test
  void isNotBetweenMessagesUntilTheLastFrameHasEnded() {
    assertThat(decoder.isBetweenMessages()).isTrue();
    decoder.next(buffer(frame(TEXT_START, "a")));
    assertThat(decoder.isBetweenMessages()).isFalse();
    decoder.next(buffer(frame(PING, "")));
    assertThat(decoder.isBetweenMessages()).isFalse();
    decoder.next(buffer(frame(LAST, "")));
    assertThat(decoder.isBetweenMessages()).isTrue();
  }

  @Test
  void leavesTheInputAsItIs() {
    String text = frame(TEXT, "hello") + frame(BINARY | RSV1, "\u0000");
    ByteBuffer in = buffer(text);

    decoder.next(in);
    decoder.next(in);

    assertThat(in.hasRemaining()).isFalse();
    assertThat(in.rewind()).isEqualTo(buffer(text));
  }

  @Test
  void doesNotCareForTheOrderOfTheBuffer() {
    String text = "x".repeat(300);
    ByteBuffer in = buffer(frame(TEXT, text)).order(ByteOrder.LITTLE_ENDIAN);

    assertThat(decoder.next(in)).isEqualTo(new Text(text));
  }

  @Test
  void givesPartsAsTheyCome() {
    WebSocketDecoder streaming = decoder(10, true);

    assertThat(streaming.next(buffer(start(BINARY_START, 5)))).isNull();
    assertPart(streaming, Frames.masked("abc"), "abc", false);
    assertPart(streaming, Frames.masked("abcde").substring(3), "de", false);
    assertThat(streaming.next(buffer(frame(MORE, "")))).isNull();
    assertPart(streaming, frame(MORE, "f"), "f", false);
    assertPart(streaming, frame(LAST, ""), "", true);
    assertPart(streaming, frame(BINARY, "whole"), "whole", true);
  }

  private static void assertPart(
      WebSocketDecoder decoder, String in, String expected, boolean isLast) {
    assertThat(decoder.next(buffer(in)))
        .isInstanceOfSatisfying(
            Part.class,
            part -> {
              assertThat(latin1(part.bytes())).isEqualTo(expected);
              assertThat(part.isText()).isFalse();
              assertThat(part.isLast()).isEqualTo(isLast);
            });
  }

  @Test
  void partsOfACompressedMessageAreSmall() {
    WebSocketDecoder streaming = decoder(10, true);
    ByteBuffer in = buffer(frame(BINARY | RSV1, DeflateCases.deflated("z".repeat(100_000))));
    int sum = 0;
    while (streaming.next(in) instanceof Part part) {
      assertThat(part.bytes().length).isLessThanOrEqualTo(8 * 1024);
      sum += part.bytes().length;
    }

    assertThat(sum).isEqualTo(100_000);
    assertThat(streaming.isBetweenMessages()).isTrue();
  }

  @Test
  void aPingBehindACompressedMessageWaitsForItsParts() {
    WebSocketDecoder streaming = decoder(10, true);
    String many = DeflateCases.deflated("z".repeat(100_000));
    ByteBuffer in =
        buffer(frame(BINARY_START | RSV1, many) + frame(PING, "") + frame(LAST, "\u0000"));
    int sum = 0;
    WebSocketEvent event = streaming.next(in);
    while (event instanceof Part part) {
      sum += part.bytes().length;
      event = streaming.next(in);
    }

    assertThat(sum).isEqualTo(100_000);
    assertPing(event);
  }

  /** Compressed pieces that know nothing of each other can be put one behind the other. */
  private static String bomb(int mebibytes) {
    return (DeflateCases.deflated("\u0000".repeat(1 << 20)) + Frames.hex("0000ffff"))
        .repeat(mebibytes);
  }

  @Test
  void aBombIsRefusedAtTheLimit() {
    ByteBuffer in = buffer(frame(BINARY | RSV1, bomb(1024)));

    assertTooBig(decoder, in);
    assertThat(inflaters.largestOutput()).isLessThanOrEqualTo(FOUR_MIB);
    assertThat(in.remaining()).as("not looked at").isGreaterThan(1_000_000);
    decoder.release();
    assertThat(inflaters.isLent()).isFalse();
  }

  @Test
  void aBombOfFragmentsIsRefusedAtTheLimit() {
    String piece = bomb(1);
    decoder.next(buffer(frame(BINARY_START | RSV1, piece)));
    for (int i = 1; i < 4; i++) {
      assertThat(decoder.next(buffer(frame(MORE, piece)))).isNull();
    }

    assertTooBig(decoder, buffer(frame(MORE, piece)));
    assertThat(inflaters.largestOutput()).isLessThanOrEqualTo(FOUR_MIB);
  }

  /** Memory for what is only announced would be more than there is. */
  @Test
  void memoryGrowsWithWhatHasCome() {
    List<WebSocketDecoder> decoders = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      WebSocketDecoder each = decoder(Integer.MAX_VALUE, false);
      assertThat(each.next(buffer(start(BINARY, 1 << 30) + "abc"))).isNull();
      assertThat(each.next(buffer("defghijklmnop"))).isNull();
      decoders.add(each);
    }

    assertThat(decoders).noneMatch(WebSocketDecoder::isBetweenMessages);
  }

  @Test
  void aMillionEmptyFramesAreNothing() {
    ByteBuffer in = buffer(frame(MORE, "").repeat(1000));
    decoder.next(buffer(frame(BINARY_START, "a")));
    for (int i = 0; i < 1000; i++) {
      assertThat(decoder.next(in.rewind())).isNull();
    }

    assertThat(decoder.next(buffer(frame(LAST, "b"))))
        .isInstanceOfSatisfying(
            Binary.class, message -> assertThat(latin1(message.bytes())).isEqualTo("ab"));
  }

  @Test
  void anInflaterIsHeldOnlyWithinAMessageUnlessThereIsContext() {
    WebSocketDecoder keeping = new WebSocketDecoder(Role.CLIENT, 100, false, inflaters, true);
    String message = frame(BINARY | RSV1, DeflateCases.deflated("a"));

    decoder.next(buffer(frame(TEXT, "a")));
    assertThat(inflaters.isLent()).isFalse();
    decoder.next(buffer(message.substring(0, 7)));
    assertThat(inflaters.isLent()).isTrue();
    decoder.next(buffer(message.substring(7)));
    assertThat(inflaters.isLent()).isFalse();

    keeping.next(buffer(message));
    assertThat(inflaters.isLent()).isTrue();
    keeping.next(buffer(message));
    keeping.release();
    assertThat(inflaters.isLent()).isFalse();
    keeping.release();
  }

  @Test
  void refusalTellsThePeerNothingItSent() {
    assertThatExceptionOfType(WebSocketException.class)
        .isThrownBy(() -> decoder.next(buffer(frame(TEXT, "secret\u00ff"))))
        .satisfies(e -> assertThat(e.getStackTrace()).isEmpty())
        .withMessageNotContaining("secret");
  }
}
