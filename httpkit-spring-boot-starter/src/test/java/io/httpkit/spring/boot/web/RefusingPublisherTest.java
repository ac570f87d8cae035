package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.concurrent.Flow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;

/** Publishers that throw when they are subscribed to, which they should not. */
class RefusingPublisherTest {
  @ParameterizedTest(name = "{0} as {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /handled | application/json     | 409 | handled
          /handled | text/event-stream    | 409 | handled
          /not     | application/json     | 500 | {"instance":"/not","status":500,"title":"Internal Server Error"}
          /not     | application/x-ndjson | 500 | {"instance":"/not","status":500,"title":"Internal Server Error"}
          /error   | application/json     | 500 | {"instance":"/error","status":500,"title":"Internal Server Error"}
          """)
  void areAnsweredLikeAnyOtherError(String path, String accept, int status, String body) {
    WebApp.with(App.class)
        .run(
            context -> {
              HttpResponse<String> answer =
                  WebApp.in(context).get(path, "Accept", accept + ", */*;q=0.1");
              assertThat(answer.statusCode() + " " + answer.body()).isEqualTo(status + " " + body);
            });
  }

  @Configuration(proxyBeanMethods = false)
  @Import(Api.class)
  static class App {}

  @HttpKitController
  static class Api {
    @GetMapping("/handled")
    Flow.Publisher<String> handled() {
      return subscriber -> {
        throw new IllegalArgumentException("secret");
      };
    }

    @GetMapping("/not")
    Flow.Publisher<String> notHandled() {
      return subscriber -> {
        throw new IllegalStateException("secret");
      };
    }

    @GetMapping("/error")
    Flow.Publisher<String> error() {
      return subscriber -> {
        throw new AssertionError("secret");
      };
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.CONFLICT)
    String handle(IllegalArgumentException e) {
      return "handled";
    }
  }
}
