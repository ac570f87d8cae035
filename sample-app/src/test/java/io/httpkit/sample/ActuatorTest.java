package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;

/** What the application tells of itself. */
@Timeout(60)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
class ActuatorTest {
  private static final String APPLICATION = "httpkit-sample";

  @LocalServerPort private int port;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /livez                      | {"status":"UP"}
          /readyz                     | {"status":"UP"}
          /actuator/health/liveness   | {"status":"UP"}
          /actuator/health/readiness  | {"status":"UP"}
          /actuator/health            | "diskSpace":{"details":{
          /actuator/info              | "java":{
          /actuator/metrics           | "httpkit.server.loop.lag"
          /actuator/metrics/httpkit.server.threads.config.max | "value":8.0
          /actuator/httpkit           | /rooms/{room}/chat
          /actuator/mappings          | /rooms/{room}/chat
          /actuator/threaddump        | http-kit-loop-1
          """)
  void answers(String path, String part) {
    HttpResponse<String> answer = new Client(port).get(path);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains(part);
  }

  @ParameterizedTest
  @CsvSource({"/actuator/env", "/actuator/loggers", "/actuator/heapdump", "/actuator/shutdown"})
  void keepsToItselfWhatIsNotToBeShown(String path) {
    assertThat(new Client(port).get(path).statusCode()).isEqualTo(404);
  }

  @Test
  void aScrapeHasAllThatDashboardAndAlertsAskFor() throws IOException {
    List<String> queries =
        Stream.concat(Queries.ofDashboard(APPLICATION).stream(), Queries.ofAlerts().stream())
            .toList();
    Set<String> wanted = Queries.names(queries);
    assertThat(queries).hasSizeGreaterThan(38);
    assertThat(wanted).hasSizeGreaterThan(25);

    Traffic.drive(port);
    // What ends a connection is counted behind it.
    Eventually.get("missing series", () -> missing(wanted), Set::isEmpty);
  }

  private Set<String> missing(Set<String> wanted) {
    Set<String> missing = new TreeSet<>(wanted);
    missing.removeAll(scrape());
    return missing;
  }

  /** The names of the series of this application. */
  private Set<String> scrape() {
    return new Client(port)
        .get("/actuator/prometheus")
        .body()
        .lines()
        .filter(line -> line.contains("application=\"" + APPLICATION + '"'))
        .map(line -> line.substring(0, line.indexOf('{')))
        .collect(Collectors.toSet());
  }
}
