package io.httpkit.internal.codec.websocket;

import io.httpkit.http.Headers;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What client and server agree on about compression. RFC 7692 §7.1.
 *
 * @param server what it sends
 * @param client what it sends
 * @param namesWindow whether the answer has to name the server's window, because the client did
 */
public record DeflateAgreement(Sender server, Sender client, boolean namesWindow) {
  private static final String EXTENSION = "permessage-deflate";
  private static final String SERVER_NO_CONTEXT = "server_no_context_takeover";
  private static final String CLIENT_NO_CONTEXT = "client_no_context_takeover";
  private static final String SERVER_WINDOW = "server_max_window_bits";
  private static final String CLIENT_WINDOW = "client_max_window_bits";
  private static final int MAX_WINDOW_BITS = 15;

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

  // ---- the client

  /**
   * What a client asks for. Any window will do for it, its own too.
   *
   * @param keepsContext whether the client is willing to keep context, its own and that of the
   *     server
   */
  public static DeflateAgreement offer(boolean keepsContext) {
    Sender any = new Sender(keepsContext, MAX_WINDOW_BITS);
    return new DeflateAgreement(any, any);
  }

  /** The value of {@code Sec-WebSocket-Extensions} of a client's request. */
  String toOffer() {
    return toHeader() + "; " + CLIENT_WINDOW;
  }

  /**
   * What comes of the extensions of an answer; null if there are none.
   *
   * @param offer null if nothing was offered
   * @throws WebSocketException with 1002 if they are not an answer to that
   */
  static @Nullable DeflateAgreement answered(Headers response, @Nullable DeflateAgreement offer) {
    if (!response.contains(ExtensionParser.NAME)) {
      return null;
    }
    List<Extension> extensions = ExtensionParser.parse(response);
    if (extensions.isEmpty()) {
      throw refused("is malformed");
    }
    Extension answer = extensions.get(0);
    if (offer == null || extensions.size() > 1 || !answer.name().equals(EXTENSION)) {
      throw refused("names an extension that was not offered");
    }
    String fault = fault(answer, true);
    if (fault != null) {
      throw refused(fault);
    }
    boolean serverKeeps = !answer.parameters().containsKey(SERVER_NO_CONTEXT);
    if (serverKeeps && !offer.server.keepsContext()) {
      throw refused("lacks " + SERVER_NO_CONTEXT + ", which was asked for");
    }
    boolean clientKeeps =
        offer.client.keepsContext() && !answer.parameters().containsKey(CLIENT_NO_CONTEXT);
    return new DeflateAgreement(
        new Sender(serverKeeps, windowBits(answer, SERVER_WINDOW)),
        Sender.within(clientKeeps, windowBits(answer, CLIENT_WINDOW)));
  }

  private static WebSocketException refused(String why) {
    return WebSocketException.protocolError(ExtensionParser.NAME + " of the answer " + why);
  }

  // ---- the server

  /**
   * What comes of the first offer that can be accepted; null if there is none. RFC 7692 §7: a
   * parameter that is unknown, wrong or there twice declines the offer.
   *
   * @param keepContext whether the server is willing to keep context, its own and that of the
   *     client
   */
  public static @Nullable DeflateAgreement negotiate(Headers requestHeaders, boolean keepContext) {
    for (Extension offer : ExtensionParser.parse(requestHeaders)) {
      if (offer.name().equals(EXTENSION) && fault(offer, false) == null) {
        return accept(offer, keepContext);
      }
    }
    return null;
  }

  private static DeflateAgreement accept(Extension offer, boolean keepContext) {
    boolean serverKeeps = keepContext && !offer.parameters().containsKey(SERVER_NO_CONTEXT);
    boolean clientKeeps = keepContext && !offer.parameters().containsKey(CLIENT_NO_CONTEXT);
    return new DeflateAgreement(
        Sender.within(serverKeeps, windowBits(offer, SERVER_WINDOW)),
        new Sender(clientKeeps, MAX_WINDOW_BITS),
        offer.parameters().containsKey(SERVER_WINDOW));
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

  // ---- both

  /** What is wrong with the first parameter that is; null if all are right. */
  private static @Nullable String fault(Extension extension, boolean inAnswer) {
    for (Map.Entry<String, String> parameter : extension.parameters().entrySet()) {
      String fault = fault(parameter.getKey(), parameter.getValue(), inAnswer);
      if (fault != null) {
        return fault;
      }
    }
    return extension.repeats() ? "has a parameter of permessage-deflate twice" : null;
  }

  /** An offer alone may name the window of the client without a value. */
  private static @Nullable String fault(String name, String value, boolean inAnswer) {
    return switch (name) {
      case SERVER_NO_CONTEXT, CLIENT_NO_CONTEXT ->
          value.isEmpty() ? null : "gives " + name + " a value";
      case SERVER_WINDOW, CLIENT_WINDOW -> {
        boolean open = value.isEmpty() && name.equals(CLIENT_WINDOW) && !inAnswer;
        yield open || isWindowBits(value) ? null : "must give " + name + " 8 to 15";
      }
      default -> "has an unknown parameter of permessage-deflate";
    };
  }

  private static boolean isWindowBits(String value) {
    return switch (value) {
      case "8", "9", "10", "11", "12", "13", "14", "15" -> true;
      default -> false;
    };
  }

  /** The largest if it is not limited. */
  private static int windowBits(Extension extension, String name) {
    String bits = extension.parameters().get(name);
    return bits == null ? MAX_WINDOW_BITS : Integer.parseInt(bits);
  }
}
