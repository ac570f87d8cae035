package io.httpkit.internal.codec.content;

import io.httpkit.http.BadMessageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A body without its coding, read from a stream of the coded one. What a decoder refuses is an
 * {@code IOException} here, at this read and at each later one. Not safe for use by several threads
 * at once.
 */
public final class InflatingInputStream extends InputStream {
  private static final int BUFFER_BYTES = 8 * 1024;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private enum State {
    OPEN,
    /** The coded body was read to its end. */
    ENDED,
    CLOSED
  }

  private final InputStream coded;
  private final ContentDecoder decoder;
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private ByteBuffer piece = NOTHING;
  private State state = State.OPEN;
  private @Nullable BadMessageException refusal;

  /**
   * @param coded closed with this stream
   * @param decoder fresh, and closed with this stream
   */
  public InflatingInputStream(InputStream coded, ContentDecoder decoder) {
    this.coded = coded;
    this.decoder = decoder;
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

  /** The bytes that are decoded already. */
  @Override
  public int available() throws IOException {
    checkUsable();
    return piece.remaining();
  }

  private void checkUsable() throws IOException {
    if (state == State.CLOSED) {
      throw new IOException("stream is closed");
    }
    if (refusal != null) {
      throw new IOException(refusal.getMessage(), refusal);
    }
  }

  /** Waits for the next piece if there is none; false at the end. */
  private boolean fill() throws IOException {
    checkUsable();
    try {
      while (!piece.hasRemaining() && state == State.OPEN) {
        ByteBuffer next = decoder.decode(in);
        if (next == null) {
          readCoded();
        } else {
          piece = next;
        }
      }
    } catch (BadMessageException e) {
      refusal = e;
      piece = NOTHING;
      throw new IOException(e.getMessage(), e);
    }
    return piece.hasRemaining();
  }

  private void readCoded() throws IOException {
    int read = coded.read(in.array());
    if (read < 0) {
      state = State.ENDED;
      decoder.end();
    } else {
      in.position(0).limit(read);
    }
  }

  @Override
  public void close() throws IOException {
    state = State.CLOSED;
    piece = NOTHING;
    decoder.close();
    coded.close();
  }
}
