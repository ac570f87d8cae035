package io.httpkit.internal.codec.socks;

import java.nio.charset.StandardCharsets;

/**
 * A host as a proxy is told it, with its kind before it. RFC 1928 §5. A name is not resolved here:
 * the proxy does that.
 */
final class SocksAddress {
  static final int IPV4 = 1;
  static final int NAME = 3;
  static final int IPV6 = 4;

  private static final int MAX_NAME = 255;

  private SocksAddress() {}

  /**
   * @param host a name in ASCII, an IPv4 address, or an IPv6 address with or without brackets
   * @throws IllegalArgumentException if it is none of them
   */
  static byte[] encode(String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed || host.indexOf(':') >= 0) {
      byte[] address = IpLiteral.ipv6(bracketed ? host.substring(1, host.length() - 1) : host);
      if (address == null) {
        throw new IllegalArgumentException("not an IPv6 address: " + host);
      }
      return behind(address, IPV6);
    }
    byte[] address = IpLiteral.ipv4(host);
    return address != null ? behind(address, IPV4) : name(host);
  }

  private static byte[] name(String host) {
    for (int i = 0; i < host.length(); i++) {
      if (host.charAt(i) <= ' ' || host.charAt(i) > '~') {
        throw new IllegalArgumentException("host must be visible ASCII, but is not at " + i);
      }
    }
    if (host.isEmpty() || host.length() > MAX_NAME) {
      throw new IllegalArgumentException(
          "host must be 1 to 255 characters but has " + host.length());
    }
    return behind(host.getBytes(StandardCharsets.US_ASCII), NAME, host.length());
  }

  private static byte[] behind(byte[] bytes, int... before) {
    byte[] all = new byte[before.length + bytes.length];
    for (int i = 0; i < before.length; i++) {
      all[i] = (byte) before[i];
    }
    System.arraycopy(bytes, 0, all, before.length, bytes.length);
    return all;
  }
}
