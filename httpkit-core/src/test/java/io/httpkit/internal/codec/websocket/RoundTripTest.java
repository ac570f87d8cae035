package io.httpkit.internal.codec.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.internal.codec.websocket.DecoderCase.Setup;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

/** What the encoder writes is what the decoder reads. */
class RoundTripTest {
  private static final int ROUNDS = 80;
  private static final int MAX_MESSAGE = 70_000;

  private final Random random = new Random(20260102);

  @Test
  void messagesOfAnySizeInAnyFramesCutAnywhere() {
    for (int round = 0; round < ROUNDS; round++) {
      boolean masked = random.nextBoolean();
      boolean compressed = random.nextBoolean();
      StringBuilder bytes = new StringBuilder();
      List<String> expected = new ArrayList<>();
      Deflater jdk = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
      MessageDeflater deflater = compressed ? new MessageDeflater(jdk, 15, true) : null;
      for (int i = 0; i < 3; i++) {
        byte[] message = message();
        byte[] payload =
            deflater == null ? message.clone() : deflater.deflate(message, 0, message.length);
        encode(bytes, payload, masked, compressed);
        expected.add(Decoding.word("binary", Frames.latin1(message)));
      }
      jdk.end();
      Setup setup =
          new Setup(
              masked ? Role.CLIENT : Role.SERVER,
              MAX_MESSAGE,
              random.nextBoolean(),
              compressed,
              true);
      DecoderCase row = new DecoderCase("round " + round, bytes.toString(), setup, expected);

      assertThat(Decoding.checkCuts(row, cuts(bytes.length()))).isEqualTo(expected);
    }
  }

  private byte[] message() {
    int bits = 1 + random.nextInt(16);
    byte[] message = new byte[random.nextInt(Math.min(MAX_MESSAGE, 1 << bits))];
    int alphabet = 1 + random.nextInt(256);
    for (int i = 0; i < message.length; i++) {
      message[i] = (byte) random.nextInt(alphabet);
    }
    return message;
  }

  /** In up to four frames. */
  private void encode(StringBuilder out, byte[] payload, boolean masked, boolean compressed) {
    int frames = 1 + random.nextInt(4);
    int from = 0;
    for (int i = 0; i < frames; i++) {
      boolean fin = i == frames - 1;
      int to = fin ? payload.length : from + random.nextInt(payload.length - from + 1);
      Opcode opcode = i == 0 ? Opcode.BINARY : Opcode.CONTINUATION;
      out.append(header(opcode, fin, compressed && i == 0, payload, from, to, masked));
      out.append(Frames.latin1(payload), from, to);
      from = to;
    }
  }

  private String header(
      Opcode opcode,
      boolean fin,
      boolean compressed,
      byte[] payload,
      int from,
      int to,
      boolean masked) {
    int mask = random.nextInt();
    ByteBuffer header = ByteBuffer.allocate(FrameEncoder.headerBytes(to - from, masked));
    if (masked) {
      FrameEncoder.header(header, opcode, fin, compressed, to - from, mask);
      FrameEncoder.mask(payload, from, to - from, mask);
    } else {
      FrameEncoder.header(header, opcode, fin, compressed, to - from);
    }
    assertThat(header.hasRemaining()).isFalse();
    byte[] bytes = new byte[header.flip().remaining()];
    header.get(bytes);
    return Frames.latin1(bytes);
  }

  private int[] cuts(int length) {
    return random.ints(random.nextInt(5), 0, length + 1).sorted().toArray();
  }
}
