package io.httpkit.internal.codec.websocket;

/**
 * The peer broke the protocol or a limit. Carries the code to close with; the message says what was
 * wrong without repeating what the peer sent, and fits into a close frame.
 *
 * <p>It has no stack trace, because a peer decides how often it is thrown.
 */
public final class WebSocketException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int PROTOCOL_ERROR = 1002;
  private static final int INVALID_PAYLOAD = 1007;
  private static final int TOO_BIG = 1009;

  private final int closeCode;

  /**
   * @param closeCode RFC 6455 §7.4.1
   * @param message fit for the eyes of the peer
   */
  public WebSocketException(int closeCode, String message) {
    super(message, null, false, false);
    this.closeCode = closeCode;
  }

  static WebSocketException protocolError(String message) {
    return new WebSocketException(PROTOCOL_ERROR, message);
  }

  static WebSocketException invalidPayload(String message) {
    return new WebSocketException(INVALID_PAYLOAD, message);
  }

  static WebSocketException tooBig(int maxMessage) {
    return new WebSocketException(
        TOO_BIG, "message larger than the " + maxMessage + " bytes allowed");
  }

  /** The code to close with. */
  public int closeCode() {
    return closeCode;
  }
}
