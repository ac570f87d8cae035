package io.httpkit.spring.boot.autoconfigure;

import static io.httpkit.spring.boot.autoconfigure.PropertyRow.behaviour;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.support.Http;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the properties of {@code httpkit.metrics} and {@code httpkit.observations} do. */
class ObservabilityPropertiesTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  HttpKitServerAutoConfiguration.class,
                  HttpKitMetricsAutoConfiguration.class,
                  HttpKitObservationAutoConfiguration.class,
                  ObservationAutoConfiguration.class,
                  MetricsAutoConfiguration.class,
                  CompositeMeterRegistryAutoConfiguration.class,
                  SimpleMetricsExportAutoConfiguration.class))
          .withPropertyValues("httpkit.port=0");

  static Stream<PropertyRow> rows() {
    return Stream.of(
        behaviour(
            "httpkit.metrics.enabled=false",
            context -> assertThat(meters(context)).noneMatch(name -> name.startsWith("httpkit."))),
        behaviour(
            "httpkit.metrics.jetty-thread-names=true",
            context -> assertThat(meters(context)).contains("jetty.threads.busy")),
        behaviour(
            "httpkit.observations.enabled=false",
            context -> assertThat(meters(context)).doesNotContain("http.server.requests.active")));
  }

  /** While a request is open, as its end is told behind its response. */
  private static Set<String> meters(AssertableApplicationContext context) {
    Http.get(context.getBean(HttpKitWebServer.class).getPort(), "/");
    return context.getBean(MeterRegistry.class).getMeters().stream()
        .map(Meter::getId)
        .map(Meter.Id::getName)
        .collect(Collectors.toSet());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void changeWhatIsPublished(PropertyRow row) {
    runner.withPropertyValues(row.assignments()).run(row::verify);
  }

  @Test
  void byDefaultAllButNamesOfOthersArePublished() {
    runner.run(
        context ->
            assertThat(meters(context))
                .contains("httpkit.server.connections.current", "http.server.requests.active")
                .noneMatch(name -> name.startsWith("jetty.")));
  }
}
