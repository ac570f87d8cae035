package io.httpkit.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.spring.boot.support.Http;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The endpoints of Boot, over this server. */
class EndpointsTest {
  private static final String V3 = "application/vnd.spring-boot.actuator.v3+json";

  private static Application application;

  @BeforeAll
  static void start() {
    application =
        Application.start(
            "management.endpoint.health.probes.enabled=true",
            "management.endpoint.health.probes.add-additional-paths=true",
            "management.endpoint.health.show-components=always",
            "management.endpoint.env.show-values=always",
            "management.endpoint.heapdump.access=none",
            "management.info.java.enabled=true",
            "sample.key=sample value");
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/actuator                     | \"_links\":{\"self\":{\"href\":\"http://localhost:",
        "/actuator/health              | \"groups\":[\"liveness\",\"readiness\"]",
        "/actuator/health/             | \"status\":\"UP\"",
        "/actuator/health/ping         | {\"status\":\"UP\"}",
        "/actuator/health/liveness     | {\"status\":\"UP\"}",
        "/actuator/health/readiness    | {\"status\":\"UP\"}",
        "/livez                        | \"status\":\"UP\"",
        "/readyz                       | \"status\":\"UP\"",
        "/actuator/info                | \"java\":{",
        "/actuator/metrics             | \"jvm.memory.used\"",
        "/actuator/metrics/jvm.memory.used | \"availableTags\":[{\"tag\":\"area\"",
        "/actuator/metrics/jvm.memory.used?tag=area:heap | \"availableTags\":[{\"tag\":\"id\"",
        "/actuator/env                 | \"activeProfiles\"",
        "/actuator/env/sample.key      | \"value\":\"sample value\"",
        "/actuator/env/sample%2Ekey    | \"value\":\"sample value\"",
        "/actuator/env?pattern=sample.* | \"sample.key\":{\"value\":\"sample value\"",
        "/actuator/loggers             | \"ROOT\":{",
        "/actuator/loggers/io.httpkit  | \"effectiveLevel\"",
        "/actuator/threaddump          | \"threadName\":\"http-kit-loop-",
        "/actuator/beans               | \"httpKitWebServer\":{",
        "/actuator/conditions          | HttpKitActuatorAutoConfiguration",
        "/actuator/configprops         | HttpKitProperties",
        "/actuator/configprops/httpkit | HttpKitProperties",
        "/actuator/mappings            | {\"method\":\"GET\",\"template\":\"/actuator/info\"}",
        "/actuator/scheduledtasks      | \"cron\":[]",
        "/actuator/httpkit             | \"status\":\"RUNNING\"",
      })
  void answersInJson(String path, String part) {
    HttpResponse<String> response = application.get(path);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue(V3);
    assertThat(response.body()).contains(part);
  }

  @Test
  void severalTagsAreAllApplied() {
    String heap = application.get("/actuator/metrics/jvm.memory.used?tag=area:heap").body();
    String id = heap.replaceFirst("(?s).*\"tag\":\"id\",\"values\":\\[\"([^\"]+)\".*", "$1");
    String path = "/actuator/metrics/jvm.memory.used?tag=area:heap&tag=id:" + id.replace(" ", "+");

    assertThat(application.get(path).body()).contains("\"availableTags\":[]");
  }

  @ParameterizedTest(name = "{0} as {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/actuator/info | application/json | application/json | {",
        "/actuator/info | application/vnd.spring-boot.actuator.v2+json"
            + " | application/vnd.spring-boot.actuator.v2+json | {",
        "/actuator/info | application/json;q=0.5, application/vnd.spring-boot.actuator.v2+json;q=0.1"
            + " | application/json | {",
        "/actuator/info | text/html, */*;q=0.1 | " + V3 + " | {",
        "/actuator | application/json | application/json | _links",
        "/actuator/threaddump | text/plain | text/plain;charset=UTF-8 | http-kit-loop-",
        "/actuator/threaddump | application/json | application/json | threadName",
        "/actuator/prometheus | | text/plain;version=0.0.4;charset=utf-8 | # TYPE jvm_memory_used",
        "/actuator/prometheus | application/openmetrics-text;version=1.0.0,text/plain;q=0.5"
            + " | application/openmetrics-text;version=1.0.0;charset=utf-8 | # EOF",
      })
  void answersInTheTypeThatIsAccepted(
      String path, @Nullable String accept, String type, String part) {
    HttpRequest.Builder request = application.request(path);
    HttpResponse<String> response =
        Http.send(accept == null ? request : request.header("Accept", accept));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
    assertThat(response.body()).contains(part);
  }

  @ParameterizedTest(name = "{0} {1} as {2}: {4}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "GET    | /actuator/none           | -                | -        | 404 | Not found",
        "GET    | /actuator/health/none    | -                | -        | 404 | ",
        "GET    | /actuator/metrics/none   | -                | -        | 404 | ",
        "GET    | /actuator/heapdump       | -                | -        | 404 | Not found",
        "POST   | /actuator/info           | -                | -        | 405 | Method not allowed",
        "DELETE | /actuator/loggers/io.x   | -                | -        | 405 | Method not allowed",
        "GET    | /actuator/info           | image/png        | -        | 406 | Accept",
        "GET    | /actuator                | image/png        | -        | 406 | Accept",
        "GET    | /actuator/info           | application/json;q=0 | -    | 406 | Accept",
        "GET    | /actuator/info           | what             | -        | 400 | Malformed Accept",
        "POST   | /actuator/loggers/io.x   | -                | -        | 415 | Content-Type",
        "POST   | /actuator/loggers/io.x   | -                | text/plain | 415 | Content-Type",
        "POST   | /actuator/loggers/io.x   | -                | what     | 415 | Content-Type",
        "GET    | /actuator/metrics/jvm.memory.used?tag=bad | - | -      | 400 | tag",
      })
  void refuses(
      String method,
      String path,
      @Nullable String accept,
      @Nullable String type,
      int status,
      @Nullable String part) {
    HttpRequest.Builder request =
        application.request(path).method(method, BodyPublishers.ofString("{}"));
    if (accept != null) {
      request.header("Accept", accept);
    }
    if (type != null) {
      request.header("Content-Type", type);
    }
    HttpResponse<String> response = Http.send(request);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).contains(part == null ? "" : part);
  }

  @Test
  void saysWhichMethodsThereAre() {
    HttpResponse<String> response =
        Http.send(
            application.request("/actuator/loggers/io.x").method("PUT", BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue("GET, HEAD, OPTIONS, POST");
  }

  @Test
  void changesTheLevelOfALogger() {
    HttpResponse<String> response = post("/actuator/loggers/io.changed", level("\"DEBUG\""));

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.body()).isEmpty();
    assertThat(application.get("/actuator/loggers/io.changed").body())
        .contains("\"configuredLevel\":\"DEBUG\"");

    assertThat(post("/actuator/loggers/io.changed", level("null")).statusCode()).isEqualTo(204);
    assertThat(application.get("/actuator/loggers/io.changed").body())
        .doesNotContain("configuredLevel");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "[]", "7", "{\"configuredLevel\":{\"a\":1}}"})
  void refusesABodyThatIsNoObjectOfSimpleValues(String body) {
    HttpResponse<String> response = post("/actuator/loggers/io.x", body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).isEqualTo("The body must be a JSON object of simple values");
  }

  @Test
  void refusesAValueThatDoesNotFit() {
    assertThat(post("/actuator/loggers/io.x", level("\"LOUD\"")).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "{}"})
  void aBodyMayBeEmpty(String body) {
    assertThat(post("/actuator/loggers/io.x", body).statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/actuator", "/actuator/health", "/actuator/health/ping", "/livez"})
  void answersHeadWithoutABody(String path) {
    HttpResponse<String> response =
        Http.send(application.request(path).method("HEAD", BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValueAsLong("Content-Length")).isPresent();
    assertThat(response.body()).isEmpty();
  }

  @Test
  void linksGoWhereTheClientCame() {
    String links = application.get("/actuator").body();

    String base = "http://localhost:" + application.port() + "/actuator";
    assertThat(links)
        .contains("\"self\":{\"href\":\"" + base + "\",\"templated\":false}")
        .contains("\"health-path\":{\"href\":\"" + base + "/health/{*path}\",\"templated\":true}")
        .contains("\"httpkit\":{\"href\":\"" + base + "/httpkit\"");
  }

  @Test
  void thePortIsTheManagementPort() {
    assertThat(application.managementPort()).isEqualTo(application.port());
  }

  private static HttpResponse<String> post(String path, String json) {
    return Http.send(
        application
            .request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  private static String level(String json) {
    return "{\"configuredLevel\":" + json + "}";
  }
}
