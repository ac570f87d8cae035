package io.httpkit.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the dashboard and the alert rules of {@code observability} ask Prometheus for. */
final class Queries {
  static final Path ALERTS = Path.of("observability", "alerts.yml");

  private static final Path DASHBOARD = Path.of("observability", "dashboard.json");

  /** Four scrapes of 15 s, as Grafana takes it if nobody says more of the data source. */
  private static final String RATE_INTERVAL = "1m";

  /** In our files each selector has braces, be they empty. */
  private static final Pattern SELECTOR = Pattern.compile("([a-zA-Z_:]\\w*)\\{");

  private Queries() {}

  /** The dashboard as it is imported. */
  static JsonNode dashboard() {
    return JsonMapper.shared().readTree(read(DASHBOARD));
  }

  /** Those of the dashboard, for all instances of this application. */
  static List<String> ofDashboard(String application) {
    return expressions(dashboard()).map(query -> filled(query, application)).toList();
  }

  /** That of the panel with this title, for all instances of this application. */
  static String ofPanel(String title, String application) {
    return dashboard()
        .get("panels")
        .valueStream()
        .filter(panel -> panel.get("title").asString().equals(title))
        .flatMap(Queries::expressions)
        .map(query -> filled(query, application))
        .findFirst()
        .orElseThrow();
  }

  /** With what Grafana puts in place of its variables. */
  private static String filled(String query, String application) {
    return query
        .replace("$application", application)
        .replace("$instance", ".*")
        .replace("$__rate_interval", RATE_INTERVAL);
  }

  /** The conditions of the alerts. */
  static List<String> ofAlerts() {
    Object rules = new Yaml().load(read(ALERTS));
    return expressions(JsonMapper.shared().valueToTree(rules)).toList();
  }

  /** The names of the series that these queries ask for. */
  static Set<String> names(List<String> queries) {
    return queries.stream()
        .flatMap(query -> SELECTOR.matcher(query).results().map(found -> found.group(1)))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> expressions(JsonNode root) {
    return root.findValues("expr").stream().map(JsonNode::asString);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(file.toString(), e);
    }
  }
}
