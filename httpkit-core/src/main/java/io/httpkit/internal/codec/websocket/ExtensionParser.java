package io.httpkit.internal.codec.websocket;

import io.httpkit.http.Headers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code Sec-WebSocket-Extensions}. RFC 6455 §9.1.
 *
 * <pre>
 *   #( token *( ";" token [ "=" ( token / quoted-string that holds a token ) ] ) )
 * </pre>
 */
final class ExtensionParser {
  static final String NAME = "Sec-WebSocket-Extensions";
  private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";

  private final String text;
  private int at;

  private ExtensionParser(String text) {
    this.text = text;
  }

  /** What is offered, in order, on all lines; nothing if it is malformed anywhere. */
  static List<Extension> parse(Headers headers) {
    List<Extension> offers = new ArrayList<>();
    for (String line : headers.all(NAME)) {
      if (!new ExtensionParser(line).readLine(offers)) {
        return List.of();
      }
    }
    return offers;
  }

  /** A list may have empty elements: RFC 9110 §5.6.1.2. */
  private boolean readLine(List<Extension> offers) {
    do {
      skipSpace();
      if (!isAtEnd() && text.charAt(at) != ',') {
        Extension offer = offer();
        if (offer == null) {
          return false;
        }
        offers.add(offer);
      }
    } while (skip(','));
    return isAtEnd();
  }

  private @Nullable Extension offer() {
    String name = token();
    Map<String, String> parameters = new LinkedHashMap<>();
    boolean repeats = false;
    while (skip(';')) {
      String parameter = token();
      String value = skip('=') ? value() : "";
      if (parameter == null || value == null) {
        return null;
      }
      repeats = repeats || parameters.putIfAbsent(parameter, value) != null;
    }
    return name == null ? null : new Extension(name, parameters, repeats);
  }

  /** Never empty. */
  private @Nullable String value() {
    return skip('"') ? quoted() : token();
  }

  private @Nullable String token() {
    skipSpace();
    int start = at;
    while (!isAtEnd() && isTokenChar(text.charAt(at))) {
      at++;
    }
    return at == start ? null : text.substring(start, at);
  }

  /** RFC 9110 §5.6.2. */
  static boolean isTokenChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_SYMBOLS.indexOf(c) >= 0;
  }

  /** Up to the closing quote, without the backslashes. */
  private @Nullable String quoted() {
    StringBuilder value = new StringBuilder();
    while (!isAtEnd() && text.charAt(at) != '"') {
      if (text.charAt(at) == '\\') {
        at++;
      }
      if (isAtEnd() || !isTokenChar(text.charAt(at))) {
        return null;
      }
      value.append(text.charAt(at++));
    }
    return value.isEmpty() || !skip('"') ? null : value.toString();
  }

  private boolean skip(char c) {
    skipSpace();
    boolean there = !isAtEnd() && text.charAt(at) == c;
    if (there) {
      at++;
    }
    return there;
  }

  private void skipSpace() {
    while (!isAtEnd() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
      at++;
    }
  }

  private boolean isAtEnd() {
    return at == text.length();
  }
}
