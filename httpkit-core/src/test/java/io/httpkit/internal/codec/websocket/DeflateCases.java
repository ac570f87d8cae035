package io.httpkit.internal.codec.websocket;

import static io.httpkit.internal.codec.websocket.DecoderCase.DEFLATE;
import static io.httpkit.internal.codec.websocket.DecoderCase.DEFLATE_WITHOUT_CONTEXT;
import static io.httpkit.internal.codec.websocket.DecoderCase.row;
import static io.httpkit.internal.codec.websocket.Decoding.word;
import static io.httpkit.internal.codec.websocket.Frames.BINARY;
import static io.httpkit.internal.codec.websocket.Frames.LAST;
import static io.httpkit.internal.codec.websocket.Frames.MORE;
import static io.httpkit.internal.codec.websocket.Frames.PING;
import static io.httpkit.internal.codec.websocket.Frames.RSV1;
import static io.httpkit.internal.codec.websocket.Frames.TEXT;
import static io.httpkit.internal.codec.websocket.Frames.TEXT_START;
import static io.httpkit.internal.codec.websocket.Frames.bytes;
import static io.httpkit.internal.codec.websocket.Frames.frame;
import static io.httpkit.internal.codec.websocket.Frames.hex;
import static io.httpkit.internal.codec.websocket.Frames.latin1;
import static io.httpkit.internal.codec.websocket.Frames.octet;
import static io.httpkit.internal.codec.websocket.Frames.start;
import static io.httpkit.internal.codec.websocket.Frames.utf8;

import java.util.stream.Stream;
import java.util.zip.Deflater;

/** Compressed messages. RFC 7692. */
final class DeflateCases {
  private static final int TEXT_1 = TEXT | RSV1;
  private static final int TEXT_START_1 = TEXT_START | RSV1;
  private static final int BINARY_1 = BINARY | RSV1;
  private static final String HELLO = hex("f248cdc9c90700");

  private DeflateCases() {}

  static Stream<DecoderCase> all() {
    return Stream.concat(
        Stream.of(examples(), fragments(), corrupt(), reserved(), large())
            .flatMap(rows -> rows)
            .flatMap(each -> Stream.of(each.with(DEFLATE), each.with(DEFLATE_WITHOUT_CONTEXT))),
        context());
  }

  /** RFC 7692 §7.2.3. */
  private static Stream<DecoderCase> examples() {
    return Stream.of(
        row("one block", frame(TEXT_1, HELLO), "text Hello"),
        row("not compressed", frame(TEXT_1, hex("000500faff48656c6c6f00")), "text Hello"),
        row("final block", frame(TEXT_1, hex("f348cdc9c9070000")), "text Hello"),
        row("two blocks", frame(TEXT_1, hex("f24805000000ffffcac9c90700")), "text Hello"),
        row("empty", frame(TEXT_1, hex("00")), "text"),
        row("binary", frame(BINARY_1, HELLO), "binary Hello"),
        row(
            "message without compression",
            frame(TEXT, "Hello") + frame(TEXT_1, HELLO),
            "text Hello",
            "text Hello"),
        row("nothing at all", frame(BINARY_1, "") + frame(TEXT_1, HELLO), "binary", "text Hello"),
        row(
            "ends with its final block",
            frame(TEXT_1, hex("f348cdc9c90700")) + frame(TEXT_1, HELLO),
            "text Hello",
            "text Hello"),
        row(
            "blocks behind a final one",
            frame(TEXT_1, hex("f348cdc9c90700") + HELLO),
            "text HelloHello"),
        row(
            "two final blocks",
            frame(TEXT_1, hex("f348cdc9c90700").repeat(2) + hex("00")),
            "text HelloHello"),
        row(
            "final block in the tail",
            frame(TEXT_1, hex("000500faff48656c6c6f01")) + frame(TEXT_1, HELLO),
            "text Hello",
            "text Hello"),
        row("empty blocks", frame(TEXT_1, hex("000000ffff").repeat(20) + hex("00")), "text"));
  }

  /** What refers to the message before is understood only if that was kept. */
  private static Stream<DecoderCase> context() {
    String twice = frame(TEXT_1, HELLO) + frame(TEXT_1, hex("f200110000"));
    String apart =
        frame(TEXT_1, HELLO)
            + frame(PING, "")
            + frame(TEXT, "x")
            + frame(TEXT_1, hex("f200110000"));
    return Stream.of(
        row("context", twice, "text Hello", "text Hello").with(DEFLATE),
        row("context that is not kept", twice, "text Hello", "1007").with(DEFLATE_WITHOUT_CONTEXT),
        row("context across other frames", apart, "text Hello", "ping", "text x", "text Hello")
            .with(DEFLATE),
        row("context before the first message", frame(TEXT_1, hex("f200110000")), "1007")
            .with(DEFLATE));
  }

