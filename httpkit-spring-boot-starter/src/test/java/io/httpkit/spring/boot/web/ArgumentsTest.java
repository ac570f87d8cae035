package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.http.Headers;
import io.httpkit.server.Request;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

class ArgumentsTest {
  @ParameterizedTest(name = "GET {0} is answered {1} {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /a/path/7                            | 200 | 7
          /a/path/x                            | 400 | {"detail":"The path variable 'id' must be a whole number, but is 'x'.","instance":"/a/path/x","status":400,"title":"Bad Request"}
          /a/path/99999999999999999999         | 400 | {"detail":"The path variable 'id' must be a whole number, but is '99999999999999999999'.","instance":"/a/path/99999999999999999999","status":400,"title":"Bad Request"}
          /a/named/7                           | 200 | 7
          /a/decoded/a%20b%2Fc                 | 200 | a b/c
          /a/rest/x/y/z                        | 200 | x/y/z
          /a/variables/1/2                     | 200 | {a=1, b=2}
          /a/param?q=x                         | 200 | x
          /a/param?q=x&q=y                     | 200 | x,y
          /a/param?q=                          | 200 | ''
          /a/param                             | 400 | {"detail":"The parameter 'q' is missing.","instance":"/a/param","status":400,"title":"Bad Request"}
          /a/default                           | 200 | 5
          /a/default?n=7                       | 200 | 7
          /a/placeholder                       | 200 | from the environment
          /a/optional                          | 200 | none
          /a/optional?q=1                      | 200 | 1
          /a/missing                           | 200 | null
          /a/list?n=1&n=2,3                    | 200 | [1, 2,3]
          /a/list?n=1,2                        | 200 | [1, 2]
          /a/array?n=1&n=2                     | 200 | [1, 2]
          /a/enum?c=RED                        | 200 | RED
          /a/enum?c=BLUE                       | 400 | {"detail":"The parameter 'c' must be one of [RED, GREEN], but is 'BLUE'.","instance":"/a/enum","status":400,"title":"Bad Request"}
          /a/date?d=2026-11-26                 | 200 | 2026-11-26
          /a/params?a=1&b=2&a=3                | 200 | {a=1, b=2}
          /a/multi?a=1&b=2&a=3                 | 200 | {a=[1, 3], b=[2]}
          /a/unnamed?size=3                    | 200 | 3
          /a/unnamed                           | 200 | null
          /a/record?page=2&sort=name&tags=a&tags=b | 200 | Page[page=2, sort=name, tags=[a, b], inner=null]
          /a/record?page=2&inner.x=1           | 200 | Page[page=2, sort=null, tags=null, inner=Inner[x=1]]
          /a/record?page=0                     | 400 | {"detail":"Some values are not valid.","instance":"/a/record","status":400,"title":"Bad Request","errors":[{"field":"page","message":"must be greater than 0"}]}
          /a/record?page=x                     | 400 | {"detail":"Some values are not valid.","instance":"/a/record","status":400,"title":"Bad Request","errors":[{"field":"page","message":"has no value of the right kind"}]}
          /a/flat/7?name=n&day=26.11.2026      | 200 | Flat[id=7, name=n, day=2026-11-26]
          /a/flat/7                            | 200 | Flat[id=7, name=null, day=null]
          /a/flat/7?id=8                       | 200 | Flat[id=8, name=null, day=null]
          /a/flat/7?name=n&name=m              | 200 | Flat[id=7, name=n,m, day=null]
          /a/flat/7?name.first=n               | 200 | Flat[id=7, name=null, day=null]
          /a/flat/x                            | 400 | {"detail":"Some values are not valid.","instance":"/a/flat/x","status":400,"title":"Bad Request","errors":[{"field":"id","message":"has no value of the right kind"}]}
          /a/flat/7?day=x                      | 400 | {"detail":"Some values are not valid.","instance":"/a/flat/7","status":400,"title":"Bad Request","errors":[{"field":"day","message":"has no value of the right kind"}]}
          /a/flat/0                            | 400 | {"detail":"Some values are not valid.","instance":"/a/flat/0","status":400,"title":"Bad Request","errors":[{"field":"id","message":"must be greater than 0"}]}
          /a/bean?name=n&age=3                 | 200 | n is 3
          /a/constrained?n=11                  | 400 | {"detail":"Some values are not valid.","instance":"/a/constrained","status":400,"title":"Bad Request","errors":[{"field":"n","message":"must be less than or equal to 10"}]}
          /a/constrained?n=10                  | 200 | 10
          /a/request                           | 200 | GET /a/request
          /a/method                            | 200 | GET
          /a/attribute                         | 400 | {"detail":"The attribute 'user' is missing.","instance":"/a/attribute","status":400,"title":"Bad Request"}
          /a/own                               | 200 | resolved own
          /a/principal                         | 200 | null
          """)
  void ofAGet(String path, int status, String body) {
    run(app -> check(app.get(path), status, body));
  }

  @ParameterizedTest(name = "{0} with {1}: {2} is answered {3}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /a/header   | X-Test          | one             | one
          /a/headers  | X-Test          | one             | one
          /a/map      | X-Test          | one             | one
          /a/core     | X-Test          | one             | one
          /a/cookie   | Cookie          | a=1; session=s  | s
          /a/locale   | Accept-Language | fr;q=0.5, de-AT | de_AT
          """)
  void ofHeaders(String path, String name, String value, String body) {
    run(app -> check(app.get(path, name, value), 200, body));
  }

