package io.httpkit.internal.codec.websocket;

import static io.httpkit.internal.codec.websocket.DecoderCase.PLAIN;
import static io.httpkit.internal.codec.websocket.DecoderCase.row;
import static io.httpkit.internal.codec.websocket.Decoding.word;
import static io.httpkit.internal.codec.websocket.Frames.BINARY;
import static io.httpkit.internal.codec.websocket.Frames.CLOSE;
import static io.httpkit.internal.codec.websocket.Frames.MASK;
import static io.httpkit.internal.codec.websocket.Frames.PING;
import static io.httpkit.internal.codec.websocket.Frames.PONG;
import static io.httpkit.internal.codec.websocket.Frames.TEXT;
import static io.httpkit.internal.codec.websocket.Frames.TEXT_START;
import static io.httpkit.internal.codec.websocket.Frames.frame;
import static io.httpkit.internal.codec.websocket.Frames.hex;
import static io.httpkit.internal.codec.websocket.Frames.octet;
import static io.httpkit.internal.codec.websocket.Frames.server;

import io.httpkit.internal.codec.websocket.DecoderCase.Setup;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Headers, lengths, masks and control frames. RFC 6455 §5.2, §5.3 and §5.5. */
final class FrameCases {
  private static final Setup CLIENT = new Setup(Role.SERVER, 1 << 20, false, false, false);

  private FrameCases() {}

  static Stream<DecoderCase> all() {
    return Stream.of(
            examples(),
            lengths(),
            controls(),
            reserved(),
            masking(),
            badLengths(),
            incomplete(),
            sequences())
        .flatMap(rows -> rows);
  }

  /** RFC 6455 §5.7. */
  private static Stream<DecoderCase> examples() {
    return Stream.of(
        row("example: masked text", hex("8185 37fa213d 7f9f4d5158"), "text Hello"),
        row("example: text", hex("8105 48656c6c6f"), "text Hello").with(CLIENT),
        row("example: fragments", hex("0103 48656c 8002 6c6f"), "text Hello").with(CLIENT),
        row("example: ping", hex("8905 48656c6c6f"), "ping Hello").with(CLIENT),
        row("example: masked pong", hex("8a85 37fa213d 7f9f4d5158"), "pong Hello"),
        row("nothing", ""));
  }

  private static Stream<DecoderCase> lengths() {
    return IntStream.of(0, 1, 7, 8, 9, 15, 16, 17, 124, 125, 126, 127, 128, 65535, 65536)
        .boxed()
        .flatMap(length -> Stream.of(textOf(length), binaryOf(length), fromServer(length)));
  }

  private static DecoderCase textOf(int length) {
    String text = "0123456789abcdefg".repeat(length / 17 + 1).substring(0, length);
    return row("text of " + length, frame(TEXT, text), word("text", text));
  }

  private static DecoderCase binaryOf(int length) {
    String bytes = octets(length);
    return row("binary of " + length, frame(BINARY, bytes), word("binary", bytes));
  }

  private static DecoderCase fromServer(int length) {
    String bytes = octets(length);
    return row("unmasked of " + length, server(BINARY, bytes), word("binary", bytes)).with(CLIENT);
  }

