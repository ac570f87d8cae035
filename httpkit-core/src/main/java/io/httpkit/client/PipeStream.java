package io.httpkit.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A body as a stream, which waits for what has not come. For one thread. */
final class PipeStream extends InputStream {
  private final BodyPipe pipe;
  private ByteBuffer piece = ByteBuffer.allocate(0);

  PipeStream(BodyPipe pipe) {
    this.pipe = pipe;
  }

  /** Whether there is another byte. */
  private boolean fill() throws IOException {
    while (!piece.hasRemaining()) {
      ByteBuffer next = pipe.take();
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
    int count = Math.min(length, piece.remaining());
    piece.get(bytes, offset, count);
    return count;
  }

  @Override
  public int available() {
    return piece.remaining();
  }

  @Override
  public void close() {
    pipe.close();
  }
}
