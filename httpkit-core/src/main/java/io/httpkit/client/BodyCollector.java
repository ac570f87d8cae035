package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.Headers;
import io.httpkit.internal.loop.LoopConfined;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Collects a body, in memory that grows with what has come and not with what was announced. */
@LoopConfined
final class BodyCollector implements BodySink {
  private static final int MIN_CAPACITY = 512;

  /** Of an array, in any JVM. */
  static final int MAX_CAPACITY = Integer.MAX_VALUE - 8;

  private final CallAnswer answer;
  private final long limit;
  private final long announced;
  private byte[] bytes = {};
  private int length;
  private Headers trailers = Headers.empty();

  /**
   * @param announced bytes, negative if not known
   * @throws ClientException if they are more than the limit
   */
  BodyCollector(CallAnswer answer, long limit, long announced) throws ClientException {
    this.answer = answer;
    this.limit = Math.min(limit, MAX_CAPACITY);
    this.announced = announced;
    check(announced);
  }

  private void check(long size) throws ClientException {
    if (size > limit) {
      throw tooLarge(limit, answer.url());
    }
  }

  static ClientException tooLarge(long limit, String url) {
    return new ClientException(
        Kind.TOO_LARGE,
        "the body of the response of " + url + " is larger than " + limit + " bytes (maxBody)");
  }

  @Override
  public boolean onContent(ByteBuffer content) throws ClientException {
    long needed = (long) length + content.remaining();
    check(needed);
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, capacity(needed));
    }
    content.get(bytes, length, content.remaining());
    length = (int) needed;
    return true;
  }

  private int capacity(long needed) {
    long doubled = Math.max(MIN_CAPACITY, 2 * needed);
    long useful = announced < 0 ? limit : announced;
    return (int) Math.max(needed, Math.min(doubled, useful));
  }

  @Override
  public void onEnd(Headers received) {
    trailers = received;
  }

  @Override
  public void complete() {
    answer.complete(bytes, length, trailers);
  }

  @Override
  public void fail(ClientException cause) {
    answer.fail(cause);
  }
}
