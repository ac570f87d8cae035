package io.httpkit.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import io.httpkit.spring.boot.metrics.JettyThreadNames;
import io.httpkit.spring.boot.support.Analyses;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class InvalidPropertiesTest {
  /** This one has no value of its own. */
  private static final Set<String> NOT_CONVERTED = Set.of("httpkit.ssl.server-name-bundles");

  /** Without a proxy nobody looks at what else is said of it. */
  private static final String[] NEEDED = {
    "httpkit.client.proxy.url=http://localhost:1", "httpkit.client.proxy.username=ada"
  };

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  HttpKitServerAutoConfiguration.class,
                  HttpKitWebAutoConfiguration.class,
                  HttpKitClientAutoConfiguration.class,
                  HttpKitMetricsAutoConfiguration.class,
                  HttpKitObservationAutoConfiguration.class,
                  MetricsAutoConfiguration.class,
                  CompositeMeterRegistryAutoConfiguration.class,
                  SimpleMetricsExportAutoConfiguration.class));

  /** A value that is not allowed, and what the message says of what is. */
  record Wrong(String property, String value, String allowed) {
    @Override
    public String toString() {
      return property + "=" + value;
    }
  }

  static Stream<Wrong> wrong() {
    return Stream.of(switches(), server(), channels(), client(), clientChannels())
        .flatMap(List::stream);
  }

  /** What conditions look at. */
  private static List<Wrong> switches() {
    String allowed = "it must be true or false";
    return List.of(
        new Wrong("httpkit.enabled", "ture", allowed),
        new Wrong("httpkit.metrics.enabled", "yes please", allowed),
        new Wrong("httpkit.metrics.jetty-thread-names", "1.0", allowed),
        new Wrong("httpkit.observations.enabled", "nope", allowed),
        new Wrong("httpkit.port", "false", "it must be a number"));
  }

  private static List<Wrong> server() {
    return List.of(
        new Wrong("httpkit.port", "-2", "port must be 0 to 65535, or -1 not to listen, but was -2"),
        new Wrong(
            "httpkit.port", "65536", "port must be 0 to 65535, or -1 not to listen, but was 65536"),
        new Wrong(
            "server.port", "65536", "port must be 0 to 65535, or -1 not to listen, but was 65536"),
        new Wrong("httpkit.ip", "a..b", "ip must be an address or a host name"),
        new Wrong("httpkit.backlog", "0", "backlog must be at least 1 but was 0"),
        new Wrong("httpkit.loops", "0", "loops must be at least 1 but was 0"),
        new Wrong("httpkit.thread", "0", "thread must be at least 1 but was 0"),
        new Wrong("httpkit.queue-size", "0", "queueSize must be at least 1 but was 0"),
        new Wrong("httpkit.max-body", "-1B", "maxBody must be at least 0 but was -1"),
        new Wrong("httpkit.max-body", "3GB", "maxBody must be at most"),
        new Wrong("httpkit.max-line", "16B", "maxLine must be at least 32 but was 16"),
        new Wrong("httpkit.max-line", "2GB", "at most 2147483647 bytes but was 2147483648B"),
        new Wrong("httpkit.max-line", "-9GB", "at least"),
        new Wrong("httpkit.max-header-bytes", "1B", "maxHeaderBytes must be at least 32 but was 1"),
        new Wrong("httpkit.max-headers", "0", "maxHeaders must be at least 1 but was 0"),
        new Wrong(
            "httpkit.max-response-header-bytes",
            "1B",
            "maxResponseHeaderBytes must be at least 256 but was 1"),
        new Wrong(
            "httpkit.max-chunk-extension-bytes",
            "-1B",
            "maxChunkExtensionBytes must be at least 0"),
        new Wrong("httpkit.max-parameters", "-1", "maxParameters must be at least 0 but was -1"),
        new Wrong("httpkit.max-cookies", "-1", "maxCookies must be at least 0 but was -1"),
        new Wrong("httpkit.max-connections", "0", "maxConnections must be at least 1 but was 0"),
        new Wrong("httpkit.min-body-rate", "-1B", "minBodyRate must be at least 0 but was -1"),
        new Wrong("httpkit.head-timeout", "0s", "head time-out must be positive but was PT0S"),
        new Wrong("httpkit.body-timeout", "-1s", "body time-out must be positive but was PT-1S"),
        new Wrong("httpkit.idle-timeout", "0", "idle time-out must be positive but was PT0S"),
        new Wrong("httpkit.write-timeout", "0ms", "write time-out must be positive but was PT0S"),
        new Wrong("httpkit.linger-timeout", "0s", "linger time-out must be positive but was PT0S"),
        new Wrong("httpkit.server-header", "price in €", "value of header Server must be"),
        new Wrong("httpkit.unix-socket", "a\0b", "Nul character"),
        new Wrong(
            "httpkit.handshake-timeout", "0s", "handshakeTimeout must be positive but was PT0S"),
        new Wrong("server.server-header", "price in €", "value of header Server must be"),
        new Wrong(
            "server.max-http-request-header-size",
            "16B",
            "maxLine must be at least 32 but was 16"));
  }

  private static List<Wrong> channels() {
    return List.of(
        new Wrong(
            "httpkit.channels.subprotocols", "a b", "subprotocols must be tokens of RFC 9110"),
        new Wrong("httpkit.channels.max-message", "0B", "maxMessage must be at least 1 but was 0"),
        new Wrong("httpkit.channels.max-message", "3GB", "at most 2147483647 bytes"),
        new Wrong(
            "httpkit.channels.ping-interval",
            "-1s",
            "pingInterval must not be negative but was PT-1S"),
        new Wrong(
            "httpkit.channels.pong-timeout", "0s", "pongTimeout must be positive but was PT0S"),
        new Wrong(
            "httpkit.channels.max-queued-bytes",
            "0B",
            "maxQueuedBytes must be at least 1 but was 0"),
        new Wrong(
            "httpkit.channels.allowed-origins",
            "example.com",
            "allowedOrigins must be * or like https://example.com"),
        new Wrong(
            "httpkit.channels.min-compressed-bytes",
            "-1B",
            "minCompressedBytes must be at least 0"),
        new Wrong("httpkit.channels.close-timeout", "0s", "closeTimeout must be positive"),
        new Wrong("httpkit.channels.message-timeout", "0s", "messageTimeout must be positive"),
        new Wrong("httpkit.channels.idle-timeout", "-1s", "idleTimeout must not be negative"),
        new Wrong("httpkit.channels.heartbeat", "-1s", "heartbeat must not be negative"));
  }

  private static List<Wrong> client() {
    return List.of(
        new Wrong("httpkit.client.loops", "0", "loops must be at least 1"),
        new Wrong("httpkit.client.threads", "0", "threads must be at least 1"),
        new Wrong("httpkit.client.connect-timeout", "-1s", "connect time-out must not be negative"),
        new Wrong("httpkit.client.tls-timeout", "0s", "tls time-out must be positive"),
        new Wrong("httpkit.client.acquire-timeout", "-1s", "acquire time-out must not be negative"),
        new Wrong(
            "httpkit.client.first-byte-timeout", "-1s", "first byte time-out must not be negative"),
        new Wrong("httpkit.client.idle-timeout", "-1s", "idle time-out must not be negative"),
        new Wrong("httpkit.client.total-timeout", "-1s", "total time-out must not be negative"),
        new Wrong(
            "httpkit.client.max-connections-per-origin",
            "0",
            "maxConnectionsPerOrigin must be at least 1"),
        new Wrong("httpkit.client.max-connections", "0", "maxConnections must be at least 1"),
        new Wrong("httpkit.client.max-waiting", "-1", "maxWaiting must be at least 0"),
        new Wrong("httpkit.client.keep-alive", "-1s", "keepAlive must not be negative"),
        new Wrong(
            "httpkit.client.max-connection-age", "-1s", "maxConnectionAge must not be negative"),
        new Wrong("httpkit.client.max-line", "16B", "maxLine must be at least 32"),
        new Wrong("httpkit.client.max-header-bytes", "16B", "maxHeaderBytes must be at least 32"),
        new Wrong("httpkit.client.max-headers", "0", "maxHeaders must be at least 1"),
        new Wrong("httpkit.client.max-body", "-1B", "maxBody must be at least 0"),
        new Wrong("httpkit.client.max-redirects", "-1", "max redirects must not be negative"),
        new Wrong("httpkit.client.user-agent", "price in €", "value of header User-Agent must be"),
        new Wrong(
            "httpkit.client.bind-address", "a..b", "bindAddress must be an address or a host name"),
        new Wrong("httpkit.client.proxy.url", "ftp://proxy.example", "must begin with http://"),
        new Wrong("httpkit.client.proxy.username", "a:b", ""),
        new Wrong("httpkit.client.proxy.password", "a\u0007b", ""),
        new Wrong("httpkit.client.ssl.bundle", "three", "SSL bundles are []"));
  }

  private static List<Wrong> clientChannels() {
    return List.of(
        new Wrong(
            "httpkit.client.channels.subprotocols",
            "a b",
            "subprotocols must be tokens of RFC 9110"),
        new Wrong(
            "httpkit.client.channels.max-message", "0B", "maxMessage must be at least 1 but was 0"),
        new Wrong(
            "httpkit.client.channels.ping-interval",
            "-1s",
            "pingInterval must not be negative but was PT-1S"),
        new Wrong(
            "httpkit.client.channels.pong-timeout",
            "0s",
            "pongTimeout must be positive but was PT0S"),
        new Wrong(
            "httpkit.client.channels.max-queued-bytes",
            "0B",
            "maxQueuedBytes must be at least 1 but was 0"),
        new Wrong(
            "httpkit.client.channels.min-compressed-bytes",
            "-1B",
            "minCompressedBytes must be at least 0"),
        new Wrong("httpkit.client.channels.close-timeout", "0s", "closeTimeout must be positive"),
        new Wrong(
            "httpkit.client.channels.message-timeout", "0s", "messageTimeout must be positive"),
        new Wrong(
            "httpkit.client.channels.idle-timeout", "-1s", "idleTimeout must not be negative"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void stopsTheStart(Wrong wrong) {
    runner
        .withPropertyValues(NEEDED)
        .withPropertyValues(wrong.property() + "=" + wrong.value())
        .run(
            context ->
                assertThat(find(context.getStartupFailure(), InvalidHttpKitPropertyException.class))
                    .hasMessageStartingWith(wrong.property() + " is ")
                    .hasMessageContaining(wrong.allowed()));
  }

  static Stream<String> typed() {
    return Metadata.properties().entrySet().stream()
        .filter(property -> !String.valueOf(property.getValue().get("type")).contains("String"))
        .map(Map.Entry::getKey)
        .filter(property -> !NOT_CONVERTED.contains(property));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("typed")
  void ofAnotherTypeStopsTheStart(String property) {
    runner
        .withPropertyValues(property + "=perhaps")
        .run(
            context -> {
              ConfigurationProperty wrong =
                  find(context.getStartupFailure(), BindException.class).getProperty();
              assertThat(wrong).isNotNull();
              assertThat(wrong.getName()).hasToString(property);
              assertThat(wrong.getValue()).isEqualTo("perhaps");
              assertThat(description(context, property + "=perhaps"))
                  .startsWith("The property " + property + " has the value 'perhaps' (from ")
                  .contains("which is not allowed")
                  .containsPattern("it must be [a-z].*")
                  .doesNotContain("@", "org.", "java.");
            });
  }

  /** What is reported of a start that has failed. */
  private static String description(AssertableApplicationContext context, String... settings) {
    Throwable failure = context.getStartupFailure();
    assertThat(failure).isNotNull();
    return Analyses.of(failure, settings).getDescription();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          httpkit.head-timeout=soon          | it must be a duration such as 30s, 500ms or PT1M
          httpkit.client.keep-alive=1 day    | it must be a duration such as 30s, 500ms or PT1M
          httpkit.channels.heartbeat=often   | it must be a duration such as 30s, 500ms or PT1M
          httpkit.max-body=8 megabytes       | it must be a size such as 512KB or 8MB
          httpkit.client.max-line=long       | it must be a size such as 512KB or 8MB
          httpkit.thread=99999999999         | it must be a whole number of at most 2147483647
          httpkit.client.loops=1.5           | it must be a whole number of at most 2147483647
          httpkit.channels.slow-reader=stop  | it must be one of
          httpkit.channels.compression=gzip  | it must be one of off, each-message,
          httpkit.client.retry=once          | it must be true or false
          """)
  void ofAnotherTypeIsReportedWithWhatIsAllowed(String setting, String allowed) {
    runner
        .withPropertyValues(setting)
        .run(context -> assertThat(description(context, setting)).contains(allowed));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          httpkit.unix-socket=/nope/dir/x.sock | it must be a path in a directory that is there
          httpkit.ip=192.0.2.1                 | it must be an address of this machine
          server.address=192.0.2.1             | it must be an address of this machine
          """)
  void whereNobodyCanListenIsReportedWithWhatIsAllowed(String setting, String allowed) {
    int equals = setting.indexOf('=');
    runner
        .withPropertyValues(setting, "httpkit.port=0")
        .run(
            context ->
                assertThat(description(context, setting))
                    .startsWith(
                        "The property %s has the value '%s' (from "
                            .formatted(setting.substring(0, equals), setting.substring(equals + 1)))
                    .contains(allowed));
  }

  private static <T extends Throwable> T find(@Nullable Throwable failure, Class<T> type) {
    Throwable next = failure;
    while (next != null && (!type.isInstance(next) || !hasProperty(next))) {
      next = next.getCause();
    }
    if (next == null) {
      throw new AssertionError("the start did not end with " + type.getSimpleName(), failure);
    }
    return type.cast(next);
  }

  /** The outer of two exceptions knows the group only. */
  private static boolean hasProperty(Throwable failure) {
    return !(failure instanceof BindException bind) || bind.getProperty() != null;
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
        .contains("The property httpkit.thread has the value 'many' (from ")
        .contains("it must be a whole number")
        .doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"on", "YES", "1", "true"})
  void allThatMeansYesSwitchesOn(String value) {
    runner
        .withPropertyValues("httpkit.port=0", "httpkit.enabled=" + value)
        .withPropertyValues("httpkit.metrics.jetty-thread-names=" + value)
        .run(context -> assertThat(context).hasSingleBean(JettyThreadNames.class));
  }

  @ParameterizedTest
  @ValueSource(strings = {"httpkit.enabled", "httpkit.port"})
  void besideAServletContainerToo(String property) {
    new WebApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(HttpKitServerAutoConfiguration.class))
        .withPropertyValues(property + "=ture")
        .run(
            context ->
                assertThat(find(context.getStartupFailure(), InvalidHttpKitPropertyException.class))
                    .hasMessageStartingWith(property + " is ture"));
  }

  @Test
  void ofASwitchIsReportedWithPropertyValueOriginAndWhatIsAllowed(CapturedOutput output) {
    assertThat(catchThrowable(() -> start("--httpkit.enabled=ture"))).isNotNull();
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("The property httpkit.enabled has the value 'ture' (from ")
        .contains("it must be true or false")
        .doesNotContain("\tat ");
  }

  @Test
  void unknownValueOfSeveralIsReportedWithThoseThereAre(CapturedOutput output) {
    assertThat(catchThrowable(() -> start("--httpkit.channels.slow-reader=perhaps"))).isNotNull();
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("The property httpkit.channels.slow-reader has the value 'perhaps' (from ")
        .containsPattern("it must be one of [a-z]+, [a-z]+, [a-z]+")
        .contains("wait", "drop", "close");
  }

  @Test
  void passwordsAreNotShown(CapturedOutput output) {
    assertThat(catchThrowable(() -> start("--httpkit.client.proxy.url=ftp://ada:lovelace@p")))
        .isNotNull();
    assertThat(output)
        .contains("The property httpkit.client.proxy.url has the value '******@p'")
        .doesNotContain("lovelace");
  }

  static void start(String... args) {
    SpringApplication application =
        new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE).build();
    application.run(args).close();
  }

  @ImportAutoConfiguration({
    HttpKitServerAutoConfiguration.class,
    HttpKitClientAutoConfiguration.class
  })
  static class Application {}
}
