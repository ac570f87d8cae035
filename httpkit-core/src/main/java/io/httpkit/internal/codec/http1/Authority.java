package io.httpkit.internal.codec.http1;

import java.nio.charset.StandardCharsets;

/** The host and port of a {@code Host} field or a request target. RFC 3986 §3.2, RFC 9110 §7.2. */
final class Authority {
  private static final int MAX_PORT = 65535;

  private Authority() {}

  /** Whether this is a host name, IPv4 or bracketed IPv6 address, with or without a port. */
  static boolean isValid(String authority) {
    byte[] bytes = authority.getBytes(StandardCharsets.ISO_8859_1);
    return isValid(bytes, 0, bytes.length);
  }

  /** As {@link #isValid(String)}, for the bytes of a message. */
  static boolean isValid(byte[] bytes, int from, int to) {
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
      if (bytes[at] < '0' || bytes[at] > '9') {
        return false;
      }
      port = 10 * port + (bytes[at] - '0');
      if (port > MAX_PORT) {
        return false;
      }
    }
    return true;
  }

  /** Whether both name the same host and port, where {@code defaultPort} may be left out. */
  static boolean same(String a, String b, String defaultPort) {
    return normal(a, defaultPort).equalsIgnoreCase(normal(b, defaultPort));
  }

  private static String normal(String authority, String defaultPort) {
    if (authority.endsWith(":" + defaultPort)) {
      return authority.substring(0, authority.length() - defaultPort.length() - 1);
    }
    return authority.endsWith(":") ? authority.substring(0, authority.length() - 1) : authority;
  }
}
