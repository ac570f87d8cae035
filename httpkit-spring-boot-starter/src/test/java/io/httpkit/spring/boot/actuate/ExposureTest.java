package io.httpkit.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.httpkit.spring.boot.support.Http;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What of the endpoints can be reached, and where. */
@ExtendWith(OutputCaptureExtension.class)
class ExposureTest {
  private static final String ROOT = "management.endpoints.web.base-path=/";

  @ParameterizedTest(name = "{0} {1}: {2} is {3}, {4} is {5}")
  @CsvSource({
    "exposure.include=health,,    /actuator/health, 200, /actuator/info,    404",
    "exposure.include=info,,      /actuator/health, 404, /actuator/info,    200",
    "exposure.include=*, exposure.exclude=env, /actuator/info, 200, /actuator/env, 404",
    "base-path=/manage,,          /manage/health,   200, /actuator/health,  404",
    "base-path=/a/b/,,            /a/b/health,      200, /a/b,              200",
    "base-path=/,,                /health,          200, /,                 404",
    "path-mapping.health=state,,  /actuator/state,  200, /actuator/health,  404",
    "path-mapping.loggers=log,,   /actuator/log/ROOT, 200, /actuator/loggers/ROOT, 404",
    "discovery.enabled=false,,    /actuator/health, 200, /actuator,         404",
  })
  void isAsThePropertiesSay(
      String first, String second, String path, int status, String other, int otherStatus) {
    String web = "management.endpoints.web.";
    try (Application application =
        Application.start(web + first, second == null ? "a=b" : web + second)) {
      assertThat(application.get(path).statusCode()).isEqualTo(status);
      assertThat(application.get(other).statusCode()).isEqualTo(otherStatus);
    }
  }

  @Test
  void healthAloneIsExposedByDefault() {
    try (Application application =
        Application.start("management.endpoints.web.exposure.include=")) {
      assertThat(application.get("/actuator/health").statusCode()).isEqualTo(200);
      assertThat(application.get("/actuator/info").statusCode()).isEqualTo(404);
      assertThat(application.get("/actuator/httpkit").statusCode()).isEqualTo(404);
    }
  }

  @ParameterizedTest(name = "{0}: GET {1}, POST {2}")
  @CsvSource({
    "management.endpoint.loggers.access=unrestricted, 200, 204",
    "management.endpoint.loggers.access=read-only,    200, 405",
    "management.endpoint.loggers.access=none,         404, 404",
    "management.endpoints.access.default=read-only,   200, 405",
    "management.endpoints.access.max-permitted=none,  404, 404",
  })
  void accessLimitsWhatMayBeDone(String property, int read, int write) {
    try (Application application = Application.start(property)) {
      String path = "/actuator/loggers/io.x";
      HttpResponse<String> written =
          Http.send(
              application
                  .request(path)
                  .header("Content-Type", "application/json")
                  .POST(BodyPublishers.ofString("{}")));

      assertThat(application.get(path).statusCode()).isEqualTo(read);
      assertThat(written.statusCode()).isEqualTo(write);
    }
  }

  @Test
  void anEndpointOfTheApplicationIsServedWithTheOthers() {
    try (Application application = Application.start(Own.class)) {
      HttpResponse<String> response = application.get("/actuator/own");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("{\"text\":\"own\"}");
    }
  }

  @Test
  void noEndpointTakesTheRootOfTheApplication(CapturedOutput output) {
    String atRoot = "management.endpoints.web.path-mapping.health=/";

    assertThat(catchThrowable(() -> Application.start(ROOT, atRoot))).isNotNull();
    assertThat(output)
        .contains("APPLICATION FAILED TO START")
        .contains("health would take the root of the application's port");
  }

  @Test
  void anEndpointMayTakeTheRootOfAPortOfItsOwn() {
    try (Application application =
        Application.start(
            ROOT,
            "management.endpoints.web.path-mapping.info=/",
            "management.endpoints.web.discovery.enabled=false",
            "management.server.port=0")) {
      assertThat(Http.get(application.managementPort(), "/").statusCode()).isEqualTo(200);
    }
  }

  @Endpoint(id = "own")
  static class Own {
    record Text(String text) {}

    @ReadOperation
    Text read() {
      return new Text("own");
    }
  }
}
