package io.httpkit.internal.codec.websocket;

import static io.httpkit.internal.codec.websocket.DecoderCase.row;
import static io.httpkit.internal.codec.websocket.Decoding.word;
import static io.httpkit.internal.codec.websocket.Frames.BINARY;
import static io.httpkit.internal.codec.websocket.Frames.BINARY_START;
import static io.httpkit.internal.codec.websocket.Frames.CLOSE;
import static io.httpkit.internal.codec.websocket.Frames.LAST;
import static io.httpkit.internal.codec.websocket.Frames.MORE;
import static io.httpkit.internal.codec.websocket.Frames.PING;
import static io.httpkit.internal.codec.websocket.Frames.PONG;
import static io.httpkit.internal.codec.websocket.Frames.TEXT;
import static io.httpkit.internal.codec.websocket.Frames.TEXT_START;
import static io.httpkit.internal.codec.websocket.Frames.frame;
import static io.httpkit.internal.codec.websocket.Frames.hex;

import java.util.stream.Stream;

/** Messages of several frames, and what comes between them. RFC 6455 §5.4. */
final class FragmentCases {
  private static final String PING_OF_120 = "p".repeat(120);

  private FragmentCases() {}

  static Stream<DecoderCase> all() {
    return Stream.concat(accepted(), refused());
  }

  private static Stream<DecoderCase> accepted() {
    return Stream.of(
        row("two", frame(TEXT_START, "hel") + frame(LAST, "lo"), "text hello"),
        row(
            "of odd lengths",
            frame(BINARY_START, "a") + frame(MORE, "bcdefghijkl") + frame(LAST, "mn"),
            "binary abcdefghijklmn"),
        row(
            "of each byte",
            frame(TEXT_START, "h") + frame(MORE, "e") + frame(MORE, "y") + frame(LAST, "!"),
            "text hey!"),
        row("last one empty", frame(TEXT_START, "a") + frame(LAST, ""), "text a"),
        row("first one empty", frame(TEXT_START, "") + frame(LAST, "a"), "text a"),
        row(
            "all empty",
            frame(BINARY_START, "") + frame(MORE, "").repeat(5) + frame(LAST, ""),
            "binary"),
        row(
            "ping between",
            frame(TEXT_START, "hel") + frame(PING, "p") + frame(LAST, "lo"),
            "ping p",
            "text hello"),
        row(
            "ping and pong of 120 between",
            frame(TEXT_START, "hel")
                + frame(PING, PING_OF_120)
                + frame(PONG, PING_OF_120)
                + frame(LAST, "lo"),
            word("ping", PING_OF_120),
            word("pong", PING_OF_120),
            "text hello"),
        row(
            "pings between empty ones",
            frame(TEXT_START, "")
                + frame(PING, "")
                + frame(MORE, "")
                + frame(PING, "")
                + frame(LAST, ""),
            "ping",
            "ping",
            "text"),
        row(
            "messages one behind the other",
            frame(TEXT_START, "a")
                + frame(LAST, "b")
                + frame(BINARY_START, "c")
                + frame(LAST, "d")
                + frame(TEXT, "e"),
            "text ab",
            "binary cd",
            "text e"),
        row("close between", frame(TEXT_START, "a") + frame(CLOSE, ""), "close 1005"),
        row("end to come", frame(TEXT_START, "a") + frame(MORE, "b"), "incomplete"),
        row(
            "ping before the end that is to come",
            frame(TEXT_START, "a") + frame(PING, "b"),
            "ping b",
            "incomplete"));
  }

  private static Stream<DecoderCase> refused() {
    return Stream.of(
        row("continuation of nothing", frame(MORE, "a"), "1002"),
        row("last continuation of nothing", frame(LAST, "a"), "1002"),
        row("known early", hex("80 80"), "1002"),
        row("continuation behind a message", frame(TEXT, "a") + frame(LAST, "b"), "text a", "1002"),
        row(
            "continuation behind fragments",
            frame(TEXT_START, "a") + frame(LAST, "b") + frame(LAST, "c"),
            "text ab",
            "1002"),
        row("text within text", frame(TEXT_START, "a") + frame(TEXT, "b"), "1002"),
        row("binary within text", frame(TEXT_START, "a") + frame(BINARY, "b"), "1002"),
        row("start within text", frame(TEXT_START, "a") + frame(TEXT_START, "b"), "1002"),
        row(
            "text within binary",
            frame(BINARY_START, "a") + frame(MORE, "b") + frame(TEXT, "c"),
            "1002"),
        row("reserved bit on continuation", frame(TEXT_START, "a") + hex("90 80"), "1002"),
        row("ping in parts", frame(TEXT_START, "a") + frame(PING & 0x7f, "b"), "1002"));
  }
}
