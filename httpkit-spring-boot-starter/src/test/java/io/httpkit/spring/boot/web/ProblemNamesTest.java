package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.server.ResponseStatusException;

/** Problems keep the names of their members, whatever an application calls those of its own. */
class ProblemNamesTest {
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /nowhere  | {"instance":"/nowhere","status":404,"title":"Not Found"}
          /thrown   | {"detail":"short","instance":"/thrown","status":409,"title":"Conflict"}
          /returned | {"detail":"poor","instance":"/returned","status":402,"title":"Payment Required","balance":3}
          /entity   | {"detail":"poor","instance":"/entity","status":402,"title":"Payment Required","balance":3}
          /own      | {"Detail":"mine"}
          """)
  void areThoseOfTheRfc(String path, String body) {
    WebApp.with(Api.class)
        .withPropertyValues("spring.jackson.property-naming-strategy=UPPER_CAMEL_CASE")
        .run(context -> assertThat(WebApp.in(context).get(path).body()).isEqualTo(body));
  }

  record Own(String detail) {}

  @HttpKitController
  static class Api {
    @GetMapping("/thrown")
    String thrown() {
      throw new ResponseStatusException(HttpStatus.CONFLICT, "short");
    }

    @GetMapping("/returned")
    ProblemDetail returned() {
      return poor();
    }

    @GetMapping("/entity")
    ResponseEntity<ProblemDetail> entity() {
      return ResponseEntity.of(poor()).build();
    }

    @GetMapping("/own")
    Own own() {
      return new Own("mine");
    }

    private static ProblemDetail poor() {
      ProblemDetail problem = ProblemDetail.forStatusAndDetail(HttpStatus.PAYMENT_REQUIRED, "poor");
      problem.setProperties(Map.of("balance", 3));
      return problem;
    }
  }
}
