package io.httpkit.internal.codec.websocket;

import io.httpkit.http.Headers;
import java.util.ArrayList;
import java.util.List;

/** Tokens and lists of them. RFC 9110 §5.6. */
final class Tokens {
  private static final String SYMBOLS = "!#$%&'*+-.^_`|~";

  private Tokens() {}

  static boolean isTokenChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || SYMBOLS.indexOf(c) >= 0;
  }

  /** The elements of a list on all lines of a field, in order, without the space around them. */
  static List<String> list(Headers headers, String name) {
    List<String> elements = new ArrayList<>();
    for (String line : headers.all(name)) {
      for (int start = 0; start <= line.length(); ) {
        int comma = line.indexOf(',', start);
        int end = comma < 0 ? line.length() : comma;
        elements.add(line.substring(start, end).strip());
        start = end + 1;
      }
    }
    return elements;
  }
}
