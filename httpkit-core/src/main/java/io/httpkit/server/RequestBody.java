package io.httpkit.server;

import io.httpkit.http.Headers;
import java.nio.charset.Charset;
import java.util.Arrays;

/** A body that was received completely. */
final class RequestBody {
  static final RequestBody EMPTY = new RequestBody(new byte[0], 0, Headers.empty());

  private final byte[] array;
  private final int length;
  private final Headers trailers;

  /** Of an array that may be longer than the body. */
  RequestBody(byte[] array, int length, Headers trailers) {
    this.array = array;
    this.length = length;
    this.trailers = trailers;
  }

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
