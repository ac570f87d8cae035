package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.sample.programs.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A Prometheus that scrapes the application every second, and ends when this is closed. */
final class Prometheus implements AutoCloseable {
  /** It takes any free port, and says which. */
  private static final Pattern LISTENING =
      Pattern.compile("msg=\"Listening on\" address=\\S+:(\\d+)");

  private static final String CONFIGURATION =
      """
      global:
        scrape_interval: 1s
        evaluation_interval: 1s
      rule_files:
        - %s
      scrape_configs:
        - job_name: sample
          metrics_path: /actuator/prometheus
          static_configs:
            - targets: ["localhost:%d"]
      """;

  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private final Process process;
  private final Client client;

  /**
   * Starts it.
   *
   * @param directory an empty one, for its configuration and data
   * @param scraped the port of the application
   */
  Prometheus(Path directory, int scraped) throws IOException {
    Path configuration =
        Files.writeString(
            directory.resolve("prometheus.yml"),
            CONFIGURATION.formatted(Queries.ALERTS.toAbsolutePath(), scraped));
    process =
        new ProcessBuilder(
                Programs.find("prometheus"),
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=127.0.0.1:0")
            .redirectErrorStream(true)
            .start();
    Thread reader = new Thread(this::read, "prometheus-output");
    reader.setDaemon(true);
    reader.start();
    try {
      client = new Client(Programs.join(port));
    } catch (RuntimeException | Error e) {
      Programs.end(process);
      throw e;
    }
  }

  /** Reads until it ends, as it would wait for us otherwise. */
  private void read() {
    StringBuilder said = new StringBuilder();
    try (BufferedReader output = process.inputReader()) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        Matcher listening = LISTENING.matcher(line);
        if (listening.find()) {
          port.complete(Integer.valueOf(listening.group(1)));
        } else if (!port.isDone()) {
          said.append(line).append('\n');
        }
      }
    } catch (IOException e) {
      said.append(e);
    }
    port.completeExceptionally(new AssertionError("Prometheus did not start:\n" + said));
  }

  /** The series that it has for this expression now. */
  JsonNode query(String expression) {
    JsonNode data = data("query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8));
    return data.get("result");
  }

  /** The rules that it evaluates. */
  JsonNode rules() {
    return data("rules").get("groups").get(0).get("rules");
  }

  private JsonNode data(String path) {
    HttpResponse<String> answer = client.get("/api/v1/" + path);
    assertThat(answer.statusCode()).as("%s: %s", path, answer.body()).isEqualTo(200);
    return JsonMapper.shared().readTree(answer.body()).get("data");
  }

  @Override
  public void close() {
    Programs.end(process);
  }
}
