package io.httpkit.internal.codec.websocket;

import java.util.Arrays;
import java.util.zip.Deflater;

/**
 * Compresses the payloads of messages. RFC 7692 §7.2.1.
 *
 * <p>The JDK has no way to make the window of a deflater smaller. Where it must be, the message is
 * compressed in pieces as large as the window that know nothing of each other, so no reference can
 * leave it.
 */
public final class MessageDeflater {
  private static final int MIN_WINDOW_BITS = 8;
  private static final int MAX_WINDOW_BITS = 15;

  /** What every piece ends with, and the message does not. */
  private static final int TAIL_BYTES = 4;

  /** A flush needs so much room not to be repeated. */
  private static final int MIN_ROOM = 16;

  private static final byte[] NOTHING = {};

  private final Deflater deflater;
  private final int pieceBytes;
  private final boolean keepsContext;
  private byte[] out = NOTHING;
  private int size;

  /**
   * @param deflater of raw data ({@code nowrap}); it is used, and not ended
   * @param windowBits 8 to 15, the logarithm of the window in bytes
   * @param keepsContext whether a message may refer to the one before; a window of less than 15
   *     bits keeps none
   * @throws IllegalArgumentException for a window of other than 8 to 15 bits
   */
  public MessageDeflater(Deflater deflater, int windowBits, boolean keepsContext) {
    if (windowBits < MIN_WINDOW_BITS || windowBits > MAX_WINDOW_BITS) {
      throw new IllegalArgumentException("window bits must be 8 to 15 but were " + windowBits);
    }
    boolean wholeWindow = windowBits == MAX_WINDOW_BITS;
    this.deflater = deflater;
    this.pieceBytes = wholeWindow ? Integer.MAX_VALUE : 1 << windowBits;
    this.keepsContext = keepsContext && wholeWindow;
  }

  /** The compressed payload of a message. */
  public byte[] deflate(byte[] bytes, int offset, int length) {
    if (length == 0) {
      // the first byte of an empty block, RFC 7692 §7.2.3.6
      return new byte[1];
    }
    out = new byte[MIN_ROOM + Math.min(length, 8 * 1024)];
    size = 0;
    int end = offset + length;
    for (int at = offset; at < end; at += Math.min(pieceBytes, end - at)) {
      deflatePiece(bytes, at, Math.min(pieceBytes, end - at));
    }
    byte[] payload = Arrays.copyOf(out, size - TAIL_BYTES);
    out = NOTHING;
    deflater.setInput(NOTHING);
    return payload;
  }

  private void deflatePiece(byte[] bytes, int offset, int length) {
    if (!keepsContext) {
      deflater.reset();
    }
    deflater.setInput(bytes, offset, length);
    int room;
    int made;
    do {
      if (out.length - size < MIN_ROOM) {
        out = Arrays.copyOf(out, 2 * out.length);
      }
      room = out.length - size;
      made = deflater.deflate(out, size, room, Deflater.SYNC_FLUSH);
      size += made;
    } while (made == room);
  }
}
