package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;

/** How the end of a body is known. RFC 9112 §6.3. */
public final class BodyFraming {
  /** There is no body. */
  public static final BodyFraming NONE = new BodyFraming(0);

  /** The body comes in chunks, the last of which is empty. RFC 9112 §7.1. */
  public static final BodyFraming CHUNKED = new BodyFraming(-1);

  /**
   * The body of a response that goes on until the server closes the connection. RFC 9112 §6.3, the
   * last case.
   */
  public static final BodyFraming UNTIL_CLOSE = new BodyFraming(-1);

  private final long length;

  private BodyFraming(long length) {
    this.length = length;
  }

  /** The length in bytes, or -1 if only the end will tell. */
  public long length() {
    return length;
  }

  /**
   * The framing of a body whose head has this {@code Content-Length}: {@code 1*DIGIT}. RFC 9110
   * §8.6.
   *
   * @throws BadMessageException with 400, or 413 for a length beyond 63 bits
   */
  static BodyFraming ofLength(String digits) {
    long length = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        throw malformedLength();
      }
      if (length > (Long.MAX_VALUE - 9) / 10) {
        length = Long.MAX_VALUE;
      } else {
        length = 10 * length + (c - '0');
      }
    }
    if (digits.isEmpty()) {
      throw malformedLength();
    }
    if (length == Long.MAX_VALUE) {
      throw new BadMessageException(Status.CONTENT_TOO_LARGE, "body too large");
    }
    return length == 0 ? NONE : new BodyFraming(length);
  }

  private static BadMessageException malformedLength() {
    return FieldLines.bad("Content-Length must be digits");
  }
}
