package io.httpkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadersTest {
  @Test
  void linesKeepTheirOrderAndTheirCase() {
    Headers headers = Headers.of("B", "1", "a", "2", "b", "3");
    assertThat(headers.size()).isEqualTo(3);
    assertThat(headers.name(0)).isEqualTo("B");
    assertThat(headers.value(1)).isEqualTo("2");
    assertThat(headers.name(2)).isEqualTo("b");
    assertThat(headers.isEmpty()).isFalse();
    assertThat(headers).hasToString("{B=\"1\", a=\"2\", b=\"3\"}");
  }

  @Test
  void emptyHeadersHaveNothing() {
    Headers headers = Headers.empty();
    assertThat(headers.size()).isZero();
    assertThat(headers.isEmpty()).isTrue();
    assertThat(headers.get("a")).isEmpty();
    assertThat(headers.all("a")).isEmpty();
    assertThat(headers.names()).isEmpty();
    assertThat(headers.contains("a")).isFalse();
    assertThat(headers.hasToken("a", "b")).isFalse();
    assertThat(headers)
        .hasToString("{}")
        .isSameAs(Headers.of())
        .isSameAs(Headers.builder().build());
  }

  @Test
  void namesAreFoundInAnyCase() {
    Headers headers = Headers.of("Content-Type", "a/b", "X-A", "1", "x-a", "2");
    assertThat(headers.get("content-TYPE")).hasValue("a/b");
    assertThat(headers.contains("CONTENT-TYPE")).isTrue();
    assertThat(headers.contains("Content")).isFalse();
    assertThat(headers.nameEquals(1, "x-A")).isTrue();
    assertThat(headers.nameEquals(1, "x-b")).isFalse();
    assertThat(headers.all("X-a")).containsExactly("1", "2");
    assertThat(headers.names()).containsExactly("content-type", "x-a");
  }

  @Test
  void valuesOfSeveralLinesAreJoined() {
    Headers headers =
        Headers.of("Accept", "a", "Cookie", "b=1", "accept", "", "cookie", "c=2", "ACCEPT", "d");
    assertThat(headers.get("Accept")).hasValue("a, , d");
    assertThat(headers.get("COOKIE")).hasValue("b=1; c=2");
  }

  @ParameterizedTest
  @CsvSource({
    "close, true",
    "CLOSE, true",
    "keep-alive, true",
    "upgrade, true",
    "clos, false",
    "close2, false",
    "alive, false",
    "'close,keep-alive', false",
    "x, false"
  })
  void tokenOfAListIsFound(String token, boolean found) {
    Headers headers =
        Headers.of("Connection", "Keep-Alive ,\tClose,,", "X", "x", "connection", "upgrade");
    assertThat(headers.hasToken("connection", token)).isEqualTo(found);
    assertThat(headers.hasToken("other", token)).isFalse();
  }

  @Test
  void builderAddsSetsAndRemoves() {
    Headers.Builder builder = Headers.builder();
    for (int i = 0; i < 5; i++) {
      builder.add("n" + i % 2, "" + i);
    }
    Headers all = builder.build();
    assertThat(all).isEqualTo(Headers.of("n0", "0", "n1", "1", "n0", "2", "n1", "3", "n0", "4"));
    builder.set("N1", "5");
    assertThat(builder.build()).isEqualTo(Headers.of("n0", "0", "n0", "2", "n0", "4", "n1", "5"));
    builder.remove("N0").remove("nothing");
    assertThat(builder.build()).isEqualTo(Headers.of("n1", "5"));
    builder.add("a", List.of("6", "7"));
    assertThat(builder.build()).isEqualTo(Headers.of("n1", "5", "a", "6", "a", "7"));
    assertThat(all.size()).isEqualTo(5);
  }

  @Test
  void builderOfHeadersLeavesThemAlone() {
    Headers headers = Headers.of("a", "1");
    assertThat(headers.toBuilder().add("b", "2").set("a", "3").build())
        .isEqualTo(Headers.of("b", "2", "a", "3"));
    assertThat(headers).isEqualTo(Headers.of("a", "1"));
  }

  @Test
  void headersAreEqualIfTheirLinesAre() {
    Headers headers = Headers.of("A", "1", "b", "2");
    assertThat(headers)
        .isEqualTo(Headers.of("a", "1", "B", "2"))
        .hasSameHashCodeAs(Headers.of("a", "1", "B", "2"))
        .isNotEqualTo(Headers.of("b", "2", "a", "1"))
        .isNotEqualTo(Headers.of("a", "1", "b", "3"))
        .isNotEqualTo(Headers.of("a", "1", "c", "2"))
        .isNotEqualTo(Headers.of("a", "1"))
        .isNotEqualTo("A: 1");
  }

  @Test
  void valueMayBeAllButControlCharacters() {
    String value = "\ta !~\u0080\u00ff";
    assertThat(Headers.of("!#$%&'*+-.^_`|~09AZaz", value).value(0)).isEqualTo(value);
    assertThat(Headers.of("a", value)).hasToString("{a=\"\\u0009a !~\\u0080\\u00ff\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "0, \\u0000",
    "10, \\u000a",
    "13, \\u000d",
    "31, \\u001f",
    "127, \\u007f",
    "256, \\u0100",
    "8364, \\u20ac"
  })
  void rejectsValueWithControlCharacters(int codePoint, String escaped) {
    String value = "a" + Character.toString(codePoint) + "b";
    rejectsLine(
        "n",
        value,
        "value of header n must be ISO-8859-1 without control characters but was \"a"
            + escaped
            + "b\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''       | ""
          a b      | "a b"
          a:       | "a:"
          (a)      | "(a)"
          'a\n'    | "a\\u000a"
          'a\r'    | "a\\u000d"
          é        | "\\u00e9"
          """)
  void rejectsNameThatIsNoToken(String name, String quoted) {
    rejectsLine(name, "1", "header name must be a token but was " + quoted);
  }

  private static void rejectsLine(String name, String value, String message) {
    Headers.Builder builder = Headers.builder().add("z", "1");
    List<ThrowingCallable> calls =
        List.of(
            () -> Headers.of(name, value),
            () -> builder.add(name, value),
            () -> builder.add(name, List.of(value)),
            () -> builder.set(name, value));
    for (ThrowingCallable call : calls) {
      assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
    }
    assertThat(builder.build()).isEqualTo(Headers.of("z", "1"));
  }

  @Test
  void rejectsNameWithoutValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Headers.of("a", "1", "b"))
        .withMessage("no value for b");
  }

  @Test
  void rejectionShowsOnlyTheBeginningOfALongValue() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Headers.of("a", "x".repeat(1000) + "\n"))
        .withMessage(
            "value of header a must be ISO-8859-1 without control characters but was \""
                + "x".repeat(60)
                + "…\"");
  }
}