  private static String octets(int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append(octet(i * 7));
    }
    return out.toString();
  }

  private static Stream<DecoderCase> controls() {
    Stream<DecoderCase> sizes =
        IntStream.of(0, 1, 4, 5, 8, 124, 125)
            .boxed()
            .flatMap(
                length ->
                    Stream.of(
                        row(
                            "ping of " + length,
                            frame(PING, octets(length)),
                            word("ping", octets(length))),
                        row(
                            "pong of " + length,
                            frame(PONG, octets(length)),
                            word("pong", octets(length)))));
    Stream<DecoderCase> refused =
        IntStream.of(PING, PONG, CLOSE)
            .boxed()
            .flatMap(
                first ->
                    Stream.of(
                        row("control of 126: " + first, frame(first, octets(126)), "1002"),
                        row("control of 16 bits: " + first, octet(first) + octet(0xfe), "1002"),
                        row("control of 64 bits: " + first, octet(first) + octet(0xff), "1002"),
                        row("control in parts: " + first, frame(first & 0x7f, "a"), "1002")));
    return Stream.concat(sizes, refused);
  }

  /** Every first byte that is wrong, as soon as there is a second. */
  private static Stream<DecoderCase> reserved() {
    Stream<DecoderCase> bits =
        IntStream.rangeClosed(1, 7)
            .boxed()
            .flatMap(
                rsv ->
                    IntStream.of(TEXT, TEXT_START, BINARY, PING, PONG, CLOSE)
                        .mapToObj(
                            first ->
                                row(
                                    "reserved bits " + rsv + " in " + first,
                                    octet(first | rsv << 4) + octet(0x80),
                                    "1002")));
    Stream<DecoderCase> opcodes =
        IntStream.of(3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
            .boxed()
            .flatMap(
                code ->
                    Stream.of(
                        row("opcode " + code, octet(0x80 | code) + octet(0x80), "1002"),
                        row("opcode, not final " + code, frame(code, "a"), "1002"),
                        row(
                            "opcode behind text " + code,
                            frame(TEXT, "a") + frame(0x80 | code, ""),
                            "text a",
                            "1002")));
    return Stream.concat(bits, opcodes);
  }

  private static Stream<DecoderCase> masking() {
    return Stream.of(
        row("client without mask", server(TEXT, "a"), "1002"),
        row("client without mask, known early", octet(TEXT) + octet(5), "1002"),
        row("ping of client without mask", server(PING, ""), "1002"),
        row("second frame without mask", frame(PING, "") + server(PING, ""), "ping", "1002"),
        row("server with mask", frame(TEXT, "a"), "1002").with(CLIENT),
        row("server with mask, known early", octet(TEXT) + octet(0x85), "1002").with(CLIENT),
        row("mask of zero", hex("8185 00000000 48656c6c6f"), "text Hello"),
        row(
            "mask with high bits",
            hex("8285 ffffffff 0001027f80"),
            "binary \\xff\\xfe\\xfd\\x80\\x7f"));
  }

  private static Stream<DecoderCase> badLengths() {
    return Stream.of(
        row("125 in 16 bits", octet(TEXT) + hex("fe 007d"), "1002"),
        row("0 in 16 bits", octet(BINARY) + hex("fe 0000"), "1002"),
        row("65535 in 64 bits", octet(TEXT) + hex("ff 000000000000ffff"), "1002"),
        row("0 in 64 bits", octet(BINARY) + hex("ff 0000000000000000"), "1002"),
        row("2^63", octet(TEXT) + hex("ff 8000000000000000"), "1002"),
        row("2^64-1", octet(TEXT) + hex("ff ffffffffffffffff"), "1002"),
        row("125 in 16 bits unmasked", octet(TEXT) + hex("7e 007d"), "1002").with(CLIENT));
  }

  private static Stream<DecoderCase> incomplete() {
    return Stream.of(
        row("one byte", octet(TEXT), "incomplete"),
        row("no mask yet", octet(TEXT) + octet(0x85), "incomplete"),
        row("half a mask", octet(TEXT) + octet(0x85) + hex("37fa"), "incomplete"),
        row("no length yet", octet(TEXT) + octet(0xfe), "incomplete"),
        row("half a length", octet(TEXT) + hex("ff 00000000"), "incomplete"),
        row("no payload yet", octet(TEXT) + octet(0x85) + MASK, "incomplete"),
        row("half a payload", hex("8185 37fa213d 7f9f"), "incomplete"),
        row("half a ping", hex("8985 37fa213d 7f9f"), "incomplete"),
        row("half a close", hex("8882 37fa213d 7f"), "incomplete"),
        row("a byte behind", frame(TEXT, "a") + octet(TEXT), "text a", "incomplete"));
  }

  private static Stream<DecoderCase> sequences() {
    return Stream.of(
            row(
                "messages and pings",
                frame(TEXT, "a") + frame(PING, "b") + frame(BINARY, "c") + frame(PONG, "d"),
                "text a",
                "ping b",
                "binary c",
                "pong d"),
            row(
                "empty ones",
                (frame(TEXT, "") + frame(PING, "") + frame(BINARY, "")).repeat(2),
                "text",
                "ping",
                "binary",
                "text",
                "ping",
                "binary"),
            row(
                "ten pings",
                frame(PING, "x").repeat(10),
                Stream.generate(() -> "ping x").limit(10).toArray(String[]::new)),
            row("nothing behind close", frame(CLOSE, "") + frame(TEXT, "a"), "close 1005"),
            row("text before an error", frame(TEXT, "a") + hex("83 80"), "text a", "1002"))
        .map(each -> each.with(PLAIN));
  }
}
