package io.httpkit.benchmarks.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Text messages of one length. Each begins with the number of its sender, in 4 hexadecimal digits,
 * and its own, in 8; the rest is the same in all.
 */
final class NumberedMessages {
  private static final int SENDER_DIGITS = 4;
  private static final int DIGITS = 12;
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final byte[] payload;
  private final byte[] frame;

  /**
   * @param length of each, at least 12
   */
  NumberedMessages(int length) {
    payload = new byte[length];
    for (int i = 0; i < length; i++) {
      payload[i] = (byte) ('a' + i % 26);
    }
    frame = ClientFrames.frame(ClientListener.TEXT, payload).array();
  }

  /** The bytes of each on the wire. */
  int frameBytes() {
    return frame.length;
  }

  /** Appends the frame of a message. */
  void put(ByteBuffer out, int sender, int number) {
    int begin = out.position() + ClientFrames.headerBytes(payload.length);
    out.put(frame);
    long digits = ((long) sender << 32) | (number & 0xffffffffL);
    for (int i = 0; i < DIGITS; i++) {
      byte digit = HEX[(int) (digits >>> (4 * (DIGITS - 1 - i))) & 0xf];
      out.put(begin + i, ClientFrames.masked(digit, i));
    }
  }

  /** Whether these bytes may be a message: their length, and what is the same in all. */
  boolean matches(byte[] bytes, int offset, int length) {
    return length == payload.length
        && Arrays.equals(bytes, offset + DIGITS, offset + length, payload, DIGITS, payload.length);
  }

  static int sender(byte[] bytes, int offset) {
    return number(bytes, offset, SENDER_DIGITS);
  }

  static int number(byte[] bytes, int offset) {
    return number(bytes, offset + SENDER_DIGITS, DIGITS - SENDER_DIGITS);
  }

  private static int number(byte[] bytes, int offset, int digits) {
    int number = 0;
    for (int i = offset; i < offset + digits; i++) {
      number = (number << 4) | Character.digit(bytes[i], 16);
    }
    return number;
  }
}
