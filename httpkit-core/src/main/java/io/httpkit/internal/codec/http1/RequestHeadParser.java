package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Event.RequestHead;
import io.httpkit.internal.codec.http1.Http1Event.Version;

/**
 * What the lines of one request head mean together: the framing of its body, its host, and whether
 * the connection goes on. Used for one head.
 */
final class RequestHeadParser {
  private static final int HOST = "Host".length();
  private static final int EXPECT = "Expect".length();
  private static final int CONNECTION = "Connection".length();
  private static final int CONTENT_LENGTH = "Content-Length".length();
  private static final int TRANSFER_ENCODING = "Transfer-Encoding".length();

  private static final int ABSENT = -1;

  private final RequestLine line;
  private final FieldLines fields;
  private int hostIndex = ABSENT;
  private int lengthIndex = ABSENT;
  private boolean chunked;
  private boolean expectsContinue;
  private boolean connectionRead;
  private boolean close;
  private boolean keepAlive;
  private boolean upgrade;

  private RequestHeadParser(RequestLine line, FieldLines fields) {
    this.line = line;
    this.fields = fields;
  }

  /**
   * Reads a complete head.
   *
   * @param fieldCount the number of lines behind the request line
   */
  static RequestHead parse(byte[] head, int fieldCount) {
    RequestLine line = RequestLine.parse(head);
    return new RequestHeadParser(line, FieldLines.parse(head, line.end(), fieldCount)).parse();
  }

  private RequestHead parse() {
    for (int i = 0; i < fields.size(); i++) {
      readField(i);
    }
    checkHost();
    checkTarget();
    BodyFraming framing = framing();
    boolean persistent = !close && (line.version() == Version.HTTP_1_1 || keepAlive);
    return new RequestHead(
        line.method(),
        line.target(),
        line.version(),
        fields,
        framing,
        persistent,
        expectsContinue,
        upgrade);
  }

  /** The length of the name tells most fields apart from those that matter here. */
  private void readField(int i) {
    int length = fields.nameLength(i);
    if (length == HOST && fields.nameEquals(i, "Host")) {
      hostIndex = onlyOne(hostIndex, i, "Host");
    } else if (length == CONTENT_LENGTH && fields.nameEquals(i, "Content-Length")) {
      lengthIndex = onlyOne(lengthIndex, i, "Content-Length");
    } else if (length == TRANSFER_ENCODING && fields.nameEquals(i, "Transfer-Encoding")) {
      readTransferEncoding(i);
    } else if (length == EXPECT && fields.nameEquals(i, "Expect")) {
      readExpect(i);
    } else if (length == CONNECTION && fields.nameEquals(i, "Connection")) {
      readConnection();
    }
  }

  private static int onlyOne(int earlier, int index, String name) {
    if (earlier != ABSENT) {
      throw FieldLines.bad("more than one " + name);
    }
    return index;
  }

  /** RFC 9112 §6.1. Any other coding, or a second one, makes the end of the body uncertain. */
  private void readTransferEncoding(int i) {
    if (chunked || line.version() == Version.HTTP_1_0 || !fields.valueEquals(i, "chunked")) {
      throw FieldLines.bad("Transfer-Encoding must be chunked, once, in HTTP/1.1");
    }
    chunked = true;
  }

  /** RFC 9110 §10.1.1: a 1.0 client is not to be answered 100. */
  private void readExpect(int i) {
    if (line.version() == Version.HTTP_1_0) {
      return;
    }
    if (!fields.valueEquals(i, "100-continue")) {
      throw new BadMessageException(
          Status.EXPECTATION_FAILED, "the only expectation is 100-continue");
    }
    expectsContinue = true;
  }

  /** All lines of it at once, when the first is met. */
  private void readConnection() {
    if (!connectionRead) {
      connectionRead = true;
      close = fields.hasToken("Connection", "close");
      keepAlive = fields.hasToken("Connection", "keep-alive");
      upgrade = fields.hasToken("Connection", "upgrade");
    }
  }

  private BodyFraming framing() {
    if (chunked) {
      if (lengthIndex != ABSENT) {
        throw FieldLines.bad("both Transfer-Encoding and Content-Length");
      }
      return BodyFraming.CHUNKED;
    }
    if (lengthIndex == ABSENT) {
      return BodyFraming.NONE;
    }
    return ContentLength.framing(fields.value(lengthIndex));
  }

  /** RFC 9112 §3.2: exactly one in HTTP/1.1. */
  private void checkHost() {
    if (hostIndex == ABSENT) {
      if (line.version() == Version.HTTP_1_1) {
        throw FieldLines.bad("HTTP/1.1 needs a Host");
      }
    } else if (!fields.isAuthority(hostIndex)) {
      throw FieldLines.bad("Host must be a name or address, with or without a port");
    }
  }

  /** An absolute-form names the same host as the Host field does. RFC 9112 §3.2. */
  private void checkTarget() {
    String target = line.target();
    if (!TargetForm.fits(line.method(), target) || !namesHost(target)) {
      throw FieldLines.bad("request target must be a path, or a URI of this host");
    }
  }

  private boolean namesHost(String target) {
    if (hostIndex == ABSENT || target.charAt(0) == '/') {
      return true;
    }
    String authority = TargetForm.authority(target);
    return authority == null
        || Authority.same(authority, fields.value(hostIndex), TargetForm.defaultPort(target));
  }
}
