package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Event.ResponseHead;
import io.httpkit.internal.codec.http1.Http1Event.Version;
import java.nio.charset.StandardCharsets;

/**
 * Reads {@code HTTP-version SP 3DIGIT [ SP reason-phrase ] CRLF}, RFC 9112 §4, but for the second
 * space, which some servers leave out when there is no reason; and then what all lines of the head
 * mean together, and to the request: the framing of the body, and whether the connection goes on.
 * Used for one head.
 */
final class ResponseHeadParser {
  private static final byte[] HTTP_1 = "HTTP/1.".getBytes(StandardCharsets.US_ASCII);
  private static final int CODE = "HTTP/1.1 ".length();
  private static final int CODE_END = CODE + 3;
  private static final int SHORTEST = CODE_END + "\r\n".length();

  private static final int ABSENT = -1;
  private static final int REPEATED = -2;

  private final Version version;
  private final Status status;
  private final FieldLines fields;
  private final Method method;
  private int lengthIndex = ABSENT;
  private int codingIndex = ABSENT;

  /**
   * Reads the lines at the beginning of these bytes, each of which is known to have its end.
   *
   * @param fieldCount the number of lines behind the status line
   * @param method of the request that is answered
   * @throws BadMessageException if it is none of HTTP/1.1 or HTTP/1.0
   */
  ResponseHeadParser(byte[] head, int fieldCount, Method method) {
    this.version = version(head);
    int code = code(head);
    int reasonEnd = CODE_END;
    if (head[CODE_END] == ' ') {
      reasonEnd++;
      while (Octets.isValue(head[reasonEnd])) {
        reasonEnd++;
      }
    }
    if (head[reasonEnd] != '\r' || head[reasonEnd + 1] != '\n') {
      throw malformed();
    }
    this.status = status(code, head, reasonEnd);
    this.fields = FieldLines.parse(head, reasonEnd + 2, fieldCount);
    this.method = method;
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

  Status status() {
    return status;
  }

  /** Whether another response follows to the same request. RFC 9110 §15.2. */
  boolean isInterim() {
    return status.code() < 200 && status.code() != Status.SWITCHING_PROTOCOLS.code();
  }

  /** What a head means that is complete, and not an interim one. */
  ResponseHead parse() {
    for (int i = 0; i < fields.size(); i++) {
      readField(i);
    }
    BodyFraming framing = framing();
    return new ResponseHead(version, status, fields, framing, isReusable(framing), isHandedOver());
  }

  private void readField(int i) {
    if (fields.nameEquals(i, "Content-Length")) {
      lengthIndex = lengthIndex == ABSENT ? i : REPEATED;
    } else if (fields.nameEquals(i, "Transfer-Encoding")) {
      codingIndex = codingIndex == ABSENT ? i : REPEATED;
    }
  }

  /** Whether what follows the head is no longer HTTP/1. RFC 9110 §9.3.6 and §15.2.2. */
  private boolean isHandedOver() {
    int code = status.code();
    return code == Status.SWITCHING_PROTOCOLS.code()
        || (method == Method.CONNECT && code >= 200 && code < 300);
  }

  /** RFC 9112 §6.3. */
  private BodyFraming framing() {
    if (isBodyless()) {
      return BodyFraming.NONE;
    }
    if (codingIndex != ABSENT) {
      return chunks();
    }
    if (lengthIndex == REPEATED) {
      throw FieldLines.bad("more than one Content-Length");
    }
    return lengthIndex == ABSENT
        ? BodyFraming.UNTIL_CLOSE
        : BodyFraming.ofLength(fields.value(lengthIndex));
  }

  /** Whether it ends with its head, whatever that says about a body. */
  private boolean isBodyless() {
    return method == Method.HEAD
        || status.isBodyless()
        || status.code() == Status.RESET_CONTENT.code()
        || isHandedOver();
  }

  private BodyFraming chunks() {
    boolean chunked = codingIndex != REPEATED && fields.valueEquals(codingIndex, "chunked");
    if (!chunked || version == Version.HTTP_1_0) {
      throw FieldLines.bad("Transfer-Encoding must be chunked, once, in HTTP/1.1");
    }
    if (lengthIndex != ABSENT) {
      throw FieldLines.bad("both Transfer-Encoding and Content-Length");
    }
    return BodyFraming.CHUNKED;
  }

  /** RFC 9112 §9.3. */
  private boolean isReusable(BodyFraming framing) {
    boolean persistent =
        !fields.hasToken("Connection", "close")
            && (version == Version.HTTP_1_1 || fields.hasToken("Connection", "keep-alive"));
    return persistent
        && framing != BodyFraming.UNTIL_CLOSE
        && !isHandedOver()
        && !mayHaveBodyNonetheless();
  }

  /**
   * Whether a server that does not know better may send bytes behind the head, which would be taken
   * for the next response. Only the head of a HEAD and a 304 may tell of a body that is not there.
   */
  private boolean mayHaveBodyNonetheless() {
    int code = status.code();
    if (method == Method.HEAD || (code != 204 && code != 205)) {
      return false;
    }
    boolean saysEmpty = lengthIndex >= 0 && fields.valueEquals(lengthIndex, "0");
    boolean silent = lengthIndex == ABSENT && code == 204;
    return codingIndex != ABSENT || !(saysEmpty || silent);
  }
}
