package io.httpkit.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class IgnoredServerPropertiesTest {
  private static final String WARNING =
      "http-kit does not support these properties yet and ignores them: ";

  private static final AutoConfigurations CONFIGURATION =
      AutoConfigurations.of(HttpKitServerAutoConfiguration.class);

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "server.compression.enabled=true             | server.compression.enabled",
        "server.http2.enabled=true                   | server.http2.enabled",
        "server.forward-headers-strategy=native      | server.forward-headers-strategy",
        "server.forward-headers-strategy=framework   | server.forward-headers-strategy",
        "server.http2.enabled=true,server.compression.enabled=true"
            + " | server.compression.enabled, server.http2.enabled",
        "server.forward-headers-strategy=none        | ",
        "server.http2.enabled=false                  | ",
        "server.compression.enabled=false            | ",
        "server.compression.min-response-size=1KB    | ",
      })
  void areNamed(String properties, @Nullable String named, CapturedOutput output) {
    new ApplicationContextRunner()
        .withConfiguration(CONFIGURATION)
        .withPropertyValues("httpkit.port=0")
        .withPropertyValues(properties.split(","))
        .run(context -> assertThat(context).hasNotFailed());
    if (named == null) {
      assertThat(output).doesNotContain(WARNING);
    } else {
      assertThat(output)
          .containsOnlyOnce(WARNING)
          .contains(WARNING + named + System.lineSeparator());
      assertThat(output.getAll().lines().filter(line -> line.contains(WARNING)))
          .allMatch(line -> line.contains("WARN"));
    }
  }

  @Test
  void areTheContainersBesideOne(CapturedOutput output) {
    new WebApplicationContextRunner()
        .withConfiguration(CONFIGURATION)
        .withPropertyValues("httpkit.port=0", "server.http2.enabled=true")
        .run(context -> assertThat(context).hasNotFailed());
    assertThat(output).doesNotContain(WARNING);
  }
}
