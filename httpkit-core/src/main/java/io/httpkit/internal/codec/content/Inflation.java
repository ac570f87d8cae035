package io.httpkit.internal.codec.content;

import io.httpkit.http.BadMessageException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.jspecify.annotations.Nullable;

/** An inflater and the buffer it inflates into, a piece at a time. */
final class Inflation {
  private static final int PIECE_BYTES = 8 * 1024;

  private final Inflater inflater;
  private final ContentMeter meter;
  private final byte[] piece = new byte[PIECE_BYTES];

  /**
   * @param raw whether it is a stream of RFC 1951, without the header and checksum of RFC 1950
   */
  Inflation(boolean raw, ContentMeter meter) {
    this.inflater = new Inflater(raw);
    this.meter = meter;
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
    int made = inflate();
    meter.take(in.position() - before);
    if (inflater.needsDictionary()) {
      throw ContentDecoder.refused("compressed with a dictionary");
    }
    if (made == 0) {
      return null;
    }
    meter.make(made);
    return ByteBuffer.wrap(piece, 0, made);
  }

  private int inflate() {
    try {
      return inflater.inflate(piece, 0, meter.room(PIECE_BYTES));
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
