package io.httpkit.internal.codec.websocket;

import static io.httpkit.internal.codec.websocket.DecoderCase.PLAIN;
import static io.httpkit.internal.codec.websocket.DecoderCase.row;
import static io.httpkit.internal.codec.websocket.Decoding.word;
import static io.httpkit.internal.codec.websocket.Frames.BINARY;
import static io.httpkit.internal.codec.websocket.Frames.LAST;
import static io.httpkit.internal.codec.websocket.Frames.MORE;
import static io.httpkit.internal.codec.websocket.Frames.PING;
import static io.httpkit.internal.codec.websocket.Frames.TEXT;
import static io.httpkit.internal.codec.websocket.Frames.frame;
import static io.httpkit.internal.codec.websocket.Frames.start;

import java.util.stream.Stream;

/** The largest message, which does not bind the parts of one. */
final class LimitCases {
  private static final int UNFINISHED = 0x7f;

  private LimitCases() {}

  /** For whole messages. */
  static Stream<DecoderCase> whole() {
    return Stream.of(TEXT, BINARY)
        .flatMap(
            first ->
                Stream.of(
                    within(100, first, 100),
                    within(100, first, 101),
                    within(200, first, 200),
                    within(200, first, 100, 100),
                    within(200, first, 126, 74),
                    within(200, first, 201),
                    within(200, first, 100, 101),
                    within(200, first, 126, 75),
                    within(200, first, 201, 0),
                    within(200, first, 0, 201),
                    within(200, first, 200, 0),
                    within(200, first, 200, 1),
                    within(0, first, 0),
                    within(0, first, 1),
                    row("known from the header: " + first, start(first, 101), "1009")
                        .with(PLAIN.within(100)),
                    row("2^63-1: " + first, start(first, Long.MAX_VALUE), "1009"),
                    row("2^32+1: " + first, start(first, (1L << 32) + 1), "1009"),
                    row("largest limit: " + first, start(first, 1L << 31), "1009")
                        .with(PLAIN.within(Integer.MAX_VALUE)),
                    row(
                            "each message anew: " + first,
                            frame(first, "aaa") + frame(first, "bbb"),
                            word(kind(first), "aaa"),
                            word(kind(first), "bbb"))
                        .with(PLAIN.within(3)),
                    row(
                            "control frames do not count: " + first,
                            frame(first & UNFINISHED, "aa")
                                + frame(PING, "12345")
                                + frame(LAST, "bb"),
                            "ping 12345",
                            word(kind(first), "aabb"))
                        .with(PLAIN.within(4))));
  }

  private static String kind(int first) {
    return first == TEXT ? "text" : "binary";
  }

  private static DecoderCase within(int limit, int first, int... lengths) {
    StringBuilder frames = new StringBuilder();
    int sum = 0;
    for (int i = 0; i < lengths.length; i++) {
      int start = i == 0 ? first & UNFINISHED : MORE;
      int end = i == lengths.length - 1 ? LAST : 0;
      frames.append(frame(start | end, "a".repeat(lengths[i])));
      sum += lengths[i];
    }
    String expected = sum <= limit ? word(kind(first), "a".repeat(sum)) : "1009";
    return row(
            kind(first) + " of " + sum + " in " + lengths.length + ", limit " + limit,
            frames.toString(),
            expected)
        .with(PLAIN.within(limit));
  }

  /** For parts. */
  static Stream<DecoderCase> parts() {
    return Stream.of(
            row("parts beyond the limit", frame(TEXT, "aaaaaaaa"), "text aaaaaaaa"),
            row(
                "parts of frames beyond the limit",
                frame(BINARY & UNFINISHED, "aaaa") + frame(MORE, "bbb") + frame(LAST, "cccc"),
                "binary aaaabbbcccc"),
            row("part of a huge frame", start(BINARY, Long.MAX_VALUE) + "abc", "incomplete"))
        .map(each -> each.with(PLAIN.within(3).streaming(true)));
  }
}
