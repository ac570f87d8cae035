package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Event.Version;
import java.nio.charset.StandardCharsets;

/**
 * {@code method SP request-target SP HTTP-version CRLF}, with exactly these spaces. RFC 9112 §3.
 *
 * @param end where the line behind it begins
 */
record RequestLine(Method method, String target, Version version, int end) {
  private static final byte[] HTTP = "HTTP/".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION_LENGTH = "HTTP/1.1\r\n".length();
  private static final Method[] METHODS = Method.values();
  private static final byte[][] METHOD_NAMES = new byte[METHODS.length][];

  static {
    for (int i = 0; i < METHODS.length; i++) {
      METHOD_NAMES[i] = METHODS[i].name().getBytes(StandardCharsets.US_ASCII);
    }
  }

  /**
   * Reads the line at the beginning of these bytes, in which a line end is known to be.
   *
   * @throws BadMessageException with 400, 501 for another method, 505 for another version
   */
  static RequestLine parse(byte[] bytes) {
    int methodEnd = 0;
    while (Octets.isToken(bytes[methodEnd])) {
      methodEnd++;
    }
    if (methodEnd == 0 || bytes[methodEnd] != ' ') {
      throw malformed();
    }
    int targetEnd = methodEnd + 1;
    while (Octets.isTarget(bytes[targetEnd])) {
      targetEnd++;
    }
    if (targetEnd == methodEnd + 1 || bytes[targetEnd] != ' ') {
      throw malformed();
    }
    Version version = version(bytes, targetEnd + 1);
    Method method = method(bytes, methodEnd);
    String target =
        new String(bytes, methodEnd + 1, targetEnd - methodEnd - 1, StandardCharsets.ISO_8859_1);
    return new RequestLine(method, target, version, targetEnd + 1 + VERSION_LENGTH);
  }

  private static BadMessageException malformed() {
    return FieldLines.bad("request line must be: method, space, target, space, HTTP/1.1");
  }

  private static Method method(byte[] bytes, int length) {
    for (int i = 0; i < METHOD_NAMES.length; i++) {
      if (METHOD_NAMES[i].length == length && Octets.startsWith(bytes, 0, METHOD_NAMES[i])) {
        return METHODS[i];
      }
    }
    for (int i = 0; i < length; i++) {
      if (bytes[i] >= 'a' && bytes[i] <= 'z') {
        throw FieldLines.bad("methods are in upper case");
      }
    }
    throw new BadMessageException(Status.NOT_IMPLEMENTED, "method not implemented");
  }

  /** {@code "HTTP/" DIGIT "." DIGIT CRLF}. */
  private static Version version(byte[] bytes, int from) {
    int major = from + HTTP.length;
    boolean wellFormed =
        from + VERSION_LENGTH <= bytes.length
            && Octets.startsWith(bytes, from, HTTP)
            && Octets.isDigit(bytes[major])
            && bytes[major + 1] == '.'
            && Octets.isDigit(bytes[major + 2])
            && bytes[major + 3] == '\r'
            && bytes[major + 4] == '\n';
    if (!wellFormed) {
      throw malformed();
    }
    if (bytes[major] == '1' && bytes[major + 2] == '1') {
      return Version.HTTP_1_1;
    }
    if (bytes[major] == '1' && bytes[major + 2] == '0') {
      return Version.HTTP_1_0;
    }
    throw new BadMessageException(
        Status.VERSION_NOT_SUPPORTED, "version must be HTTP/1.1 or HTTP/1.0");
  }
}
