package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import java.nio.ByteBuffer;

/** The lines before the chunks of a body: {@code chunk-size [ chunk-ext ] CRLF}. RFC 9112 §7.1. */
final class ChunkLines {
  /** The digits of a size that fits into 64 bits. */
  private static final int MAX_DIGITS = 16;

  private final int maxExtensionBytes;

  /** Bytes between size and line end, of all lines of the body. */
  private int extensionBytes;

  /** Bytes looked at of a line that is not complete. */
  private int scanned;

  ChunkLines(int maxExtensionBytes) {
    this.maxExtensionBytes = maxExtensionBytes;
  }

  /** Begins another body. */
  void reset() {
    extensionBytes = 0;
  }

  /**
   * Reads a line and returns the size of its chunk; -1 if it is not complete.
   *
   * @throws BadMessageException with 400, or 413 for a size beyond 63 bits
   */
  long read(ByteBuffer in) {
    int start = in.position();
    int longest = MAX_DIGITS + maxExtensionBytes - extensionBytes + "\r\n".length();
    int end = start + scanned;
    while (end < in.limit() && in.get(end) != '\n') {
      end++;
    }
    scanned = end - start;
    if (scanned >= longest) {
      throw tooLong();
    }
    if (end == in.limit()) {
      return -1;
    }
    long size = parse(in, start, end - 1);
    in.position(end + 1);
    scanned = 0;
    if (extensionBytes > maxExtensionBytes) {
      throw tooLong();
    }
    return size;
  }

  private BadMessageException tooLong() {
    return FieldLines.bad("more than " + maxExtensionBytes + " bytes of chunk extensions");
  }

  /** The size in a line that has a line feed behind {@code lineEnd}. */
  private long parse(ByteBuffer in, int from, int lineEnd) {
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
    extensionBytes += lineEnd - at;
    return size;
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
