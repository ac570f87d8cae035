package io.httpkit.internal.codec.content;

import io.httpkit.http.BadMessageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A body without its coding, read from a stream of the coded one. What a decoder refuses is an
 * {@code IOException} here, at this read and at each later one. Not safe for use by several threads
 * at once.
 */
public final class InflatingInputStream extends PieceInputStream {
  private static final int BUFFER_BYTES = 8 * 1024;

  private enum State {
    OPEN,
    /** The coded body was read to its end. */
    ENDED,
    CLOSED
  }

  private final InputStream coded;
  private final ContentDecoder decoder;
  private final Function<BadMessageException, IOException> onRefusal;
  private final ByteBuffer in = ByteBuffer.allocate(BUFFER_BYTES).limit(0);
  private State state = State.OPEN;
  private @Nullable BadMessageException refusal;

  /**
   * @param coded closed with this stream
   * @param decoder fresh, and closed with this stream
   * @param onRefusal what is thrown for what the decoder refuses
   */
  public InflatingInputStream(
      InputStream coded,
      ContentDecoder decoder,
      Function<BadMessageException, IOException> onRefusal) {
    this.coded = coded;
    this.decoder = decoder;
    this.onRefusal = onRefusal;
  }

  @Override
  protected void checkUsable() throws IOException {
    if (state == State.CLOSED) {
      throw new IOException("stream is closed");
    }
    if (refusal != null) {
      throw onRefusal.apply(refusal);
    }
  }

  @Override
  protected @Nullable ByteBuffer next() throws IOException {
    try {
      while (state == State.OPEN) {
        ByteBuffer next = decoder.decode(in);
        if (next != null) {
          return next;
        }
        readCoded();
      }
      return null;
    } catch (BadMessageException e) {
      refusal = e;
      throw onRefusal.apply(e);
    }
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
    drop();
    decoder.close();
    coded.close();
  }
}
