package io.httpkit.internal.codec.websocket;

import java.nio.charset.StandardCharsets;

/**
 * Whether bytes that come in pieces are UTF-8. Refuses the first byte with which no character can
 * begin or go on: overlong forms, surrogates and what is beyond U+10FFFF at their second byte. RFC
 * 3629 §4.
 */
final class Utf8Validator {
  private static final int TRAIL_MIN = 0x80;
  private static final int TRAIL_MAX = 0xbf;

  /** Bytes still to come of the character. */
  private int needed;

  /** The smallest next byte of the character. */
  private int min = TRAIL_MIN;

  /** The largest next byte of the character. */
  private int max = TRAIL_MAX;

  private boolean ascii = true;

  /**
   * The text of these bytes, which are all of it.
   *
   * @throws WebSocketException with 1007 if they are not UTF-8
   */
  static String text(byte[] bytes, int from, int to) {
    if (Words.indexOfNonAscii(bytes, from, to) == to) {
      return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
    Utf8Validator validator = new Utf8Validator();
    validator.check(bytes, from, to);
    return validator.decode(bytes, from, to);
  }

  /** Refuses what is not a text. */
  static void checkText(byte[] bytes) {
    Utf8Validator validator = new Utf8Validator();
    validator.check(bytes, 0, bytes.length);
    validator.checkComplete();
  }

  /** Looks at the next bytes of a text, and refuses them if they are wrong. */
  void check(byte[] bytes, int from, int to) {
    if (!accept(bytes, from, to)) {
      throw WebSocketException.invalidPayload("text must be UTF-8");
    }
  }

  /** Refuses a text that ends in the middle of a character. */
  void checkComplete() {
    if (!isComplete()) {
      throw WebSocketException.invalidPayload("text ends in the middle of a character");
    }
  }

  /** The text of bytes all of which were accepted. */
  String decode(byte[] bytes, int from, int to) {
    checkComplete();
    return new String(
        bytes, from, to - from, ascii ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }

  /** Looks at the next bytes; false if they are wrong, and it is of no further use then. */
  boolean accept(byte[] bytes, int from, int to) {
    int at = from;
    while (at < to) {
      if (needed > 0) {
        if (!trail(bytes[at++] & 0xff)) {
          return false;
        }
      } else if (bytes[at] >= 0) {
        at = Words.indexOfNonAscii(bytes, at, to);
      } else if (!lead(bytes[at++] & 0xff)) {
        return false;
      }
    }
    return true;
  }

  private boolean trail(int b) {
    boolean fits = b >= min && b <= max;
    min = TRAIL_MIN;
    max = TRAIL_MAX;
    needed--;
    return fits;
  }

  private boolean lead(int b) {
    ascii = false;
    if (b < 0xc2 || b > 0xf4) {
      return false;
    }
    if (b < 0xe0) {
      needed = 1;
    } else if (b < 0xf0) {
      needed = 2;
      min = b == 0xe0 ? 0xa0 : TRAIL_MIN;
      max = b == 0xed ? 0x9f : TRAIL_MAX;
    } else {
      needed = 3;
      min = b == 0xf0 ? 0x90 : TRAIL_MIN;
      max = b == 0xf4 ? 0x8f : TRAIL_MAX;
    }
    return true;
  }

  /** Whether the bytes do not end in the middle of a character. */
  boolean isComplete() {
    return needed == 0;
  }

  /** Whether no byte was beyond 7 bits. */
  boolean isAscii() {
    return ascii;
  }
}
