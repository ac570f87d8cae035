package io.httpkit.internal.codec.http1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTargetTest {
  @ParameterizedTest
  @CsvSource({
    "a, a, 80, true",
    "a, A, 80, true",
    "a:80, a, 80, true",
    "a, a:80, 80, true",
    "a:80, a:80, 80, true",
    "a:, a:80, 80, true",
    "a:, a, 443, true",
    "a:443, a, 443, true",
    "a:8080, a:8080, 80, true",
    "[::1]:80, [::1], 80, true",
    "[::AB], [::ab]:443, 443, true",
    "a, b, 80, false",
    "a:80, a, 443, false",
    "a:443, a, 80, false",
    "a:8080, a, 80, false",
    "a:8080, a:80, 80, false",
    "a:180, a:1, 80, false",
    "[::1], [::1:80], 80, false",
    "[::80], [::80]:443, 80, false"
  })
  void defaultPortMayBeLeftOut(String a, String b, String defaultPort, boolean same) {
    assertThat(RequestTarget.sameAuthority(a, b, defaultPort)).isEqualTo(same);
    assertThat(RequestTarget.sameAuthority(b, a, defaultPort)).isEqualTo(same);
  }
}
