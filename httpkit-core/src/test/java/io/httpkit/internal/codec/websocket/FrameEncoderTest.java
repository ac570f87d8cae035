package io.httpkit.internal.codec.websocket;

import static io.httpkit.internal.codec.websocket.Frames.hex;
import static io.httpkit.internal.codec.websocket.Frames.latin1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameEncoderTest {
  private static final int MASK = 0x37fa213d;

  private static String written(ByteBuffer out) {
    byte[] bytes = new byte[out.flip().remaining()];
    out.get(bytes);
    return latin1(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "TEXT, true, false, 5, 8105",
    "TEXT, false, false, 5, 0105",
    "TEXT, true, true, 7, c107",
    "TEXT, false, true, 3, 4103",
    "BINARY, true, false, 0, 8200",
    "BINARY, true, true, 1, c201",
    "BINARY, false, false, 125, 027d",
    "CONTINUATION, true, false, 2, 8002",
    "CONTINUATION, false, false, 0, 0000",
    "CLOSE, true, false, 2, 8802",
    "PING, true, false, 0, 8900",
    "PONG, true, false, 125, 8a7d",
    "BINARY, true, false, 126, 827e007e",
    "BINARY, true, false, 127, 827e007f",
    "BINARY, true, false, 256, 827e0100",
    "BINARY, true, false, 65535, 827effff",
    "BINARY, true, false, 65536, 827f0000000000010000",
    "BINARY, true, false, 4294967296, 827f0000000100000000",
    "BINARY, true, false, 9223372036854775807, 827f7fffffffffffffff",
  })
  void putsHeaders(Opcode opcode, boolean fin, boolean compressed, long length, String expected) {
    String server = hex(expected);
    String client = server.charAt(0) + Frames.octet(server.charAt(1) | 0x80) + server.substring(2);
    for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
      ByteBuffer out = ByteBuffer.allocateDirect(14).order(order);
      FrameEncoder.header(out, opcode, fin, compressed, length);
      assertThat(written(out)).isEqualTo(server);

      out.clear();
      FrameEncoder.header(out, opcode, fin, compressed, length, MASK);
      assertThat(written(out)).isEqualTo(client + Frames.MASK);
    }
    assertThat(FrameEncoder.headerBytes(length, false)).isEqualTo(server.length());
    assertThat(FrameEncoder.headerBytes(length, true)).isEqualTo(server.length() + 4);
  }

  @ParameterizedTest
  @CsvSource({
    "PING, true, false, 126",
    "CLOSE, true, false, 65536",
    "PONG, false, false, 1",
    "PING, true, true, 1",
    "CONTINUATION, true, true, 1",
    "TEXT, true, false, -1",
  })
  void refusesFramesThatDoNotExist(Opcode opcode, boolean fin, boolean compressed, long length) {
    ByteBuffer out = ByteBuffer.allocate(14);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrameEncoder.header(out, opcode, fin, compressed, length));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrameEncoder.header(out, opcode, fin, compressed, length, MASK));
    assertThat(out.position()).isZero();
  }

  @Test
  void masksEachByteWithOneOfFour() {
    Random random = new Random(1);
    for (int length = 0; length <= 40; length++) {
      for (int offset = 0; offset <= 9; offset++) {
        byte[] bytes = new byte[60];
        random.nextBytes(bytes);
        byte[] expected = bytes.clone();
        int mask = random.nextInt();
        for (int i = 0; i < length; i++) {
          expected[offset + i] ^= (byte) (mask >> (24 - 8 * (i % 4)));
        }

        FrameEncoder.mask(bytes, offset, length, mask);

        assertThat(bytes).isEqualTo(expected);
      }
    }
  }

  @Test
  void encodesCloses() {
    assertThat(FrameEncoder.closePayload(1005, "")).isEmpty();
    assertThat(FrameEncoder.closePayload(1000, "")).containsExactly(3, 0xe8);
    assertThat(latin1(FrameEncoder.closePayload(4000, "é")))
        .isEqualTo(hex("0fa0") + Frames.utf8("é"));
    assertThat(FrameEncoder.closePayload(1000, "r".repeat(123))).hasSize(125);
    assertThat(FrameEncoder.closePayload(1000, "€".repeat(41))).hasSize(125);
  }

  @Test
  void refusesReasonsThatAreTooLong() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrameEncoder.closePayload(1000, "r".repeat(124)))
        .withMessageContainingAll("123", "124");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrameEncoder.closePayload(1000, "€".repeat(42)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrameEncoder.closePayload(1005, "reason"))
        .withMessageContaining("1005 without a reason");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4999})
  void knowsCodesThatMayBeSent(int code) {
    assertThat(FrameEncoder.isSendable(code)).isTrue();
    assertThat(FrameEncoder.closePayload(code, "x")).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 999, 1004, 1006, 1015, 1016, 2000, 2999, 5000, 65536, 66536, 1 << 30})
  void refusesCodesThatMustNotBeSent(int code) {
    assertThat(FrameEncoder.isSendable(code)).isFalse();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FrameEncoder.closePayload(code, ""))
        .withMessageContainingAll("3000 to 4999", String.valueOf(code));
  }

  @Test
  void noCodeIsNoneThatCanBeSent() {
    assertThat(FrameEncoder.isSendable(1005)).isFalse();
  }

  @Test
  void opcodesHaveTheirCodes() {
    for (int code = 0; code < 16; code++) {
      Opcode opcode = Opcode.of(code);
      if (opcode != null) {
        assertThat(opcode.code()).isEqualTo(code);
        assertThat(opcode.isControl()).isEqualTo(code >= 8);
      }
    }
    assertThat(Opcode.values()).hasSize(6).allMatch(each -> Opcode.of(each.code()) == each);
  }
}
