package io.httpkit.internal.codec.websocket;

/** The codes that this package closes with, and which a frame may hold. RFC 6455 §7.4. */
final class CloseCode {
  static final int PROTOCOL_ERROR = 1002;

  /** What a close frame without a code means; never in a frame. */
  static final int NO_STATUS = 1005;

  static final int INVALID_PAYLOAD = 1007;
  static final int TOO_BIG = 1009;

  private CloseCode() {}

  /** Whether it may stand in a close frame: it is assigned, or for libraries and applications. */
  static boolean isValid(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }
}
