package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;

class MappingTest {
  @ParameterizedTest(name = "{0} {1} with {2} is answered {3} {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET    | /m/get           | ''                             | 200 | get
          HEAD   | /m/get           | ''                             | 200 | ''
          POST   | /m/get           | ''                             | 405 | *
          DELETE | /m/delete        | ''                             | 200 | delete
          PUT    | /m/put           | ''                             | 200 | put
          PATCH  | /m/patch         | ''                             | 200 | patch
          GET    | /m/any           | ''                             | 200 | any
          POST   | /m/any           | ''                             | 200 | any
          GET    | /m/two           | ''                             | 200 | two
          POST   | /m/two           | ''                             | 200 | two
          PUT    | /m/two           | ''                             | 405 | *
          GET    | /m/one-path      | ''                             | 200 | paths
          GET    | /m/other-path    | ''                             | 200 | paths
          GET    | /m               | ''                             | 200 | root
          GET    | /plain           | ''                             | 200 | no prefix, no slash
          GET    | /from-property   | ''                             | 200 | placeholder
          GET    | /m/produces      | Accept:application/json        | 200 | json
          GET    | /m/produces      | Accept:application/xml         | 200 | xml
          GET    | /m/produces      | Accept:application/xml;q=0.5, application/json | 200 | json
          GET    | /m/produces      | Accept:text/html               | 406 | *
          POST   | /m/consumes      | Content-Type:application/json  | 200 | json
          POST   | /m/consumes      | Content-Type:text/plain        | 200 | text
          POST   | /m/consumes      | Content-Type:image/png         | 415 | *
          GET    | /m/params        | ''                             | 400 | *
          GET    | /m/params?a=1    | ''                             | 200 | a is 1
          GET    | /m/params?a=2    | ''                             | 200 | a is there
          GET    | /m/params?b=     | ''                             | 200 | b but not a
          GET    | /m/headers       | ''                             | 404 | *
          GET    | /m/headers       | X-A:1                          | 200 | header
          GET    | /m/accept        | Accept:application/json        | 200 | json
          GET    | /m/accept        | Accept:text/csv                | 200 | text or csv
          GET    | /m/accept        | Accept:text/html               | 406 | *
          GET    | /m/accept        | ''                             | 200 | json
          POST   | /m/contentType   | Content-Type:application/json;charset=utf-8 | 200 | json
          POST   | /m/contentType   | Content-Type:text/csv          | 200 | no json
          GET    | /m/there         | Content-Type:text/csv          | 200 | there
          GET    | /m/there         | ''                             | 404 | *
          GET    | /m/more?a=1      | ''                             | 200 | a
          GET    | /m/more?b=1      | ''                             | 200 | b is 1
          GET    | /m/more?b=1&a=1  | ''                             | 200 | b is 1
          GET    | /m/more?a=1&b=2  | ''                             | 200 | a
          GET    | /m/more?a=1&b=1&c=1 | ''                          | 200 | all
          GET    | /m/more?a=1      | X-A:1                          | 200 | a and header
          GET    | /m/more          | X-A:1                          | 200 | header
          GET    | /m/more?b=1      | X-A:1                          | 200 | b is 1
          POST   | /m/body          | Content-Type:text/plain        | 200 | plain
          POST   | /m/body          | Content-Type:text/csv          | 200 | any text
          POST   | /m/body          | Content-Type:image/png         | 200 | no json
          POST   | /m/body          | Content-Type:application/json  | 200 | any
          PUT    | /m/body          | ''                             | 200 | json
          GET    | /m/static        | ''                             | 200 | static
          GET    | /lazy            | ''                             | 200 | lazy
          GET    | /none            | ''                             | 404 | *
          """)
  void isTakenByItsMethod(String method, String path, String header, int status, String body) {
    WebApp.with(Controllers.class)
        .withPropertyValues("sample.path=from-property")
        .run(
            context -> {
              String[] headers = header.isEmpty() ? new String[0] : header.split(":", 2);
              String sent = method.equals("POST") ? "x" : "";
              HttpResponse<String> response = WebApp.in(context).send(method, path, sent, headers);
              assertThat(response.statusCode()).isEqualTo(status);
              if (!body.equals("*")) {
                assertThat(response.body()).isEqualTo(body);
              }
            });
  }

  /** As Spring MVC does, but it is told to the application, and the client learns nothing of it. */
  @ParameterizedTest
  @ValueSource(strings = {"/m/ambiguous?a=1&b=1", "/m/ambiguous?b=1&a=1"})
  void thatTwoMethodsTakeAlikeIsAnErrorOfTheApplication(String path) {
    WebApp.with(Controllers.class)
        .withPropertyValues("sample.path=from-property")
        .run(
            context -> {
              WebApp app = WebApp.in(context);
              assertThat(app.get("/m/ambiguous?a=1").body()).isEqualTo("a");
              assertThat(app.get("/m/ambiguous?b=1").body()).isEqualTo("b");
              HttpResponse<String> response = app.get(path);
              assertThat(response.statusCode()).isEqualTo(500);
              assertThat(response.body())
                  .isEqualTo(
                      "{\"instance\":\"/m/ambiguous\",\"status\":500,"
                          + "\"title\":\"Internal Server Error\"}");
              assertThat(context.getBean(ReportedErrors.class).errors)
                  .singleElement()
                  .asString()
                  .contains("MappingTest$Api.onlyA() and ", "MappingTest$Api.onlyB()")
                  .contains("params = \"!name\"");
            });
  }

  @Test
  void aPrototypeIsMadeForEachRequest() {
    WebApp.with(Controllers.class)
        .withPropertyValues("sample.path=from-property")
        .run(
            context -> {
              WebApp app = WebApp.in(context);
              assertThat(app.get("/count").body()).isEqualTo("1");
              assertThat(app.get("/count").body()).isEqualTo("1");
            });
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

    @Bean
    Bare bare() {
      return new Bare();
    }

    @Bean
    @Lazy
    LazyOne lazyOne() {
      return new LazyOne();
    }

    @Bean
    @Scope("prototype")
    Counting counting() {
      return new Counting();
    }
  }

  @HttpKitController
  static class LazyOne {
    @GetMapping("/lazy")
    String lazy() {
      return "lazy";
    }
  }

  @HttpKitController
  static class Counting {
    private int count;

    @GetMapping("/count")
    String count() {
      return "" + ++count;
    }
  }

  @HttpKitController
  static class Bare {
    @GetMapping("plain")
    String plain() {
      return "no prefix, no slash";
    }

    @GetMapping("/${sample.path}")
    String placeholder() {
      return "placeholder";
    }
  }

  @HttpKitController
  @RequestMapping("/m")
  static class Api {
    @GetMapping
    String root() {
      return "root";
    }

    @GetMapping("/get")
    String get() {
      return "get";
    }

    @DeleteMapping("/delete")
    String delete() {
      return "delete";
    }

    @PutMapping("/put")
    String put() {
      return "put";
    }

    @PatchMapping("/patch")
    String patch() {
      return "patch";
    }

    @RequestMapping("/any")
    String any() {
      return "any";
    }

    @RequestMapping(
        path = "/two",
        method = {RequestMethod.GET, RequestMethod.POST})
    String two() {
      return "two";
    }

    @GetMapping({"/one-path", "/other-path"})
    String paths() {
      return "paths";
    }

    @GetMapping(path = "/produces", produces = "application/json")
    String json() {
      return "json";
    }

    @GetMapping(path = "/produces", produces = "application/xml")
    String xml() {
      return "xml";
    }

    @PostMapping(path = "/consumes", consumes = "application/json")
    String consumesJson() {
      return "json";
    }

    @PostMapping(path = "/consumes", consumes = "text/*")
    String consumesText() {
      return "text";
    }

    @GetMapping(path = "/params", params = "a=1")
    String isOne() {
      return "a is 1";
    }

    @GetMapping(
        path = "/params",
        params = {"a", "a!=1"})
    String isThere() {
      return "a is there";
    }

    @GetMapping(
        path = "/params",
        params = {"b", "!a"})
    String isOther() {
      return "b but not a";
    }

    @GetMapping(path = "/accept", headers = "accept=application/json")
    String acceptsJson() {
      return "json";
    }

    @GetMapping(path = "/accept", headers = "Accept=text/plain, text/csv")
    String acceptsText() {
      return "text or csv";
    }

    @PostMapping(path = "/contentType", headers = "Content-Type=application/json")
    String ofJson() {
      return "json";
    }

    @PostMapping(path = "/contentType", headers = "Content-Type!=application/json")
    String ofOthers() {
      return "no json";
    }

    @GetMapping(path = "/there", headers = "Content-Type")
    String there() {
      return "there";
    }

    @GetMapping(path = "/ambiguous", params = "a")
    String onlyA() {
      return "a";
    }

    @GetMapping(path = "/ambiguous", params = "b")
    String onlyB() {
      return "b";
    }

    @GetMapping(path = "/more", params = "a")
    String moreA() {
      return "a";
    }

    @GetMapping(path = "/more", params = "b=1")
    String moreB() {
      return "b is 1";
    }

    @GetMapping(
        path = "/more",
        params = {"a", "b", "c"})
    String moreAll() {
      return "all";
    }

    @GetMapping(path = "/more", headers = "X-A")
    String moreHeader() {
      return "header";
    }

    @GetMapping(path = "/more", params = "a", headers = "X-A")
    String moreOfBoth() {
      return "a and header";
    }

    @PostMapping(path = "/body")
    String anyBody() {
      return "any";
    }

    @PostMapping(path = "/body", consumes = "text/*")
    String anyText() {
      return "any text";
    }

    @PostMapping(path = "/body", consumes = "text/plain")
    String plainText() {
      return "plain";
    }

    @PostMapping(path = "/body", consumes = "!application/json")
    String noJson() {
      return "no json";
    }

    @PutMapping(path = "/body", consumes = "text/plain")
    String putText() {
      return "text";
    }

    @PutMapping(path = "/body", consumes = "application/json")
    String putJson() {
      return "json";
    }

    @GetMapping("/static")
    static String ofTheClass() {
      return "static";
    }

    @GetMapping(path = "/headers", headers = "X-A=1")
    String header() {
      return "header";
    }
  }
}
