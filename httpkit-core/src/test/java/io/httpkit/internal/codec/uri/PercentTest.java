package io.httpkit.internal.codec.uri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PercentTest {
  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "a, a",
    "a+b, a+b",
    "a%20b, a b",
    "%41%42, AB",
    "%2f, /",
    "%2F%2e%2E, /..",
    "%25, %",
    "%2541, %41",
    "%c3%a9, é",
    "a%E2%82%ACb, a€b",
    "%f0%9f%98%80, 😀"
  })
  void decodesASegment(String encoded, String decoded) {
    assertThat(Percent.decode(encoded)).isEqualTo(decoded);
  }

  @Test
  void segmentWithoutPercentIsNotCopied() {
    String segment = "a+b~c";
    assertThat(Percent.decode(segment)).isSameAs(segment);
  }

  @Test
  void decodesEveryOctet() {
    for (int octet = 0; octet < 0x80; octet++) {
      String expected = Character.toString(octet);
      assertThat(Percent.decode("%%%02x".formatted(octet))).isEqualTo(expected);
      assertThat(Percent.decode("%%%02X".formatted(octet))).isEqualTo(expected);
    }
    for (int octet = 0x80; octet < 0x100; octet++) {
      assertThat(Percent.decodeForm("%%%02x".formatted(octet), StandardCharsets.ISO_8859_1))
          .isEqualTo(Character.toString(octet));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"%", "%4", "a%", "a%4", "%4g", "%g4", "%%41", "%+1", "%-1", "% 41", "%ü1"})
  void rejectsPercentWithoutTwoHexadecimalDigits(String encoded) {
    rejects(() -> Percent.decode(encoded));
    rejects(() -> Percent.decodeForm(encoded, StandardCharsets.UTF_8));
  }

  private static void rejects(ThrowingCallable call) {
    assertThatExceptionOfType(BadMessageException.class)
        .isThrownBy(call)
        .withMessage("'%' without two hexadecimal digits")
        .returns(Status.BAD_REQUEST, BadMessageException::status);
  }

  @ParameterizedTest
  @CsvSource({
    "'', UTF-8, ''",
    "a, UTF-8, a",
    "a+b, UTF-8, a b",
    "a%2Bb, UTF-8, a+b",
    "%c3%a9, UTF-8, é",
    "%e9, ISO-8859-1, é",
    "%a4, ISO-8859-15, €",
    "%83A, windows-31j, ア"
  })
  void decodesAFormInItsCharset(String encoded, String charset, String decoded) {
    assertThat(Percent.decodeForm(encoded, Charset.forName(charset))).isEqualTo(decoded);
  }

  @Test
  void octetsOfAFormThatAreNotEncodedAreOfItsCharsetToo() {
    String octets = new String("é+€".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(Percent.decodeForm(octets, StandardCharsets.UTF_8)).isEqualTo("é €");
  }
}
