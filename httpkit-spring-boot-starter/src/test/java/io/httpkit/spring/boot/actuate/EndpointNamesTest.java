package io.httpkit.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Endpoints keep the names of their members, whatever an application calls those of its own. */
class EndpointNamesTest {
  private static Application application;

  @BeforeAll
  static void start() {
    application =
        Application.start(
            "spring.jackson.property-naming-strategy=UPPER_CAMEL_CASE",
            "management.endpoint.health.show-details=always",
            "management.info.java.enabled=true");
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "/actuator, /_links/self/href",
    "/actuator/health, /components/ping/status",
    "/actuator/info, /java/vendor/name",
    "/actuator/metrics/jvm.memory.used, /measurements/0/statistic",
    "/actuator/env, /propertySources/0/name",
    "/actuator/loggers/io.httpkit, /effectiveLevel",
    "/actuator/threaddump, /threads/0/threadName",
    "/actuator/beans, /contexts/application/beans",
    "/actuator/conditions, /contexts/application/positiveMatches",
    "/actuator/configprops, /contexts/application/beans",
    "/actuator/scheduledtasks, /fixedDelay",
    "/actuator/mappings, /contexts/application/mappings/httpkitRoutes/httpKitWebServer/0/template",
    "/actuator/httpkit, /servers/httpKitWebServer/loops/0/connections",
  })
  void areBoots(String path, String pointer) {
    JsonNode body = JsonMapper.shared().readTree(application.get(path).body());
    assertThat(body.at(pointer).isMissingNode()).as("%s of %s", pointer, body).isFalse();
  }
}
