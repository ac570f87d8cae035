package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraintvalidation.SupportedValidationTarget;
import jakarta.validation.constraintvalidation.ValidationTarget;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.validation.annotation.Validated;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;

/** What is wrong with arguments is found, whichever annotation asks for it, and told where. */
class ValidationTest {
  @ParameterizedTest(name = "POST {0} of {1} is answered {2} {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /validated    | {"n":5}                     | 200 | -
          /validated    | {"n":1}                     | 400 | n at least 5
          /group        | {"n":1,"m":9}               | 200 | -
          /group        | {"n":1,"m":1}               | 400 | m at least 7
          /both         | {"n":1,"m":1}               | 400 | m at least 7, n at least 5
          /validatedList | [{"n":5},{"n":1}]          | 400 | [1].n at least 5
          /validatedArray | [{"n":5},{"n":1}]         | 400 | [1].n at least 5
          /validatedMap | {"a":{"n":1}}               | 400 | [a].n at least 5
          /validList    | [{"n":5},{"n":1},{"n":2}]   | 400 | [1].n at least 5, [2].n at least 5
          /items        | {"items":[{"n":5},{"n":1}]} | 400 | items[1].n at least 5
          /validatedItems | {"items":[{"n":5},{"n":1}]} | 400 | items[1].n at least 5
          /texts        | ["a","",""]                 | 400 | texts[1] not blank, texts[2] not blank
          /tags         | {"tags":["a",""]}           | 400 | tags[1] not blank
          /whole        | {"from":2,"to":1}           | 400 | ends before it begins
          /validatedWhole | {"from":2,"to":1}         | 400 | ends before it begins
          """)
  void ofABody(String path, String json, int status, String errors) {
    WebApp.with(Controllers.class)
        .run(context -> check(WebApp.in(context).post(path, json), status, errors));
  }

  @ParameterizedTest(name = "GET {0} is answered {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /bound?n=5&m=0        | 200 | -
          /bound?n=1&m=0        | 400 | n at least 5
          /boundGroup?n=1&m=0   | 400 | m at least 7
          /boundNested?item.n=1 | 400 | item.n at least 5
          /param?n=1            | 400 | n at least 5
          """)
  void ofParameters(String path, int status, String errors) {
    WebApp.with(Controllers.class)
        .run(context -> check(WebApp.in(context).get(path), status, errors));
  }

  @Test
  void anExceptionHandlerMayTakeIt() {
    WebApp.with(Handling.class)
        .run(
            context -> {
              HttpResponse<String> response =
                  WebApp.in(context).post("/handled", "[{\"n\":1},{\"n\":2}]");
              assertThat(response.statusCode()).isEqualTo(422);
              assertThat(response.body())
                  .isEqualTo("[0].n: at least 5, [1].n: at least 5, 400 BAD_REQUEST");
            });
  }

