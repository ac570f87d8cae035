package io.httpkit.internal.codec.http1;

import io.httpkit.http.Method;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The forms of a request target of visible ASCII, RFC 9112 §3.2, and the host and port that one of
 * them or a {@code Host} field names, RFC 3986 §3.2 and RFC 9110 §7.2.
 */
final class RequestTarget {
  private static final String HTTP = "http://";
  private static final String HTTPS = "https://";
  private static final int MAX_PORT = 65535;

  private RequestTarget() {}

  /**
   * Whether it has the form that belongs to the method: origin-form or absolute-form;
   * authority-form for CONNECT, of which the port may not be left out, RFC 9110 §9.3.6; an asterisk
   * for OPTIONS.
   */
  static boolean fits(Method method, String target) {
    if (method == Method.CONNECT) {
      return isHostAndPort(target);
    }
    if (target.startsWith("/")) {
      return true;
    }
    if (target.equals("*")) {
      return method == Method.OPTIONS;
    }
    String authority = authority(target);
    return authority != null && isAuthority(authority);
  }

  private static boolean isHostAndPort(String target) {
    int colon = target.lastIndexOf(':');
    return isAuthority(target) && colon > target.lastIndexOf(']') && colon < target.length() - 1;
  }

  /** Whether it is no absolute-form, or one of this host. RFC 9112 §3.2. */
  static boolean isOfHost(String target, String host) {
    String authority = authority(target);
    return authority == null || sameAuthority(authority, host, isPlain(target) ? "80" : "443");
  }

  /** The host and port of an absolute-form, null for the others. */
  private static @Nullable String authority(String target) {
    boolean plain = isPlain(target);
    if (!plain && !target.regionMatches(true, 0, HTTPS, 0, HTTPS.length())) {
      return null;
    }
    int start = plain ? HTTP.length() : HTTPS.length();
    int end = start;
    while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
      end++;
    }
    return target.substring(start, end);
  }

  private static boolean isPlain(String target) {
    return target.regionMatches(true, 0, HTTP, 0, HTTP.length());
  }

  /** Whether both name the same host and port, where {@code defaultPort} may be left out. */
  static boolean sameAuthority(String a, String b, String defaultPort) {
    return normal(a, defaultPort).equalsIgnoreCase(normal(b, defaultPort));
  }

  private static String normal(String authority, String defaultPort) {
    if (authority.endsWith(":" + defaultPort)) {
      return authority.substring(0, authority.length() - defaultPort.length() - 1);
    }
    return authority.endsWith(":") ? authority.substring(0, authority.length() - 1) : authority;
  }

  /** Whether this is a host name, IPv4 or bracketed IPv6 address, with or without a port. */
  static boolean isAuthority(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return isAuthority(bytes, 0, bytes.length);
  }

  /** As {@link #isAuthority(String)}, for the bytes of a message. */
  static boolean isAuthority(byte[] bytes, int from, int to) {
    int hostEnd = hostEnd(bytes, from, to);
    return hostEnd > from && (hostEnd == to || isPort(bytes, hostEnd, to));
  }

  /** Where the host ends; where it begins if it is none. */
  private static int hostEnd(byte[] bytes, int from, int to) {
    int at = from;
    if (at < to && bytes[at] == '[') {
      return ipv6End(bytes, from, to);
    }
    while (at < to && Octets.isRegName(bytes[at])) {
      at++;
    }
    return at;
  }

  private static int ipv6End(byte[] bytes, int from, int to) {
    int colons = 0;
    for (int at = from + 1; at < to; at++) {
      byte b = bytes[at];
      if (b == ']') {
        return colons > 1 ? at + 1 : from;
      }
      if (b == ':') {
        colons++;
      } else if (b != '.' && Octets.hexDigit(b) < 0) {
        return from;
      }
    }
    return from;
  }

  /** {@code ":" *DIGIT} of at most 65535, to the end. */
  private static boolean isPort(byte[] bytes, int colon, int to) {
    if (bytes[colon] != ':') {
      return false;
    }
    int port = 0;
    for (int at = colon + 1; at < to; at++) {
      if (!Octets.isDigit(bytes[at])) {
        return false;
      }
      port = 10 * port + (bytes[at] - '0');
      if (port > MAX_PORT) {
        return false;
      }
    }
    return true;
  }
}
