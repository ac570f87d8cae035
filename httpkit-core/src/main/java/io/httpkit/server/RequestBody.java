package io.httpkit.server;

import io.httpkit.http.Headers;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * The body of a request. It is collected in memory that grows with what has come and not with what
 * was announced.
 */
final class RequestBody {
  private static final byte[] NOTHING = new byte[0];

  static final RequestBody EMPTY = new RequestBody(0, body -> {});

  private static final int MIN_CAPACITY = 512;

  private final long announced;
  private final Consumer<RequestBody> whenComplete;
  private byte[] array = NOTHING;
  private int length;
  private Headers trailers = Headers.empty();

  /**
   * A body of which nothing has come.
   *
   * @param announced bytes, -1 if not known
   */
  RequestBody(long announced, Consumer<RequestBody> whenComplete) {
    this.announced = announced;
    this.whenComplete = whenComplete;
  }

  // ---- while it comes, on the event loop

  /** The next bytes, valid until the method returns. */
  void add(ByteBuffer content) {
    int needed = length + content.remaining();
    if (needed > array.length) {
      array = Arrays.copyOf(array, capacity(needed));
    }
    content.get(array, length, content.remaining());
    length = needed;
  }

  private int capacity(int needed) {
    long doubled = Math.max(MIN_CAPACITY, Math.min(2L * needed, Integer.MAX_VALUE - 8));
    return (int) (announced < 0 ? doubled : Math.min(announced, doubled));
  }

  /** The body is complete. */
  void end(Headers newTrailers) {
    trailers = newTrailers;
    whenComplete.accept(this);
  }

  // ---- when it is complete

  /** An array that may be longer than the body. */
  byte[] array() {
    return array;
  }

  int length() {
    return length;
  }

  Headers trailers() {
    return trailers;
  }

  byte[] bytes() {
    return array.length == length ? array : Arrays.copyOf(array, length);
  }

  String text(Charset charset) {
    return new String(array, 0, length, charset);
  }
}