  @ParameterizedTest(name = "GET {0} is answered {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /result?n=5       | 200 | -
          /result?n=1       | 500 | result.<return value>.n at least 5
          /noResult         | 500 | noResult.<return value> missing
          /results?n=1      | 500 | results.<return value>[0].n at least 5
          /span?from=1&to=2 | 200 | -
          /span?from=2&to=1 | 400 | -
          """)
  void ofResults(String path, int status, String reported) {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              HttpResponse<String> response = WebApp.in(context).get(path);
              assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
              assertThat(response.body()).doesNotContain("at least", "missing");
              List<String> errors = context.getBean(ReportedErrors.class).errors;
              if (status == 500) {
                assertThat(errors).singleElement().asString().contains(reported);
              } else {
                assertThat(errors).isEmpty();
              }
            });
  }

  private static void check(HttpResponse<String> response, int status, String errors) {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    if (status != 200) {
      String told = response.body().replaceAll(".*\"errors\":\\[(.*)]}", "$1");
      String shown =
          told.replaceAll("\\{(\"field\":\"([^\"]*)\",)?\"message\":\"([^\"]*)\"}", "$2 $3")
              .replace(",", ", ");
      assertThat(shown.strip()).isEqualTo(errors);
    }
  }

  interface Strict {}

  record Item(
      @Min(value = 5, message = "at least 5") @Nullable Integer n,
      @Min(value = 7, message = "at least 7", groups = Strict.class) @Nullable Integer m) {}

  record Items(@Valid List<Item> items) {}

  record Nested(@Valid Item item) {}

  record Tags(List<@NotBlank(message = "not blank") String> tags) {}

  @Retention(RetentionPolicy.RUNTIME)
  @Constraint(validatedBy = InOrderValidator.class)
  @interface InOrder {
    String message() default "ends before it begins";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
  }

  public static class InOrderValidator implements ConstraintValidator<InOrder, Span> {
    @Override
    public boolean isValid(@Nullable Span span, ConstraintValidatorContext context) {
      return span == null || span.from() <= span.to();
    }
  }

  @InOrder
  record Span(int from, int to) {}

  @Retention(RetentionPolicy.RUNTIME)
  @Constraint(validatedBy = BothInOrderValidator.class)
  @interface BothInOrder {
    String message() default "not in order";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
  }

  @SupportedValidationTarget(ValidationTarget.PARAMETERS)
  public static class BothInOrderValidator implements ConstraintValidator<BothInOrder, Object[]> {
    @Override
    public boolean isValid(Object[] arguments, ConstraintValidatorContext context) {
      return (int) arguments[0] <= (int) arguments[1];
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Controllers {
    @Bean
    ReportedErrors reported() {
      return new ReportedErrors();
    }

    @Bean
    Api api() {
      return new Api();
    }
  }

  @HttpKitController
  static class Handling {
    @PostMapping("/handled")
    void handled(@RequestBody List<@Valid Item> items) {}

    @ExceptionHandler
    @ResponseStatus(HttpStatus.UNPROCESSABLE_CONTENT)
    String invalid(InvalidArgumentsException e) {
      return e.errors().stream()
              .map(error -> error.field() + ": " + error.message())
              .collect(Collectors.joining(", "))
          + ", "
          + e.getStatusCode();
    }
  }

  @HttpKitController
  static class Api {
    @PostMapping("/validated")
    void validated(@RequestBody @Validated Item item) {}

    @PostMapping("/group")
    void group(@RequestBody @Validated(Strict.class) Item item) {}

    @PostMapping("/both")
    void both(@RequestBody @Valid @Validated(Strict.class) Item item) {}

    @PostMapping("/validatedList")
    void validatedList(@RequestBody @Validated List<Item> items) {}

    @PostMapping("/validatedArray")
    void validatedArray(@RequestBody @Validated Item[] items) {}

    @PostMapping("/validatedMap")
    void validatedMap(@RequestBody @Validated Map<String, Item> items) {}

    @PostMapping("/validList")
    void validList(@RequestBody List<@Valid Item> items) {}

    @PostMapping("/items")
    void items(@RequestBody @Valid Items items) {}

    @PostMapping("/validatedItems")
    void validatedItems(@RequestBody @Validated Items items) {}

    @PostMapping("/texts")
    void texts(@RequestBody List<@NotBlank(message = "not blank") String> texts) {}

    @PostMapping("/tags")
    void tags(@RequestBody @Valid Tags tags) {}

    @PostMapping("/whole")
    void whole(@RequestBody @Valid Span span) {}

    @PostMapping("/validatedWhole")
    void validatedWhole(@RequestBody @Validated Span span) {}

    @GetMapping("/bound")
    void bound(@Validated Item item) {}

    @GetMapping("/boundGroup")
    void boundGroup(@Validated(Strict.class) Item item) {}

    @GetMapping("/boundNested")
    void boundNested(@Validated Nested nested) {}

    @GetMapping("/result")
    @Valid
    Item result(@RequestParam int n) {
      return new Item(n, null);
    }

    @GetMapping("/noResult")
    @NotBlank(message = "missing")
    String noResult() {
      return "";
    }

    @GetMapping("/results")
    List<@Valid Item> results(@RequestParam int n) {
      return List.of(new Item(n, null));
    }

    @BothInOrder
    @GetMapping("/span")
    void span(@RequestParam int from, @RequestParam int to) {}

    @GetMapping("/param")
    void param(@RequestParam @Min(value = 5, message = "at least 5") int n) {}
  }
}
