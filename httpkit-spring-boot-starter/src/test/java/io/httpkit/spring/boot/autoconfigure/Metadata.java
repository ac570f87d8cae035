package io.httpkit.spring.boot.autoconfigure;

import com.jayway.jsonpath.JsonPath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What the configuration processor wrote about the properties of this module. */
final class Metadata {
  private Metadata() {}

  /** The names. */
  static Stream<String> names() {
    return properties().keySet().stream();
  }

  /** What is said of each property, by its name. */
  static Map<String, Map<String, Object>> properties() {
    try (InputStream metadata =
        HttpKitProperties.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      List<Map<String, Object>> properties =
          JsonPath.read(Objects.requireNonNull(metadata), "$.properties[*]");
      Map<String, Map<String, Object>> byName = new TreeMap<>();
      properties.forEach(property -> byName.put((String) property.get("name"), property));
      byName.keySet().removeIf(name -> !name.startsWith("httpkit."));
      return byName;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
