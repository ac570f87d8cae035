package io.httpkit.internal.codec.websocket;

import io.httpkit.http.Headers;
import java.util.Base64;
import java.util.List;

/** The opening handshake as a client sees it. RFC 6455 §4.1. */
public final class ClientHandshake {
  private ClientHandshake() {}

  /**
   * The value of {@code Sec-WebSocket-Key}.
   *
   * @throws IllegalArgumentException if these are not 16 bytes
   */
  public static String newKey(byte[] sixteenRandomBytes) {
    if (sixteenRandomBytes.length != HandshakeKey.BYTES) {
      throw new IllegalArgumentException(
          "key must be of "
              + HandshakeKey.BYTES
              + " bytes but was of "
              + sixteenRandomBytes.length);
    }
    return Base64.getEncoder().encodeToString(sixteenRandomBytes);
  }

  /**
   * Whether the headers of a 101 open a WebSocket. Says nothing of extension and subprotocol.
   *
   * @param key that was sent
   */
  public static boolean accepts(String key, Headers responseHeaders) {
    return responseHeaders.hasToken("Upgrade", "websocket")
        && responseHeaders.hasToken("Connection", "upgrade")
        && responseHeaders.all("Sec-WebSocket-Accept").equals(List.of(HandshakeKey.accept(key)));
  }
}
