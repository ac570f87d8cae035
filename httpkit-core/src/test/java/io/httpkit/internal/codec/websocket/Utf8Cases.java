package io.httpkit.internal.codec.websocket;

import static io.httpkit.internal.codec.websocket.DecoderCase.row;
import static io.httpkit.internal.codec.websocket.Decoding.word;
import static io.httpkit.internal.codec.websocket.Frames.BINARY;
import static io.httpkit.internal.codec.websocket.Frames.LAST;
import static io.httpkit.internal.codec.websocket.Frames.MORE;
import static io.httpkit.internal.codec.websocket.Frames.PING;
import static io.httpkit.internal.codec.websocket.Frames.TEXT;
import static io.httpkit.internal.codec.websocket.Frames.TEXT_START;
import static io.httpkit.internal.codec.websocket.Frames.frame;
import static io.httpkit.internal.codec.websocket.Frames.hex;
import static io.httpkit.internal.codec.websocket.Frames.masked;
import static io.httpkit.internal.codec.websocket.Frames.start;
import static io.httpkit.internal.codec.websocket.Frames.utf8;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Text that is UTF-8, and text that is not. RFC 6455 §8.1, RFC 3629. */
final class Utf8Cases {
  private Utf8Cases() {}

  static Stream<DecoderCase> all() {
    return Stream.of(
            valid().flatMap(Utf8Cases::accepted),
            invalid().flatMap(Utf8Cases::refused),
            unfinished().flatMap(Utf8Cases::cutOff),
            others())
        .flatMap(rows -> rows);
  }

  private static Stream<String> valid() {
    return Stream.of(
            "\u0000",
            "\u007f",
            "\u0080",
            "\u07ff",
            "\u0800",
            "\ud7ff",
            "\ue000",
            "\ufffd",
            "\uffff",
            "\ud800\udc00",
            "\udbff\udfff",
            "κόσμε",
            "12345678é",
            "1234567é9",
            "é2345678",
            "€uro €uro €uro",
            "\ud83d\ude00 grin \ud83d\ude00",
            "Hello-µ@ßöäüàá-UTF-8!!")
        .map(Frames::utf8);
  }

  private static Stream<DecoderCase> accepted(String text) {
    Stream<DecoderCase> whole =
        Stream.of(row("valid " + text, frame(TEXT, text), word("text", text)));
    Stream<DecoderCase> fragments =
        IntStream.rangeClosed(0, text.length())
            .mapToObj(
                cut ->
                    row(
                        "valid " + text + " in frames at " + cut,
                        frame(TEXT_START, text.substring(0, cut))
                            + frame(PING, "")
                            + frame(LAST, text.substring(cut)),
                        "ping",
                        word("text", text)));
    return Stream.concat(whole, fragments);
  }

  /** Each ends with the first byte that is wrong. */
  private static Stream<String> invalid() {
    return Stream.of(
            "80",
            "bf",
            "c0",
            "c1",
            "f5",
            "f8",
            "fc",
            "fe",
            "ff",
            "c328",
            "c2c0",
            "c241",
            "e09f",
            "e028",
            "e28228",
            "e282c0",
            "eda0",
            "edb0",
            "edbf",
            "f08f",
            "f080",
            "f490",
            "f4bf",
            "f09028",
            "f0908028",
            "f09080c0",
            "6161616161616161ff",
            "6161616161616180",
            "c3a9c3a980",
            "cebae1bdb9cf83cebcceb5eda0")
        .map(Frames::hex);
  }

  /** As soon as the wrong byte is there, however much is to come. */
  private static Stream<DecoderCase> refused(String text) {
    int bad = text.length() - 1;
    String before = text.substring(0, bad);
    return Stream.of(
        row("invalid " + text, frame(TEXT, text), "1007"),
        row("invalid, in the middle: " + text, frame(TEXT, text + "aaaaaaaaaa"), "1007"),
        row("invalid, known early: " + text, start(TEXT, 500) + masked(text), "1007"),
        row("not yet invalid: " + text, start(TEXT, 500) + masked(before), "incomplete"),
        row("invalid, known before the end: " + text, frame(TEXT_START, text), "1007"),
        row(
            "invalid, at a frame's start: " + text,
            frame(TEXT_START, before) + frame(MORE, "") + frame(MORE, text.substring(bad)),
            "1007"));
  }

  private static Stream<String> unfinished() {
    return Stream.of("c3", "e2", "e282", "f0", "f09f", "f09f98", "61e282", "6161616161616161f0")
        .map(Frames::hex);
  }

  private static Stream<DecoderCase> cutOff(String text) {
    return Stream.of(
        row("unfinished " + text, frame(TEXT, text), "1007"),
        row("unfinished in frames " + text, frame(TEXT_START, text) + frame(LAST, ""), "1007"),
        row("to be finished " + text, frame(TEXT_START, text), "incomplete"));
  }

  private static Stream<DecoderCase> others() {
    return Stream.of(
        row("binary is anything", frame(BINARY, hex("c328")), "binary \\xc3("),
        row("ping is anything", frame(PING, hex("c328")), "ping \\xc3("),
        row(
            "no state is left from message to message",
            frame(TEXT_START, utf8("é"))
                + frame(LAST, "")
                + frame(TEXT_START, "a")
                + frame(LAST, ""),
            word("text", utf8("é")),
            "text a"));
  }
}
