package io.httpkit.internal.codec.content;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * The coding {@code gzip}: members, one after the other. RFC 1952 §2.2.
 *
 * <pre>
 *   HEADER ─▶ BODY ─▶ TRAILER ─┐
 *     ▲                        │
 *     └────────────────────────┘
 * </pre>
 */
final class GzipDecoder extends ContentDecoder {
  private enum State {
    /** Of the first member, or of another one, if the body does not end here. */
    HEADER,
    BODY,
    TRAILER
  }

  private static final int TRAILER_BYTES = 8;

  private final Inflation body;
  private final CRC32 checksum = new CRC32();
  private State state = State.HEADER;
  private GzipHeader header = new GzipHeader("not gzip");

  /** Bytes of the member when it is inflated. */
  private long memberBytes;

  /** CRC32 and ISIZE as one number, the first byte of the wire lowest. */
  private long trailer;

  private int trailerBytes;

  GzipDecoder(ContentMeter meter) {
    body = new Inflation(true, meter);
  }

  @Override
  @Nullable ByteBuffer next(ByteBuffer in) {
    while (in.hasRemaining() || state == State.BODY) {
      switch (state) {
        case HEADER -> readHeader(in);
        case BODY -> {
          ByteBuffer piece = readBody(in);
          if (piece != null || state == State.BODY) {
            return piece;
          }
        }
        case TRAILER -> readTrailer(in);
      }
    }
    return null;
  }

  private void readHeader(ByteBuffer in) {
    if (header.read(in)) {
      state = State.BODY;
    }
  }

  private @Nullable ByteBuffer readBody(ByteBuffer in) {
    ByteBuffer piece = body.next(in);
    if (piece != null) {
      checksum.update(piece.duplicate());
      memberBytes += piece.remaining();
    } else if (body.isFinished()) {
      state = State.TRAILER;
    }
    return piece;
  }

  private void readTrailer(ByteBuffer in) {
    while (trailerBytes < TRAILER_BYTES && in.hasRemaining()) {
      trailer |= (in.get() & 0xffL) << (Byte.SIZE * trailerBytes);
      trailerBytes++;
    }
    if (trailerBytes < TRAILER_BYTES) {
      return;
    }
    if ((trailer & 0xffff_ffffL) != checksum.getValue()
        || trailer >>> 32 != (memberBytes & 0xffff_ffffL)) {
      throw refused("compressed body does not match its checksum");
    }
    restart();
  }

  private void restart() {
    header = new GzipHeader("bytes behind the compressed body");
    body.restart();
    checksum.reset();
    memberBytes = 0;
    trailer = 0;
    trailerBytes = 0;
    state = State.HEADER;
  }

  @Override
  boolean isComplete() {
    return state == State.HEADER && header.isUntouched();
  }

  @Override
  void release() {
    body.release();
  }
}
