package io.httpkit.internal.codec.http1;

/** The octets that may stand in the parts of a head. RFC 9110 §5.6.2 and §5.5, RFC 9112 §3.2. */
final class Octets {
  private static final int TOKEN = 1;
  private static final int VALUE = 2;
  private static final int TARGET = 4;
  private static final int REG_NAME = 8;
  private static final byte[] KINDS = new byte[256];

  static {
    mark("!#$%&'*+-.^_`|~", TOKEN);
    mark("-._~%", REG_NAME);
    for (int c = 0; c < 256; c++) {
      boolean alphanumeric =
          (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
      if (alphanumeric) {
        KINDS[c] |= TOKEN | REG_NAME;
      }
      if (c == '\t' || (c >= ' ' && c != 0x7f)) {
        KINDS[c] |= VALUE;
      }
      if (c > ' ' && c < 0x7f && c != '#') {
        KINDS[c] |= TARGET;
      }
    }
  }

  private Octets() {}

  private static void mark(String octets, int kind) {
    for (int i = 0; i < octets.length(); i++) {
      KINDS[octets.charAt(i)] |= (byte) kind;
    }
  }

  /** {@code tchar}: letters, digits and some symbols. */
  static boolean isToken(byte b) {
    return (KINDS[b & 0xff] & TOKEN) != 0;
  }

  /** What a field value may hold: tab, space, visible characters and obs-text. */
  static boolean isValue(byte b) {
    return (KINDS[b & 0xff] & VALUE) != 0;
  }

  /** What a request target may hold: visible ASCII without the number sign. */
  static boolean isTarget(byte b) {
    return (KINDS[b & 0xff] & TARGET) != 0;
  }

  /** What a host name may hold; of the reg-name of RFC 3986 all but the delimiters. */
  static boolean isRegName(byte b) {
    return (KINDS[b & 0xff] & REG_NAME) != 0;
  }

  static boolean isTokenChar(char c) {
    return c < 256 && (KINDS[c] & TOKEN) != 0;
  }

  static boolean isTargetChar(char c) {
    return c < 256 && (KINDS[c] & TARGET) != 0;
  }

  static boolean isValueChar(char c) {
    return c < 256 && (KINDS[c] & VALUE) != 0;
  }

  static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  /** Whether these are the bytes at {@code from}, where there are as many. */
  static boolean startsWith(byte[] bytes, int from, byte[] prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if (bytes[from + i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  /** The value of a hexadecimal digit, or -1. */
  static int hexDigit(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}
