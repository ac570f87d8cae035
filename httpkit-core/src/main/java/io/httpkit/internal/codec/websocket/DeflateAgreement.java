package io.httpkit.internal.codec.websocket;

import io.httpkit.http.Headers;
import io.httpkit.internal.codec.websocket.ExtensionOffer.Parameter;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What client and server agree on about compression. RFC 7692 §7.1. The window of the client is
 * never limited.
 *
 * @param serverKeepsContext whether a message of the server may refer to the one before
 * @param clientKeepsContext whether a message of the client may refer to the one before
 * @param serverWindowBits 8 to 15
 * @param namesWindow whether the answer has to name the window, because the client did
 */
public record DeflateAgreement(
    boolean serverKeepsContext,
    boolean clientKeepsContext,
    int serverWindowBits,
    boolean namesWindow) {
  private static final String EXTENSION = "permessage-deflate";
  private static final String SERVER_NO_CONTEXT = "server_no_context_takeover";
  private static final String CLIENT_NO_CONTEXT = "client_no_context_takeover";
  private static final String SERVER_WINDOW = "server_max_window_bits";
  private static final String CLIENT_WINDOW = "client_max_window_bits";
  private static final int MAX_WINDOW_BITS = 15;

  /** Which names the window if it is smaller than the largest. */
  public DeflateAgreement(
      boolean serverKeepsContext, boolean clientKeepsContext, int serverWindowBits) {
    this(
        serverKeepsContext,
        clientKeepsContext,
        serverWindowBits,
        serverWindowBits < MAX_WINDOW_BITS);
  }

  /**
   * What comes of the first offer that can be accepted; null if there is none.
   *
   * @param keepContext whether the server is willing to keep context, its own and that of the
   *     client
   */
  public static @Nullable DeflateAgreement negotiate(Headers requestHeaders, boolean keepContext) {
    for (ExtensionOffer offer : ExtensionParser.parse(requestHeaders)) {
      if (offer.name().equals(EXTENSION) && isAcceptable(offer)) {
        return accept(offer, keepContext);
      }
    }
    return null;
  }

  /** RFC 7692 §7: a parameter that is unknown, wrong or there twice declines the offer. */
  private static boolean isAcceptable(ExtensionOffer offer) {
    Set<String> names = new HashSet<>();
    for (Parameter parameter : offer.parameters()) {
      if (!names.add(parameter.name()) || !isValid(parameter)) {
        return false;
      }
    }
    return true;
  }

  private static boolean isValid(Parameter parameter) {
    String value = parameter.value();
    return switch (parameter.name()) {
      case SERVER_NO_CONTEXT, CLIENT_NO_CONTEXT -> value == null;
      case SERVER_WINDOW -> value != null && isWindowBits(value);
      case CLIENT_WINDOW -> value == null || isWindowBits(value);
      default -> false;
    };
  }

  private static boolean isWindowBits(String value) {
    return switch (value) {
      case "8", "9", "10", "11", "12", "13", "14", "15" -> true;
      default -> false;
    };
  }

  private static DeflateAgreement accept(ExtensionOffer offer, boolean keepContext) {
    boolean serverKeeps = keepContext;
    boolean clientKeeps = keepContext;
    String window = null;
    for (Parameter parameter : offer.parameters()) {
      switch (parameter.name()) {
        case SERVER_NO_CONTEXT -> serverKeeps = false;
        case CLIENT_NO_CONTEXT -> clientKeeps = false;
        case SERVER_WINDOW -> window = parameter.value();
        default -> {}
      }
    }
    int bits = window == null ? MAX_WINDOW_BITS : Integer.parseInt(window);
    return new DeflateAgreement(
        serverKeeps && bits == MAX_WINDOW_BITS, clientKeeps, bits, window != null);
  }

  /** The value of {@code Sec-WebSocket-Extensions} of the answer. */
  public String toHeader() {
    return EXTENSION
        + (serverKeepsContext ? "" : "; " + SERVER_NO_CONTEXT)
        + (clientKeepsContext ? "" : "; " + CLIENT_NO_CONTEXT)
        + (namesWindow ? "; " + SERVER_WINDOW + "=" + serverWindowBits : "");
  }
}
