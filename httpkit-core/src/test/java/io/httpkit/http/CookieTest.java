package io.httpkit.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieTest {
  @Test
  void attributesStandInTheOrderInWhichTheyWereSet() {
    Cookie cookie =
        Cookie.of("id", "7")
            .path("/a")
            .domain("example.com")
            .maxAge(Duration.ofDays(1))
            .secure()
            .httpOnly()
            .sameSite(Cookie.SameSite.LAX);
    assertThat(cookie.toHeader())
        .isEqualTo(
            "id=7; Path=/a; Domain=example.com; Max-Age=86400; Secure; HttpOnly; SameSite=Lax");
    assertThat(cookie).hasToString(cookie.toHeader());
    assertThat(cookie.name()).isEqualTo("id");
    assertThat(cookie.value()).isEqualTo("7");
  }

  @Test
  void everyAttributeMakesACopy() {
    Cookie cookie = Cookie.of("id", "");
    assertThat(cookie.maxAge(Duration.ZERO)).hasToString("id=; Max-Age=0");
    assertThat(cookie.maxAge(Duration.ofMillis(1999))).hasToString("id=; Max-Age=1");
    assertThat(cookie.sameSite(Cookie.SameSite.STRICT)).hasToString("id=; SameSite=Strict");
    assertThat(cookie.sameSite(Cookie.SameSite.NONE)).hasToString("id=; SameSite=None");
    assertThat(cookie).hasToString("id=");
  }

  @Test
  void attributeIsReplaced() {
    assertThat(Cookie.of("a", "b").path("/").secure().path("/c"))
        .hasToString("a=b; Path=/c; Secure");
  }

  @Test
  void cookiesAreEqualIfTheirFieldsAre() {
    assertThat(Cookie.of("a", "b").secure())
        .isEqualTo(Cookie.of("a", "b").secure())
        .hasSameHashCodeAs(Cookie.of("a", "b").secure())
        .isNotEqualTo(Cookie.of("a", "b"))
        .isNotEqualTo("a=b; Secure");
  }

  @Test
  void rejectsAttributesThatSayNothing() {
    Cookie cookie = Cookie.of("a", "b");
    assertThatIllegalArgumentException().isThrownBy(() -> cookie.path(""));
    assertThatIllegalArgumentException().isThrownBy(() -> cookie.domain(" "));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cookie.maxAge(Duration.ofSeconds(-1)))
        .withMessage("max age must not be negative but was PT-1S");
  }

  @ParameterizedTest
  @ValueSource(strings = {"=2", "x y=4", "a", ";", "a;b"})
  void passesOverWhatIsMalformed(String field) {
    assertThat(Cookie.parse(field, 10)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``    | ""
          a b   | "a b"
          a=b   | "a=b"
          a;    | "a;"
          é     | "\\u00e9"
          """)
  void rejectsNameThatIsNoToken(String name, String quoted) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cookie.of(name, "b"))
        .withMessage("cookie name must be a token but was " + quoted);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "0x00, \\u0000",
        "0x09, \\u0009",
        "0x0a, \\u000a",
        "0x0d, \\u000d",
        "0x20, ` `",
        "0x22, \\u0022",
        "0x2c, `,`",
        "0x3b, ;",
        "0x5c, \\u005c",
        "0x7f, \\u007f",
        "0xe9, \\u00e9"
      })
  void rejectsValueThatIsNotOfCookieOctets(int octet, String escaped) {
    String value = "a" + Character.toString(octet) + "b";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cookie.of("a", value))
        .withMessage(
            "value of cookie a must be cookie octets of RFC 6265 but was \"a" + escaped + "b\"");
  }

  @Test
  void valueMayBeOfAllCookieOctets() {
    String octets = "!#$%&'()*+-./09:<=>?@AZ[]^_`az{|}~";
    assertThat(Cookie.of("a", octets).toHeader()).isEqualTo("a=" + octets);
  }

  @Test
  void rejectsAttributeThatWouldEndEarly() {
    Cookie cookie = Cookie.of("a", "b");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cookie.path("/; Secure"))
        .withMessage("Path of cookie a must be visible ASCII without ';' but was \"/; Secure\"");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> cookie.domain("b\r\nc: d"))
        .withMessage(
            "Domain of cookie a must be visible ASCII without ';'"
                + " but was \"b\\u000d\\u000ac: d\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
                              | {}
          ``                  | {}
          a=1                 | {a=1}
          a=1; b=2            | {a=1, b=2}
          a=1;b=2             | {a=1, b=2}
          b=2 ;  a = 1        | {b=2, a=1}
          a=                  | {a=}
          a=b=c               | {a=b=c}
          a=1; a=2            | {a=1}
          a="b c"             | {a=b c}
          a=""                | {a=}
          a="                 | {a="}
          a="b                | {a="b}
          a; b=1; c           | {b=1}
          =1; a=2             | {a=2}
          ;;a=1;;             | {a=1}
          a=%20               | {a=%20}
          a=1, b=2            | {a=1, b=2}
          A=1; a=2            | {A=1, a=2}
          """)
  void parsesNamesAndValues(@Nullable String field, String expected) {
    assertThat(Cookie.parse(field, 10)).hasToString(expected);
  }

  @Test
  void parsesWhatItWrites() {
    assertThat(Cookie.parse(Cookie.of("a", "b=c").toHeader(), 1)).containsEntry("a", "b=c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a=1; b=2; c=3", "a=1; a=2; a=3", "a=1;b=2;c=3;d=4", "a=1; ; ", "x; y; z"})
  void rejectsMoreThanTheLimit(String field) {
    assertThatExceptionOfType(BadMessageException.class)
        .isThrownBy(() -> Cookie.parse(field, 2))
        .withMessage("more than 2 cookies")
        .returns(Status.BAD_REQUEST, BadMessageException::status);
  }
}
