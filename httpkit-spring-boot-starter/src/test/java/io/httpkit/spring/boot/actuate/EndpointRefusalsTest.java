package io.httpkit.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.support.Http;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What is refused at the paths of endpoints is text, and a problem at those of the application. */
class EndpointRefusalsTest {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROBLEM = "application/problem+json";

  private static void check(int port, String method, String path, int status, String kind) {
    HttpResponse<String> response =
        Http.send(Http.request(port, path).method(method, BodyPublishers.noBody()));

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type"))
        .hasValue(kind.equals("text") ? TEXT : PROBLEM);
  }

  @Nested
  class OnOnePort {
    private static Application application;

    @BeforeAll
    static void start() {
      application =
          Application.start(
              Hello.class,
              "management.endpoint.health.probes.enabled=true",
              "management.endpoint.health.probes.add-additional-paths=true",
              "management.endpoint.health.group.other.include=ping",
              "management.endpoint.health.group.other.additional-path=management:/other");
    }

    @AfterAll
    static void stop() {
      application.close();
    }

    @ParameterizedTest(name = "{0} {1}: {2}, {3}")
    @CsvSource({
      "GET,  /actuator/none,          404, text",
      "POST, /actuator,               405, text",
      "POST, /actuator/info,          405, text",
      "POST, /%61ctuator/info,        405, text",
      "POST, /actuator/loggers/io.x,  415, text",
      "POST, /livez,                  405, text",
      "GET,  /livez/none,             404, text",
      "GET,  /other,                  404, text",
      "GET,  /none,                   404, problem",
      "GET,  /actuators,              404, problem",
      "GET,  /none/actuator/info,     404, problem",
      "POST, /hello,                  405, problem",
    })
    void areTextOnlyAtTheirPaths(String method, String path, int status, String kind) {
      check(application.port(), method, path, status, kind);
    }
  }

  @Nested
  class OnTwoPorts {
    private static Application application;

    @BeforeAll
    static void start() {
      application =
          Application.start(
              Hello.class,
              "management.server.port=0",
              "management.server.address=127.0.0.1",
              "management.endpoint.health.probes.enabled=true",
              "management.endpoint.health.probes.add-additional-paths=true");
    }

    @AfterAll
    static void stop() {
      application.close();
    }

    @ParameterizedTest(name = "{0} {1}: {2} on the application's port, {3}")
    @CsvSource({
      "POST, /livez,         405, text",
      "POST, /hello,         405, problem",
      "GET,  /none,          404, problem",
      "GET,  /actuator/none, 404, problem",
      "GET,  /actuator,      404, problem",
    })
    void areProblemsOnTheApplicationsPort(String method, String path, int status, String kind) {
      check(application.port(), method, path, status, kind);
    }

    @ParameterizedTest(name = "{0} {1}: {2} on the other port, {3}")
    @CsvSource({
      "POST, /actuator/info, 405, text",
      "GET,  /actuator/none, 404, text",
      "GET,  /none,          404, text",
    })
    void areTextOnTheOther(String method, String path, int status, String kind) {
      check(application.managementPort(), method, path, status, kind);
    }
  }

  @Nested
  class AtTheRoot {
    private static Application application;

    @BeforeAll
    static void start() {
      application = Application.start(Hello.class, "management.endpoints.web.base-path=/");
    }

    @AfterAll
    static void stop() {
      application.close();
    }

    @ParameterizedTest(name = "{0} {1}: {2}, {3}")
    @CsvSource({
      "POST, /info,      405, text",
      "GET,  /info/none, 404, text",
      "GET,  /none,      404, problem",
      "POST, /hello,     405, problem",
    })
    void areTextOnlyAtTheirPaths(String method, String path, int status, String kind) {
      check(application.port(), method, path, status, kind);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Hello {
    @Bean
    RouterCustomizer hello() {
      return routes -> routes.get("/hello", request -> Response.text("hello"));
    }
  }
}
