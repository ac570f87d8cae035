package io.httpkit.client;

import io.httpkit.internal.codec.content.PieceInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A body as a stream, which waits for what has not come. For one thread. */
final class PipeStream extends PieceInputStream {
  private final BodyPipe pipe;

  PipeStream(BodyPipe pipe) {
    this.pipe = pipe;
  }

  @Override
  protected @Nullable ByteBuffer next() throws IOException {
    return pipe.take();
  }

  @Override
  public void close() {
    pipe.close();
  }
}
