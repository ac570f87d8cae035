package io.httpkit.internal.codec.socks;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Addresses as text. RFC 3986 §3.2.2, RFC 4291 §2.2. */
final class IpLiteral {
  private static final int IPV4_BYTES = 4;
  private static final int IPV6_BYTES = 16;
  private static final int GROUP_BYTES = 2;
  private static final byte[] NOTHING = {};

  private IpLiteral() {}

  /** The four bytes of {@code 192.0.2.1}; null if it is none. */
  static byte @Nullable [] ipv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != IPV4_BYTES) {
      return null;
    }
    byte[] address = new byte[IPV4_BYTES];
    for (int i = 0; i < IPV4_BYTES; i++) {
      int value = number(parts[i], 10, 3);
      if (value < 0 || value > 255 || (parts[i].length() > 1 && parts[i].charAt(0) == '0')) {
        return null;
      }
      address[i] = (byte) value;
    }
    return address;
  }

  /** The sixteen bytes of {@code 2001:db8::1}; null if it is none. */
  static byte @Nullable [] ipv6(String text) {
    int gap = text.indexOf("::");
    byte[] head = groups(gap < 0 ? text : text.substring(0, gap), gap < 0);
    byte[] tail = gap < 0 ? NOTHING : groups(text.substring(gap + 2), true);
    if (head == null || tail == null) {
      return null;
    }
    int given = head.length + tail.length;
    if (gap < 0 ? given != IPV6_BYTES : given > IPV6_BYTES - GROUP_BYTES) {
      return null;
    }
    byte[] address = Arrays.copyOf(head, IPV6_BYTES);
    System.arraycopy(tail, 0, address, IPV6_BYTES - tail.length, tail.length);
    return address;
  }

  /** The bytes of groups between colons, the last of which may be an IPv4 address. */
  private static byte @Nullable [] groups(String text, boolean last) {
    if (text.isEmpty()) {
      return NOTHING;
    }
    byte[] bytes = NOTHING;
    String[] parts = text.split(":", -1);
    for (int i = 0; i < parts.length; i++) {
      boolean dotted = last && i == parts.length - 1 && parts[i].indexOf('.') >= 0;
      byte[] group = dotted ? ipv4(parts[i]) : group(parts[i]);
      if (group == null || bytes.length > IPV6_BYTES - group.length) {
        return null;
      }
      bytes = Arrays.copyOf(bytes, bytes.length + group.length);
      System.arraycopy(group, 0, bytes, bytes.length - group.length, group.length);
    }
    return bytes;
  }

  private static byte @Nullable [] group(String text) {
    int value = number(text, 16, 4);
    return value < 0 ? null : new byte[] {(byte) (value >> 8), (byte) value};
  }

  /** -1 if it is not one to {@code maxDigits} ASCII digits. */
  private static int number(String text, int radix, int maxDigits) {
    if (text.isEmpty() || text.length() > maxDigits) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = text.charAt(i) < 0x80 ? Character.digit(text.charAt(i), radix) : -1;
      if (digit < 0) {
        return -1;
      }
      value = radix * value + digit;
    }
    return value;
  }
}
