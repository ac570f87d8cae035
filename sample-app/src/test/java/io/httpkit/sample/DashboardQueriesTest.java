package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.sample.programs.Programs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What queries of the dashboard make of given series, as {@code promtool} evaluates them. */
@Tag("prometheus")
@Timeout(60)
class DashboardQueriesTest {
  /** A scrape every 15 s, four minutes long. */
  private static final String TEST =
      """
      evaluation_interval: 15s
      tests:
        - interval: 15s
          input_series:
            - series: '%s'
              values: '0+15x16'
          promql_expr_test:
            - expr: %s
              eval_time: 4m
              exp_samples: [%s]
      """;

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "application=\"a\",instance=\"i\",outcome=\"SUCCESS\"      | 0",
        "application=\"a\",instance=\"i\",outcome=\"SERVER_ERROR\" | 1",
        "application=\"b\",instance=\"i\",outcome=\"SERVER_ERROR\" | none",
      })
  void errorsAreZeroUntilThereIsOneAndNothingWithoutTheApplication(
      String labels, String value, @TempDir Path directory) throws Exception {
    String query = Queries.ofPanel("Errors per second", "a");
    String sample = value == null ? "" : "{labels: '{}', value: " + value + "}";
    String series = "http_server_requests_seconds_count{" + labels + "}";

    evaluate(
        Files.writeString(
            directory.resolve("test.yml"),
            TEST.formatted(series, JsonMapper.shared().writeValueAsString(query), sample)));
  }

  private static void evaluate(Path test) throws IOException, InterruptedException {
    Process promtool =
        new ProcessBuilder(Programs.find("promtool"), "test", "rules", test.toString())
            .redirectErrorStream(true)
            .start();
    try {
      String report = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(promtool.waitFor()).as(report).isZero();
    } finally {
      Programs.end(promtool);
    }
  }
}
