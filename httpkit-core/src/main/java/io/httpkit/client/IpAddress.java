package io.httpkit.client;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** IPv4 and IPv6 addresses as they are written. No name service is ever asked. */
final class IpAddress {
  private static final int V4_BYTES = 4;
  private static final int V6_BYTES = 16;
  private static final int V6_GROUPS = 8;

  private IpAddress() {}

  /** The bytes of an address of either kind, without brackets and zone; null if it is none. */
  static byte @Nullable [] parse(String text) {
    return text.indexOf(':') < 0 ? parseV4(text) : parseV6(text);
  }

  /** Four decimal numbers without leading zeros, which others read as octal. RFC 3986 §3.2.2. */
  static byte @Nullable [] parseV4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != V4_BYTES) {
      return null;
    }
    byte[] bytes = new byte[V4_BYTES];
    for (int i = 0; i < V4_BYTES; i++) {
      int value = octet(parts[i]);
      if (value < 0) {
        return null;
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  private static int octet(String text) {
    boolean leadingZero = text.length() > 1 && text.charAt(0) == '0';
    if (text.isEmpty() || text.length() > 3 || leadingZero) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      value = 10 * value + (c - '0');
    }
    return value > 0xff ? -1 : value;
  }

  /** RFC 4291 §2.2. */
  static byte @Nullable [] parseV6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      byte[] all = groups(text, true);
      return all != null && all.length == V6_BYTES ? all : null;
    }
    byte[] head = groups(text.substring(0, gap), false);
    byte[] tail = groups(text.substring(gap + 2), true);
    boolean secondGap = text.indexOf("::", gap + 1) >= 0;
    if (secondGap || head == null || tail == null || head.length + tail.length > V6_BYTES - 2) {
      return null;
    }
    byte[] bytes = Arrays.copyOf(head, V6_BYTES);
    System.arraycopy(tail, 0, bytes, V6_BYTES - tail.length, tail.length);
    return bytes;
  }

  /** Groups of up to four hexadecimal digits, the last two possibly as IPv4; null if malformed. */
  private static byte @Nullable [] groups(String text, boolean mayEndInV4) {
    if (text.isEmpty()) {
      return new byte[0];
    }
    String[] parts = text.split(":", V6_GROUPS + 1);
    byte[] bytes = new byte[V6_BYTES + V4_BYTES];
    int length = 0;
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      byte[] v4 = last && mayEndInV4 ? parseV4(parts[i]) : null;
      byte[] group = v4 == null ? group(parts[i]) : v4;
      if (group == null || length + group.length > V6_BYTES) {
        return null;
      }
      System.arraycopy(group, 0, bytes, length, group.length);
      length += group.length;
    }
    return Arrays.copyOf(bytes, length);
  }

  private static byte @Nullable [] group(String text) {
    if (text.isEmpty() || text.length() > 4 || !text.chars().allMatch(HexFormat::isHexDigit)) {
      return null;
    }
    int value = HexFormat.fromHexDigits(text);
    return new byte[] {(byte) (value >> 8), (byte) value};
  }

  /** One form for each IPv6 address: RFC 5952 §4. */
  static String formatV6(byte[] bytes) {
    int[] groups = new int[V6_GROUPS];
    for (int i = 0; i < V6_GROUPS; i++) {
      groups[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    int gapStart = 0;
    int gapEnd = 0;
    for (int i = 0; i < V6_GROUPS; i++) {
      int end = i;
      while (end < V6_GROUPS && groups[end] == 0) {
        end++;
      }
      if (end - i > Math.max(1, gapEnd - gapStart)) {
        gapStart = i;
        gapEnd = end;
      }
    }
    String head = join(groups, 0, gapStart);
    return gapEnd == 0 ? join(groups, 0, V6_GROUPS) : head + "::" + join(groups, gapEnd, V6_GROUPS);
  }

  private static String join(int[] groups, int from, int to) {
    StringBuilder out = new StringBuilder();
    for (int i = from; i < to; i++) {
      out.append(i == from ? "" : ":").append(Integer.toHexString(groups[i]));
    }
    return out.toString();
  }
}
