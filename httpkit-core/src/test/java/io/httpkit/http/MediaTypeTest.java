package io.httpkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MediaTypeTest {
  private static MediaType parse(String value) {
    return MediaType.parse(value).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          text/plain                      | text/plain        | {}
          Text/HTML                       | text/html         | {}
          application/vnd.x+json          | application/vnd.x+json | {}
          */*                             | */*               | {}
          ` text/plain `                  | text/plain        | {}
          text/plain;                     | text/plain        | {}
          text/plain ; ;; a=b             | text/plain        | {a=b}
          text/plain;a=b                  | text/plain        | {a=b}
          text/plain;  A=B                | text/plain        | {a=B}
          text/plain; a="b"               | text/plain        | {a=b}
          text/plain; a="b c;d\\"e\\\\"   | text/plain        | {a=b c;d"e\\}
          text/plain; a=""                | text/plain        | {a=}
          text/plain; a=1; a=2            | text/plain        | {a=1}
          `text/plain;a=b \t; `           | text/plain        | {a=b}
          """)
  void parsesTypeAndParameters(String value, String essence, String parameters) {
    MediaType type = parse(value);
    assertThat(type.essence()).isEqualTo(essence);
    assertThat(type.parameters()).hasToString(parameters);
  }

  @Test
  void typeAndSubtypeAreApart() {
    assertThat(parse("a/b; c=d; e=\"f\""))
        .isEqualTo(new MediaType("a", "b", Map.of("c", "d", "e", "f")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "/",
        "text/",
        "/plain",
        "text/plain/x",
        "te xt/plain",
        "text/plain, text/html",
        "text/plain a=b",
        "text/plain; a",
        "text/plain; =b",
        "text/plain; a =b",
        "text/plain; a= b",
        "text/plain; a=b c",
        "text/plain; a=b, c=d",
        "text/plain; a=\"b\"c",
        "text/plain; a; b=c",
        "text/plaín"
      })
  void malformedValueIsNone(String value) {
    assertThat(MediaType.parse(value)).isEmpty();
  }

  @Test
  void rejectsTypeThatIsNoToken() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MediaType("", "plain", Map.of()))
        .withMessage("media type must be type/subtype but was \"/plain\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new MediaType("text", "a b", Map.of()))
        .withMessage("media type must be type/subtype but was \"text/a b\"");
  }

  @Test
  void parametersAreCopied() {
    Map<String, String> parameters = new HashMap<>(Map.of("a", "b"));
    MediaType type = new MediaType("text", "plain", parameters);
    parameters.clear();
    assertThat(type.parameters()).containsExactly(Map.entry("a", "b"));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> type.parameters().clear());
  }

  @Test
  void charsetIsFoundByItsName() {
    assertThat(parse("text/plain; charset=utf-8").charset()).hasValue(StandardCharsets.UTF_8);
    assertThat(parse("text/plain; Charset=\"Latin1\"").charset())
        .hasValue(StandardCharsets.ISO_8859_1);
    assertThat(parse("text/plain; charset=cp1252").charset())
        .hasValue(Charset.forName("windows-1252"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "text/plain; a=utf-8",
        "text/plain; charset=",
        "text/plain; charset=\"\"",
        "text/plain; charset=nonesuch",
        "text/plain; charset=\"a b\"",
        "text/plain; charset=\"\u20ac\""
      })
  void charsetThatIsNotKnownIsNone(String value) {
    assertThat(parse(value).charset()).isEmpty();
  }
}
