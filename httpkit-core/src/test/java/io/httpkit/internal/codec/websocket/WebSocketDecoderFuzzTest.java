package io.httpkit.internal.codec.websocket;

import static io.httpkit.internal.codec.websocket.DecoderCase.row;
import static io.httpkit.internal.codec.websocket.Frames.BINARY_START;
import static io.httpkit.internal.codec.websocket.Frames.LAST;
import static io.httpkit.internal.codec.websocket.Frames.MORE;
import static io.httpkit.internal.codec.websocket.Frames.PING;
import static io.httpkit.internal.codec.websocket.Frames.PONG;
import static io.httpkit.internal.codec.websocket.Frames.RSV1;
import static io.httpkit.internal.codec.websocket.Frames.TEXT;
import static io.httpkit.internal.codec.websocket.Frames.TEXT_START;
import static io.httpkit.internal.codec.websocket.Frames.close;
import static io.httpkit.internal.codec.websocket.Frames.frame;
import static io.httpkit.internal.codec.websocket.Frames.hex;
import static io.httpkit.internal.codec.websocket.Frames.octet;
import static io.httpkit.internal.codec.websocket.Frames.start;
import static io.httpkit.internal.codec.websocket.Frames.utf8;

import io.httpkit.internal.codec.websocket.DecoderCase.Setup;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damaged frames: each is decoded or refused, never in another way, the same however it is cut, and
 * without an array larger than the limit.
 */
class WebSocketDecoderFuzzTest {
  private static final long SEED = 20260101;
  private static final int ROUNDS = 6_000;
  private static final int MAX_CHANGES = 4;
  private static final int LIMIT = 40;

  private static final String HELLO = DeflateCases.deflated("Hello, hello, hello!");
  private static final String ZEROS = DeflateCases.deflated("\u0000".repeat(LIMIT + 1));

  private static final List<String> VALID =
      List.of(
          frame(TEXT, utf8("é€ and text")) + frame(PING, "p") + close(1000, "bye"),
          frame(TEXT_START, utf8("ab€")) + frame(PONG, "") + frame(LAST, "c") + frame(TEXT, "d"),
          frame(BINARY_START, "x".repeat(15)) + frame(MORE, "") + frame(LAST, "x".repeat(20)),
          frame(TEXT | RSV1, HELLO).repeat(2),
          frame(TEXT_START | RSV1, HELLO.substring(0, 5)) + frame(LAST, HELLO.substring(5)),
          frame(BINARY_START | RSV1, HELLO + hex("0000ffff")) + frame(LAST, HELLO),
          frame(TEXT | RSV1, hex("f348cdc9c9070000")) + frame(TEXT | RSV1, hex("f200110000")));

  private static final List<String> PIECES =
      List.of(
          octet(0x80),
          octet(0x81),
          octet(0x8f),
          octet(0xc1),
          octet(0xfe) + hex("00ff"),
          octet(0xff) + hex("0000000000010000"),
          hex("c328"),
          hex("eda080"),
          hex("0000ffff"),
          start(TEXT, Long.MAX_VALUE),
          start(TEXT, LIMIT + 1),
          frame(PING, ""),
          frame(MORE, ""),
          frame(LAST, ""),
          frame(TEXT | RSV1, ZEROS),
          frame(BINARY_START | RSV1, HELLO));

  private final Random random = new Random(SEED);

  @Test
  void damagedFramesAreDecodedTheSameHoweverTheyAreCut() {
    for (int round = 0; round < ROUNDS; round++) {
      String text = damaged(VALID.get(random.nextInt(VALID.size())));
      Decoding.checkCuts(row("round " + round, text).with(setup()), cuts(text));
    }
  }

  private Setup setup() {
    return new Setup(
        Role.CLIENT, LIMIT, random.nextBoolean(), random.nextInt(4) > 0, random.nextBoolean());
  }

  private String damaged(String valid) {
    StringBuilder text = new StringBuilder(valid);
    for (int changes = random.nextInt(MAX_CHANGES + 1); changes > 0; changes--) {
      damage(text);
    }
    return text.toString();
  }

  private void damage(StringBuilder text) {
    int at = random.nextInt(text.length() + 1);
    int end = Math.min(text.length(), at + 1 + random.nextInt(8));
    switch (random.nextInt(5)) {
      case 0 -> text.replace(at, Math.min(at + 1, text.length()), octet(random.nextInt()));
      case 1 -> text.delete(at, end);
      case 2 -> text.insert(at, text.substring(at, end));
      case 3 -> text.insert(at, octet(random.nextInt()));
      default -> text.insert(at, PIECES.get(random.nextInt(PIECES.size())));
    }
  }

  private int[] cuts(String text) {
    return random.ints(random.nextInt(5), 0, text.length() + 1).sorted().toArray();
  }
}
