package io.httpkit.internal.codec.websocket;

import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The opening handshake as a client sees it: what it asks for, and what comes of the answer. For
 * one request. RFC 6455 §4.1.
 */
public final class ClientHandshake {
  /** What a server makes of the request. */
  public sealed interface Outcome {}

  /**
   * The WebSocket is open: what comes behind the answer are frames.
   *
   * @param subprotocol that the server has chosen; null if none
   * @param deflate that the server has agreed to; null if not to compress
   */
  public record Opened(@Nullable String subprotocol, @Nullable DeflateAgreement deflate)
      implements Outcome {}

  /** The answer is one to an ordinary request: a redirect, a demand to log in, an error. */
  public record Declined(Status status) implements Outcome {}

  private static final String ACCEPT = "Sec-WebSocket-Accept";

  private final String key;
  private final List<String> subprotocols;
  private final @Nullable DeflateOffer deflate;
  private final @Nullable String origin;

  /**
   * A handshake that is not sent yet.
   *
   * @param keyBytes 16 that were drawn at random for this handshake alone
   * @param subprotocols that are offered, the preferred first
   * @param deflate that is offered; null for none
   * @param origin of the page or application that asks; null to send none. RFC 6454 §7
   * @throws IllegalArgumentException if the key is not of 16 bytes
   */
  public ClientHandshake(
      byte[] keyBytes,
      List<String> subprotocols,
      @Nullable DeflateOffer deflate,
      @Nullable String origin) {
    if (keyBytes.length != HandshakeKey.BYTES) {
      throw new IllegalArgumentException(
          "key must be of " + HandshakeKey.BYTES + " bytes but was of " + keyBytes.length);
    }
    this.key = Base64.getEncoder().encodeToString(keyBytes);
    this.subprotocols = List.copyOf(subprotocols);
    this.deflate = deflate;
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
    if (deflate != null) {
      request.set(ExtensionParser.NAME, deflate.toHeader());
    }
    if (origin != null) {
      request.set("Origin", origin);
    }
  }

  /**
   * What comes of the answer. Only a 101 is looked into.
   *
   * @throws WebSocketException with 1002 if a 101 is not the answer to this handshake; then the
   *     connection is of no use
   */
  public Outcome answered(Status status, Headers response) {
    if (status.code() != Status.SWITCHING_PROTOCOLS.code()) {
      return new Declined(status);
    }
    List<String> upgrade = response.all("Upgrade");
    require(
        upgrade.size() == 1 && upgrade.get(0).equalsIgnoreCase("websocket"),
        "Upgrade of the answer must be websocket");
    require(
        response.hasToken("Connection", "upgrade"), "Connection of the answer must name upgrade");
    require(
        response.all(ACCEPT).equals(List.of(HandshakeKey.accept(key))),
        ACCEPT + " does not fit the key that was sent");
    return new Opened(subprotocol(response), DeflateOffer.answered(response, deflate));
  }

  private @Nullable String subprotocol(Headers response) {
    List<String> chosen = response.all(ServerHandshake.PROTOCOL);
    if (chosen.isEmpty()) {
      return null;
    }
    require(
        chosen.size() == 1 && subprotocols.contains(chosen.get(0)),
        ServerHandshake.PROTOCOL + " of the answer must be one of those that were offered");
    return chosen.get(0);
  }

  private static void require(boolean met, String what) {
    if (!met) {
      throw WebSocketException.protocolError(what);
    }
  }
}
