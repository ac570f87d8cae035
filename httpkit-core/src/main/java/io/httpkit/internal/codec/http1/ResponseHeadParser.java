package io.httpkit.internal.codec.http1;

import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Event.ResponseHead;
import io.httpkit.internal.codec.http1.Http1Event.Version;

/**
 * What the lines of one response head mean together, and to the request: the framing of the body,
 * and whether the connection goes on. Used for one head.
 */
final class ResponseHeadParser {
  /** What is said about transfer codings. */
  private enum Coding {
    /** Nothing. */
    NONE,
    /** The only one there may be, once. */
    CHUNKED,
    /** Anything else. */
    OTHER
  }

  private static final int ABSENT = -1;
  private static final int REPEATED = -2;

  private final StatusLine line;
  private final FieldLines fields;
  private final Method method;
  private int lengthIndex = ABSENT;
  private Coding coding = Coding.NONE;

  private ResponseHeadParser(StatusLine line, FieldLines fields, Method method) {
    this.line = line;
    this.fields = fields;
    this.method = method;
  }

  /**
   * Reads a head that is not an interim one.
   *
   * @param method of the request that is answered
   */
  static ResponseHead parse(StatusLine line, FieldLines fields, Method method) {
    return new ResponseHeadParser(line, fields, method).parse();
  }

  private ResponseHead parse() {
    for (int i = 0; i < fields.size(); i++) {
      readField(i);
    }
    BodyFraming framing = framing();
    return new ResponseHead(
        line.version(), line.status(), fields, framing, isReusable(framing), isHandedOver());
  }

  private void readField(int i) {
    if (fields.nameEquals(i, "Content-Length")) {
      lengthIndex = lengthIndex == ABSENT ? i : REPEATED;
    } else if (fields.nameEquals(i, "Transfer-Encoding")) {
      boolean only = coding == Coding.NONE && fields.valueEquals(i, "chunked");
      coding = only ? Coding.CHUNKED : Coding.OTHER;
    }
  }

  /** Whether what follows the head is no longer HTTP/1. RFC 9110 §9.3.6 and §15.2.2. */
  private boolean isHandedOver() {
    int code = line.status().code();
    return code == Status.SWITCHING_PROTOCOLS.code()
        || (method == Method.CONNECT && code >= 200 && code < 300);
  }

  /** RFC 9112 §6.3. */
  private BodyFraming framing() {
    if (isBodyless()) {
      return BodyFraming.NONE;
    }
    if (coding != Coding.NONE) {
      return chunks();
    }
    if (lengthIndex == REPEATED) {
      throw FieldLines.bad("more than one Content-Length");
    }
    return lengthIndex == ABSENT
        ? BodyFraming.UNTIL_CLOSE
        : ContentLength.framing(fields.value(lengthIndex));
  }

  /** Whether it ends with its head, whatever that says about a body. */
  private boolean isBodyless() {
    return method == Method.HEAD
        || line.status().isBodyless()
        || line.status().code() == Status.RESET_CONTENT.code()
        || isHandedOver();
  }

  private BodyFraming chunks() {
    if (coding != Coding.CHUNKED || line.version() == Version.HTTP_1_0) {
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
            && (line.version() == Version.HTTP_1_1 || fields.hasToken("Connection", "keep-alive"));
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
    int code = line.status().code();
    if (method == Method.HEAD || (code != 204 && code != 205)) {
      return false;
    }
    boolean saysEmpty = lengthIndex >= 0 && fields.valueEquals(lengthIndex, "0");
    boolean silent = lengthIndex == ABSENT && code == 204;
    return coding != Coding.NONE || !(saysEmpty || silent);
  }
}
