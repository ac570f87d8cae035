package io.httpkit.internal.codec.content;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** An inflater and the buffer it inflates into, a piece at a time; counts what goes in and out. */
final class Inflation {
  private static final int PIECE_BYTES = 8 * 1024;

  private final Inflater inflater;
  private final ContentLimits limits;
  private final byte[] piece = new byte[PIECE_BYTES];
  private long taken;
  private long made;

  /**
   * @param raw whether it is a stream of RFC 1951, without the header and checksum of RFC 1950
   */
  Inflation(boolean raw, ContentLimits limits) {
    this.inflater = new Inflater(raw);
    this.limits = limits;
  }

  /**
   * The next piece; null if more input is needed, or the stream is finished.
   *
   * @throws BadMessageException if the stream is corrupt, or too large
   */
  @Nullable ByteBuffer next(ByteBuffer in) {
    if (inflater.finished()) {
      return null;
    }
    int before = in.position();
    inflater.setInput(in);
    int length = inflate();
    taken += in.position() - before;
    if (inflater.needsDictionary()) {
      throw ContentDecoder.refused("compressed with a dictionary");
    }
    if (length == 0) {
      return null;
    }
    made += length;
    checkLimits();
    return ByteBuffer.wrap(piece, 0, length);
  }

  private void checkLimits() {
    if (made > limits.maxBytes()) {
      String message = "body larger than " + limits.maxBytes() + " bytes";
      throw new BadMessageException(Status.CONTENT_TOO_LARGE, message);
    }
    if (made > limits.freeBytes() && made / limits.maxRatio() > taken) {
      throw ContentDecoder.refused(
          "body that grows to more than " + limits.maxRatio() + " times what was sent");
    }
  }

  /** As much as is allowed, but one byte that shows there is more. */
  private int inflate() {
    int room = (int) Math.min(PIECE_BYTES, Math.max(1, limits.maxBytes() - made));
    try {
      return inflater.inflate(piece, 0, room);
    } catch (DataFormatException e) {
      throw ContentDecoder.refused("compressed body is corrupt");
    }
  }

  boolean isFinished() {
    return inflater.finished();
  }

  /** Begins another stream. */
  void restart() {
    inflater.reset();
  }

  void release() {
    inflater.end();
  }
}
