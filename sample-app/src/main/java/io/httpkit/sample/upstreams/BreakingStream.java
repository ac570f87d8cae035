package io.httpkit.sample.upstreams;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;

/** Gives some bytes, and then it breaks. */
final class BreakingStream extends InputStream {
  private BreakingStream() {}

  /** A stream that breaks behind these bytes. */
  static InputStream behind(byte[] bytes) {
    return new SequenceInputStream(new ByteArrayInputStream(bytes), new BreakingStream());
  }

  @Override
  public int read() throws IOException {
    throw new BrokenOnPurpose();
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return read();
  }

  /** Of an error that is wanted the log needs no stack trace. */
  private static final class BrokenOnPurpose extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenOnPurpose() {
      super("broken on purpose, for those who ask this upstream");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
