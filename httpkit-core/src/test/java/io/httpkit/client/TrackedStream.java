package io.httpkit.client;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A stream that tells whether it was closed, and may break behind its last byte. */
final class TrackedStream extends InputStream {
  private final InputStream content;
  private final @Nullable IOException failure;
  private final CountDownLatch closed = new CountDownLatch(1);

  private TrackedStream(String content, @Nullable IOException failure) {
    this.content = new ByteArrayInputStream(content.getBytes(StandardCharsets.ISO_8859_1));
    this.failure = failure;
  }

  static TrackedStream of(String content) {
    return new TrackedStream(content, null);
  }

  static TrackedStream breaking(String content, IOException failure) {
    return new TrackedStream(content, failure);
  }

  @Override
  public int read() throws IOException {
    int next = content.read();
    if (next < 0 && failure != null) {
      throw failure;
    }
    return next;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = content.read(bytes, offset, length);
    if (count < 0 && failure != null) {
      throw failure;
    }
    return count;
  }

  @Override
  public void close() {
    closed.countDown();
  }

  /** Whether it is closed, now or soon. */
  boolean isClosedSoon() throws InterruptedException {
    return closed.await(20, TimeUnit.SECONDS);
  }
}
