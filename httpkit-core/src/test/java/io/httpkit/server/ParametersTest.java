package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParametersTest {
  private static Parameters parse(@Nullable String encoded, int limit) {
    return Parameters.parse(encoded, StandardCharsets.UTF_8, limit);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
                                  ; {}
          ''                      ; {}
          &                       ; {}
          a                       ; {a=[]}
          a=                      ; {a=[]}
          =a                      ; {=[a]}
          =                       ; {=[]}
          a=1                     ; {a=[1]}
          b=2&a=1                 ; {b=[2], a=[1]}
          a=1&b=2&a=3             ; {a=[1, 3], b=[2]}
          a&b=1                   ; {a=[], b=[1]}
          &&a=1&&b=2&             ; {a=[1], b=[2]}
          a=b=c                   ; {a=[b=c]}
          a=b?c/d                 ; {a=[b?c/d]}
          a+b=c+d                 ; {a b=[c d]}
          %61%3d=%26%2B           ; {a==[&+]}
          euro=%e2%82%ac          ; {euro=[\u20ac]}
          """)
  void parsesNamesAndValues(@Nullable String encoded, String expected) {
    assertThat(parse(encoded, 10)).hasToString(expected);
  }

  @Test
  void usesTheCharset() {
    assertThat(Parameters.parse("n\u00e9=%e9", StandardCharsets.ISO_8859_1, 1).get("n\u00e9"))
        .hasValue("\u00e9");
  }

  @Test
  void findsTheFirstOrAllValues() {
    Parameters parameters = parse("a=1&b=2&a=3", 10);
    assertThat(parameters.get("a")).hasValue("1");
    assertThat(parameters.get("a", "9")).isEqualTo("1");
    assertThat(parameters.all("a")).containsExactly("1", "3");
    assertThat(parameters.get("A")).isEmpty();
    assertThat(parameters.get("A", "9")).isEqualTo("9");
    assertThat(parameters.all("A")).isEmpty();
    assertThat(parameters.names()).containsExactly("a", "b");
  }

  @Test
  void cannotBeChanged() {
    Parameters parameters = parse("a=1", 10);
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> parameters.names().remove("a"));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> parameters.all("a").add("2"));
    assertThat(parameters.all("a")).containsExactly("1");
  }

  @Test
  void rejectsMoreThanTheLimit() {
    assertThat(parse("a&b&a", 3).names()).hasSize(2);
    assertThat(parse("&&a&&b&&", 2).names()).hasSize(2);
    for (String encoded : new String[] {"a&b&a", "a=1&a=2&a=3", "a&b&c&d&e"}) {
      assertThatExceptionOfType(BadMessageException.class)
          .isThrownBy(() -> parse(encoded, 2))
          .withMessage("more than 2 parameters")
          .returns(Status.BAD_REQUEST, BadMessageException::status);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=%", "%=a", "a=1&b%4=2", "a%4&1=2", "a=%4&1=2", "a=%zz"})
  void rejectsPercentWithoutTwoHexadecimalDigits(String encoded) {
    assertThatExceptionOfType(BadMessageException.class)
        .isThrownBy(() -> parse(encoded, 10))
        .withMessage("'%' without two hexadecimal digits")
        .returns(Status.BAD_REQUEST, BadMessageException::status);
  }
}
