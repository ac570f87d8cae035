package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.HttpKitInterceptor;
import io.httpkit.spring.boot.server.RouterCustomizer;
import io.httpkit.spring.boot.support.RawConnection;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;

/** What the router refuses by itself is answered like what handler methods refuse. */
class RouterRefusalsTest {
  @ParameterizedTest(name = "{0} {1} that accepts {2} is answered {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET   | /none  | */*       | 404 | -                  | {"instance":"/none","status":404,"title":"Not Found"}
          GET   | /none  | text/html | 404 | -                  | {"instance":"/none","status":404,"title":"Not Found"}
          HEAD  | /none  | */*       | 404 | -                  | ''
          PATCH | /api   | */*       | 405 | GET, HEAD, OPTIONS | {"instance":"/api","status":405,"title":"Method Not Allowed"}
          POST  | /plain | */*       | 405 | GET, HEAD, OPTIONS | {"instance":"/plain","status":405,"title":"Method Not Allowed"}
          """)
  void areProblems(
      String method, String path, String accept, int status, String allow, String body) {
    WebApp.with(App.class)
        .run(
            context -> {
              HttpResponse<String> response =
                  WebApp.in(context).send(method, path, "", "Accept", accept);
              assertThat(response.statusCode()).isEqualTo(status);
              assertThat(response.headers().firstValue("Content-Type"))
                  .hasValue("application/problem+json");
              assertThat(response.headers().firstValue("Allow").orElse("-")).isEqualTo(allow);
              assertThat(response.body()).isEqualTo(body);
              assertThat(context.getBean(Seen.class).statuses).containsExactly(status);
            });
  }

  @Test
  void aPathThatCannotBeDecodedIsAProblem() {
    WebApp.with(App.class)
        .run(
            context -> {
              try (RawConnection peer = new RawConnection(WebApp.in(context).port())) {
                peer.send("GET /%zz HTTP/1.1", "Host: a", "Connection: close");
                List<String> lines = new ArrayList<>();
                for (String line = peer.line(); line != null; line = peer.line()) {
                  lines.add(line);
                }
                assertThat(lines.get(0)).isEqualTo("HTTP/1.1 400 Bad Request");
                assertThat(lines)
                    .anySatisfy(
                        line ->
                            assertThat(line.toLowerCase(Locale.ROOT))
                                .isEqualTo("content-type: application/problem+json"));
                assertThat(lines.get(lines.size() - 1))
                    .isEqualTo(
                        "{\"detail\":\"'%' without two hexadecimal digits\",\"status\":400,"
                            + "\"title\":\"Bad Request\"}");
              }
            });
  }

  @Test
  void areLeftToAHandlerBeanWhereThereIsOne() {
    WebApp.with(App.class)
        .withBean(
            io.httpkit.server.Handler.class,
            () -> request -> Response.text("own").withStatus(Status.NOT_FOUND))
        .run(context -> assertThat(WebApp.in(context).get("/none").body()).isEqualTo("own"));
  }

  @Test
  void areAsACustomizerOfTheApplicationSays() {
    WebApp.with(App.class)
        .withBean(
            "own",
            RouterCustomizer.class,
            () -> routes -> routes.refusals((request, refusal) -> refusal.asText()))
        .run(context -> assertThat(WebApp.in(context).get("/none").body()).isEqualTo("Not found"));
  }

  static final class Seen implements HttpKitInterceptor {
    final List<Integer> statuses = new CopyOnWriteArrayList<>();

    @Override
    public Response intercept(Request request, io.httpkit.server.Handler next) throws Exception {
      Response response = next.handle(request);
      statuses.add(response.status().code());
      return response;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class App {
    @Bean
    Api api() {
      return new Api();
    }

    @Bean
    Seen seen() {
      return new Seen();
    }

    @Bean
    RouterCustomizer plain() {
      return routes -> routes.get("/plain", request -> Response.text("plain"));
    }
  }

  @HttpKitController
  static class Api {
    @GetMapping("/api")
    String get() {
      return "";
    }
  }
}
