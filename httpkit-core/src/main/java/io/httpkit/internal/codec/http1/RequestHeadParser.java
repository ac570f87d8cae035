package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Event.RequestHead;
import io.httpkit.internal.codec.http1.Http1Event.Version;
import java.nio.charset.StandardCharsets;

/**
 * Reads {@code method SP request-target SP HTTP-version CRLF}, with exactly these spaces, RFC 9112
 * §3, and then what all lines of the head mean together: the framing of its body, its host, and
 * whether the connection goes on. Used for one head.
 */
final class RequestHeadParser {
  private static final byte[] HTTP = "HTTP/".getBytes(StandardCharsets.US_ASCII);
  private static final int VERSION_LENGTH = "HTTP/1.1\r\n".length();
  private static final Method[] METHODS = Method.values();
  private static final byte[][] METHOD_NAMES = new byte[METHODS.length][];

  static {
    for (int i = 0; i < METHODS.length; i++) {
      METHOD_NAMES[i] = METHODS[i].name().getBytes(StandardCharsets.US_ASCII);
    }
  }

  private static final int HOST = "Host".length();
  private static final int EXPECT = "Expect".length();
  private static final int CONNECTION = "Connection".length();
  private static final int CONTENT_LENGTH = "Content-Length".length();
  private static final int TRANSFER_ENCODING = "Transfer-Encoding".length();

  private static final int ABSENT = -1;

  private final Method method;
  private final String target;
  private final Version version;
  private final FieldLines fields;
  private int hostIndex = ABSENT;
  private int lengthIndex = ABSENT;
  private boolean chunked;
  private boolean expectsContinue;
  private boolean connectionRead;
  private boolean close;
  private boolean keepAlive;
  private boolean upgrade;

  /**
   * Reads the lines at the beginning of these bytes, each of which is known to have its end.
   *
   * @param fieldCount the number of lines behind the request line
   * @throws BadMessageException with 400, 501 for another method, 505 for another version
   */
  RequestHeadParser(byte[] head, int fieldCount) {
    int methodEnd = 0;
    while (Octets.isToken(head[methodEnd])) {
      methodEnd++;
    }
    if (methodEnd == 0 || head[methodEnd] != ' ') {
      throw malformed();
    }
    int targetEnd = methodEnd + 1;
    while (Octets.isTarget(head[targetEnd])) {
      targetEnd++;
    }
    if (targetEnd == methodEnd + 1 || head[targetEnd] != ' ') {
      throw malformed();
    }
    this.version = version(head, targetEnd + 1);
    this.method = method(head, methodEnd);
    this.target =
        new String(head, methodEnd + 1, targetEnd - methodEnd - 1, StandardCharsets.ISO_8859_1);
    this.fields = FieldLines.parse(head, targetEnd + 1 + VERSION_LENGTH, fieldCount);
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

  /** What a head that is complete means. */
  RequestHead parse() {
    for (int i = 0; i < fields.size(); i++) {
      readField(i);
    }
    checkHost();
    checkTarget();
    BodyFraming framing = framing();
    boolean persistent = !close && (version == Version.HTTP_1_1 || keepAlive);
    return new RequestHead(
        method, target, version, fields, framing, persistent, expectsContinue, upgrade);
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
    if (chunked || version == Version.HTTP_1_0 || !fields.valueEquals(i, "chunked")) {
      throw FieldLines.bad("Transfer-Encoding must be chunked, once, in HTTP/1.1");
    }
    chunked = true;
  }

  /** RFC 9110 §10.1.1: a 1.0 client is not to be answered 100. */
  private void readExpect(int i) {
    if (version == Version.HTTP_1_0) {
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
    return lengthIndex == ABSENT
        ? BodyFraming.NONE
        : BodyFraming.ofLength(fields.value(lengthIndex));
  }

  /** RFC 9112 §3.2: exactly one in HTTP/1.1. */
  private void checkHost() {
    if (hostIndex == ABSENT) {
      if (version == Version.HTTP_1_1) {
        throw FieldLines.bad("HTTP/1.1 needs a Host");
      }
    } else if (!fields.isAuthority(hostIndex)) {
      throw FieldLines.bad("Host must be a name or address, with or without a port");
    }
  }

  /** An absolute-form names the same host as the Host field does. RFC 9112 §3.2. */
  private void checkTarget() {
    if (!RequestTarget.fits(method, target) || !namesHost()) {
      throw FieldLines.bad("request target must be a path, or a URI of this host");
    }
  }

  private boolean namesHost() {
    return hostIndex == ABSENT
        || target.charAt(0) == '/'
        || RequestTarget.isOfHost(target, fields.value(hostIndex));
  }
}
