package io.httpkit.spring.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.validation.constraints.Min;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;

/** Whatever a client sends, it is told that it is wrong: a 500 would blame the application. */
class HostileRequestsTest {
  private static final String MANY_TYPES = "text/x-1, ".repeat(60) + "*/*";
  private static final String MANY_LANGUAGES = "de;q=0.1, ".repeat(200) + "fr";

  @ParameterizedTest(name = "{1} {2} with {3}: {4}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          406 | GET  | /item            | Accept          | ;;;             | ''
          406 | GET  | /item            | Accept          | */json          | ''
          406 | GET  | /item            | Accept          | a/b;q=2         | ''
          200 | GET  | /item            | Accept          | MANY_TYPES      | ''
          200 | GET  | /either          | Accept          | MANY_TYPES      | ''
          200 | GET  | /language        | Accept-Language | MANY_LANGUAGES  | ''
          200 | GET  | /language        | Accept-Language | ;q=,--;q=9      | ''
          400 | GET  | /cookie          | Cookie          | ;=;;n=;n        | ''
          415 | POST | /item            | Content-Type    | application/*+json | {"id":1}
          415 | POST | /item            | Content-Type    | */*             | {"id":1}
          415 | POST | /item            | Content-Type    | ;               | {"id":1}
          415 | POST | /item            | Content-Type    | application/json;charset=none | {"id":1}
          400 | POST | /item            | Content-Type    | application/json | {"id":{}}
          200 | POST | /text            | Content-Type    | text/plain;charset=none | x
          400 | GET  | /bean?name[0]=x  | Accept          | */*             | ''
          400 | GET  | /bean?names[x]=x | Accept          | */*             | ''
          400 | GET  | /bean?names[99999]=x | Accept      | */*             | ''
          400 | GET  | /bean?names[-1]=x | Accept         | */*             | ''
          200 | GET  | /bean?class.module.name=x | Accept | */*             | ''
          400 | GET  | /records?items[x].id=1 | Accept    | */*             | ''
          400 | GET  | /records?items[=1 | Accept         | */*             | ''
          400 | GET  | /records?items[99999999999].id=1 | Accept | */*     | ''
          400 | GET  | /numbers?n=0&n=1 | Accept          | */*             | ''
          400 | GET  | /page?number=-1  | Accept          | */*             | ''
          """)
  void areNotAnswered500(
      int status, String method, String path, String header, String value, String body) {
    WebApp.with(Controllers.class)
        .run(
            context -> {
              String encoded = path.replace("[", "%5B").replace("]", "%5D");
              String sent =
                  value.replace("MANY_TYPES", MANY_TYPES).replace("MANY_LANGUAGES", MANY_LANGUAGES);
              HttpResponse<String> response =
                  WebApp.in(context).send(method, encoded, body, header, sent);
              assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
              assertThat(response.body()).doesNotContain("springframework", "java.", "jackson");
            });
  }

  record Item(int id) {}

  record Items(@Nullable List<Item> items) {}

  record Page(int number) {
    Page {
      if (number < 0) {
        throw new IllegalArgumentException("secret");
      }
    }
  }

  static class Named {
    private String name = "";
    private List<String> names = new ArrayList<>();

    public String getName() {
      return name;
    }

    public void setName(String name) {
      this.name = name;
    }

    public List<String> getNames() {
      return names;
    }

    public void setNames(List<String> names) {
      this.names = names;
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Controllers {
    @Bean
    Api api() {
      return new Api();
    }
  }

  @HttpKitController
  static class Api {
    @GetMapping("/item")
    Item item() {
      return new Item(1);
    }

    @GetMapping(path = "/either", produces = "application/json")
    Item json() {
      return new Item(1);
    }

    @GetMapping(path = "/either", produces = "text/plain")
    String text() {
      return "1";
    }

    @PostMapping("/item")
    Item item(@RequestBody Item item) {
      return item;
    }

    @PostMapping("/text")
    String text(@RequestBody String text) {
      return text;
    }

    @GetMapping("/language")
    String language(Locale locale) {
      return locale.toString();
    }

    @GetMapping("/cookie")
    String cookie(@CookieValue int n) {
      return "" + n;
    }

    @GetMapping("/bean")
    String bean(Named named) {
      return named.getName();
    }

    @GetMapping("/records")
    Items records(Items items) {
      return items;
    }

    @GetMapping("/numbers")
    List<Integer> numbers(@RequestParam List<@Min(1) Integer> n) {
      return n;
    }

    @GetMapping("/page")
    Page page(Page page) {
      return page;
    }
  }
}
