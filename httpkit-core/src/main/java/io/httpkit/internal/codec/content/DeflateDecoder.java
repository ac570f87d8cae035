package io.httpkit.internal.codec.content;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The coding {@code deflate}: a stream of RFC 1950, or, as some servers send it, one of RFC 1951
 * without its header. The first two bytes tell.
 *
 * <pre>
 *   +---+---+
 *   |CMF|FLG|   CMF: 8 in its lower half; both as one number a multiple of 31
 *   +---+---+
 * </pre>
 */
final class DeflateDecoder extends ContentDecoder {
  private static final int METHOD_MASK = 0xf;
  private static final int METHOD_DEFLATE = 8;
  private static final int CHECK = 31;

  private final ContentLimits limits;

  /** The first bytes, which go to the inflater when it is known of which kind it has to be. */
  private final ByteBuffer start = ByteBuffer.allocate(2);

  private @Nullable Inflation body;

  DeflateDecoder(ContentLimits limits) {
    this.limits = limits;
  }

  @Override
  @Nullable ByteBuffer next(ByteBuffer in) {
    Inflation inflation = body == null ? begin(in) : body;
    if (inflation == null) {
      return null;
    }
    ByteBuffer piece = start.hasRemaining() ? inflation.next(start) : null;
    if (piece == null) {
      piece = inflation.next(in);
    }
    if (piece == null && inflation.isFinished() && (start.hasRemaining() || in.hasRemaining())) {
      throw refused("bytes behind the compressed body");
    }
    return piece;
  }

  /** The inflater for the bytes that come, null as long as they do not tell. */
  private @Nullable Inflation begin(ByteBuffer in) {
    while (start.hasRemaining() && in.hasRemaining()) {
      start.put(in.get());
    }
    if (start.hasRemaining()) {
      return null;
    }
    start.flip();
    body = new Inflation(!hasHeader(), limits);
    return body;
  }

  private boolean hasHeader() {
    return (start.get(0) & METHOD_MASK) == METHOD_DEFLATE
        && (start.getShort(0) & 0xffff) % CHECK == 0;
  }

  @Override
  boolean isComplete() {
    return body == null ? start.position() == 0 : body.isFinished();
  }

  @Override
  void release() {
    if (body != null) {
      body.release();
    }
  }
}
