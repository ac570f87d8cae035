package io.httpkit.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.spring.boot.support.Http;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.util.MimeTypeUtils;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What becomes of all that an operation may return. */
class EndpointAnswersTest {
  private static final String JSON = "application/vnd.spring-boot.actuator.v3+json";

  private static Application application;

  @BeforeAll
  static void start() {
    // the application's own JSON is not that of Boot's endpoints
    application =
        Application.start(Kinds.class, "spring.jackson.property-naming-strategy=SNAKE_CASE");
  }

  @AfterAll
  static void stop() {
    application.close();
  }

  @ParameterizedTest(name = "{0}: {1} {2} {3}")
  @CsvSource(
      nullValues = "-",
      quoteCharacter = '`',
      value = {
        "nothing,     404, -, ``",
        "text,        200, " + JSON + ", plain text",
        "bytes,       200, " + JSON + ", bytes",
        "record,      200, " + JSON + ", {\"first_name\":\"Ada\"}",
        "boot,        200, " + JSON + ", {\"firstName\":\"Ada\"}",
        "map,         200, " + JSON + ", {\"key\":\"value\"}",
        "resource,    200, " + JSON + ", resource",
        "file,        200, " + JSON + ", -",
        "no-body,     202, -, ``",
        "status,      429, " + JSON + ", slow down",
        "typed,       200, text/html, <p>",
        "mono,        200, " + JSON + ", {\"first_name\":\"Ada\"}",
        "mono-empty,  404, -, ``",
        "flux,        200, " + JSON + ", `[1,2]`",
        "mono-status, 503, " + JSON + ", later",
        "failure,     500, text/plain; charset=utf-8, -",
        "mono-failure, 500, text/plain; charset=utf-8, -",
      })
  void isAnswered(String kind, int status, @Nullable String type, @Nullable String body) {
    HttpResponse<String> response = application.get("/actuator/kinds/" + kind);

    assertThat(response.statusCode()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type").orElse(null)).isEqualTo(type);
    if (body != null) {
      assertThat(response.body()).isEqualTo(body);
    }
  }

  @Test
  void anyNumberOfTypesMayBeAccepted() {
    String many = "text/a, ".repeat(100) + "application/json";
    HttpResponse<String> response =
        Http.send(application.request("/actuator/kinds/text").header("Accept", many));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
  }

  @Test
  void failuresTellNoDetails() {
    assertThat(application.get("/actuator/kinds/failure").body()).doesNotContain("secret");
  }

  @Test
  void writingNothingIsAnswered204() {
    HttpResponse<String> response =
        Http.send(
            application
                .request("/actuator/kinds/any")
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofString("{\"number\":\"7\",\"other\":null}")));

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(application.bean(Kinds.class).written).isEqualTo("any 7 null");
  }

  @Test
  void deletingNeedsNoBody() {
    HttpResponse<String> response = Http.send(application.request("/actuator/kinds/any").DELETE());

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("deleted any");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "/actuator/kinds           | none",
        "/actuator/kinds?list=a    | [a]",
        "/actuator/kinds?list=a&list=b | [a, b]",
        "/actuator/kinds?list=a%2Cb | [a, b]",
      })
  void takesLists(String path, String body) {
    assertThat(application.get(path).body()).isEqualTo(body);
  }

  @Endpoint(id = "kinds")
  static class Kinds {
    volatile String written = "";

    record Person(String firstName) {}

    record BootPerson(String firstName) implements OperationResponseBody {}

    @ReadOperation
    String read(@Nullable List<String> list) {
      return list == null ? "none" : list.toString();
    }

    @ReadOperation
    @Nullable Object read(@Selector String kind) {
      return switch (kind) {
        case "text" -> "plain text";
        case "bytes" -> "bytes".getBytes(StandardCharsets.UTF_8);
        case "record" -> new Person("Ada");
        case "boot" -> new BootPerson("Ada");
        case "map" -> Map.of("key", "value");
        case "resource" -> new ByteArrayResource("resource".getBytes(StandardCharsets.UTF_8));
        case "file" -> new FileSystemResource(Path.of("pom.xml"));
        case "no-body" -> new WebEndpointResponse<>(202);
        case "status" -> new WebEndpointResponse<>("slow down", 429);
        case "typed" -> new WebEndpointResponse<>("<p>", MimeTypeUtils.TEXT_HTML);
        case "mono" -> Mono.just(new Person("Ada"));
        case "mono-empty" -> Mono.empty();
        case "flux" -> Flux.just(1, 2);
        case "mono-status" -> Mono.just(new WebEndpointResponse<>("later", 503));
        case "failure" -> throw new IllegalStateException("secret");
        case "mono-failure" -> Mono.error(new IllegalStateException("secret"));
        default -> null;
      };
    }

    @WriteOperation
    void write(@Selector String kind, int number, @Nullable String other) {
      written = kind + " " + number + " " + other;
    }

    @DeleteOperation
    String delete(@Selector String kind) {
      return "deleted " + kind;
    }
  }
}
