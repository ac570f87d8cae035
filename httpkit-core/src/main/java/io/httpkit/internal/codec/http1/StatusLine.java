package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Event.Version;
import java.nio.charset.StandardCharsets;

/**
 * {@code HTTP-version SP 3DIGIT [ SP reason-phrase ] CRLF}. RFC 9112 §4, but for the second space,
 * which some servers leave out when there is no reason.
 *
 * @param end where the line behind it begins
 */
record StatusLine(Version version, Status status, int end) {
  private static final byte[] HTTP_1 = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
  private static final int CODE = "HTTP/1.1 ".length();
  private static final int CODE_END = CODE + 3;
  private static final int SHORTEST = CODE_END + "\r\n".length();

  /**
   * Reads the line at the beginning of these bytes, in which a line end is known to be.
   *
   * @throws BadMessageException if it is none of HTTP/1.1 or HTTP/1.0
   */
  static StatusLine parse(byte[] bytes) {
    Version version = version(bytes);
    int code = code(bytes);
    int reasonEnd = CODE_END;
    if (bytes[CODE_END] == ' ') {
      reasonEnd++;
      while (Octets.isValue(bytes[reasonEnd])) {
        reasonEnd++;
      }
    }
    if (bytes[reasonEnd] != '\r' || bytes[reasonEnd + 1] != '\n') {
      throw malformed();
    }
    return new StatusLine(version, status(code, bytes, reasonEnd), reasonEnd + 2);
  }

  private static BadMessageException malformed() {
    return FieldLines.bad("status line must be: HTTP/1.1, space, three digits, space, reason");
  }

  private static Version version(byte[] bytes) {
    boolean wellFormed =
        bytes.length >= SHORTEST && Octets.startsWith(bytes, 0, HTTP_1) && bytes[CODE - 1] == ' ';
    if (wellFormed && bytes[HTTP_1.length] == '1') {
      return Version.HTTP_1_1;
    }
    if (wellFormed && bytes[HTTP_1.length] == '0') {
      return Version.HTTP_1_0;
    }
    throw malformed();
  }

  private static int code(byte[] bytes) {
    int code = 0;
    for (int at = CODE; at < CODE_END; at++) {
      if (!Octets.isDigit(bytes[at])) {
        throw malformed();
      }
      code = 10 * code + (bytes[at] - '0');
    }
    if (code < 100) {
      throw FieldLines.bad("status must be 100 or more");
    }
    return code;
  }

  /**
   * A client should not look at the reason, so a code with a name is the status of that name. Of
   * others the reason is kept if it is visible ASCII.
   */
  private static Status status(int code, byte[] bytes, int reasonEnd) {
    Status known = Status.of(code);
    int reason = CODE_END + 1;
    if (!known.reason().isEmpty() || reasonEnd <= reason) {
      return known;
    }
    for (int at = reason; at < reasonEnd; at++) {
      if (bytes[at] < ' ') {
        return known;
      }
    }
    return new Status(
        code, new String(bytes, reason, reasonEnd - reason, StandardCharsets.US_ASCII));
  }

  /** Whether another response follows to the same request. RFC 9110 §15.2. */
  boolean isInterim() {
    return status.code() < 200 && status.code() != Status.SWITCHING_PROTOCOLS.code();
  }
}
