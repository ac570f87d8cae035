package io.httpkit.internal.codec.websocket;

import io.httpkit.http.Headers;
import io.httpkit.internal.codec.websocket.Extension.Parameter;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What client and server agree on about compression. RFC 7692 §7.1.
 *
 * @param server what it sends
 * @param client what it sends
 * @param namesWindow whether the answer has to name the server's window, because the client did
 */
public record DeflateAgreement(Sender server, Sender client, boolean namesWindow) {
  static final String EXTENSION = "permessage-deflate";
  static final String SERVER_NO_CONTEXT = "server_no_context_takeover";
  static final String CLIENT_NO_CONTEXT = "client_no_context_takeover";
  static final String SERVER_WINDOW = "server_max_window_bits";
  static final String CLIENT_WINDOW = "client_max_window_bits";
  static final int MAX_WINDOW_BITS = 15;

  /**
   * How an end compresses.
   *
   * @param keepsContext whether a message may refer to the one before
   * @param windowBits 8 to 15
   */
  public record Sender(boolean keepsContext, int windowBits) {
    /** For a deflater of ours, which keeps context only in the largest window. */
    static Sender within(boolean keepsContext, int windowBits) {
      return new Sender(keepsContext && windowBits == MAX_WINDOW_BITS, windowBits);
    }
  }

  /** Which names the server's window if it is smaller than the largest. */
  public DeflateAgreement(Sender server, Sender client) {
    this(server, client, server.windowBits() < MAX_WINDOW_BITS);
  }

  /** How the end in this role compresses. */
  public Sender sender(Role role) {
    return role == Role.CLIENT ? client : server;
  }

  /**
   * What comes of the first offer that can be accepted; null if there is none.
   *
   * @param keepContext whether the server is willing to keep context, its own and that of the
   *     client
   */
  public static @Nullable DeflateAgreement negotiate(Headers requestHeaders, boolean keepContext) {
    for (Extension offer : ExtensionParser.parse(requestHeaders)) {
      if (offer.name().equals(EXTENSION) && isAcceptable(offer)) {
        return accept(offer, keepContext);
      }
    }
    return null;
  }

  /** RFC 7692 §7: a parameter that is unknown, wrong or there twice declines the offer. */
  private static boolean isAcceptable(Extension offer) {
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

  static boolean isWindowBits(String value) {
    return switch (value) {
      case "8", "9", "10", "11", "12", "13", "14", "15" -> true;
      default -> false;
    };
  }

  private static DeflateAgreement accept(Extension offer, boolean keepContext) {
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
        Sender.within(serverKeeps, bits), new Sender(clientKeeps, MAX_WINDOW_BITS), window != null);
  }

  /**
   * The value of {@code Sec-WebSocket-Extensions} of a server's answer, which never limits the
   * window of the client.
   */
  public String toHeader() {
    return EXTENSION
        + (server.keepsContext() ? "" : "; " + SERVER_NO_CONTEXT)
        + (client.keepsContext() ? "" : "; " + CLIENT_NO_CONTEXT)
        + (namesWindow ? "; " + SERVER_WINDOW + "=" + server.windowBits() : "");
  }
}
