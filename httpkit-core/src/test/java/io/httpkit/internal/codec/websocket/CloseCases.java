package io.httpkit.internal.codec.websocket;

import static io.httpkit.internal.codec.websocket.DecoderCase.row;
import static io.httpkit.internal.codec.websocket.Decoding.word;
import static io.httpkit.internal.codec.websocket.Frames.CLOSE;
import static io.httpkit.internal.codec.websocket.Frames.close;
import static io.httpkit.internal.codec.websocket.Frames.frame;
import static io.httpkit.internal.codec.websocket.Frames.hex;
import static io.httpkit.internal.codec.websocket.Frames.utf8;

import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Close frames. RFC 6455 §5.5.1 and §7.4. */
final class CloseCases {
  private CloseCases() {}

  static Stream<DecoderCase> all() {
    return Stream.of(shapes(), validCodes(), invalidCodes()).flatMap(rows -> rows);
  }

  private static Stream<DecoderCase> shapes() {
    String longest = "r".repeat(123);
    return Stream.of(
        row("empty close", frame(CLOSE, ""), "close 1005"),
        row("close of a byte", frame(CLOSE, "\u0003"), "1002"),
        row("close with a reason", close(1000, "bye"), "close 1000 bye"),
        row("reason of 123", close(1000, longest), word("close", "1000 " + longest)),
        row("reason of 124", close(1000, longest + "r"), "1002"),
        row("reason beyond ASCII", close(4000, utf8("é€")), word("close", "4000 " + utf8("é€"))),
        row("reason that is not UTF-8", close(1000, hex("c328")), "1007"),
        row("reason that is not finished", close(1000, hex("61e282")), "1007"),
        row("code before reason", close(1005, hex("c328")), "1002"));
  }

  private static Stream<DecoderCase> validCodes() {
    return IntStream.of(
            1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999,
            4000, 4999)
        .mapToObj(code -> row("code " + code, close(code, ""), "close " + code));
  }

  private static Stream<DecoderCase> invalidCodes() {
    return IntStream.of(
            0, 1, 125, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 32768, 65535)
        .boxed()
        .flatMap(
            code ->
                Stream.of(
                    row("wrong code " + code, close(code, ""), "1002"),
                    row("wrong code with a reason " + code, close(code, "bye"), "1002")));
  }
}
