package io.httpkit.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

class ManagementPortTest {
  @ParameterizedTest(name = "{0} beside httpkit.port {1}, server.port {2}, socket {3}: {4}")
  @CsvSource(
      nullValues = "-",
      value = {
        "-,    -,    -,    -,   SAME",
        "'',   -,    -,    -,   SAME",
        "8090, -,    -,    -,   SAME",
        "8080, -,    -,    -,   DIFFERENT",
        "9000, 9000, 8000, -,   SAME",
        "8000, 9000, 8000, -,   DIFFERENT",
        "8000, -,    8000, -,   SAME",
        "9000, -,    8000, -,   DIFFERENT",
        "0,    0,    -,    -,   DIFFERENT",
        "0,    9000, -,    -,   DIFFERENT",
        "-1,   9000, -,    -,   DISABLED",
        "-1,   -1,   -,    -,   DISABLED",
        "-,    -,    -,    /s,  SAME",
        "9000, 9000, -,    /s,  DIFFERENT",
        "9000, -1,   -,    -,   DIFFERENT",
      })
  void isFoundInTheProperties(
      @Nullable String management,
      @Nullable String httpkit,
      @Nullable String server,
      @Nullable String socket,
      ManagementPort expected) {
    MockEnvironment environment = new MockEnvironment();
    set(environment, "management.server.port", management);
    set(environment, "httpkit.port", httpkit);
    set(environment, "server.port", server);
    set(environment, "httpkit.unix-socket", socket);

    assertThat(ManagementPort.of(environment)).isEqualTo(expected);
  }

  private static void set(MockEnvironment environment, String name, @Nullable String value) {
    if (value != null) {
      environment.setProperty(name, value);
    }
  }
}
