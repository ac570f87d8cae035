package io.httpkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusTest {
  @Test
  void knownStatusIsFoundByItsCode() {
    assertThat(Status.of(200)).isSameAs(Status.OK);
    assertThat(Status.of(100)).isSameAs(Status.CONTINUE);
    assertThat(Status.of(404)).isSameAs(Status.NOT_FOUND);
    assertThat(Status.of(505)).isSameAs(Status.VERSION_NOT_SUPPORTED);
  }

  @ParameterizedTest
  @CsvSource({"299", "418", "599", "999"})
  void otherCodeHasNoReason(int code) {
    assertThat(Status.of(code)).isEqualTo(new Status(code, "")).hasToString("" + code);
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 99, 1000, Integer.MAX_VALUE})
  void rejectsCodeWithoutThreeDigits(int code) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Status.of(code))
        .withMessage("status must be 100 to 999 but was " + code);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Status(code, "No"))
        .withMessage("status must be 100 to 999 but was " + code);
  }

  @ParameterizedTest
  @CsvSource({
    "13, \\u000d",
    "10, \\u000a",
    "0, \\u0000",
    "9, \\u0009",
    "127, \\u007f",
    "233, \\u00e9"
  })
  void rejectsReasonThatIsNotVisibleAscii(int codePoint, String escaped) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Status(200, "O" + Character.toString(codePoint) + "K"))
        .withMessage("reason phrase must be visible ASCII: \"O" + escaped + "K\"");
  }

  @Test
  void reasonMayBeAnyVisibleAscii() {
    assertThat(new Status(299, " !~\"\\ ").reason()).isEqualTo(" !~\"\\ ");
    assertThat(new Status(200, "Fine")).isNotEqualTo(Status.OK).hasToString("200 Fine");
  }

  @ParameterizedTest
  @CsvSource({
    "100, true",
    "199, true",
    "200, false",
    "204, true",
    "205, false",
    "304, true",
    "404, false"
  })
  void codeTellsWhetherThereIsABody(int code, boolean bodyless) {
    assertThat(Status.of(code).isBodyless()).isEqualTo(bodyless);
  }
}
