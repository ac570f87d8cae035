package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;

/** The value of a {@code Content-Length} that comes in: {@code 1*DIGIT}. RFC 9110 §8.6. */
final class ContentLength {
  private ContentLength() {}

  /**
   * The framing of a body of this length.
   *
   * @throws BadMessageException with 400, or 413 for a length beyond 63 bits
   */
  static BodyFraming framing(String digits) {
    long length = parse(digits);
    return length == 0 ? BodyFraming.NONE : new BodyFraming.Fixed(length);
  }

  private static long parse(String digits) {
    long length = 0;
    for (int i = 0; i < digits.length(); i++) {
      char c = digits.charAt(i);
      if (c < '0' || c > '9') {
        throw malformed();
      }
      if (length > (Long.MAX_VALUE - 9) / 10) {
        length = Long.MAX_VALUE;
      } else {
        length = 10 * length + (c - '0');
      }
    }
    if (digits.isEmpty()) {
      throw malformed();
    }
    if (length == Long.MAX_VALUE) {
      throw new BadMessageException(Status.CONTENT_TOO_LARGE, "body too large");
    }
    return length;
  }

  private static BadMessageException malformed() {
    return FieldLines.bad("Content-Length must be digits");
  }
}
