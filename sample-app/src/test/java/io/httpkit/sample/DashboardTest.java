package io.httpkit.sample;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** What Grafana demands of a dashboard that is imported, and what all panels have in common. */
class DashboardTest {
  private static final int COLUMNS = 24;

  /** From this one on there is nothing old that Grafana would have to change. */
  private static final int SCHEMA_OF_GRAFANA_10 = 36;

  private static final String DATASOURCE = "{\"type\":\"prometheus\",\"uid\":\"${datasource}\"}";

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)}?");
  private static final Pattern SELECTOR = Pattern.compile("[a-zA-Z_:]\\w*\\{([^}]*)}");
  private static final Pattern RANGE = Pattern.compile("\\[([^]]*)]");
  private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
  private static final Pattern LEGEND_LABEL = Pattern.compile("\\{\\{(\\w+)}}");

  private static final JsonNode DASHBOARD = Queries.dashboard();

  /** A cell of the grid; no two panels share one. */
  private record Cell(int x, int y) {}

  private static Stream<JsonNode> panels() {
    return DASHBOARD.get("panels").valueStream();
  }

  /** Those that are more than a heading. */
  static List<JsonNode> graphs() {
    return panels().filter(panel -> !panel.get("type").asString().equals("row")).toList();
  }

  private static Stream<JsonNode> variables() {
    return DASHBOARD.get("templating").get("list").valueStream();
  }

  private static List<String> texts(Stream<JsonNode> nodes, String field) {
    return nodes.map(node -> node.get(field).asString()).toList();
  }

  private static Set<String> found(Pattern pattern, String text) {
    return pattern
        .matcher(text)
        .results()
        .map(result -> result.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void hasANameOfItsOwnAndNoNumber() {
    assertThat(DASHBOARD.get("uid").asString()).matches("[a-zA-Z0-9_-]{1,40}");
    assertThat(DASHBOARD.get("title").asString()).isNotBlank();
    assertThat(DASHBOARD.get("schemaVersion").asInt()).isGreaterThanOrEqualTo(SCHEMA_OF_GRAFANA_10);
    // A number is that of a dashboard which is there already.
    assertThat(DASHBOARD.get("id").isNull()).isTrue();
  }

  /** A variable for the data source is in place of {@code __inputs}, which need a dialogue. */
  @Test
  void asksForTheDataSourceThenForTheApplicationThenForItsInstances() {
    assertThat(DASHBOARD.has("__inputs")).isFalse();
    assertThat(texts(variables(), "name")).containsExactly("datasource", "application", "instance");
    assertThat(texts(variables(), "type")).containsExactly("datasource", "query", "query");
    assertThat(texts(variables().limit(1), "query")).containsExactly("prometheus");
    assertThat(variables().skip(1))
        .allSatisfy(
            variable -> {
              String name = variable.get("name").asString();
              String query = variable.get("query").asString();
              assertThat(query).startsWith("label_values(").endsWith(", " + name + ")");
              assertThat(variable.get("datasource")).hasToString(DATASOURCE);
            });
  }

  @Test
  void usesVariablesThatThereAre() {
    Set<String> known = new TreeSet<>(texts(variables(), "name"));
    known.addAll(Set.of("__rate_interval", "__all"));

    assertThat(known).containsAll(found(VARIABLE, DASHBOARD.toString()));
  }

  @Test
  void numbersPanelsOnceAndLaysThemSideBySide() {
    List<Integer> ids = panels().map(panel -> panel.get("id").asInt()).toList();
    assertThat(ids).doesNotHaveDuplicates().allMatch(id -> id > 0);

    Set<Cell> taken = new HashSet<>();
    panels()
        .forEach(
            panel ->
                assertThat(cells(panel.get("gridPos")))
                    .as(panel.get("title").asString())
                    .isNotEmpty()
                    .allMatch(cell -> cell.x() >= 0 && cell.x() < COLUMNS && cell.y() >= 0)
                    .allMatch(taken::add));
  }

  private static List<Cell> cells(JsonNode place) {
    int left = place.get("x").asInt();
    int top = place.get("y").asInt();
    List<Cell> cells = new ArrayList<>();
    for (int x = left; x < left + place.get("w").asInt(); x++) {
      for (int y = top; y < top + place.get("h").asInt(); y++) {
        cells.add(new Cell(x, y));
      }
    }
    return cells;
  }

  @ParameterizedTest
  @MethodSource("graphs")
  void everyPanelAsksTheChosenDataSourceForTheChosenInstances(JsonNode panel) {
    assertThat(panel.get("type").asString()).isIn("stat", "timeseries");
    assertThat(panel.get("title").asString()).isNotBlank();
    assertThat(panel.get("datasource")).hasToString(DATASOURCE);
    assertThat(panel.at("/fieldConfig/defaults/unit").asString()).isNotBlank();
    assertThat(texts(panel.get("targets").valueStream(), "refId"))
        .isNotEmpty()
        .doesNotHaveDuplicates();
    panel.get("targets").forEach(DashboardTest::check);
  }

  private static void check(JsonNode target) {
    String query = target.get("expr").asString();
    assertThat(target.get("datasource")).hasToString(DATASOURCE);
    assertThat(found(SELECTOR, query))
        .as(query)
        .isNotEmpty()
        .allMatch(
            labels -> labels.startsWith("application=\"$application\",instance=~\"$instance\""));
    // As far apart as scrapes of this data source are, and as points of the graph.
    assertThat(found(RANGE, query)).as(query).isSubsetOf("$__rate_interval");
    Set<String> left = new TreeSet<>();
    found(GROUPING, query).forEach(labels -> left.addAll(List.of(labels.split(", "))));
    Set<String> shown = found(LEGEND_LABEL, target.get("legendFormat").asString());
    if (query.contains("sum") || query.contains("max by")) {
      assertThat(left).as(query).containsAll(shown);
    } else {
      assertThat(shown).as("what tells instances apart: %s", query).contains("instance");
    }
  }
}
