package io.httpkit.internal.codec.websocket;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a page comes from. RFC 6454 §7.
 *
 * @param scheme in lower case
 * @param host in lower case; empty for such as {@code file://}
 * @param port {@link #NO_PORT} if there is none, and the scheme has no default
 */
record Origin(String scheme, String host, int port) {
  static final int NO_PORT = -1;
  private static final int MAX_PORT = 65535;
  private static final String SCHEME_END = "://";
  private static final String NOT_IN_HOST = "/\\?#@,\"<>";

  /** Reads {@code scheme "://" host [ ":" port ]}; null if it is something else. */
  static @Nullable Origin parse(String text) {
    int schemeEnd = text.indexOf(SCHEME_END);
    if (schemeEnd <= 0 || !isScheme(text, schemeEnd)) {
      return null;
    }
    String scheme = text.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
    return parse(scheme, text.substring(schemeEnd + SCHEME_END.length()));
  }

  /** Reads the host and port of a scheme in lower case; null if they are something else. */
  static @Nullable Origin parse(String scheme, String authority) {
    int hostEnd = hostEnd(authority);
    if (hostEnd < 0) {
      return null;
    }
    int port = hostEnd == authority.length() ? defaultPort(scheme) : port(authority, hostEnd + 1);
    if (port == NO_PORT && hostEnd < authority.length()) {
      return null;
    }
    return new Origin(scheme, authority.substring(0, hostEnd).toLowerCase(Locale.ROOT), port);
  }

  private static boolean isScheme(String text, int end) {
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      if (!ExtensionParser.isTokenChar(c)) {
        return false;
      }
    }
    return true;
  }

  /** The index of the colon before the port, or the length; -1 if this is no host. */
  private static int hostEnd(String authority) {
    int end = authority.startsWith("[") ? authority.indexOf(']') + 1 : authority.indexOf(':');
    if (end < 0) {
      end = authority.length();
    }
    boolean colonBehind = end == authority.length() || authority.charAt(end) == ':';
    return colonBehind && isHost(authority, end) ? end : -1;
  }

  /** Empty only if there is nothing behind it. */
  private static boolean isHost(String authority, int end) {
    for (int i = 0; i < end; i++) {
      char c = authority.charAt(i);
      if (c <= ' ' || c >= 0x7f || NOT_IN_HOST.indexOf(c) >= 0) {
        return false;
      }
    }
    return end > 0 || authority.isEmpty();
  }

  private static int defaultPort(String scheme) {
    return switch (scheme) {
      case "http", "ws" -> 80;
      case "https", "wss" -> 443;
      default -> NO_PORT;
    };
  }

  private static int port(String authority, int from) {
    int port = 0;
    for (int i = from; i < authority.length(); i++) {
      char c = authority.charAt(i);
      if (c < '0' || c > '9') {
        return NO_PORT;
      }
      port = 10 * port + (c - '0');
      if (port > MAX_PORT) {
        return NO_PORT;
      }
    }
    return from == authority.length() ? NO_PORT : port;
  }
}
