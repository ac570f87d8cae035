package io.httpkit.spring.boot.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.httpkit.client.ClientConfig;
import io.httpkit.client.ClientResponse;
import io.httpkit.client.HttpClient;
import io.httpkit.client.RequestBuilder;
import io.httpkit.http.Status;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.ServerConfig;
import io.httpkit.spring.boot.autoconfigure.HttpKitObservationAutoConfiguration;
import io.httpkit.spring.boot.client.HttpKitClientCustomizer;
import io.httpkit.spring.boot.support.Http;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.MDC;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ClientRequestObservationsTest {
  private static final String NAME = "http.client.requests";

  private final HttpServer server =
      HttpServer.start(
          ClientRequestObservationsTest::answer,
          ServerConfig.builder().ip("127.0.0.1").port(0).build());

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  HttpKitObservationAutoConfiguration.class,
                  ObservationAutoConfiguration.class,
                  MetricsAutoConfiguration.class,
                  CompositeMeterRegistryAutoConfiguration.class))
          .withUserConfiguration(Registry.class);

  @AfterEach
  void stop() {
    server.close();
  }

  private static Response answer(Request request) {
    return switch (request.path()) {
      case "/trace" -> Response.text(request.header("traceparent").orElse("none"));
      case "/fails" -> Response.of(Status.INTERNAL_SERVER_ERROR);
      default -> Response.text("hello");
    };
  }

  private static HttpClient client(BeanFactory context) {
    ClientConfig.Builder config = ClientConfig.builder();
    context.getBean(HttpKitClientCustomizer.class).customize(config);
    return HttpClient.create(config.build());
  }

  private ClientResponse get(HttpClient client, String path) throws Exception {
    return send(request(client, path));
  }

  private RequestBuilder request(HttpClient client, String path) {
    return client.get("http://127.0.0.1:" + server.port() + path);
  }

  private static ClientResponse send(RequestBuilder request) throws Exception {
    return request.send().get(Http.LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  @ParameterizedTest
  @CsvSource({"/, 200, SUCCESS", "/fails, 500, SERVER_ERROR"})
  void hasTheKeysOfSpring(String path, String status, String outcome) {
    runner.run(
        context -> {
          try (HttpClient client = client(context)) {
            get(client, path);
          }
          assertThat(onlyTags(context)).isEqualTo(tags("none", status, outcome, "none"));
        });
  }

  @ParameterizedTest
  @CsvSource({
    "/users/{id},                        /users/{id}",
    "users/{id},                         /users/{id}",
    "http://a.example:80/users/{id},     /users/{id}",
    "HTTPS://{host}/users/{id}?q={q},    /users/{id}?q={q}",
    "http://a.example?q={q},             /?q={q}",
    "http://a.example,                   /",
    "'',                                 /",
  })
  void hasTheTemplateThatTheRequestTells(String template, String uri) {
    runner.run(
        context -> {
          try (HttpClient client = client(context)) {
            send(request(client, "/users/7").uriTemplate(template));
          }
          assertThat(onlyTags(context)).isEqualTo(tags(uri, "200", "SUCCESS", "none"));
        });
  }

  @Test
  void hasNoMoreTemplatesThanAreAllowed() {
    runner
        .withPropertyValues("management.metrics.web.client.max-uri-tags=2")
        .run(
            context -> {
              try (HttpClient client = client(context)) {
                for (int i = 0; i < 5; i++) {
                  send(request(client, "/").uriTemplate("/users/" + i));
                }
              }
              assertThat(registry(context).find(NAME).timers()).hasSize(2);
            });
  }

  @Test
  void saysThatTheNetworkWasToBlame() {
    runner.run(
        context -> {
          int port = server.port();
          server.close();
          try (HttpClient client = client(context)) {
            Throwable failure =
                catchThrowable(
                    () ->
                        client
                            .get("http://127.0.0.1:" + port + "/")
                            .send()
                            .get(Http.LIMIT.toSeconds(), TimeUnit.SECONDS));
            assertThat(failure).isNotNull();
          }
          assertThat(onlyTags(context))
              .isEqualTo(tags("none", "IO_ERROR", "UNKNOWN", "ClientException"));
        });
  }

  @Test
  void handsOnTheTraceThatIsCurrent() {
    runner
        .withConfiguration(
            AutoConfigurations.of(
                BraveAutoConfiguration.class, MicrometerTracingAutoConfiguration.class))
        .withPropertyValues("management.tracing.sampling.probability=1")
        .run(
            context -> {
              Observation outer =
                  Observation.start("outer", context.getBean(ObservationRegistry.class));
              Observation.Scope scope = outer.openScope();
              try (HttpClient client = client(context)) {
                String traceId = MDC.get("traceId");
                assertThat(traceId).hasSize(32);
                assertThat(get(client, "/trace").text()).startsWith("00-" + traceId + "-");
              }
              scope.close();
              outer.stop();
            });
  }

  @Test
  void hasTheNameOfTheProperty() {
    runner
        .withPropertyValues("management.observations.http.client.requests.name=my.requests")
        .run(
            context -> {
              try (HttpClient client = client(context)) {
                get(client, "/");
              }
              assertThat(registry(context).find("my.requests").timer()).isNotNull();
            });
  }

  @ParameterizedTest
  @ValueSource(strings = "management.observations.enable.http.client.requests=false")
  void canBeSwitchedOff(String property) {
    runner
        .withPropertyValues(property)
        .run(
            context -> {
              try (HttpClient client = client(context)) {
                get(client, "/");
              }
              assertThat(registry(context).find(NAME).meters()).isEmpty();
            });
  }

  @Test
  void isNotThereIfObservationsAreOff() {
    runner
        .withPropertyValues("httpkit.observations.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(HttpKitClientCustomizer.class));
  }

  private static MeterRegistry registry(BeanFactory context) {
    return context.getBean(MeterRegistry.class);
  }

  private static Map<String, String> onlyTags(BeanFactory context) {
    Map<String, String> tags = new TreeMap<>();
    for (Tag tag : registry(context).get(NAME).timer().getId().getTags()) {
      tags.put(tag.getKey(), tag.getValue());
    }
    return tags;
  }

  private static Map<String, String> tags(
      String uri, String status, String outcome, String exception) {
    return Map.of(
        "client.name",
        "127.0.0.1",
        "method",
        "GET",
        "uri",
        uri,
        "status",
        status,
        "outcome",
        outcome,
        "exception",
        exception,
        "error",
        exception);
  }

  @Configuration(proxyBeanMethods = false)
  static class Registry {
    @Bean
    SimpleMeterRegistry registry() {
      return new SimpleMeterRegistry();
    }
  }
}
