package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import reactor.core.publisher.Mono;

/** What methods for errors may do, and which controllers advice is for. */
class AdviceTest {
  @ParameterizedTest(name = "GET {0} is answered {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /again      | 500 | {"instance":"/again","status":500,"title":"Internal Server Error"}
          /againLater | 500 | {"instance":"/againLater","status":500,"title":"Internal Server Error"}
          /stage      | 200 | after a while
          /mono       | 200 | after a while
          /stageLater | 200 | after a while
          /failed     | 500 | {"instance":"/failed","status":500,"title":"Internal Server Error"}
          /reason     | 404 | {"detail":"no such order","instance":"/reason","status":404,"title":"Not Found"}
          /own        | 404 | own
          /gone       | 410 | {"detail":"moved away","instance":"/gone","status":410,"title":"Gone"}
          /mine       | 200 | advice for all
          """)
  void answers(String path, int status, String body) {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              HttpResponse<String> response = WebApp.in(context).get(path);
              assertThat(response.statusCode() + " " + response.body())
                  .isEqualTo(status + " " + body);
            });
  }

  @ParameterizedTest(name = "to who accepts {0}: {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text/html                              | text/html;charset=UTF-8  | <p>typed</p>
          application/json                       | application/json         | {"text":"typed"}
          application/json;q=0.5, text/html      | text/html;charset=UTF-8  | <p>typed</p>
          image/png                              | application/problem+json | {"instance":"/typed","status":500,"title":"Internal Server Error"}
          nonsense/;q                            | application/problem+json | {"detail":"Could not parse Accept header.","instance":"/typed","status":406,"title":"Not Acceptable"}
          """)
  void goesByTheTypeThatIsAccepted(String accept, String type, String body) {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              HttpResponse<String> response = WebApp.in(context).get("/typed", "Accept", accept);
              assertThat(response.headers().firstValue("Content-Type")).hasValue(type);
              assertThat(response.body()).isEqualTo(body);
            });
  }

  static final class TypedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  record Typed(String text) {}

  @Configuration(proxyBeanMethods = false)
  static class Controllers {
    @Bean
    Api api() {
      return new Api();
    }

    @Bean
    ForOthers forOthers() {
      return new ForOthers();
    }

    @Bean
    ForAll forAll() {
      return new ForAll();
    }
  }

  static class Other {}

  @ControllerAdvice(assignableTypes = Other.class)
  @Order(1)
  static class ForOthers {
    @ExceptionHandler
    String other(UnsupportedOperationException e) {
      return "advice for others";
    }
  }

  @ControllerAdvice
  @Order(2)
  static class ForAll {
    @ExceptionHandler
    String all(UnsupportedOperationException e) {
      return "advice for all";
    }
  }

  @HttpKitController
  static class Api {
    @ExceptionHandler
    String again(IllegalStateException e) {
      throw e;
    }

    @ExceptionHandler
    CompletionStage<String> stage(ArithmeticException e) {
      return CompletableFuture.supplyAsync(() -> "after a while");
    }

    @ExceptionHandler
    Mono<String> mono(ArrayStoreException e) {
      return Mono.fromSupplier(() -> "after a while");
    }

    @ExceptionHandler
    CompletionStage<String> failed(NegativeArraySizeException e) {
      return CompletableFuture.failedFuture(new IllegalStateException("secret"));
    }

    @ExceptionHandler(IndexOutOfBoundsException.class)
    @ResponseStatus(code = HttpStatus.NOT_FOUND, reason = "no such order")
    void notFound() {}

    @ExceptionHandler(InterruptedException.class)
    @ResponseStatus(HttpStatus.NOT_FOUND)
    String own() {
      return "own";
    }

    @ExceptionHandler(exception = TypedException.class, produces = "text/html")
    String html() {
      return "<p>typed</p>";
    }

    @ExceptionHandler(exception = TypedException.class, produces = "application/json")
    Typed json() {
      return new Typed("typed");
    }

    @GetMapping("/typed")
    String typed() {
      throw new TypedException();
    }

    @GetMapping("/again")
    String again() {
      throw new IllegalStateException("secret");
    }

    @GetMapping("/againLater")
    CompletionStage<String> againLater() {
      return CompletableFuture.failedFuture(new IllegalStateException("secret"));
    }

    @GetMapping("/stage")
    String stage() {
      throw new ArithmeticException();
    }

    @GetMapping("/stageLater")
    Mono<String> stageLater() {
      return Mono.error(new ArithmeticException());
    }

    @GetMapping("/mono")
    String mono() {
      throw new ArrayStoreException();
    }

    @GetMapping("/failed")
    String failed() {
      throw new NegativeArraySizeException();
    }

    @GetMapping("/reason")
    String reason() {
      throw new IndexOutOfBoundsException();
    }

    @GetMapping("/own")
    String ownBody() throws InterruptedException {
      throw new InterruptedException();
    }

    @GetMapping("/gone")
    @ResponseStatus(code = HttpStatus.GONE, reason = "moved away")
    void gone() {}

    @GetMapping("/mine")
    String mine() {
      throw new UnsupportedOperationException();
    }
  }
}
