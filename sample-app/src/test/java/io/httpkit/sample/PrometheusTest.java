package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.Status;
import io.httpkit.sample.programs.Programs;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import tools.jackson.databind.JsonNode;

/** What a real Prometheus makes of the application, of the dashboard and of the alert rules. */
@Tag("prometheus")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class PrometheusTest {
  private static final String APPLICATION = "httpkit-sample";

  @LocalServerPort private int port;

  @Test
  void hasSeriesForAllOfTheDashboard(@TempDir Path directory) throws IOException {
    try (Prometheus prometheus = scraping(directory)) {
      List<String> queries = Queries.ofDashboard(APPLICATION);

      assertThat(queries).hasSizeGreaterThan(30);
      queries.forEach(query -> awaitSeries(prometheus, query));
    }
  }

  @Test
  void evaluatesTheAlertsAndFiresNone(@TempDir Path directory) throws IOException {
    try (Prometheus prometheus = scraping(directory)) {
      List<String> alerts = Queries.ofAlerts();

      Queries.names(alerts)
          .forEach(name -> awaitSeries(prometheus, name + "{application=\"" + APPLICATION + "\"}"));
      List<JsonNode> rules =
          Eventually.get("rules", prometheus::rules, PrometheusTest::areEvaluated)
              .valueStream()
              .toList();
      assertThat(rules).hasSameSizeAs(alerts);
      assertThat(rules)
          .allSatisfy(
              rule -> {
                assertThat(rule.get("health").asString()).as("%s", rule).isEqualTo("ok");
                assertThat(rule.get("state").asString()).as("%s", rule).isNotEqualTo("firing");
              });
    }
  }

  @Test
  void findsNothingWrongWithTheRules() throws IOException, InterruptedException {
    Process promtool =
        new ProcessBuilder(Programs.find("promtool"), "check", "rules", Queries.ALERTS.toString())
            .redirectErrorStream(true)
            .start();
    try {
      String report = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(promtool.waitFor()).as(report).isZero();
      assertThat(report).contains("SUCCESS: " + Queries.ofAlerts().size() + " rules found");
    } finally {
      Programs.end(promtool);
    }
  }

  /** One that reaches the application, which then has traffic. */
  private Prometheus scraping(Path directory) throws IOException {
    Prometheus prometheus = new Prometheus(directory, port);
    try {
      awaitSeries(prometheus, "up == 1");
      Traffic.drive(port);
      assertThat(new Client(port).get("/failing").statusCode()).isEqualTo(500);
      return prometheus;
    } catch (IOException | RuntimeException | Error e) {
      prometheus.close();
      throw e;
    }
  }

  private static void awaitSeries(Prometheus prometheus, String query) {
    Eventually.get(query, () -> prometheus.query(query), series -> !series.isEmpty());
  }

  private static boolean areEvaluated(JsonNode rules) {
    return rules.valueStream().noneMatch(rule -> rule.get("health").asString().equals("unknown"));
  }

  @TestConfiguration(proxyBeanMethods = false)
  static class FailingConfiguration {
    @Bean
    RouterCustomizer failingRoute() {
      Response failure = Response.text("on purpose").withStatus(Status.INTERNAL_SERVER_ERROR);
      return routes -> routes.get("/failing", request -> failure);
    }
  }
}
