package io.httpkit.internal.codec.content;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A stream of what comes in pieces. Not safe for use by several threads at once. */
public abstract class PieceInputStream extends InputStream {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private ByteBuffer piece = NOTHING;

  /** The next piece, which is read before the next is asked for; waits for it, null at the end. */
  protected abstract @Nullable ByteBuffer next() throws IOException;

  /**
   * Fails if the stream cannot be read.
   *
   * @throws IOException if it is closed, or has failed before
   */
  protected void checkUsable() throws IOException {}

  /** What was not read of the last piece is gone. */
  protected final void drop() {
    piece = NOTHING;
  }

  private boolean fill() throws IOException {
    checkUsable();
    while (!piece.hasRemaining()) {
      ByteBuffer next = next();
      if (next == null) {
        return false;
      }
      piece = next;
    }
    return true;
  }

  @Override
  public int read() throws IOException {
    return fill() ? piece.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int read = Math.min(length, piece.remaining());
    piece.get(bytes, offset, read);
    return read;
  }

  /** The bytes of the last piece that were not read. */
  @Override
  public int available() throws IOException {
    checkUsable();
    return piece.remaining();
  }
}
