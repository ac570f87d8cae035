package io.httpkit.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.Body;
import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.HttpKitInterceptor;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.support.Http;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

class InterceptorTest {
  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(AutoConfigurations.of(HttpKitServerAutoConfiguration.class))
          .withUserConfiguration(Routes.class)
          .withPropertyValues("httpkit.port=0");

  @Test
  void standAroundEachOtherInOrder() {
    runner
        .withUserConfiguration(OuterAndInner.class)
        .run(answers("/worker", "outer(inner(worker))"));
  }

  @Test
  void changeAResponseThatComesLater() {
    runner.withUserConfiguration(Marking.class).run(answers("/later", "later, marked"));
  }

  @Test
  void answerInPlaceOfTheHandler() {
    runner.withUserConfiguration(Refusing.class).run(answers("/worker", "refused"));
  }

  @Test
  void standAroundWhatHasNoRoute() {
    runner.withUserConfiguration(Refusing.class).run(answers("/nothing", "refused"));
  }

  @Test
  void keepAHandlerOnTheLoopIfTheyDoNotWait() {
    runner
        .withUserConfiguration(OnLoop.class)
        .run(context -> assertThat(body(context, "/thread")).doesNotStartWith("worker-"));
  }

  @Test
  void takeAHandlerToAWorkerIfOneWaits() {
    runner
        .withUserConfiguration(OnLoop.class, OuterAndInner.class)
        .run(context -> assertThat(body(context, "/thread")).startsWith("outer(inner(worker-"));
  }

  @Test
  void seeTheRouteOfTheRequest() {
    runner.withUserConfiguration(ShowingTheRoute.class).run(answers("/users/7", "/users/{id}"));
  }

  private static ContextConsumer<AssertableApplicationContext> answers(String path, String body) {
    return context -> assertThat(body(context, path)).isEqualTo(body);
  }

  private static String body(AssertableApplicationContext context, String path) throws Exception {
    return Http.get(context.getBean(HttpKitWebServer.class).getPort(), path).body();
  }

  private static Response wrapped(String name, Request request, Handler next) throws Exception {
    Response response = next.handle(request);
    return Response.text(name + "(" + text(response) + ")");
  }

  private static String text(Response response) {
    Body.Bytes bytes = (Body.Bytes) response.body();
    return new String(bytes.array(), bytes.offset(), bytes.length(), StandardCharsets.UTF_8);
  }

  @Configuration(proxyBeanMethods = false)
  static class Routes {
    @Bean
    RouterCustomizer routes() {
      return routes ->
          routes
              .get("/worker", request -> Response.text("worker"))
              .get("/users/{id}", request -> Response.text("user"))
              .get(
                  "/later",
                  request ->
                      Response.async(CompletableFuture.supplyAsync(() -> Response.text("later"))))
              .get(
                  "/thread",
                  Handler.nonBlocking(request -> Response.text(Thread.currentThread().getName())));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OuterAndInner {
    @Bean
    @Order(2)
    HttpKitInterceptor inner() {
      return (request, next) -> wrapped("inner", request, next);
    }

    @Bean
    @Order(1)
    HttpKitInterceptor outer() {
      return (request, next) -> wrapped("outer", request, next);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Marking {
    @Bean
    HttpKitInterceptor marking() {
      return (request, next) -> next.handle(request).withBody(Body.of("later, marked"));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Refusing {
    @Bean
    HttpKitInterceptor refusing() {
      return (request, next) -> Response.text("refused");
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class ShowingTheRoute {
    @Bean
    HttpKitInterceptor showing() {
      return (request, next) -> Response.text(request.route().orElse("none"));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class OnLoop {
    @Bean
    HttpKitInterceptor quick() {
      return new HttpKitInterceptor() {
        @Override
        public Response intercept(Request request, Handler next) throws Exception {
          return next.handle(request);
        }

        @Override
        public boolean isNonBlocking() {
          return true;
        }
      };
    }
  }
}
