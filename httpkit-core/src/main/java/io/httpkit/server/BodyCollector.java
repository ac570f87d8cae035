package io.httpkit.server;

import io.httpkit.http.Headers;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/** Collects a body, in memory that grows with what has come and not with what was announced. */
final class BodyCollector implements Exchange.BodyListener {
  private static final int MIN_CAPACITY = 512;

  private final long announced;
  private final Consumer<RequestBody> whenComplete;
  private byte[] bytes = RequestBody.EMPTY.array();
  private int length;

  /**
   * @param announced bytes, -1 if not known
   */
  BodyCollector(long announced, Consumer<RequestBody> whenComplete) {
    this.announced = announced;
    this.whenComplete = whenComplete;
  }

  @Override
  public boolean onContent(ByteBuffer content) {
    int needed = length + content.remaining();
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, capacity(needed));
    }
    content.get(bytes, length, content.remaining());
    length = needed;
    return true;
  }

  private int capacity(int needed) {
    long doubled = Math.max(MIN_CAPACITY, Math.min(2L * needed, Integer.MAX_VALUE - 8));
    return (int) (announced < 0 ? doubled : Math.min(announced, doubled));
  }

  @Override
  public void onEnd(Headers trailers) {
    whenComplete.accept(new RequestBody(bytes, length, trailers));
  }
}
