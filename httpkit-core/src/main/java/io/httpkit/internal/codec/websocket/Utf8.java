package io.httpkit.internal.codec.websocket;

import java.nio.charset.StandardCharsets;

/** Text that is complete. */
final class Utf8 {
  private Utf8() {}

  /**
   * The text of these bytes.
   *
   * @throws WebSocketException with 1007 if they are not UTF-8
   */
  static String decode(byte[] bytes, int from, int to) {
    if (Words.indexOfNonAscii(bytes, from, to) == to) {
      return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    }
    Utf8Validator validator = new Utf8Validator();
    accept(validator, bytes, from, to);
    return decode(validator, bytes, from, to);
  }

  /** Refuses what is not a text. */
  static void check(byte[] bytes) {
    Utf8Validator validator = new Utf8Validator();
    accept(validator, bytes, 0, bytes.length);
    checkComplete(validator);
  }

  /** Looks at the next bytes of a text. */
  static void accept(Utf8Validator validator, byte[] bytes, int from, int to) {
    if (!validator.accept(bytes, from, to)) {
      throw WebSocketException.invalidPayload("text must be UTF-8");
    }
  }

  /** Refuses a text that ends in the middle of a character. */
  static void checkComplete(Utf8Validator validator) {
    if (!validator.isComplete()) {
      throw WebSocketException.invalidPayload("text ends in the middle of a character");
    }
  }

  /** The text of bytes all of which the validator has accepted. */
  static String decode(Utf8Validator validator, byte[] bytes, int from, int to) {
    checkComplete(validator);
    return new String(
        bytes,
        from,
        to - from,
        validator.isAscii() ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
  }
}
