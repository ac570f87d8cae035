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

class EndpointCorsTest {
  private static final String LOGGER = "/actuator/loggers/io.x";

  private static Application application;

  @BeforeAll
  static void start() {
    application =
        Application.start(
            "management.endpoints.web.cors.allowed-origins=https://friend.example",
            "management.endpoints.web.cors.allowed-origin-patterns=https://*.friends.example",
            "management.endpoints.web.cors.allowed-methods=GET,POST",
            "management.endpoints.web.cors.allowed-headers=X-One,X-Two",
            "management.endpoints.web.cors.exposed-headers=X-Three",
            "management.endpoints.web.cors.allow-credentials=true",
            "management.endpoints.web.cors.max-age=10m");
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @ParameterizedTest(name = "{0}: {1} {2}")
  @CsvSource(
      nullValues = "-",
      value = {
        "-,                         200, -",
        "https://friend.example,    200, https://friend.example",
        "https://a.friends.example, 200, https://a.friends.example",
        "https://stranger.example,  403, -",
        "http://friend.example,     403, -",
        "null,                      403, -",
      })
  void aPageMayReadIfItsOriginIsAllowed(
      @Nullable String origin, int status, @Nullable String allowed) {
    HttpRequest.Builder request = application.request("/actuator/info");
    HttpResponse<String> response =
        Http.send(origin == null ? request : request.header("Origin", origin));

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(allowed);
    assertThat(header(response, "Access-Control-Expose-Headers"))
        .isEqualTo(allowed == null ? null : "X-Three");
    assertThat(header(response, "Access-Control-Allow-Credentials"))
        .isEqualTo(allowed == null ? null : "true");
    assertThat(header(response, "Vary")).startsWith("Origin");
  }

  @Test
  void aPageOfThisServerIsNoStranger() {
    String own = "http://localhost:" + application.port();
    HttpResponse<String> response =
        Http.send(application.request("/actuator/info").header("Origin", own));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(header(response, "Access-Control-Allow-Origin")).isNull();
  }

  @ParameterizedTest(name = "{0} asks for {1} with {2}: {3}")
  @CsvSource(
      nullValues = "-",
      value = {
        "https://friend.example,   POST,   -,               200, -",
        "https://friend.example,   GET,    x-one,           200, x-one",
        "https://friend.example,   GET,    'x-one, X-Two',  200, 'x-one, X-Two'",
        "https://friend.example,   GET,    'X-One, X-Four', 200, X-One",
        "https://friend.example,   GET,    X-Four,          403, -",
        "https://friend.example,   DELETE, -,               403, -",
        "https://stranger.example, POST,   -,               403, -",
      })
  void aPageIsToldWhatItMayDo(
      String origin,
      String method,
      @Nullable String headers,
      int status,
      @Nullable String allowedHeaders) {
    HttpRequest.Builder request =
        options().header("Origin", origin).header("Access-Control-Request-Method", method);
    if (headers != null) {
      request.header("Access-Control-Request-Headers", headers);
    }
    HttpResponse<String> response = Http.send(request);
    boolean allowed = status == 200;

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(header(response, "Access-Control-Allow-Origin")).isEqualTo(allowed ? origin : null);
    assertThat(header(response, "Access-Control-Allow-Methods"))
        .isEqualTo(allowed ? "GET, POST" : null);
    assertThat(header(response, "Access-Control-Allow-Headers")).isEqualTo(allowedHeaders);
    assertThat(header(response, "Access-Control-Max-Age")).isEqualTo(allowed ? "600" : null);
  }

  @Test
  void optionsOfNoPageAreTheMethods() {
    HttpResponse<String> response = Http.send(options());

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(header(response, "Allow")).isEqualTo("GET, HEAD, OPTIONS, POST");
  }

  @Test
  void noPageIsAllowedByDefault() {
    try (Application other = Application.start()) {
      HttpResponse<String> response =
          Http.send(other.request("/actuator/info").header("Origin", "https://friend.example"));

      assertThat(header(response, "Access-Control-Allow-Origin")).isNull();
      assertThat(header(response, "Vary")).isNull();
    }
  }

  private static HttpRequest.Builder options() {
    return application.request(LOGGER).method("OPTIONS", BodyPublishers.noBody());
  }

  private static @Nullable String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse(null);
  }
}
