package io.httpkit.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.spring.boot.autoconfigure.PropertyRow.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  /** What would need a slow network, a full queue of the system, or a clock to be seen. */
  private static final Set<String> ONLY_OPTIONS =
      Set.of(
          "httpkit.backlog",
          "httpkit.loops",
          "httpkit.min-body-rate",
          "httpkit.linger-timeout",
          "httpkit.ssl.protocol",
          "httpkit.client.loops",
          "httpkit.client.threads",
          "httpkit.client.virtual-threads",
          "httpkit.client.connect-timeout",
          "httpkit.client.proxy.from-environment",
          "httpkit.client.channels.max-message",
          "httpkit.client.channels.streamed-messages",
          "httpkit.client.channels.min-compressed-bytes",
          "httpkit.client.channels.ping-interval",
          "httpkit.client.channels.pong-timeout",
          "httpkit.client.channels.close-timeout",
          "httpkit.client.channels.message-timeout",
          "httpkit.client.channels.idle-timeout",
          "httpkit.client.channels.slow-reader",
          "httpkit.client.channels.max-queued-bytes");

  /** Those of which no text is wrong, or it is reported with the store it is about. */
  private static final Set<String> ANY_TEXT =
      Set.of(
          "httpkit.worker-name-prefix",
          "httpkit.client.proxy.no-proxy",
          "httpkit.ssl.key-store-password",
          "httpkit.ssl.key-store-type",
          "httpkit.ssl.key-store-provider",
          "httpkit.ssl.trust-certificate-private-key",
          "httpkit.ssl.trust-store-password",
          "httpkit.ssl.trust-store-type",
          "httpkit.ssl.trust-store-provider");

  private static final Path README = Path.of("..", "README.md");

  private static Stream<PropertyRow> rows() {
    return Stream.of(
            ServerPropertiesTest.rows(),
            ChannelPropertiesTest.rows(),
            SslPropertiesTest.rows(),
            ClientPropertiesTest.rows(),
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
  void whatIsShownByAnOptionOnlyIsKnown() {
    Set<String> shown =
        own(rows().filter(row -> row.shown() == Shown.BEHAVIOUR).map(PropertyRow::property));
    Set<String> rest = own(Metadata.names().filter(property -> !shown.contains(property)));
    assertThat(rest).isEqualTo(new TreeSet<>(ONLY_OPTIONS));
  }

  @Test
  void everyPropertyHasAWrongValue() {
    Set<String> wrong = new TreeSet<>(ANY_TEXT);
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
