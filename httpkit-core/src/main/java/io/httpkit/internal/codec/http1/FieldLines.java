package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import java.nio.charset.StandardCharsets;

/**
 * Field lines in the bytes in which they came. Names and values become strings when they are asked
 * for.
 */
final class FieldLines extends Headers {
  private static final int STRIDE = 4;
  private static final int CASE_BIT = 0x20;

  private final byte[] bytes;

  /** For each line: where its name begins and ends, where its value begins and ends. */
  private final int[] bounds;

  private FieldLines(byte[] bytes, int[] bounds) {
    this.bytes = bytes;
    this.bounds = bounds;
  }

  /**
   * Reads {@code count} lines, each ended by CR LF. RFC 9112 §5.
   *
   * @throws BadMessageException with 400
   */
  static FieldLines parse(byte[] bytes, int from, int count) {
    int[] bounds = new int[count * STRIDE];
    int at = from;
    for (int i = 0; i < bounds.length; i += STRIDE) {
      at = parseLine(bytes, at, bounds, i);
    }
    return new FieldLines(bytes, bounds);
  }

  /** Reads a line and returns where the next begins. */
  private static int parseLine(byte[] bytes, int start, int[] bounds, int i) {
    int at = start;
    while (Octets.isToken(bytes[at])) {
      at++;
    }
    if (at == start || bytes[at] != ':') {
      throw bad("header line must begin with a name and a colon");
    }
    bounds[i] = start;
    bounds[i + 1] = at++;
    while (Octets.isSpace(bytes[at])) {
      at++;
    }
    bounds[i + 2] = at;
    while (Octets.isValue(bytes[at])) {
      at++;
    }
    if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
      throw bad("control character in a header value");
    }
    int end = at;
    while (end > bounds[i + 2] && Octets.isSpace(bytes[end - 1])) {
      end--;
    }
    bounds[i + 3] = end;
    return at + 2;
  }

  static BadMessageException bad(String message) {
    return new BadMessageException(Status.BAD_REQUEST, message);
  }

  @Override
  public int size() {
    return bounds.length / STRIDE;
  }

  @Override
  public String name(int index) {
    return text(bounds[index * STRIDE], bounds[index * STRIDE + 1]);
  }

  @Override
  public String value(int index) {
    return text(bounds[index * STRIDE + 2], bounds[index * STRIDE + 3]);
  }

  private String text(int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
  }

  int nameLength(int index) {
    return bounds[index * STRIDE + 1] - bounds[index * STRIDE];
  }

  @Override
  public boolean nameEquals(int index, String name) {
    return equalsIgnoreCase(bounds[index * STRIDE], bounds[index * STRIDE + 1], name);
  }

  /** Whether the whole value is this text, in any case. */
  boolean valueEquals(int index, String value) {
    return equalsIgnoreCase(bounds[index * STRIDE + 2], bounds[index * STRIDE + 3], value);
  }

  /** Whether the value is a host, with or without a port. */
  boolean isAuthority(int index) {
    return RequestTarget.isAuthority(bytes, bounds[index * STRIDE + 2], bounds[index * STRIDE + 3]);
  }

  private boolean equalsIgnoreCase(int from, int to, String text) {
    if (to - from != text.length()) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      int a = bytes[from + i] & 0xff;
      int b = text.charAt(i);
      if (a != b && !((a ^ b) == CASE_BIT && isLetter(a | CASE_BIT))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(int lower) {
    return lower >= 'a' && lower <= 'z';
  }
}