  private static Stream<DecoderCase> fragments() {
    return Stream.of(
        row(
            "fragments",
            frame(TEXT_START_1, hex("f248cd")) + frame(LAST, hex("c9c90700")),
            "text Hello"),
        row(
            "fragments and a ping",
            frame(TEXT_START_1, hex("f248cd")) + frame(PING, "p") + frame(LAST, hex("c9c90700")),
            "ping p",
            "text Hello"),
        row(
            "empty fragments",
            frame(TEXT_START_1, "") + frame(MORE, HELLO) + frame(MORE, "") + frame(LAST, ""),
            "text Hello"),
        row("empty message of fragments", frame(TEXT_START_1, "") + frame(LAST, hex("00")), "text"),
        row("end to come", frame(TEXT_START_1, HELLO), "incomplete"),
        row(
            "fragments across a final block",
            frame(TEXT_START_1, hex("f348cdc9c907")) + frame(MORE, hex("0000")) + frame(LAST, ""),
            "text Hello"));
  }

  private static Stream<DecoderCase> corrupt() {
    return Stream.of(
        row("block of a reserved type", frame(TEXT_1, hex("ff")), "1007"),
        row("known early", start(TEXT_1, 100) + Frames.masked(hex("ff")), "1007"),
        row("lengths that differ", frame(BINARY_1, hex("000500faf048656c6c6f00")), "1007"),
        row("in the middle of a stored block", frame(BINARY_1, hex("000500faff4865")), "1007"),
        row("before the end of a block", frame(BINARY_1, hex("f248cdc9c9")), "1007"),
        row("without the end of the block", frame(BINARY_1, hex("f248cdc9c907")), "1007"),
        row("garbage behind a final block", frame(TEXT_1, hex("f348cdc9c90700ffff")), "1007"),
        row(
            "behind a good one",
            frame(TEXT_1, HELLO) + frame(TEXT_1, hex("ff")),
            "text Hello",
            "1007"),
        row("not UTF-8", frame(TEXT_1, deflated(hex("c328"))), "1007"),
        row("ends in a character", frame(TEXT_1, deflated(hex("61e282"))), "1007"));
  }

  /** RFC 7692 §6: the bit is set on the first frame of a message and nowhere else. */
  private static Stream<DecoderCase> reserved() {
    return Stream.of(
        row(
            "bit on a continuation",
            frame(TEXT_START_1, "") + octet(MORE | RSV1) + octet(0x80),
            "1002"),
        row(
            "bit on the last continuation",
            frame(TEXT_START_1, "") + octet(LAST | RSV1) + octet(0x80),
            "1002"),
        row(
            "bit on a continuation only",
            frame(TEXT_START, "a") + octet(LAST | RSV1) + octet(0x80),
            "1002"),
        row("bit on a ping", octet(PING | RSV1) + octet(0x80), "1002"),
        row("bit on a pong", octet(Frames.PONG | RSV1) + octet(0x80), "1002"),
        row("bit on a close", octet(Frames.CLOSE | RSV1) + octet(0x80), "1002"),
        row("second bit", octet(TEXT | 0x20) + octet(0x80), "1002"),
        row("third bit", octet(TEXT | 0x10) + octet(0x80), "1002"),
        row("second bit with the first", octet(TEXT_1 | 0x20) + octet(0x80), "1002"));
  }

  private static Stream<DecoderCase> large() {
    String text = utf8("€ and é, ").repeat(1_000);
    String zeros = "\u0000".repeat(30_000);
    return Stream.of(
        row("text of many characters", frame(TEXT_1, deflated(text)), word("text", text)),
        row("many zeros", frame(BINARY_1, deflated(zeros)), word("binary", zeros)),
        row(
            "zeros in fragments",
            frame(BINARY_1 & 0x7f, deflated(zeros).substring(0, 20))
                + frame(LAST, deflated(zeros).substring(20)),
            word("binary", zeros)));
  }

  /** For whole messages: the size after inflation counts. */
  static Stream<DecoderCase> limits() {
    String exactly = deflated("a".repeat(1000));
    String more = deflated("a".repeat(1001));
    return Stream.of(
            row(
                "inflated to the limit",
                frame(BINARY_1, exactly),
                word("binary", "a".repeat(1000))),
            row("text to the limit", frame(TEXT_1, exactly), word("text", "a".repeat(1000))),
            row("inflated beyond the limit", frame(BINARY_1, more), "1009"),
            row(
                "in fragments",
                frame(TEXT_START_1, more.substring(0, 4)) + frame(LAST, more.substring(4)),
                "1009"),
            row(
                "final block at the limit",
                frame(BINARY_1, hex("01e80317fc") + "b".repeat(1000) + hex("00")),
                word("binary", "b".repeat(1000))),
            row(
                "more behind a final block at the limit",
                frame(BINARY_1, hex("01e80317fc") + "b".repeat(1000) + HELLO),
                "1009"),
            row("frame far beyond the limit", start(BINARY_1, 1000 + 1024 + 16), "1009"),
            row("frame of 2^63-1", start(BINARY_1, Long.MAX_VALUE), "1009"),
            row("frame within the slack", start(BINARY_1, 1000 + 1024), "incomplete"))
        .flatMap(
            each ->
                Stream.of(
                    each.with(DEFLATE.within(1000)),
                    each.with(DEFLATE_WITHOUT_CONTEXT.within(1000))));
  }

  /** Compressed as RFC 7692 §7.2.1 says, by the JDK alone. */
  static String deflated(String payload) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(bytes(payload));
      byte[] out = new byte[payload.length() + 100];
      int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
      return latin1(out).substring(0, length - 4);
    } finally {
      deflater.end();
    }
  }
}
