package io.httpkit.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No property without a test of what it does, without its line in the manual, or without a wrong
 * value.
 */
class PropertyTablesTest {
  /** Those of which no text is wrong, and why. */
  private static final Map<String, String> ANY_TEXT =
      Map.of(
          "httpkit.worker-name-prefix", "a thread may have any name",
          "httpkit.client.proxy.no-proxy", "a name that nobody has excepts nobody");

  private static final Path README = Path.of("..", "README.md");

  private static Stream<PropertyRow> rows() {
    return Stream.of(
            ServerPropertiesTest.rows(),
            ChannelPropertiesTest.rows(),
            SslPropertiesTest.rows(),
            ClientPropertiesTest.rows(),
            ClientChannelPropertiesTest.rows(),
            ObservabilityPropertiesTest.rows())
        .flatMap(rows -> rows);
  }

  private static Set<String> own(Stream<String> properties) {
    return properties
        .filter(property -> property.startsWith("httpkit."))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyPropertyHasARow() {
    assertThat(own(rows().map(PropertyRow::property))).isEqualTo(own(Metadata.names()));
  }

  @Test
  void everyPropertyHasAWrongValue() {
    Set<String> wrong = new TreeSet<>(ANY_TEXT.keySet());
    InvalidPropertiesTest.wrong().forEach(row -> wrong.add(row.property()));
    SslPropertiesTest.wrong().forEach(row -> wrong.add(row.property()));
    InvalidPropertiesTest.typed().forEach(wrong::add);
    assertThat(own(wrong.stream())).isEqualTo(own(Metadata.names()));
  }

  /** What stands in the manual under this heading. */
  private static String section(String heading) throws IOException {
    String manual = Files.readString(README);
    int start = manual.indexOf("\n## " + heading + "\n");
    assertThat(start).isPositive();
    return manual.substring(start, manual.indexOf("\n## ", start + 1));
  }

  @Test
  void everyPropertyIsInTheManual() throws IOException {
    Matcher matcher =
        Pattern.compile("^\\| `(httpkit\\.[a-z.-]+)` \\|([^|]*)\\|", Pattern.MULTILINE)
            .matcher(section("Properties of the starter"));
    Set<String> documented = new TreeSet<>();
    while (matcher.find()) {
      documented.add(matcher.group(1) + " = " + matcher.group(2).replace("`", "").strip());
    }
    Set<String> expected =
        Metadata.properties().entrySet().stream()
            .map(
                property ->
                    property.getKey()
                        + " = "
                        + property.getValue().getOrDefault("defaultValue", ""))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(documented).isEqualTo(expected);
  }
}
