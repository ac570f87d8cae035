package io.httpkit.http;

import java.util.Locale;

/** Grammar of RFC 9110 §5.6 for single characters, and how foreign text is shown in messages. */
final class Text {
  private static final String TOKEN_SYMBOLS = "!#$%&'*+-.^_`|~";
  private static final int QUOTED_MAX = 60;

  private Text() {}

  /** RFC 9110 §5.6.2: {@code tchar}. */
  static boolean isTokenChar(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || TOKEN_SYMBOLS.indexOf(c) >= 0;
  }

  static boolean isToken(String s) {
    for (int i = 0; i < s.length(); i++) {
      if (!isTokenChar(s.charAt(i))) {
        return false;
      }
    }
    return !s.isEmpty();
  }

  /** RFC 9110 §5.5: visible characters, space, tab and obs-text, so nothing that ends a line. */
  static boolean isFieldValue(String s) {
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
        return false;
      }
    }
    return true;
  }

  /** The text in quotes, shortened, with everything but visible ASCII escaped. */
  static String quote(String s) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < s.length() && i < QUOTED_MAX; i++) {
      char c = s.charAt(i);
      if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
        out.append(c);
      } else {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return out.append(s.length() > QUOTED_MAX ? "…\"" : "\"").toString();
  }
}
