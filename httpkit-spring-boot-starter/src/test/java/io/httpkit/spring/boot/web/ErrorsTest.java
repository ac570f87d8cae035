package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.server.ResponseStatusException;

class ErrorsTest {
  @ParameterizedTest(name = "GET {0} is answered {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /unknown     | 500 | {"instance":"/unknown","status":500,"title":"Internal Server Error"}
          /error       | 500 | {"instance":"/error","status":500,"title":"Internal Server Error"}
          /status      | 409 | {"detail":"short","instance":"/status","status":409,"title":"Conflict"}
          /annotated   | 410 | {"detail":"no more","instance":"/annotated","status":410,"title":"Gone"}
          /bad         | 422 | {"detail":"not so","instance":"/bad","status":422,"title":"Unprocessable Content"}
          /local       | 200 | local: it
          /localStatus | 409 | conflict
          /cause       | 200 | cause: inner
          /advice      | 503 | {"detail":"advised","instance":"/advice","status":503,"title":"Service Unavailable"}
          /second      | 200 | second advice
          /later       | 200 | local: later
          /broken      | 500 | {"instance":"/broken","status":500,"title":"Internal Server Error"}
          /request     | 200 | GET /request failed
          """)
  void areAnswered(String path, int status, String body) {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              HttpResponse<String> response = WebApp.in(context).get(path);
              assertThat(response.statusCode() + " " + response.body())
                  .isEqualTo(status + " " + body);
            });
  }

  @Test
  void thatNobodyHandlesAreReported() {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              WebApp.in(context).get("/unknown");
              WebApp.in(context).get("/status");
              WebApp.in(context).get("/local");
              WebApp.in(context).get("/unavailable");
              assertThat(context.getBean(ReportedErrors.class).errors)
                  .containsExactly("secret", "503 SERVICE_UNAVAILABLE \"full\"");
            });
  }

  @Configuration(proxyBeanMethods = false)
  static class Controllers {
    @Bean
    Api api() {
      return new Api();
    }

    @Bean
    Advice advice() {
      return new Advice();
    }

    @Bean
    LaterAdvice laterAdvice() {
      return new LaterAdvice();
    }

    @Bean
    ReportedErrors reported() {
      return new ReportedErrors();
    }
  }

  @ResponseStatus(code = HttpStatus.GONE, reason = "no more")
  static class GoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  static class LocalException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LocalException(String message) {
      super(message);
    }
  }

  @ControllerAdvice
  @Order(1)
  static class Advice {
    @ExceptionHandler
    ProblemDetail advised(UnsupportedOperationException e) {
      return ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, "advised");
    }

    @ExceptionHandler(LocalException.class)
    String neverAsked() {
      return "advice, though the controller has a method of its own";
    }
  }

  @ControllerAdvice
  @Order(2)
  static class LaterAdvice {
    @ExceptionHandler({UnsupportedOperationException.class, ArithmeticException.class})
    String second() {
      return "second advice";
    }
  }

  @HttpKitController
  static class Api {
    @ExceptionHandler
    String local(LocalException e) {
      return "local: " + e.getMessage();
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.CONFLICT)
    String conflict(IndexOutOfBoundsException e) {
      return "conflict";
    }

    @ExceptionHandler
    String cause(InterruptedException inner) {
      return "cause: " + inner.getMessage();
    }

    @ExceptionHandler(NegativeArraySizeException.class)
    String broken() {
      throw new IllegalStateException("secret");
    }

    @ExceptionHandler(ArrayStoreException.class)
    ResponseEntity<String> withRequest(Request request) {
      return ResponseEntity.ok(request + " failed");
    }

    @GetMapping("/unknown")
    String unknown() {
      throw new IllegalStateException("secret");
    }

    @GetMapping("/error")
    String error() {
      throw new AssertionError("secret");
    }

    @GetMapping("/status")
    String status() {
      throw new ResponseStatusException(HttpStatus.CONFLICT, "short");
    }

    @GetMapping("/unavailable")
    String unavailable() {
      throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "full");
    }

    @GetMapping("/annotated")
    String annotated() {
      throw new GoneException();
    }

    @GetMapping("/bad")
    String bad() {
      throw new BadMessageException(new Status(422, ""), "not so");
    }

    @GetMapping("/local")
    String local() {
      throw new LocalException("it");
    }

    @GetMapping("/localStatus")
    String localStatus() {
      throw new IndexOutOfBoundsException();
    }

    @GetMapping("/cause")
    String cause() {
      throw new IllegalArgumentException(new InterruptedException("inner"));
    }

    @GetMapping("/advice")
    String advice() {
      throw new UnsupportedOperationException();
    }

    @GetMapping("/second")
    String second() {
      throw new ArithmeticException();
    }

    @GetMapping("/later")
    CompletableFuture<String> later() {
      return CompletableFuture.failedFuture(new LocalException("later"));
    }

    @GetMapping("/broken")
    String brokenOne() {
      throw new NegativeArraySizeException();
    }

    @GetMapping("/request")
    String request() {
      throw new ArrayStoreException();
    }
  }
}
