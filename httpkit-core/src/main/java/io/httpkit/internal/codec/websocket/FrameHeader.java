package io.httpkit.internal.codec.websocket;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The beginning of a frame. RFC 6455 §5.2.
 *
 * @param fin whether it is the last frame of its message
 * @param compressed RSV1, whether its message is compressed; RFC 7692 §6
 * @param length of the payload in bytes
 * @param mask of the payload, 0 if there is none
 * @param bytes of the header itself, at most {@link #MAX_BYTES}
 */
record FrameHeader(
    Opcode opcode, boolean fin, boolean compressed, long length, int mask, int bytes) {
  static final int MAX_BYTES = 14;
  static final int MAX_CONTROL_PAYLOAD = 125;

  static final int FIN = 0x80;
  static final int RSV1 = 0x40;
  private static final int OTHER_RSV = 0x30;
  private static final int OPCODE = 0x0f;

  static final int MASKED = 0x80;
  private static final int LENGTH = 0x7f;

  /** Values of the seven length bits: the length is in the two, or the eight, bytes behind. */
  static final int LENGTH_16 = 126;

  static final int LENGTH_64 = 127;

  private static final int MIN_BYTES = 2;

  /**
   * Reads the header at the position of {@code in} and leaves it there; null if it is not complete.
   * It is refused as soon as the bytes that make it wrong are there.
   *
   * @param masked whether frames must be masked; otherwise they must not be
   * @param inMessage whether a message has begun that has not ended
   * @param mayCompress whether compression was agreed on
   * @throws WebSocketException with 1002
   */
  static @Nullable FrameHeader read(
      ByteBuffer in, boolean masked, boolean inMessage, boolean mayCompress) {
    if (in.remaining() < MIN_BYTES) {
      return null;
    }
    int start = in.position();
    int first = in.get(start);
    int second = in.get(start + 1);
    Opcode opcode = opcode(first);
    checkSequence(opcode, inMessage);
    checkReserved(first, mayCompress && !opcode.isControl() && opcode != Opcode.CONTINUATION);
    checkMasked(second, masked);
    if (opcode.isControl()) {
      checkControl(first, second);
    }
    int lengthEnd = MIN_BYTES + extendedBytes(second & LENGTH);
    int bytes = lengthEnd + (masked ? Integer.BYTES : 0);
    if (in.remaining() < lengthEnd) {
      return null;
    }
    long length = length(in, start + MIN_BYTES, second & LENGTH);
    if (in.remaining() < bytes) {
      return null;
    }
    int mask = masked ? bigEndianInt(in, start + lengthEnd) : 0;
    return new FrameHeader(opcode, (first & FIN) != 0, (first & RSV1) != 0, length, mask, bytes);
  }

  private static Opcode opcode(int first) {
    Opcode opcode = Opcode.of(first & OPCODE);
    if (opcode == null) {
      throw WebSocketException.protocolError("reserved opcode");
    }
    return opcode;
  }

  /** RFC 6455 §5.4: frames of different messages are not mixed. */
  private static void checkSequence(Opcode opcode, boolean inMessage) {
    if (opcode == Opcode.CONTINUATION && !inMessage) {
      throw WebSocketException.protocolError("continuation of no message");
    }
    if (opcode != Opcode.CONTINUATION && !opcode.isControl() && inMessage) {
      throw WebSocketException.protocolError("new message within a message");
    }
  }

  private static void checkReserved(int first, boolean mayCompress) {
    if ((first & (mayCompress ? OTHER_RSV : OTHER_RSV | RSV1)) != 0) {
      throw WebSocketException.protocolError("reserved bit that was not agreed on");
    }
  }

  /** RFC 6455 §5.1. */
  private static void checkMasked(int second, boolean masked) {
    if (((second & MASKED) != 0) != masked) {
      throw WebSocketException.protocolError(
          masked ? "frame of a client must be masked" : "frame of a server must not be masked");
    }
  }

  /** RFC 6455 §5.5. */
  private static void checkControl(int first, int second) {
    if ((first & FIN) == 0) {
      throw WebSocketException.protocolError("control frame must not be fragmented");
    }
    if ((second & LENGTH) > MAX_CONTROL_PAYLOAD) {
      throw WebSocketException.protocolError(
          "control frame of more than " + MAX_CONTROL_PAYLOAD + " bytes");
    }
  }

  private static int extendedBytes(int length) {
    return switch (length) {
      case LENGTH_16 -> Short.BYTES;
      case LENGTH_64 -> Long.BYTES;
      default -> 0;
    };
  }

  /** The length must be in its shortest form. */
  private static long length(ByteBuffer in, int at, int sevenBits) {
    if (sevenBits < LENGTH_16) {
      return sevenBits;
    }
    if (sevenBits == LENGTH_16) {
      int length = (in.get(at) & 0xff) << 8 | (in.get(at + 1) & 0xff);
      checkMinimal(length >= LENGTH_16);
      return length;
    }
    long length =
        (long) bigEndianInt(in, at) << 32 | (bigEndianInt(in, at + Integer.BYTES) & 0xffffffffL);
    if (length < 0) {
      throw WebSocketException.protocolError("length of more than 63 bits");
    }
    checkMinimal(length > 0xffff);
    return length;
  }

  private static void checkMinimal(boolean minimal) {
    if (!minimal) {
      throw WebSocketException.protocolError("length is not in its shortest form");
    }
  }

  /** Whatever the order of the buffer. */
  private static int bigEndianInt(ByteBuffer in, int at) {
    return (in.get(at) & 0xff) << 24
        | (in.get(at + 1) & 0xff) << 16
        | (in.get(at + 2) & 0xff) << 8
        | (in.get(at + 3) & 0xff);
  }
}
