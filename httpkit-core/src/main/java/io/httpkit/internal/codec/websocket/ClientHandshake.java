package io.httpkit.internal.codec.websocket;

import io.httpkit.http.Headers;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The opening handshake as a client sees it: what it asks for, and what comes of the answer. For
 * one request. RFC 6455 §4.1.
 */
public final class ClientHandshake {
  private static final String ACCEPT = "Sec-WebSocket-Accept";

  private final String key;
  private final List<String> subprotocols;
  private final @Nullable DeflateAgreement offered;
  private final @Nullable String origin;

  /**
   * A handshake that is not sent yet.
   *
   * @param keyBytes 16 that were drawn at random for this handshake alone
   * @param subprotocols that are offered, the preferred first
   * @param offered what is offered about compression; null for none
   * @param origin of the page or application that asks; null to send none. RFC 6454 §7
   * @throws IllegalArgumentException if the key is not of 16 bytes
   */
  public ClientHandshake(
      byte[] keyBytes,
      List<String> subprotocols,
      @Nullable DeflateAgreement offered,
      @Nullable String origin) {
    if (keyBytes.length != ServerHandshake.KEY_BYTES) {
      throw new IllegalArgumentException(
          "key must be of " + ServerHandshake.KEY_BYTES + " bytes but was of " + keyBytes.length);
    }
    this.key = Base64.getEncoder().encodeToString(keyBytes);
    this.subprotocols = List.copyOf(subprotocols);
    this.offered = offered;
    this.origin = origin;
  }

  /**
   * Puts the fields of the handshake among those of a GET, in place of any of the same names.
   * {@code Origin} is left as it is if there is none to send.
   */
  public void putInto(Headers.Builder request) {
    request.set("Upgrade", "websocket");
    request.set("Connection", "Upgrade");
    request.set(ServerHandshake.VERSION, ServerHandshake.SUPPORTED_VERSION);
    request.set(ServerHandshake.KEY, key);
    request.remove(ServerHandshake.PROTOCOL);
    request.remove(ExtensionParser.NAME);
    if (!subprotocols.isEmpty()) {
      // each once: RFC 6455 §4.1
      request.set(
          ServerHandshake.PROTOCOL,
          subprotocols.stream().distinct().collect(Collectors.joining(", ")));
    }
    if (offered != null) {
      request.set(ExtensionParser.NAME, offered.toOffer());
    }
    if (origin != null) {
      request.set("Origin", origin);
    }
  }

  /**
   * Checks that an answer of status 101 is one to this handshake. Any other status answers an
   * ordinary request: with a redirect, a demand to log in, an error.
   *
   * @throws WebSocketException with 1002 if it is not; then the connection is of no use
   */
  public void check(Headers response) {
    List<String> upgrade = response.all("Upgrade");
    require(
        upgrade.size() == 1 && upgrade.get(0).equalsIgnoreCase("websocket"),
        "Upgrade of the answer must be websocket");
    require(
        response.hasToken("Connection", "upgrade"), "Connection of the answer must name upgrade");
    require(
        response.all(ACCEPT).equals(List.of(ServerHandshake.accept(key))),
        ACCEPT + " does not fit the key that was sent");
  }

  /**
   * The subprotocol that the server has chosen in an answer that was checked; null if none.
   *
   * @throws WebSocketException with 1002 if it was not offered
   */
  public @Nullable String subprotocol(Headers response) {
    List<String> chosen = response.all(ServerHandshake.PROTOCOL);
    if (chosen.isEmpty()) {
      return null;
    }
    require(
        chosen.size() == 1 && subprotocols.contains(chosen.get(0)),
        ServerHandshake.PROTOCOL + " of the answer must be one of those that were offered");
    return chosen.get(0);
  }

  /**
   * What the server has agreed to in an answer that was checked; null if not to compress.
   *
   * @throws WebSocketException with 1002 if it is not an answer to what was offered
   */
  public @Nullable DeflateAgreement deflate(Headers response) {
    return DeflateAgreement.answered(response, offered);
  }

  private static void require(boolean met, String what) {
    if (!met) {
      throw WebSocketException.protocolError(what);
    }
  }
}
