package io.httpkit.internal.codec.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Encodes frames. RFC 6455 §5. */
public final class FrameEncoder {
  /** What a close frame without a code means; never in a frame. */
  static final int NO_STATUS = 1005;

  private static final int MAX_REASON_BYTES = FrameHeader.MAX_CONTROL_PAYLOAD - Short.BYTES;
  private static final byte[] NOTHING = {};

  private FrameEncoder() {}

  /** The bytes of a header: 2 to 14. */
  public static int headerBytes(long payloadLength, boolean masked) {
    int bytes = 2 + (masked ? Integer.BYTES : 0);
    if (payloadLength < FrameHeader.LENGTH_16) {
      return bytes;
    }
    return bytes + (payloadLength <= 0xffff ? Short.BYTES : Long.BYTES);
  }

  /**
   * Puts the header of a frame of a server, which is not masked.
   *
   * @param fin whether it is the last frame of its message
   * @param compressed whether its message is compressed; true only for the first frame of one
   * @param payloadLength in bytes
   * @throws IllegalArgumentException for a control frame that is fragmented, compressed or longer
   *     than 125 bytes, a compressed continuation, or a negative length
   */
  public static void header(
      ByteBuffer out, Opcode opcode, boolean fin, boolean compressed, long payloadLength) {
    header(out, opcode, fin, compressed, payloadLength, false);
  }

  /**
   * Puts the header of a frame of a client.
   *
   * @param mask with which the payload is masked
   * @throws IllegalArgumentException as for a server
   */
  public static void header(
      ByteBuffer out,
      Opcode opcode,
      boolean fin,
      boolean compressed,
      long payloadLength,
      int mask) {
    header(out, opcode, fin, compressed, payloadLength, true);
    putInt(out, mask);
  }

  private static void header(
      ByteBuffer out,
      Opcode opcode,
      boolean fin,
      boolean compressed,
      long payloadLength,
      boolean masked) {
    check(opcode, fin, compressed, payloadLength);
    int first = opcode.code() | (fin ? FrameHeader.FIN : 0) | (compressed ? FrameHeader.RSV1 : 0);
    int maskBit = masked ? FrameHeader.MASKED : 0;
    out.put((byte) first);
    if (payloadLength < FrameHeader.LENGTH_16) {
      out.put((byte) (maskBit | (int) payloadLength));
    } else if (payloadLength <= 0xffff) {
      out.put((byte) (maskBit | FrameHeader.LENGTH_16));
      out.put((byte) (payloadLength >> 8)).put((byte) payloadLength);
    } else {
      out.put((byte) (maskBit | FrameHeader.LENGTH_64));
      putInt(out, (int) (payloadLength >> 32));
      putInt(out, (int) payloadLength);
    }
  }

  private static void check(Opcode opcode, boolean fin, boolean compressed, long payloadLength) {
    if (payloadLength < 0) {
      throw new IllegalArgumentException("length must not be negative but was " + payloadLength);
    }
    if (opcode.isControl() && (!fin || payloadLength > FrameHeader.MAX_CONTROL_PAYLOAD)) {
      throw new IllegalArgumentException(
          opcode + " must be one frame of at most 125 bytes but had " + payloadLength);
    }
    if (compressed && opcode != Opcode.TEXT && opcode != Opcode.BINARY) {
      throw new IllegalArgumentException(opcode + " must not be marked as compressed");
    }
  }

  /** Whatever the order of the buffer. */
  private static void putInt(ByteBuffer out, int value) {
    out.put((byte) (value >> 24))
        .put((byte) (value >> 16))
        .put((byte) (value >> 8))
        .put((byte) value);
  }

  /** Masks these bytes in place; a second time undoes it. RFC 6455 §5.3. */
  public static void mask(byte[] bytes, int offset, int length, int mask) {
    Words.mask(bytes, offset, offset + length, mask);
  }

  /**
   * The payload of a close frame; empty for 1005 and an empty reason. RFC 6455 §5.5.1.
   *
   * @throws IllegalArgumentException if the code must not be sent, or the reason is longer than 123
   *     bytes of UTF-8
   */
  public static byte[] closePayload(int code, String reason) {
    if (code == NO_STATUS && reason.isEmpty()) {
      return NOTHING;
    }
    if (!isSendable(code)) {
      throw new IllegalArgumentException(
          "close code must be 1000 to 1003, 1007 to 1014, 3000 to 4999,"
              + " or 1005 without a reason, but was "
              + code);
    }
    byte[] text = reason.getBytes(StandardCharsets.UTF_8);
    if (text.length > MAX_REASON_BYTES) {
      throw new IllegalArgumentException(
          "close reason must be at most "
              + MAX_REASON_BYTES
              + " bytes of UTF-8 but was "
              + text.length);
    }
    byte[] payload = new byte[Short.BYTES + text.length];
    payload[0] = (byte) (code >> 8);
    payload[1] = (byte) code;
    System.arraycopy(text, 0, payload, Short.BYTES, text.length);
    return payload;
  }

  /**
   * Whether a close frame may hold this code, as it is assigned, or for libraries and applications:
   * 1000 to 1003, 1007 to 1014, 3000 to 4999. RFC 6455 §7.4.
   */
  public static boolean isSendable(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }
}
