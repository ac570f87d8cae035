package io.httpkit.client;

import java.net.IDN;
import java.util.Locale;

/** The host of a URL: a name, an IPv4 or an IPv6 address. RFC 3986 §3.2.2. */
final class HostName {
  private static final int MAX_LENGTH = 253;
  private static final int MAX_LABEL = 63;

  private HostName() {}

  /**
   * The one form of a host as a user types it: names in lower case and ASCII, IPv6 addresses
   * without brackets. Names that are not ASCII are converted by IDNA 2003, the only version the JDK
   * has.
   *
   * @throws IllegalArgumentException if it is none
   */
  static String parse(String host) {
    if (host.startsWith("[")) {
      return parseV6(host);
    }
    String name = toAscii(host).toLowerCase(Locale.ROOT);
    // Checked behind the conversion, which makes delimiters of some characters that look like them.
    boolean dotAtEnd = name.endsWith(".");
    String labels = dotAtEnd ? name.substring(0, name.length() - 1) : name;
    boolean wellFormed = labels.length() <= MAX_LENGTH;
    String last = "";
    for (String label : labels.split("\\.", -1)) {
      wellFormed &= isLabel(label);
      last = label;
    }
    if (!wellFormed) {
      throw new IllegalArgumentException(
          "a host must be a name of letters, digits, '-' and '_' in labels of up to 63, an IPv4"
              + " address, or an IPv6 address in brackets without a zone");
    }
    if (looksLikeNumber(last) && (dotAtEnd || IpAddress.parseV4(labels) == null)) {
      throw new IllegalArgumentException(
          "a host that ends in a number must be an IPv4 address of four decimal numbers");
    }
    return name;
  }

  private static String parseV6(String host) {
    byte[] bytes =
        host.endsWith("]") ? IpAddress.parseV6(host.substring(1, host.length() - 1)) : null;
    if (bytes == null) {
      throw new IllegalArgumentException(
          "a host in brackets must be an IPv6 address without a zone");
    }
    return IpAddress.formatV6(bytes);
  }

  private static String toAscii(String host) {
    if (host.chars().allMatch(c -> c < 0x80)) {
      return host;
    }
    try {
      return IDN.toASCII(host);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("a host has no form in ASCII: " + e.getMessage(), e);
    }
  }

  private static boolean isLabel(String label) {
    return !label.isEmpty()
        && label.length() <= MAX_LABEL
        && label.chars().allMatch(HostName::isLabelChar);
  }

  private static boolean isLabelChar(int c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  }

  /** Whether some resolvers take such a last label for a number, in decimal or hexadecimal. */
  private static boolean looksLikeNumber(String label) {
    return label.chars().allMatch(c -> c >= '0' && c <= '9')
        || (label.startsWith("0x") && label.substring(2).chars().allMatch(HostName::isHexDigit));
  }

  private static boolean isHexDigit(int c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }
}