  @ParameterizedTest(name = "POST {0} of {1}: {2} is answered {3} {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /a/body   | application/json | {"name":"n","age":3}  | 200 | Person[name=n, age=3]
          /a/body   | application/json | {"name":"","age":3}   | 400 | {"detail":"Some values are not valid.","instance":"/a/body","status":400,"title":"Bad Request","errors":[{"field":"name","message":"must not be blank"}]}
          /a/body   | application/json | {"name":"","age":0}   | 400 | {"detail":"Some values are not valid.","instance":"/a/body","status":400,"title":"Bad Request","errors":[{"field":"age","message":"must be greater than 0"},{"field":"name","message":"must not be blank"}]}
          /a/body   | application/json | {"name":"n","age":"x"} | 400 | {"detail":"The value of 'age' in the body is not of the right kind, at line 1, column 19.","instance":"/a/body","status":400,"title":"Bad Request"}
          /a/body   | application/json | {"name":              | 400 | {"detail":"The body is not the JSON that is expected, at line 1, column 9.","instance":"/a/body","status":400,"title":"Bad Request"}
          /a/body   | application/json | null                  | 400 | {"detail":"The body is null.","instance":"/a/body","status":400,"title":"Bad Request"}
          /a/body   | application/json | ''                    | 400 | {"detail":"The request has no body.","instance":"/a/body","status":400,"title":"Bad Request"}
          /a/text   | text/plain       | any text              | 200 | any text
          /a/bytes  | image/png        | abc                   | 200 | [97, 98, 99]
          /a/people | application/json | [{"name":"n","age":3}] | 200 | [Person[name=n, age=3]]
          /a/maybe  | application/json | ''                    | 200 | none
          /a/form   | application/x-www-form-urlencoded | name=a+b&age=3 | 200 | a b is 3
          /a/form   | application/x-www-form-urlencoded | name=%zz       | 400 | {"detail":"'%' without two hexadecimal digits","instance":"/a/form","status":400,"title":"Bad Request"}
          /a/both?x=1 | application/x-www-form-urlencoded | x=2    | 200 | [1, 2]
          """)
  void ofABody(String path, String type, String sent, int status, String body) {
    run(app -> check(app.send("POST", path, sent, "Content-Type", type), status, body));
  }

  @Test
  void aBodyOfAnUnknownTypeIsRefusedWithThoseThatAreKnown() {
    run(
        app -> {
          HttpResponse<String> response =
              app.send("POST", "/a/body", "a=b", "Content-Type", "text/csv");
          assertThat(response.statusCode()).isEqualTo(415);
          assertThat(response.headers().firstValue("Accept").orElse("none"))
              .contains("application/json");
        });
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void aBodyBeyondLimitsIsRefusedInFewWords(String what, String json, String detail) {
    run(
        app -> {
          HttpResponse<String> response = app.post("/a/tree", json);
          assertThat(response.statusCode()).isEqualTo(400);
          assertThat(response.body()).contains("\"detail\":\"" + detail);
        });
  }

  static Stream<Arguments> aBodyBeyondLimitsIsRefusedInFewWords() {
    String name = "n".repeat(300);
    return Stream.of(
        Arguments.of(
            "nested too deeply",
            "{\"t\":".repeat(2000) + "1" + "}".repeat(2000),
            "The body is nested too deeply."),
        Arguments.of(
            "a long path",
            "{\"t\":".repeat(100) + "1" + "}".repeat(100),
            "The value of '" + "t.".repeat(50) + "…' in the body is not of the right kind"),
        Arguments.of(
            "a long number",
            "{\"n\":" + "1".repeat(2000) + "}",
            "The body has a value or a name that is too long."),
        Arguments.of(
            "a long name",
            "{\"names\":{\"" + name + "\":\"x\"}}",
            "The value of 'names." + "n".repeat(94) + "…' in the body is not of the right kind"));
  }

  private interface Check {
    void accept(WebApp app) throws Exception;
  }

  private static void run(Check check) {
    WebApp.with(Controllers.class)
        .withPropertyValues("sample.value=from the environment")
        .run(context -> check.accept(WebApp.in(context)));
  }

  private static void check(HttpResponse<String> response, int status, String body) {
    assertThat(response.statusCode() + " " + response.body()).isEqualTo(status + " " + body);
  }

  enum Color {
    RED,
    GREEN
  }

  record Person(@NotBlank String name, @Positive int age) {}

  record Inner(int x) {}

  record Tree(@Nullable Tree t, @Nullable BigInteger n, @Nullable Map<String, Integer> names) {}

  record Flat(
      @Positive int id,
      @Nullable String name,
      @DateTimeFormat(pattern = "dd.MM.yyyy") @Nullable LocalDate day) {}

  record Page(
      @Positive int page,
      @Nullable String sort,
      @Nullable List<String> tags,
      @Nullable Inner inner) {}

  /** Filled by its setters. */
  public static class Settable {
    private String name = "";
    private int age;

    public void setName(String name) {
      this.name = name;
    }

    public void setAge(int age) {
      this.age = age;
    }

    @Override
    public String toString() {
      return name + " is " + age;
    }
  }

  record Own(String text) {}

  @Configuration(proxyBeanMethods = false)
  static class Controllers {
    @Bean
    Api api() {
      return new Api();
    }

    @Bean
    ArgumentResolver own() {
      return (MethodParameter parameter) ->
          parameter.getParameterType() == Own.class ? request -> new Own("own") : null;
    }
  }

  @HttpKitController
  @RequestMapping("/a")
  static class Api {
    @GetMapping("/path/{id}")
    String path(@PathVariable int id) {
      return "" + id;
    }

    @GetMapping("/named/{id}")
    String named(@PathVariable("${sample.variable:id}") int id) {
      return "" + id;
    }

    @GetMapping("/decoded/{text}")
    String decoded(@PathVariable("text") String text) {
      return text;
    }

    @GetMapping("/rest/{*rest}")
    String rest(@PathVariable String rest) {
      return rest;
    }

    @GetMapping("/variables/{a}/{b}")
    String variables(@PathVariable Map<String, String> all) {
      return new TreeMap<>(all).toString();
    }

    @GetMapping("/param")
    String param(@RequestParam String q) {
      return q;
    }

    @GetMapping("/default")
    String otherwise(@RequestParam(defaultValue = "5") int n) {
      return "" + n;
    }

    @GetMapping("/placeholder")
    String placeholder(@RequestParam(defaultValue = "${sample.value}") String value) {
      return value;
    }

    @GetMapping("/optional")
    String optional(@RequestParam Optional<Integer> q) {
      return q.map(String::valueOf).orElse("none");
    }

    @GetMapping("/missing")
    String missing(@RequestParam(required = false) @Nullable Integer q) {
      return "" + q;
    }

    @GetMapping("/list")
    String list(@RequestParam List<String> n) {
      return n.toString();
    }

    @GetMapping("/array")
    String array(@RequestParam int[] n) {
      return Arrays.toString(n);
    }

    @GetMapping("/enum")
    String color(@RequestParam Color c) {
      return c.name();
    }

    @GetMapping("/date")
    String date(@RequestParam @DateTimeFormat(iso = DateTimeFormat.ISO.DATE) LocalDate d) {
      return d.toString();
    }

    @GetMapping("/params")
    String params(@RequestParam Map<String, String> all) {
      return all.toString();
    }

    @GetMapping("/multi")
    String multi(@RequestParam MultiValueMap<String, String> all) {
      return all.toString();
    }

    @GetMapping("/unnamed")
    String unnamed(@Nullable Integer size) {
      return "" + size;
    }

    @GetMapping("/record")
    String record(@Valid Page page) {
      return page.toString();
    }

    @GetMapping("/flat/{id}")
    String flat(@Valid Flat flat) {
      return flat.toString();
    }

    @GetMapping("/bean")
    String bean(@ModelAttribute Settable bean) {
      return bean.toString();
    }

    @GetMapping("/constrained")
    String constrained(@RequestParam @Max(10) int n) {
      return "" + n;
    }

    @GetMapping("/request")
    String request(Request request) {
      return request.toString();
    }

    @GetMapping("/method")
    String method(HttpMethod method) {
      return method.name();
    }

    @GetMapping("/attribute")
    String attribute(@RequestAttribute String user) {
      return user;
    }

    @GetMapping("/own")
    String own(Own own) {
      return "resolved " + own.text();
    }

    @GetMapping("/principal")
    String principal(java.security.@Nullable Principal principal) {
      return "" + principal;
    }

    @GetMapping("/header")
    String header(@RequestHeader("X-Test") String value) {
      return value;
    }

    @GetMapping("/headers")
    String headers(HttpHeaders headers) {
      return "" + headers.getFirst("X-Test");
    }

    @GetMapping("/map")
    String map(@RequestHeader MultiValueMap<String, String> headers) {
      return "" + headers.getFirst("X-Test");
    }

    @GetMapping("/core")
    String core(Headers headers) {
      return headers.get("X-Test").orElse("none");
    }

    @GetMapping("/cookie")
    String cookie(@CookieValue String session) {
      return session;
    }

    @GetMapping("/locale")
    String locale(Locale locale) {
      return locale.toString();
    }

    @PostMapping("/body")
    String body(@Valid @RequestBody Person person) {
      return person.toString();
    }

    @PostMapping("/tree")
    void tree(@RequestBody Tree tree) {}

    @PostMapping("/text")
    String text(@RequestBody String text) {
      return text;
    }

    @PostMapping("/bytes")
    String bytes(@RequestBody byte[] bytes) {
      return Arrays.toString(bytes);
    }

    @PostMapping("/people")
    String people(@RequestBody List<Person> people) {
      return people.toString();
    }

    @PostMapping("/maybe")
    String maybe(@RequestBody(required = false) @Nullable Person person) {
      return person == null ? "none" : person.toString();
    }

    @PostMapping("/form")
    String form(Settable bean) {
      return bean.toString();
    }

    @PostMapping("/both")
    String both(@RequestParam List<Integer> x) {
      return x.toString();
    }
  }
}
