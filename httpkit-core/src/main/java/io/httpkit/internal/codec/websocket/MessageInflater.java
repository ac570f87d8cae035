package io.httpkit.internal.codec.websocket;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Inflates the payload of one message, chunk by chunk. RFC 7692 §7.2.2.
 *
 * <p>The sender has cut the last four bytes off, those of an empty block. They are put back at the
 * end, with a whole empty block behind them, and must yield nothing: what comes out, or is refused,
 * shows that the message ended in the middle of a block. Where no context is kept the empty block
 * is a final one, which leaves no doubt.
 */
final class MessageInflater {
  /** The most that is copied out of the input at once. */
  static final int MAX_CHUNK = 8 * 1024;

  private static final byte[] TAIL_AND_EMPTY_BLOCK = {0, 0, -1, -1, 0, 0, 0, -1, -1};
  private static final byte[] TAIL_AND_FINAL_BLOCK = {0, 0, -1, -1, 1, 0, 0, -1, -1};
  private static final int BLOCK_BYTES = 5;

  private final Inflater inflater;
  private final boolean keepsContext;
  private byte[] chunk = {};
  private int chunkLength;

  /** Whether there may be output without more input. */
  private boolean pending;

  /** Whether bytes have come since the beginning, or since the last final block. */
  private boolean inStream;

  MessageInflater(Inflater inflater, boolean keepsContext) {
    this.inflater = inflater;
    this.keepsContext = keepsContext;
  }

  /** Whether nothing more comes out before something goes in. */
  boolean needsInput() {
    return !pending;
  }

  /** Where to put the next {@code length} bytes, before {@link #feed} is called. */
  byte[] chunk(int length) {
    if (chunk.length < length) {
      chunk = new byte[length];
    }
    return chunk;
  }

  /** Takes the bytes at the beginning of the chunk. */
  void feed(int length) {
    chunkLength = length;
    inflater.setInput(chunk, 0, length);
    inStream = true;
    pending = true;
  }

  /**
   * Inflates into a range that is not empty, and returns how many bytes that were.
   *
   * @throws WebSocketException with 1007 if the data is corrupt
   */
  int inflate(byte[] out, int from, int to) {
    int made = inflate(inflater, out, from, to - from);
    pending = made == to - from;
    if (inflater.finished()) {
      restart(inflater.getRemaining());
    }
    return made;
  }

  /** Goes on behind a final block, where a new stream begins. RFC 7692 §7.2.3.4. */
  private void restart(int left) {
    inflater.reset();
    inflater.setInput(chunk, chunkLength - left, left);
    inStream = left > 0;
    pending = left > 0;
  }

  /** Whether there is more than was inflated, which is lost if there is. */
  boolean hasMore() {
    return inflate(new byte[1], 0, 1) > 0;
  }

  /**
   * Ends the message, all of which was inflated.
   *
   * @throws WebSocketException with 1007 if the data is not complete
   */
  void finish() {
    if (!inStream) {
      return;
    }
    inflater.setInput(keepsContext ? TAIL_AND_EMPTY_BLOCK : TAIL_AND_FINAL_BLOCK);
    int made = inflate(inflater, new byte[1], 0, 1);
    if (made > 0 || !isAtEnd()) {
      throw corrupt();
    }
    if (inflater.finished()) {
      inflater.reset();
    }
  }

  private boolean isAtEnd() {
    int left = inflater.getRemaining();
    if (inflater.finished()) {
      // with a block left if that of the tail was a final one
      return left == 0 || left == BLOCK_BYTES;
    }
    return keepsContext && left == 0;
  }

  private static int inflate(Inflater inflater, byte[] out, int from, int length) {
    try {
      return inflater.inflate(out, from, length);
    } catch (DataFormatException e) {
      throw corrupt();
    }
  }

  private static WebSocketException corrupt() {
    return WebSocketException.invalidPayload("compressed data is corrupt");
  }
}
