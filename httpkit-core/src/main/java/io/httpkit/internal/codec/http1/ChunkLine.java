package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import java.nio.ByteBuffer;

/**
 * {@code chunk-size [ chunk-ext ] CRLF}. RFC 9112 §7.1.
 *
 * @param size the bytes of the chunk
 * @param extensionBytes the bytes of the line between size and line end
 */
record ChunkLine(long size, int extensionBytes) {
  /** The digits of a size that fits into 64 bits. */
  static final int MAX_DIGITS = 16;

  /**
   * Reads a line that ends with the CR LF before {@code end}.
   *
   * @throws BadMessageException with 400, or 413 for a size beyond 63 bits
   */
  static ChunkLine parse(ByteBuffer in, int from, int end) {
    int lineEnd = end - 2;
    if (lineEnd < from || in.get(lineEnd) != '\r') {
      throw FieldLines.bad("line feed without carriage return");
    }
    long size = 0;
    int at = from;
    for (; at < lineEnd && Octets.hexDigit(in.get(at)) >= 0; at++) {
      if (at - from == MAX_DIGITS) {
        throw FieldLines.bad("chunk size of more than " + MAX_DIGITS + " digits");
      }
      size = size << 4 | Octets.hexDigit(in.get(at));
    }
    if (at == from) {
      throw FieldLines.bad("chunk size must be hexadecimal digits");
    }
    if (size < 0) {
      throw new BadMessageException(Status.CONTENT_TOO_LARGE, "body too large");
    }
    checkExtensions(in, at, lineEnd);
    return new ChunkLine(size, lineEnd - at);
  }

  /** {@code *( BWS ";" BWS name [ BWS "=" BWS ( token / quoted-string ) ] )}. */
  private static void checkExtensions(ByteBuffer in, int from, int end) {
    int at = from;
    while (at < end) {
      at = skipSpace(in, at, end);
      if (at == end || in.get(at) != ';') {
        throw malformed();
      }
      at = skipToken(in, skipSpace(in, at + 1, end), end);
      int equals = skipSpace(in, at, end);
      if (equals < end && in.get(equals) == '=') {
        at = skipSpace(in, equals + 1, end);
        at = at < end && in.get(at) == '"' ? skipQuoted(in, at + 1, end) : skipToken(in, at, end);
      }
    }
  }

  private static int skipSpace(ByteBuffer in, int from, int end) {
    int at = from;
    while (at < end && Octets.isSpace(in.get(at))) {
      at++;
    }
    return at;
  }

  private static int skipToken(ByteBuffer in, int from, int end) {
    int at = from;
    while (at < end && Octets.isToken(in.get(at))) {
      at++;
    }
    if (at == from) {
      throw malformed();
    }
    return at;
  }

  /** Behind the closing quote. */
  private static int skipQuoted(ByteBuffer in, int from, int end) {
    for (int at = from; at < end; at++) {
      byte b = in.get(at);
      if (b == '"') {
        return at + 1;
      }
      if (b == '\\') {
        at++;
      }
      if (at == end || !Octets.isValue(in.get(at))) {
        break;
      }
    }
    throw malformed();
  }

  private static BadMessageException malformed() {
    return FieldLines.bad("malformed chunk extension");
  }
}
