package io.httpkit.internal.codec.websocket;

import io.httpkit.http.Headers;
import io.httpkit.internal.codec.websocket.DeflateAgreement.Sender;
import io.httpkit.internal.codec.websocket.Extension.Parameter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for about compression, and how it reads the answer. RFC 7692 §7.1. Any window
 * will do for it, its own too.
 *
 * @param keepsContext whether the client is willing to keep context, its own and that of the server
 */
public record DeflateOffer(boolean keepsContext) {
  private static final String OFFER =
      DeflateAgreement.EXTENSION + "; " + DeflateAgreement.CLIENT_WINDOW;
  private static final String OFFER_WITHOUT_CONTEXT =
      DeflateAgreement.EXTENSION
          + "; "
          + DeflateAgreement.SERVER_NO_CONTEXT
          + "; "
          + DeflateAgreement.CLIENT_NO_CONTEXT
          + "; "
          + DeflateAgreement.CLIENT_WINDOW;

  /** The value of {@code Sec-WebSocket-Extensions} of the request. */
  String toHeader() {
    return keepsContext ? OFFER : OFFER_WITHOUT_CONTEXT;
  }

  /**
   * What comes of an answer that has one extension.
   *
   * @throws WebSocketException with 1002 if it is not an answer to this offer
   */
  DeflateAgreement accepted(Extension answer) {
    if (!answer.name().equals(DeflateAgreement.EXTENSION)) {
      throw refused("names an extension that was not offered");
    }
    Set<String> names = new HashSet<>();
    int serverWindow = DeflateAgreement.MAX_WINDOW_BITS;
    int clientWindow = DeflateAgreement.MAX_WINDOW_BITS;
    for (Parameter parameter : answer.parameters()) {
      if (!names.add(parameter.name())) {
        throw refused("has a parameter of permessage-deflate twice");
      }
      switch (parameter.name()) {
        case DeflateAgreement.SERVER_NO_CONTEXT, DeflateAgreement.CLIENT_NO_CONTEXT ->
            checkNoValue(parameter);
        case DeflateAgreement.SERVER_WINDOW -> serverWindow = windowBits(parameter);
        case DeflateAgreement.CLIENT_WINDOW -> clientWindow = windowBits(parameter);
        default -> throw refused("has an unknown parameter of permessage-deflate");
      }
    }
    boolean serverKeeps = !names.contains(DeflateAgreement.SERVER_NO_CONTEXT);
    if (serverKeeps && !keepsContext) {
      throw refused("lacks " + DeflateAgreement.SERVER_NO_CONTEXT + ", which was asked for");
    }
    boolean clientKeeps = keepsContext && !names.contains(DeflateAgreement.CLIENT_NO_CONTEXT);
    return new DeflateAgreement(
        new Sender(serverKeeps, serverWindow), Sender.within(clientKeeps, clientWindow));
  }

  private static void checkNoValue(Parameter parameter) {
    if (parameter.value() != null) {
      throw refused("gives " + parameter.name() + " a value");
    }
  }

  private static int windowBits(Parameter parameter) {
    String value = parameter.value();
    if (value == null || !DeflateAgreement.isWindowBits(value)) {
      throw refused("must give " + parameter.name() + " 8 to 15");
    }
    return Integer.parseInt(value);
  }

  /**
   * What comes of the extensions of an answer; null if there are none.
   *
   * @param offer null if nothing was offered
   * @throws WebSocketException with 1002 if they are not an answer to that
   */
  static @Nullable DeflateAgreement answered(Headers response, @Nullable DeflateOffer offer) {
    if (!response.contains(ExtensionParser.NAME)) {
      return null;
    }
    List<Extension> extensions = ExtensionParser.parse(response);
    if (extensions.isEmpty()) {
      throw refused("is malformed");
    }
    if (offer == null || extensions.size() > 1) {
      throw refused("names an extension that was not offered");
    }
    return offer.accepted(extensions.get(0));
  }

  private static WebSocketException refused(String why) {
    return WebSocketException.protocolError(ExtensionParser.NAME + " of the answer " + why);
  }
}
