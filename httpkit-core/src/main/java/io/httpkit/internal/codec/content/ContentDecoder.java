package io.httpkit.internal.codec.content;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes the coding off one body, piece by piece. However the bytes are split, the pieces are the
 * same once they are joined. Not safe for use by several threads at once.
 *
 * <p>A decoder may hold memory outside the heap, which is freed by {@link #end}, by {@link #close},
 * and when it refuses something. It refuses with 502, as what it decodes is a response, and with
 * 413 one that is larger than allowed.
 *
 * <p>A body of no bytes is taken for an empty one in each coding: some servers name a coding for
 * what they do not send.
 */
public abstract class ContentDecoder implements AutoCloseable {
  private boolean closed;

  ContentDecoder() {}

  /**
   * A decoder for one body.
   *
   * @throws IllegalArgumentException if the coding is neither gzip nor deflate
   */
  public static ContentDecoder of(ContentCoding coding, ContentLimits limits) {
    if (coding == ContentCoding.GZIP) {
      return new GzipDecoder(limits);
    }
    if (coding == ContentCoding.DEFLATE) {
      return new DeflateDecoder(limits);
    }
    throw new IllegalArgumentException("nothing to decode in a body of " + coding);
  }

  static BadMessageException refused(String message) {
    return new BadMessageException(Status.BAD_GATEWAY, message);
  }

  /**
   * The next piece, never empty and of bounded size, or null when all of {@code in} is used up. It
   * is valid until the next call. Who cannot follow asks later, with what is left of {@code in}.
   *
   * @throws BadMessageException if the body is corrupt, or too large
   * @throws IllegalStateException if the decoder is closed
   */
  public final @Nullable ByteBuffer decode(ByteBuffer in) {
    if (closed) {
      throw new IllegalStateException("decoder is closed");
    }
    try {
      return next(in);
    } catch (BadMessageException e) {
      close();
      throw e;
    }
  }

  /**
   * Takes note that the body ends here, and closes the decoder in any case.
   *
   * @throws BadMessageException if something was still to come
   */
  public final void end() {
    boolean complete = !closed && isComplete();
    close();
    if (!complete) {
      throw refused("compressed body ends too early");
    }
  }

  /** Frees what the decoder holds, wherever it is. Does nothing more when done again. */
  @Override
  public final void close() {
    if (!closed) {
      closed = true;
      release();
    }
  }

  abstract @Nullable ByteBuffer next(ByteBuffer in);

  /** Whether the body may end here. */
  abstract boolean isComplete();

  abstract void release();
}
