package io.httpkit.internal.codec.websocket;

/** Refuses a frame that is too large before anything is allocated for it. */
final class MessageLimit {
  /** The most bytes an array can have. */
  static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  /** Compression makes data that cannot be compressed larger: by a 64th and this at most. */
  private static final int DEFLATE_SLACK = 1024;

  private MessageLimit() {}

  /**
   * @param length of the frame, in bytes
   * @param collected bytes of the message that came before
   * @throws WebSocketException with 1009
   */
  static void check(long length, boolean compressed, int maxMessage, int collected) {
    long allowed =
        compressed ? maxMessage + maxMessage / 64L + DEFLATE_SLACK : (long) maxMessage - collected;
    if (length > allowed) {
      throw WebSocketException.tooBig(maxMessage);
    }
  }
}
