package io.httpkit.internal.codec.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class Utf8ValidatorTest {
  private static final int LAST_ONE = 0x3f;

  /** Whole characters, and what characters begin with: up to three bytes, behind a 1. */
  private static final Set<Integer> BEGINNINGS = beginnings();

  private static Set<Integer> beginnings() {
    Set<Integer> beginnings = new HashSet<>();
    for (int codePoint = 0; codePoint <= Character.MAX_CODE_POINT; codePoint++) {
      boolean fourBytes = codePoint >= Character.MIN_SUPPLEMENTARY_CODE_POINT;
      // those that differ in their fourth byte begin alike
      boolean needed = !fourBytes || (codePoint & LAST_ONE) == LAST_ONE;
      if (needed && (fourBytes || !Character.isSurrogate((char) codePoint))) {
        byte[] bytes = Character.toString(codePoint).getBytes(StandardCharsets.UTF_8);
        for (int length = 1; length <= Math.min(3, bytes.length); length++) {
          beginnings.add(number(bytes, length));
        }
      }
    }
    return beginnings;
  }

  private static int number(byte[] bytes, int length) {
    int number = 1;
    for (int i = 0; i < length; i++) {
      number = number << 8 | (bytes[i] & 0xff);
    }
    return number;
  }

  /** Any fourth byte may follow three that are the beginning of four. */
  private static boolean canBegin(byte[] bytes) {
    return bytes.length < 4 ? BEGINNINGS.contains(number(bytes, bytes.length)) : bytes[3] < -64;
  }

  @Test
  void acceptsEachCharacterAndWhatBeginsOneAndNothingElse() {
    checkBehind(new byte[0]);
  }

  /** Every byte behind a beginning, and every byte behind those. */
  private static void checkBehind(byte[] beginning) {
    byte[] bytes = Arrays.copyOf(beginning, beginning.length + 1);
    for (int b = 0; b < 256; b++) {
      bytes[beginning.length] = (byte) b;
      Utf8Validator validator = new Utf8Validator();
      boolean accepted = validator.accept(bytes, 0, bytes.length);
      if (accepted != canBegin(bytes)) {
        fail(Integer.toHexString(number(bytes, bytes.length)) + " accepted: " + accepted);
      }
      if (accepted && !validator.isComplete()) {
        checkBehind(bytes);
      }
    }
  }

  @Test
  void acceptsTextInPiecesOfAnySize() {
    byte[] text = "aé€\ud83d\ude00 and then 0123456789abcdef é".getBytes(StandardCharsets.UTF_8);
    for (int piece = 1; piece <= text.length; piece++) {
      Utf8Validator validator = new Utf8Validator();
      for (int from = 0; from < text.length; from += piece) {
        assertThat(validator.accept(text, from, Math.min(text.length, from + piece))).isTrue();
      }
      assertThat(validator.isComplete()).isTrue();
      assertThat(validator.isAscii()).isFalse();
    }
  }

  @Test
  void findsAWrongByteAnywhereInALongText() {
    for (int length = 1; length <= 40; length++) {
      for (int bad = 0; bad < length; bad++) {
        byte[] text = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
        assertThat(new Utf8Validator().accept(text, 0, length)).isTrue();
        text[bad] = (byte) 0x80;
        assertThat(new Utf8Validator().accept(text, 0, length)).isFalse();
        assertThat(new Utf8Validator().accept(text, 0, bad)).isTrue();
        assertThat(new Utf8Validator().accept(text, bad + 1, length)).isTrue();
      }
    }
  }

  @Test
  void tellsAscii() {
    Utf8Validator validator = new Utf8Validator();

    assertThat(validator.isAscii()).isTrue();
    assertThat(validator.accept(new byte[] {0, 0x7f}, 0, 2)).isTrue();
    assertThat(validator.isAscii()).isTrue();
    assertThat(validator.accept(new byte[] {(byte) 0xc3}, 0, 1)).isTrue();
    assertThat(validator.isAscii()).isFalse();
    assertThat(validator.isComplete()).isFalse();
  }
}
