package io.httpkit.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class InvalidPropertiesTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(HttpKitServerAutoConfiguration.class));

  @ParameterizedTest(name = "{0}={1}")
  @CsvSource({
    "httpkit.port,                      -2,    'port must be 0 to 65535, or -1 not to listen, but was -2'",
    "httpkit.port,                      65536, 'port must be 0 to 65535, or -1 not to listen, but was 65536'",
    "server.port,                       65536, 'port must be 0 to 65535, or -1 not to listen, but was 65536'",
    "httpkit.ip,                        a..b,  ip must be an address or a host name",
    "httpkit.backlog,                   0,     backlog must be at least 1 but was 0",
    "httpkit.loops,                     0,     loops must be at least 1 but was 0",
    "httpkit.thread,                    0,     thread must be at least 1 but was 0",
    "httpkit.queue-size,                0,     queueSize must be at least 1 but was 0",
    "httpkit.max-body,                  -1B,   maxBody must be at least 0 but was -1",
    "httpkit.max-body,                  3GB,   maxBody must be at most",
    "httpkit.max-line,                  16B,   maxLine must be at least 32 but was 16",
    "httpkit.max-line,                  2GB,   at most 2147483647 bytes but was 2147483648B",
    "httpkit.max-line,                  -9GB,  at least",
    "httpkit.max-header-bytes,          1B,    maxHeaderBytes must be at least 32 but was 1",
    "httpkit.max-headers,               0,     maxHeaders must be at least 1 but was 0",
    "httpkit.max-response-header-bytes, 1B,    maxResponseHeaderBytes must be at least 256 but was 1",
    "httpkit.max-chunk-extension-bytes, -1B,   maxChunkExtensionBytes must be at least 0",
    "httpkit.max-parameters,            -1,    maxParameters must be at least 0 but was -1",
    "httpkit.max-cookies,               -1,    maxCookies must be at least 0 but was -1",
    "httpkit.max-connections,           0,     maxConnections must be at least 1 but was 0",
    "httpkit.min-body-rate,             -1B,   minBodyRate must be at least 0 but was -1",
    "httpkit.head-timeout,              0s,    head time-out must be positive but was PT0S",
    "httpkit.body-timeout,              -1s,   body time-out must be positive but was PT-1S",
    "httpkit.idle-timeout,              0,     idle time-out must be positive but was PT0S",
    "httpkit.write-timeout,             0ms,   write time-out must be positive but was PT0S",
    "httpkit.linger-timeout,            0s,    linger time-out must be positive but was PT0S",
    "httpkit.channels.subprotocols,     a b,   subprotocols must be tokens of RFC 9110",
    "httpkit.channels.max-message,      0B,    maxMessage must be at least 1 but was 0",
    "httpkit.channels.max-message,      3GB,   at most 2147483647 bytes",
    "httpkit.channels.ping-interval,    -1s,   pingInterval must not be negative but was PT-1S",
    "httpkit.channels.pong-timeout,     0s,    pongTimeout must be positive but was PT0S",
    "httpkit.channels.max-queued-bytes, 0B,    maxQueuedBytes must be at least 1 but was 0",
    "httpkit.server-header,             price in €, value of header Server must be"
  })
  void stopsTheStart(String property, String value, String allowed) {
    runner
        .withPropertyValues(property + "=" + value)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .isInstanceOf(InvalidHttpKitPropertyException.class)
                    .hasMessageStartingWith(property + " is ")
                    .hasMessageContaining(allowed));
  }

  @Test
  void isReportedWithPropertyValueOriginAndWhatIsAllowed(CapturedOutput output) {
    assertThat(catchThrowable(() -> start("--httpkit.max-line=16B"))).isNotNull();
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("The property httpkit.max-line has the value '16B' (from ")
        .contains("maxLine must be at least 32 but was 16")
        .contains("Change the value of httpkit.max-line.")
        .doesNotContain("\tat ");
  }

  @Test
  void ofAnotherTypeIsReportedWithPropertyAndValue(CapturedOutput output) {
    assertThat(catchThrowable(() -> start("--httpkit.thread=many"))).isNotNull();
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("httpkit.thread")
        .contains("\"many\"");
  }

  static void start(String... args) {
    SpringApplication application =
        new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE).build();
    application.run(args).close();
  }

  @ImportAutoConfiguration(HttpKitServerAutoConfiguration.class)
  static class Application {}
}
