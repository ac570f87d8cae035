package io.httpkit.client;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * The first bytes of a stream, as many as were announced: no more if it has grown since, and an
 * error if it has not as many. A source is opened when the first byte is asked for.
 */
final class ExactStream extends InputStream {
  /** Opens a stream. */
  interface Source {
    InputStream open() throws IOException;
  }

  private final Source source;
  private @Nullable InputStream stream;
  private boolean isClosed;
  private long left;

  ExactStream(Source source, long length) {
    this.source = source;
    this.left = length;
  }

  /** Of a stream that is open already, and is closed even if nothing was asked for. */
  ExactStream(InputStream stream, long length) {
    this(() -> stream, length);
    this.stream = stream;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (left == 0) {
      return length == 0 ? 0 : -1;
    }
    int count = opened().read(bytes, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new EOFException("a part of a multipart body ended " + left + " bytes too early");
    }
    left -= count;
    return count;
  }

  private InputStream opened() throws IOException {
    if (isClosed) {
      throw new IOException("the stream is closed");
    }
    InputStream known = stream;
    if (known == null) {
      known = source.open();
      stream = known;
    }
    return known;
  }

  @Override
  public void close() throws IOException {
    isClosed = true;
    if (stream != null) {
      stream.close();
    }
  }
}
