package io.httpkit.internal.codec.websocket;

import static io.httpkit.internal.codec.websocket.Frames.BINARY;
import static io.httpkit.internal.codec.websocket.Frames.RSV1;
import static io.httpkit.internal.codec.websocket.Frames.hex;
import static io.httpkit.internal.codec.websocket.Frames.latin1;
import static io.httpkit.internal.codec.websocket.Frames.server;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.internal.codec.websocket.WebSocketEvent.Binary;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageDeflaterTest {
  private static final String EMPTY_BLOCK_END = hex("0000ffff");

  private final Deflater jdk = new Deflater(Deflater.DEFAULT_COMPRESSION, true);

  @AfterEach
  void endDeflater() {
    jdk.end();
  }

  private static String deflate(MessageDeflater deflater, byte[] message) {
    return latin1(deflater.deflate(message, 0, message.length));
  }

  private static String decode(WebSocketDecoder decoder, String payload) {
    ByteBuffer in = ByteBuffer.wrap(Frames.bytes(server(BINARY | RSV1, payload)));
    if (decoder.next(in) instanceof Binary message) {
      return latin1(message.bytes());
    }
    throw new AssertionError("no message");
  }

  private static WebSocketDecoder decoder(boolean keepsContext) {
    return new WebSocketDecoder(Role.SERVER, 1 << 24, false, new LentInflaters(), keepsContext);
  }

  /** Nothing, little, much; that can be compressed or not; with repetitions near and far. */
  private static List<byte[]> messages() {
    List<byte[]> messages = new ArrayList<>();
    Random random = new Random(7);
    for (int length : new int[] {0, 1, 5, 250, 256, 257, 5_000, 32_768, 100_000}) {
      byte[] noise = new byte[length];
      random.nextBytes(noise);
      messages.add(noise);
      messages.add(Frames.bytes("abcdefghijkl".repeat(length / 12)));
    }
    for (int bits = 8; bits <= 15; bits++) {
      messages.add(repeated(random, 70_000, 3 << (bits - 2)));
    }
    return messages;
  }

  /** Noise that comes again at this distance. */
  private static byte[] repeated(Random random, int length, int distance) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = i < distance ? (byte) random.nextInt() : bytes[i - distance];
    }
    return bytes;
  }

  @Test
  void withContextAMessageThatComesAgainIsShort() {
    MessageDeflater keeping = new MessageDeflater(jdk, 15, true);
    byte[] message = Frames.bytes("Hello, who is there?");

    assertThat(deflate(keeping, message)).hasSizeGreaterThan(message.length / 2);
    assertThat(deflate(keeping, new byte[0])).isEqualTo(hex("00"));
    assertThat(deflate(keeping, message)).hasSizeLessThan(message.length / 2);
  }

  @Test
  void withoutContextEachMessageStandsForItself() {
    MessageDeflater forgetting = new MessageDeflater(jdk, 15, false);
    String first = deflate(forgetting, Frames.bytes("Hello"));

    assertThat(deflate(forgetting, new byte[0])).isEqualTo(hex("00"));
    assertThat(deflate(forgetting, Frames.bytes("Hello"))).isEqualTo(first);
  }

  @Test
  void deflatesARangeOfAnArray() {
    MessageDeflater deflater = new MessageDeflater(jdk, 15, false);
    String whole = deflate(deflater, Frames.bytes("Hello"));

    assertThat(latin1(deflater.deflate(Frames.bytes("xxHelloxx"), 2, 5))).isEqualTo(whole);
    assertThat(deflater.deflate(Frames.bytes("xx"), 1, 0)).containsExactly(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
  void referencesStayWithinTheWindow(int windowBits) {
    MessageDeflater deflater = new MessageDeflater(jdk, windowBits, false);
    WebSocketDecoder decoder = decoder(false);
    int maxDistance = 0;
    for (byte[] message : messages()) {
      String payload = deflate(deflater, message);
      PlainInflate plain = PlainInflate.of(payload + EMPTY_BLOCK_END);

      assertThat(plain.text().equals(latin1(message))).as("of RFC 1951").isTrue();
      assertThat(decode(decoder, payload).equals(latin1(message))).as("decoded").isTrue();
      maxDistance = Math.max(maxDistance, plain.maxDistance());
    }

    assertThat(maxDistance).isBetween(1 << (windowBits - 1), 1 << windowBits);
  }

  @Test
  void refusesWindowsThatDoNotExist() {
    assertThatIllegalArgumentException().isThrownBy(() -> new MessageDeflater(jdk, 7, false));
    assertThatIllegalArgumentException().isThrownBy(() -> new MessageDeflater(jdk, 16, false));
  }

  @Test
  void aSmallWindowKeepsNoContext() {
    MessageDeflater deflater = new MessageDeflater(jdk, 14, true);

    assertThat(deflate(deflater, Frames.bytes("Hello")))
        .isEqualTo(deflate(deflater, Frames.bytes("Hello")));
  }

  @Test
  void contextIsKeptFromMessageToMessage() {
    MessageDeflater deflater = new MessageDeflater(jdk, 15, true);
    WebSocketDecoder decoder = decoder(true);
    List<byte[]> messages = messages();
    messages.addAll(messages());
    for (byte[] message : messages) {
      String payload = deflate(deflater, message);
      assertThat(decode(decoder, payload).equals(latin1(message))).isTrue();
    }
  }

  /** Whatever the room is in which the flush ends. */
  @Test
  void everySizeRoundTrips() {
    MessageDeflater deflater = new MessageDeflater(jdk, 15, true);
    WebSocketDecoder decoder = decoder(true);
    byte[] noise = new byte[1200];
    new Random(3).nextBytes(noise);
    for (int length = 0; length <= noise.length; length++) {
      byte[] message = Arrays.copyOf(noise, length);
      assertThat(decode(decoder, deflate(deflater, message)).equals(latin1(message))).isTrue();
    }
  }

  @Test
  void doesNotEndTheDeflater() {
    deflate(new MessageDeflater(jdk, 15, true), Frames.bytes("Hello"));
    jdk.reset();

    assertThat(jdk.finished()).isFalse();
  }
}
