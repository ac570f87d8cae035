package io.httpkit.spring.boot.observation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.httpkit.http.Status;
import io.httpkit.server.Handler;
import io.httpkit.server.Response;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.autoconfigure.HttpKitObservationAutoConfiguration;
import io.httpkit.spring.boot.autoconfigure.HttpKitServerAutoConfiguration;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.support.Ended;
import io.httpkit.spring.boot.support.Gate;
import io.httpkit.spring.boot.support.Http;
import io.httpkit.spring.boot.support.RawConnection;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
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
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationProperties;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class ServerRequestObservationsTest {
  private static final String NAME = "http.server.requests";
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  HttpKitServerAutoConfiguration.class,
                  HttpKitObservationAutoConfiguration.class,
                  ObservationAutoConfiguration.class,
                  MetricsAutoConfiguration.class,
                  CompositeMeterRegistryAutoConfiguration.class))
          .withUserConfiguration(Application.class)
          .withPropertyValues("httpkit.port=0");

  @ParameterizedTest
  @CsvSource({
    "/users/7, GET, /users/{id}, 200, SUCCESS, none",
    "/loop, GET, /loop, 200, SUCCESS, none",
    "/later, GET, /later, 200, SUCCESS, none",
    "/moved, GET, /moved, 302, REDIRECTION, none",
    "/fails, GET, /fails, 500, SERVER_ERROR, IllegalStateException",
    "/fails/later, GET, /fails/later, 500, SERVER_ERROR, IllegalStateException",
    "/handled, GET, /handled, 409, CLIENT_ERROR, IllegalArgumentException",
    "/nothing, GET, NOT_FOUND, 404, CLIENT_ERROR, none",
    "/elsewhere/moved, GET, REDIRECTION, 302, REDIRECTION, none",
    "/elsewhere, GET, UNKNOWN, 200, SUCCESS, none"
  })
  void hasTheKeysOfSpringBoot(
      String path, String method, String uri, String status, String outcome, String exception) {
    runner.run(
        context -> {
          Http.get(port(context), path);
          context.getBean(Ended.class).await(1);

          assertThat(onlyTags(context)).isEqualTo(tags(method, uri, status, outcome, exception));
        });
  }

  @Test
  void hasOneForAClientThatBreaksHttp() {
    runner.run(
        context -> {
          try (RawConnection client = new RawConnection(port(context)).send("RUBBISH")) {
            assertThat(client.line()).contains("400");
          }
          context.getBean(Ended.class).await(1);

          assertThat(onlyTags(context))
              .isEqualTo(tags("UNKNOWN", "UNKNOWN", "400", "CLIENT_ERROR", "none"));
        });
  }

  @Test
  void hasOneForARequestThatIsRejected() {
    runner
        .withPropertyValues("httpkit.thread=1", "httpkit.queue-size=1")
        .run(
            context -> {
              CompletableFuture<HttpResponse<String>> busy = Http.getAsync(port(context), "/gate");
              context.getBean(Gate.class).awaitRequest();
              CompletableFuture<HttpResponse<String>> queued =
                  Http.getAsync(port(context), "/gate");
              await().until(() -> active(context) == 2);
              assertThat(Http.get(port(context), "/users/7").statusCode()).isEqualTo(503);
              context.getBean(Ended.class).await(1);

              assertThat(onlyTags(context)).containsEntry("status", "503");
              context.getBean(Gate.class).open();
              CompletableFuture.allOf(busy, queued).get(Http.LIMIT.toSeconds(), TimeUnit.SECONDS);
              context.getBean(Ended.class).await(2);
              assertThat(active(context)).isZero();
            });
  }

  @Test
  void hasOneForAClientThatLeaves() {
    runner.run(
        context -> {
          RawConnection client =
              new RawConnection(port(context)).send("GET /gate HTTP/1.1", "Host: a");
          Gate gate = context.getBean(Gate.class);
          gate.awaitRequest();
          client.reset();
          context.getBean(Ended.class).await(1);

          assertThat(onlyTags(context))
              .isEqualTo(tags("GET", "/gate", "UNKNOWN", "UNKNOWN", "none"));
          gate.open();
        });
  }

  @Test
  void endsWhenAWebSocketOpens() {
    runner.run(
        context -> {
          try (RawConnection client =
              new RawConnection(port(context))
                  .send(
                      "GET /socket HTTP/1.1",
                      "Host: a",
                      "Connection: Upgrade",
                      "Upgrade: websocket",
                      "Sec-WebSocket-Version: 13",
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==")) {
            assertThat(client.line()).contains("101");
            context.getBean(Ended.class).await(1);

            assertThat(onlyTags(context))
                .isEqualTo(tags("GET", "/socket", "101", "INFORMATIONAL", "none"));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"/trace", "/loop/trace"})
  void continuesTheTraceOfTheClientWhereTheHandlerRuns(String path) {
    tracing()
        .run(
            context -> {
              int port = port(context);
              assertThat(traced(port, path)).isEqualTo(TRACE);
              assertThat(Http.get(port, path).body()).isNotEqualTo(TRACE).hasSize(32);
            });
  }

  private static String traced(int port, String path) throws IOException {
    try (RawConnection client =
        new RawConnection(port)
            .send(
                "GET " + path + " HTTP/1.0", "traceparent: 00-" + TRACE + "-b7ad6b7169203331-01")) {
      String line = client.line();
      for (String next = client.line(); next != null; next = client.line()) {
        line = next;
      }
      return line;
    }
  }

  private ApplicationContextRunner tracing() {
    return runner
        .withConfiguration(
            AutoConfigurations.of(
                BraveAutoConfiguration.class, MicrometerTracingAutoConfiguration.class))
        .withPropertyValues("management.tracing.sampling.probability=1");
  }

  @Test
  void hasTheNameOfTheProperty() {
    runner
        .withPropertyValues("management.observations.http.server.requests.name=my.requests")
        .run(
            context -> {
              Http.get(port(context), "/users/7");
              context.getBean(Ended.class).await(1);

              assertThat(registry(context).find("my.requests").timer()).isNotNull();
              assertThat(registry(context).find(NAME).meters()).isEmpty();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "httpkit.observations.enabled=false",
        "management.observations.enable.http.server.requests=false"
      })
  void canBeSwitchedOff(String property) {
    runner
        .withPropertyValues(property)
        .run(
            context -> {
              Http.get(port(context), "/users/7");
              context.getBean(Ended.class).await(1);

              assertThat(registry(context).find(NAME).meters()).isEmpty();
            });
  }

  @Test
  void isLimitedInItsRoutes() {
    runner
        .withPropertyValues("management.metrics.web.server.max-uri-tags=3")
        .run(
            context -> {
              for (String path : List.of("/users/7", "/loop", "/later", "/moved")) {
                Http.get(port(context), path);
              }
              context.getBean(Ended.class).await(4);

              // those in progress have a value too, as their route is not known yet
              assertThat(registry(context).find(NAME).timers()).hasSize(2);
            });
  }

  @Test
  void takesTheConventionOfTheApplication() {
    runner
        .withUserConfiguration(OwnConvention.class)
        .run(
            context -> {
              Http.get(port(context), "/users/7");
              context.getBean(Ended.class).await(1);

              assertThat(onlyTags(context)).containsOnlyKeys("error", "tenant");
            });
  }

  @ParameterizedTest
  @ValueSource(classes = {ObservationRegistry.class, ObservationProperties.class})
  void isNotThereWithoutMicrometer(Class<?> missing) {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                HttpKitServerAutoConfiguration.class, HttpKitObservationAutoConfiguration.class))
        .withPropertyValues("httpkit.port=0")
        .withClassLoader(new FilteredClassLoader(missing))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean(HttpKitObservationAutoConfiguration.class);
              assertThat(Http.get(port(context), "/").statusCode()).isEqualTo(404);
            });
  }

  private static int port(BeanFactory context) {
    return context.getBean(HttpKitWebServer.class).getPort();
  }

  private static MeterRegistry registry(BeanFactory context) {
    return context.getBean(MeterRegistry.class);
  }

  private static int active(BeanFactory context) {
    return registry(context).get(NAME + ".active").longTaskTimers().stream()
        .mapToInt(LongTaskTimer::activeTasks)
        .sum();
  }

  private static Map<String, String> onlyTags(BeanFactory context) {
    Timer timer = registry(context).get(NAME).timer();
    assertThat(timer.count()).isEqualTo(1);
    Map<String, String> tags = new TreeMap<>();
    for (Tag tag : timer.getId().getTags()) {
      tags.put(tag.getKey(), tag.getValue());
    }
    return tags;
  }

  private static Map<String, String> tags(
      String method, String uri, String status, String outcome, String exception) {
    return Map.of(
        "method",
        method,
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
  static class Application {
    @Bean
    SimpleMeterRegistry registry() {
      return new SimpleMeterRegistry();
    }

    @Bean
    Ended ended() {
      return new Ended();
    }

    @Bean
    Gate gate() {
      return new Gate();
    }

    @Bean
    Router elsewhere() {
      return Router.builder()
          .notFound(
              request ->
                  switch (request.path()) {
                    case "/elsewhere" -> Response.text("");
                    case "/elsewhere/moved" -> Response.redirect("/");
                    default -> Response.of(Status.NOT_FOUND);
                  })
          .build();
    }

    @Bean
    RouterCustomizer routes(Gate gate) {
      return routes ->
          routes
              .get("/users/{id}", request -> Response.text("user"))
              .get("/loop", Handler.nonBlocking(request -> Response.text("loop")))
              .get(
                  "/later",
                  request ->
                      Response.async(CompletableFuture.supplyAsync(() -> Response.text("later"))))
              .get("/moved", request -> Response.redirect("/users/7"))
              .get("/fails", request -> fail())
              .get(
                  "/fails/later",
                  request -> Response.async(CompletableFuture.supplyAsync(Application::fail)))
              .get(
                  "/handled",
                  request -> {
                    HandledExceptions.record(request, new IllegalArgumentException("handled"));
                    return Response.of(Status.CONFLICT);
                  })
              .get("/gate", gate)
              .get("/socket", request -> request.asChannel(channel -> {}))
              .get("/trace", request -> Response.text(traceId()))
              .get("/loop/trace", Handler.nonBlocking(request -> Response.text(traceId())));
    }

    private static Response fail() {
      throw new IllegalStateException("failed");
    }

    private static String traceId() {
      @Nullable String traceId = MDC.get("traceId");
      return traceId == null ? "none" : traceId;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnConvention {
    @Bean
    HttpKitServerObservationConvention convention() {
      return new DefaultHttpKitServerObservationConvention() {
        @Override
        public KeyValues getLowCardinalityKeyValues(HttpKitServerObservationContext context) {
          return KeyValues.of(KeyValue.of("tenant", "a"));
        }
      };
    }
  }
}
