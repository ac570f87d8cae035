package io.httpkit.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.support.Http;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class HealthTest {
  private static Application application;

  @BeforeAll
  static void start() {
    application =
        Application.start(
            Indicators.class,
            "management.endpoint.health.show-details=when-authorized",
            "management.endpoint.health.show-components=always",
            "management.endpoint.health.roles=operator",
            "management.endpoint.health.status.http-mapping.busy=429",
            "management.endpoint.health.status.http-mapping.down=503",
            "management.endpoint.health.group.good.include=fine,ping",
            "management.endpoint.health.group.good.additional-path=server:/good",
            "management.endpoint.health.group.bad.include=broken",
            "management.endpoint.health.group.bad.additional-path=server:/bad",
            "management.endpoint.health.group.other.include=fine",
            "management.endpoint.health.group.other.additional-path=management:/other",
            "management.endpoint.health.group.open.include=broken",
            "management.endpoint.health.group.open.show-details=always");
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/actuator/health              | 503 | \"status\":\"DOWN\"",
        "/actuator/health/broken       | 503 | {\"status\":\"DOWN\"}",
        "/actuator/health/fine         | 200 | {\"status\":\"UP\"}",
        "/actuator/health/busy         | 429 | {\"status\":\"BUSY\"}",
        "/actuator/health/good         | 200 | \"status\":\"UP\"",
        "/actuator/health/good/fine    | 200 | {\"status\":\"UP\"}",
        "/actuator/health/good/broken  | 404 | ",
        "/actuator/health/bad          | 503 | \"broken\":{\"status\":\"DOWN\"}",
        "/actuator/health/b%61d        | 503 | \"broken\":{\"status\":\"DOWN\"}",
        "/actuator/health/good%2Ffine  | 400 | must not contain a slash",
        "/actuator/health//good//fine  | 200 | {\"status\":\"UP\"}",
        "/good                         | 200 | \"status\":\"UP\"",
        "/bad                          | 503 | \"broken\":{\"status\":\"DOWN\"}",
        "/bad/broken                   | 404 | Not found",
        "/other                        | 404 | Not found",
        "/actuator/health/open         | 503 | \"details\":{\"reason\":\"because\"}",
      })
  void theStatusSaysHowItIs(String path, int status, @Nullable String part) {
    HttpResponse<String> response = application.get(path);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.body()).contains(part == null ? "" : part);
  }

  @ParameterizedTest(name = "{0} as {1}: {2}")
  @CsvSource(
      nullValues = "-",
      value = {"-, -, false", "user, -, false", "user, reader, false", "user, operator, true"})
  void detailsAreForThoseWhoAreAuthorized(
      @Nullable String user, @Nullable String role, boolean detailed) {
    HttpRequest.Builder request = application.request("/actuator/health/broken");
    if (user != null) {
      request.header("X-User", user);
    }
    if (role != null) {
      request.header("X-Role", role);
    }

    assertThat(Http.send(request).body().contains("because")).isEqualTo(detailed);
  }

  /** What a proxy in front would have found out. */
  private record Caller(Request request) implements SecurityContext {
    @Override
    public @Nullable Principal getPrincipal() {
      return request.header("X-User").<Principal>map(name -> () -> name).orElse(null);
    }

    @Override
    public boolean isUserInRole(String role) {
      return request.header("X-Role").filter(role::equals).isPresent();
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Indicators {
    @Bean
    EndpointSecurity security() {
      return Caller::new;
    }

    @Bean
    HealthIndicator broken() {
      return () -> Health.down().withDetail("reason", "because").build();
    }

    @Bean
    HealthIndicator busy() {
      return () -> Health.status("BUSY").build();
    }

    @Bean
    HealthIndicator fine() {
      return () -> Health.up().build();
    }
  }
}
