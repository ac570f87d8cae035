package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieDateTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          Sun, 06 Nov 1994 08:49:37 GMT     | 1994-11-06T08:49:37Z
          Sunday, 06-Nov-94 08:49:37 GMT    | 1994-11-06T08:49:37Z
          Sun Nov  6 08:49:37 1994          | 1994-11-06T08:49:37Z
          Sun, 06-Nov-1994 08:49:37 GMT     | 1994-11-06T08:49:37Z
          06 nov 1994 08:49:37              | 1994-11-06T08:49:37Z
          08:49:37 6 NOVEMBER 94            | 1994-11-06T08:49:37Z
          1994 Nov 6 8:9:7                  | 1994-11-06T08:09:07Z
          8:49:37x 6th Nov 1994             | 1994-11-06T08:49:37Z
          6 Nov 1994 08:49:37x              | 1994-11-06T08:49:37Z
          6 Nov 1994 08:49:37 +0100         | 1994-11-06T08:49:37Z
          Thu, 01 Jan 1970 00:00:00 GMT     | 1970-01-01T00:00:00Z
          Thu, 01-Jan-70 00:00:01 GMT       | 1970-01-01T00:00:01Z
          Mon, 01 Jan 00 00:00:00 GMT       | 2000-01-01T00:00:00Z
          Tue, 31 Dec 69 23:59:59 GMT       | 2069-12-31T23:59:59Z
          Wed, 29 Feb 2000 00:00:00 GMT     | 2000-02-29T00:00:00Z
          Fri, 31 Dec 9999 23:59:59 GMT     | 9999-12-31T23:59:59Z
          Mon, 01 Jan 1601 00:00:00 GMT     | 1601-01-01T00:00:00Z
          """)
  void readsDatesInAnyOrder(String text, String expected) {
    assertThat(CookieDate.parse(text)).hasValue(Instant.parse(expected).toEpochMilli());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "never",
        "Sun, 06 Nov 1994",
        "06 1994 08:49:37",
        "Nov 1994 08:49:37",
        "06 Nov 08:49:37",
        "06 Nov 1600 08:49:37",
        "06 Nov 1994 24:49:37",
        "06 Nov 1994 08:60:37",
        "06 Nov 1994 08:49:60",
        "06 Nov 1994 25:49:37 08:49:37",
        "06 Nov 1994 08:49",
        "06 Nov 1994 008:49:37",
        "00 Nov 1994 08:49:37",
        "32 Nov 1994 08:49:37",
        "31 Feb 1994 08:49:37",
        "29 Feb 2001 08:49:37",
        "06 Nov 99999 08:49:37",
        "06 ovd 1994 08:49:37",
        "99999999999999999999 Nov 1994 08:49:37"
      })
  void rejectsWhatIsNoDate(String text) {
    assertThat(CookieDate.parse(text)).isEmpty();
  }
}
