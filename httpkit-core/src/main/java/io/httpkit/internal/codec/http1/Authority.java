package io.httpkit.internal.codec.http1;

/** The host and port of a {@code Host} field or a request target. RFC 3986 §3.2, RFC 9110 §7.2. */
final class Authority {
  private static final int MAX_PORT = 65535;

  private Authority() {}

  /** Whether this is a host name, IPv4 or bracketed IPv6 address, with or without a port. */
  static boolean isValid(String authority) {
    int hostEnd = hostEnd(authority);
    return hostEnd > 0 && (hostEnd == authority.length() || isPort(authority, hostEnd));
  }

  /** Where the host ends, or -1 if it is none. */
  private static int hostEnd(String s) {
    if (s.startsWith("[")) {
      int bracket = s.indexOf(']');
      return bracket > 0 && isIpv6(s, bracket) ? bracket + 1 : -1;
    }
    int at = 0;
    while (at < s.length() && Octets.isRegName(s.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isIpv6(String s, int bracket) {
    int colons = 0;
    for (int i = 1; i < bracket; i++) {
      char c = s.charAt(i);
      if (c == ':') {
        colons++;
      } else if (c != '.' && Octets.hexDigit((byte) c) < 0) {
        return false;
      }
    }
    return colons > 1;
  }

  /** {@code ":" *DIGIT} of at most 65535, to the end. */
  private static boolean isPort(String s, int colon) {
    if (s.charAt(colon) != ':') {
      return false;
    }
    int port = 0;
    for (int i = colon + 1; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c < '0' || c > '9') {
        return false;
      }
      port = 10 * port + (c - '0');
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
