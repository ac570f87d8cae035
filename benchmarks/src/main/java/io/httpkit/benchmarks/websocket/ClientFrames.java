package io.httpkit.benchmarks.websocket;

import java.nio.ByteBuffer;

/** Writes frames as a client does: masked. RFC 6455 §5.2. */
public final class ClientFrames {
  static final int CLOSE = 0x88;
  static final int PONG = 0x8a;

  private static final int SHORT_LENGTH = 125;
  private static final int MAX_LENGTH = 0xffff;

  /** Always the same: it hides nothing here, and costs the server as much as any other. */
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  private ClientFrames() {}

  /** The bytes of a frame with a payload of this length. */
  static int bytes(int length) {
    return headerBytes(length) + length;
  }

  static int headerBytes(int length) {
    return (length > SHORT_LENGTH ? 4 : 2) + MASK.length;
  }

  /**
   * A frame, ready to be read.
   *
   * @param first its first byte: opcode and flags
   */
  public static ByteBuffer frame(int first, byte... payload) {
    if (payload.length > MAX_LENGTH) {
      throw new IllegalArgumentException("payload of " + payload.length + " bytes");
    }
    ByteBuffer frame = ByteBuffer.allocate(bytes(payload.length)).put((byte) first);
    if (payload.length > SHORT_LENGTH) {
      frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
    } else {
      frame.put((byte) (0x80 | payload.length));
    }
    frame.put(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.put(masked(payload[i], i));
    }
    return frame.flip();
  }

  /** A byte of a payload as it is on the wire. */
  static byte masked(int value, int index) {
    return (byte) (value ^ MASK[index % MASK.length]);
  }
}
