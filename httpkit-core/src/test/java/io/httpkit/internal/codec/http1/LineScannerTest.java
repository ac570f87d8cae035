package io.httpkit.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineScannerTest {
  private static final Http1Limits LIMITS = new Http1Limits(8192, 64 * 1024, 200, 0);

  private final LineScanner scanner = new LineScanner();

  private static ByteBuffer buffer(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void countsTheLinesOfABlock() {
    ByteBuffer in = buffer("first\r\na: b\r\nc: d\r\n\r\nrest");

    assertThat(scanner.scan(in, LIMITS, 1)).isEqualTo(in.limit() - 4);
    assertThat(scanner.lines()).isEqualTo(4);
    assertThat(scanner.firstLineEnd()).isEqualTo(7);
    assertThat(in.position()).isZero();
  }

  /** Eight bytes are looked at together: the line feed is at each place of the eight. */
  @Test
  void findsALineFeedAtEveryPlaceAmongBytesThatAreNearlyOne() {
    for (String filler :
        List.of("\u000b", "\u008a", "\u0000", "\u0009", "\u000b\u0080", "\u00ff")) {
      for (int length = 0; length < 40; length++) {
        String line = filler.repeat(length) + "\r\n";
        for (ByteBuffer in :
            List.of(buffer(line + "\r\n"), direct(line + "\r\n"), buffer(line + "\r\nxxxxxxxx"))) {
          scanner.reset();
          int expected = length == 0 ? 2 : line.length() + 2;
          assertThat(scanner.scan(in, LIMITS, 1))
              .as("%d of %s", length, filler)
              .isEqualTo(expected);
        }
      }
    }
  }

  private static ByteBuffer direct(String text) {
    return ByteBuffer.allocateDirect(text.length()).put(buffer(text)).flip();
  }

  @Test
  void looksAtEachByteOnce() {
    String head = "first\r\n" + ("x: " + "y".repeat(1000) + "\r\n").repeat(60);
    ByteBuffer in = buffer(head + "\r\n");
    for (int i = 0; i < head.length(); i++) {
      assertThat(scanner.scan(in.limit(i + 1), LIMITS, 1)).isNegative();
      if (i > 0) {
        // a second look at this would be refused; a look back from a line feed is at one byte
        in.put(i - 1, (byte) '\n');
      }
    }

    assertThat(scanner.isUntouched()).isFalse();
    assertThat(scanner.scan(in.limit(head.length() + 2), LIMITS, 1)).isEqualTo(head.length() + 2);
    assertThat(scanner.lines()).isEqualTo(62);
  }

  @Test
  void forgetsABlock() {
    scanner.scan(buffer("first\r\na"), LIMITS, 1);
    scanner.reset();

    assertThat(scanner.isUntouched()).isTrue();
    assertThat(scanner.lines()).isZero();
    assertThat(scanner.firstLineEnd()).isZero();
    assertThat(scanner.scan(buffer("\r\n"), LIMITS, 0)).isEqualTo(2);
  }
}
