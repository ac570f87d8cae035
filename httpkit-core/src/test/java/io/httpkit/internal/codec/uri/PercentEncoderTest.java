package io.httpkit.internal.codec.uri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PercentEncoderTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          PATH            | /a b        | /a%20b
          PATH            | /沈锋        | /%E6%B2%88%E9%94%8B
          PATH            | /😀         | /%F0%9F%98%80
          PATH            | /%41%zz%    | /%41%25zz%25
          PATH            | /%4         | /%254
          PATH            | /a%2        | /a%252
          PATH            | /%%41       | /%25%41
          PATH            | /a?b#c      | /a%3Fb%23c
          PATH            | /;a=b,c:@&+ | /;a=b,c:@&+
          PATH            | /[]"<>^`{}  | /%5B%5D%22%3C%3E%5E%60%7B%7D
          QUERY           | a?b/c       | a?b/c
          QUERY           | a[]=1 2+3   | a%5B%5D=1%202+3
          USER_INFO       | u:p@/?      | u:p%40%2F%3F
          QUERY_PARAMETER | a b+c&d=e/% | a%20b%2Bc%26d%3De%2F%25
          QUERY_PARAMETER | %41         | %2541
          QUERY_PARAMETER | a~*         | a~%2A
          FORM_PARAMETER  | a b+c&d=e/% | a+b%2Bc%26d%3De%2F%25
          FORM_PARAMETER  | a~*é        | a%7E*%C3%A9
          FORM_PARAMETER  | abc         | abc
          FORM_PARAMETER  | ``          | ``
          """)
  void encodesWhatMayNotStandThere(PercentEncoder encoder, String text, String encoded) {
    assertThat(encoder.encode(text)).isEqualTo(encoded);
  }

  @ParameterizedTest
  @EnumSource
  void encodesTheEndsOfLines(PercentEncoder encoder) {
    assertThat(encoder.encode("\r\n\0")).isEqualTo("%0D%0A%00");
  }

  @ParameterizedTest
  @EnumSource(names = {"PATH", "QUERY", "USER_INFO"})
  void whatIsEncodedStaysAsItIs(PercentEncoder encoder) {
    String once = encoder.encode("é %zz %41 \" 100%");
    assertThat(encoder.encode(once)).isEqualTo(once);
  }

  @ParameterizedTest
  @EnumSource
  void rejectsHalfOfASurrogatePair(PercentEncoder encoder) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> encoder.encode("a\ud83d"))
        .withMessage("half of a surrogate pair at index 1");
    assertThatIllegalArgumentException().isThrownBy(() -> encoder.encode("\ude00\ud83d"));
  }

  @Test
  void parametersAreReadBackAsTheyWere() {
    Random random = new Random(7);
    for (int i = 0; i < 1000; i++) {
      String text =
          random
              .ints(random.nextInt(20), 0, 0x11000)
              .filter(c -> !Character.isBmpCodePoint(c) || !Character.isSurrogate((char) c))
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      for (PercentEncoder encoder :
          new PercentEncoder[] {PercentEncoder.QUERY_PARAMETER, PercentEncoder.FORM_PARAMETER}) {
        assertThat(Percent.decodeForm(encoder.encode(text), StandardCharsets.UTF_8))
            .isEqualTo(text);
      }
    }
  }
}
