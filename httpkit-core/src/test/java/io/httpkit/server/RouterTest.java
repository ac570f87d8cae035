package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.httpkit.http.Body;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
  /** Answers what the router found: the template and the variables. */
  private static final Handler FOUND =
      request -> Response.text(request.route().orElse("none") + " " + request.pathVariables());

  private static Handler named(String name) {
    return request -> Response.text(name + " " + request.method());
  }

  /** A router for GET, of templates separated by spaces. */
  private static Router templates(List<String> templates) {
    Router.Builder builder = Router.builder();
    templates.forEach(template -> builder.get(template, FOUND));
    return builder.build();
  }

  private static Response answer(Router router, Method method, String target) throws Exception {
    return router.handle(StubExchange.request(method, target));
  }

  private static String get(Router router, String target) throws Exception {
    return text(answer(router, Method.GET, target));
  }

  private static String text(Response response) {
    Body.Bytes body = (Body.Bytes) response.body();
    return new String(body.array(), body.offset(), body.length(), StandardCharsets.UTF_8);
  }

  private static Optional<String> allow(Response response) {
    return response.headers().get("Allow");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          /                           ; /                  ; / {}
          /a /b                       ; /b                 ; /b {}
          /a /b                       ; /c                 ; Not found
          /a /b                       ; /                  ; Not found
          /a /b                       ; /a/b               ; Not found
          /a/b/c                      ; /a/b               ; Not found
          /a/b/c                      ; /a/b/c?d=/e        ; /a/b/c {}
          /a/b/c                      ; http://h/a/b/c     ; /a/b/c {}
          /                           ; http://h           ; / {}
          /{x} /me                    ; /me                ; /me {}
          /{x} /me                    ; /you               ; /{x} {x=you}
          /{x} /me                    ; /                  ; Not found
          /{x}/{y}                    ; /1/2               ; /{x}/{y} {x=1, y=2}
          /{y}/{x}                    ; /1/2               ; /{y}/{x} {y=1, x=2}
          /{x}/a /b/{y}               ; /b/a               ; /b/{y} {y=a}
          /{x}/a /b/c                 ; /b/a               ; /{x}/a {x=b}
          /a/b/c /a/{x}/d /{y}/b/e    ; /a/b/d             ; /a/{x}/d {x=b}
          /a/b/c /a/{x}/d /{y}/b/e    ; /a/b/e             ; /{y}/b/e {y=a}
          /a/b/c /a/{x}/d /{y}/b/e    ; /a/b/f             ; Not found
          /a/b/c /a/{x}/d /a/{*r}     ; /a/b/f             ; /a/{*r} {r=b/f}
          /{x} /*                     ; /a                 ; /{x} {x=a}
          /*/b /{x}/c                 ; /a/b               ; /*/b {}
          /*                          ; /a/b               ; Not found
          /*                          ; /                  ; Not found
          /*/                         ; /a/                ; /*/ {}
          /a/* /a/{*r}                ; /a/b               ; /a/* {}
          /a/* /a/{*r}                ; /a/b/c             ; /a/{*r} {r=b/c}
          /a /a/{*r}                  ; /a                 ; /a {}
          /a/ /a/{*r}                 ; /a/                ; /a/ {}
          /a/{*r}                     ; /a                 ; /a/{*r} {r=}
          /a/{*r}                     ; /a/                ; /a/{*r} {r=}
          /a/{*r}                     ; /ab                ; Not found
          /a/{*r}                     ; /a/b/              ; /a/{*r} {r=b/}
          /a/{*r}                     ; /a//b              ; /a/{*r} {r=/b}
          /a/{*r}                     ; /a/b/c/d/e/f       ; /a/{*r} {r=b/c/d/e/f}
          /a/{*r}                     ; /a/../b            ; /a/{*r} {r=../b}
          /{*r}                       ; /                  ; /{*r} {r=}
          /{*r} /{x}/{*r}             ; /a/b               ; /{x}/{*r} {x=a, r=b}
          /{id:\\d+} /{name}          ; /12                ; /{id:\\d+} {id=12}
          /{id:\\d+} /{name}          ; /1x                ; /{name} {name=1x}
          /{id:\\d+} /12 /{name}      ; /12                ; /12 {}
          /{d:\\d{2,3}}               ; /12                ; /{d:\\d{2,3}} {d=12}
          /{d:\\d{2,3}}               ; /1                 ; Not found
          /{d:\\{+}                   ; /{{                ; /{d:\\{+} {d={{}
          /{s:[^/]+}                  ; /a                 ; /{s:[^/]+} {s=a}
          /{s:(a|b)(c)\\2}            ; /bcc               ; /{s:(a|b)(c)\\2} {s=bcc}
          /{s:.*}                     ; /                  ; Not found
          /{a:x|y}/{b:(?i)z}          ; /y/Z               ; /{a:x|y}/{b:(?i)z} {a=y, b=Z}
          /{n}.json /{n}              ; /a.json            ; /{n}.json {n=a}
          /{n}.json /{n}              ; /.json             ; /{n} {n=.json}
          /{n}.json                   ; /a.jso             ; Not found
          /{n}.json /{n}.tar.json     ; /a.tar.json        ; /{n}.tar.json {n=a}
          /{n}.{t}                    ; /a.tar.gz          ; /{n}.{t} {n=a.tar, t=gz}
          /{n}.{t}                    ; /.gz               ; Not found
          /{n}.{t}                    ; /gz.               ; Not found
          /{n}.{t}                    ; /.                 ; Not found
          /a{n}a                      ; /aa                ; Not found
          /a{n}a                      ; /a                 ; Not found
          /a{n}a                      ; /aba               ; /a{n}a {n=b}
          /aa{n}aa                    ; /aaa               ; Not found
          /{a}-{b}-{c}                ; /1-2-3-4           ; /{a}-{b}-{c} {a=1-2, b=3, c=4}
          /{a}-{b}-{c}                ; /---               ; Not found
          /{a}-{b}-{c}                ; /-----             ; /{a}-{b}-{c} {a=-, b=-, c=-}
          /{a}{b}                     ; /123               ; /{a}{b} {a=12, b=3}
          /{a}{b}                     ; /1                 ; Not found
          /v{a:\\d+}.{b:\\d+}         ; /v1.20             ; /v{a:\\d+}.{b:\\d+} {a=1, b=20}
          /v{a:\\d+}.{b:\\d+} /{v}    ; /v1.x              ; /{v} {v=v1.x}
          /{a:(x)(y)|z}-{b:(q)?}{c}   ; /xy-qd             ; /{a:(x)(y)|z}-{b:(q)?}{c} {a=xy, b=q, c=d}
          /{a:(x)(y)|z}-{b:(q)?}{c}   ; /z-d               ; /{a:(x)(y)|z}-{b:(q)?}{c} {a=z, b=, c=d}
          /{n:[ab]+} /{n:[bc]+}       ; /b                 ; /{n:[ab]+} {n=b}
          /{n:[ab]+}/1 /{n:[bc]+}/2   ; /b/2               ; /{n:[bc]+}/2 {n=b}
          """)
  void mostSpecificTemplateWinsInAnyOrder(String templates, String target, String expected)
      throws Exception {
    List<String> forth = Arrays.asList(templates.split(" "));
    assertThat(get(templates(forth), target)).isEqualTo(expected);
    Collections.reverse(forth);
    assertThat(get(templates(forth), target)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          /my files/{x}   ; /my%20files/a       ; {x=a}
          /a%20b/{x}      ; /a%2520b/a          ; {x=a}
          /a/{x}          ; /%61/%62%2fc        ; {x=b/c}
          /a/{x}/c        ; /a/b%2Fc            ; Not found
          /a/{x}          ; /a%2Fb              ; Not found
          /café/{x}      ; /caf%C3%A9/%e2%82%ac ; {x=€}
          /{x}.{y}        ; /%2e%2E.a           ; {x=.., y=a}
          /{x:.b}         ; /%2fb               ; {x=/b}
          /{x}            ; /%25                ; {x=%}
          /{x}            ; /a+b                ; {x=a+b}
          /{x}            ; /a%3Fb              ; {x=a?b}
          /a/{*r}         ; /a/b%2fc/%64/       ; {r=b/c/d/}
          /a/{*r}         ; /%61                ; {r=}
          /a/b            ; /%61/b              ; {}
          /a/100%         ; /a/100%25           ; {}
          """)
  void segmentsAreDecodedAfterTheyAreSeparated(String template, String target, String expected)
      throws Exception {
    String answer = expected.startsWith("{") ? template + " " + expected : expected;
    assertThat(get(templates(List.of(template)), target)).isEqualTo(answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a/%", "/a/%4", "/a/%4/", "/%zz/b", "/elsewhere/%6", "/a/b/c/d/e/f/%g0"})
  void pathThatCannotBeDecodedIsRefused(String target) throws Exception {
    Router router = templates(List.of("/a/{x}", "/a/b/{*r}", "/a"));
    Request request = StubExchange.request(Method.GET, target);
    assertThat(router.isNonBlocking(request)).isTrue();
    Response response = router.handle(request);
    assertThat(response.status()).isEqualTo(Status.BAD_REQUEST);
    assertThat(text(response)).isEqualTo("'%' without two hexadecimal digits");
  }

  @ParameterizedTest(name = "{0} {1} is refused: {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          GET  | /b  | 404 Not found {}
          PUT  | /a  | 405 Method not allowed {allow=GET, HEAD, OPTIONS}
          GET  | /%  | 400 '%' without two hexadecimal digits {}
          """)
  void refusalsLookAsTheBuilderSays(Method method, String path, String answer) throws Exception {
    Router router =
        Router.builder()
            .get("/a", FOUND)
            .refusals(
                (request, refusal) ->
                    Response.text(
                        refusal.status().code()
                            + " "
                            + refusal.message()
                            + " {"
                            + allow(refusal.asText()).map(all -> "allow=" + all).orElse("")
                            + "}"))
            .build();
    Request request = StubExchange.request(method, path);
    assertThat(router.isNonBlocking(request)).isTrue();
    assertThat(text(router.handle(request))).isEqualTo(answer);
    assertThat(request.route()).isEmpty();
  }

  @Test
  void refusalsAreNotAskedForWhatAHandlerAnswers() throws Exception {
    Router router =
        Router.builder()
            .refusals((request, refusal) -> Response.text("refused"))
            .notFound(named("nothing"))
            .build();
    assertThat(get(router, "/b")).isEqualTo("nothing GET");
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                Router.builder()
                    .context("/a", c -> c.refusals((request, refusal) -> refusal.asText())))
        .withMessageContaining("refusals");
  }

  @Test
  void slashAtTheEndCounts() throws Exception {
    Router router = templates(List.of("/a", "/b/", "/c", "/c/"));
    assertThat(get(router, "/a")).isEqualTo("/a {}");
    assertThat(get(router, "/a/")).isEqualTo("Not found");
    assertThat(get(router, "/b")).isEqualTo("Not found");
    assertThat(get(router, "/b/")).isEqualTo("/b/ {}");
    assertThat(get(router, "/c")).isEqualTo("/c {}");
    assertThat(get(router, "/c/")).isEqualTo("/c/ {}");
  }

  @Test
  void manyLiteralsAreFoundAmongEachOther() throws Exception {
    List<String> names = List.of("b", "a", "ab", "aa", "z", "abc", "y", "B", "ba", "\u00e9");
    Router router = templates(names.stream().map(name -> "/" + name + "/{x}").toList());
    for (String name : names) {
      assertThat(get(router, "/" + name + "/1")).isEqualTo("/" + name + "/{x} {x=1}");
    }
    assertThat(get(router, "/abcd/1")).isEqualTo("Not found");
    assertThat(get(router, "/A/1")).isEqualTo("Not found");
  }

  @Test
  @Timeout(10)
  void longSegmentWithManyWaysToCutItIsAnsweredSoon() throws Exception {
    Router router = templates(List.of("/{a}-{b}-{c}-{d}-{e}x"));
    assertThat(get(router, "/" + "-".repeat(100_000))).isEqualTo("Not found");
  }

  @Test
  @Timeout(10)
  void longPathIsAnsweredSoon() throws Exception {
    Router router = templates(List.of("/{a}/{b}/{c}/x", "/{a}/{b}/*/y", "/{a}/*/{c}/z", "/a/{*r}"));
    assertThat(get(router, "/a".repeat(100_000))).startsWith("/a/{*r} {r=a/a/a");
    assertThat(get(router, "/b".repeat(100_000))).isEqualTo("Not found");
    assertThat(get(router, "/".repeat(100_000))).isEqualTo("Not found");
  }

  @Test
  void eachMethodHasItsRoute() throws Exception {
    Router router =
        Router.builder()
            .get("/", named("get"))
            .head("/", named("head"))
            .post("/", named("post"))
            .put("/", named("put"))
            .delete("/", named("delete"))
            .patch("/", named("patch"))
            .options("/", named("options"))
            .route(Method.REPORT, "/", named("report"))
            .build();
    for (String method : List.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")) {
      assertThat(text(answer(router, Method.valueOf(method), "/")))
          .isEqualTo(method.toLowerCase(Locale.ROOT) + " " + method);
    }
    assertThat(text(answer(router, Method.REPORT, "/"))).isEqualTo("report REPORT");
  }

  @Test
  void equivalentTemplatesOfSeveralMethodsKeepTheirNames() throws Exception {
    Router router = Router.builder().get("/{x}/{y}", FOUND).post("/{y}/{x}", FOUND).build();
    assertThat(text(answer(router, Method.GET, "/1/2"))).isEqualTo("/{x}/{y} {x=1, y=2}");
    assertThat(text(answer(router, Method.POST, "/1/2"))).isEqualTo("/{y}/{x} {y=1, x=2}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a", "/a/b", "/a/b/c"})
  void headGoesToTheRouteForGet(String path) throws Exception {
    Router router =
        Router.builder().get("/a", FOUND).get("/a/{x}", FOUND).get("/a/b/{*r}", FOUND).build();
    assertThat(text(answer(router, Method.HEAD, path))).isEqualTo(get(router, path));
  }

  @Test
  void headGoesToTheRouteForGetRatherThanToThatForAll() throws Exception {
    Router router = Router.builder().any("/a", named("any")).get("/a", named("get")).build();
    assertThat(text(answer(router, Method.HEAD, "/a"))).isEqualTo("get HEAD");
  }

  @Test
  void headGoesToAMoreSpecificRouteForGet() throws Exception {
    Router router = Router.builder().head("/{x}", named("head")).get("/a", named("get")).build();
    assertThat(text(answer(router, Method.HEAD, "/a"))).isEqualTo("get HEAD");
    assertThat(text(answer(router, Method.HEAD, "/b"))).isEqualTo("head HEAD");
  }

  @ParameterizedTest
  @EnumSource
  void anyTakesAllMethodsThatHaveNoRoute(Method method) throws Exception {
    Router router = Router.builder().any("/{x}", named("any")).put("/{y}", named("put")).build();
    String name = method == Method.PUT ? "put " : "any ";
    assertThat(text(answer(router, method, "/a"))).isEqualTo(name + method);
  }

  @Test
  void lessSpecificTemplateWithTheMethodIsTaken() throws Exception {
    Router router =
        Router.builder()
            .get("/a/b", named("get"))
            .post("/a/{x}", named("post"))
            .put("/{*r}", named("put"))
            .build();
    assertThat(text(answer(router, Method.POST, "/a/b"))).isEqualTo("post POST");
    assertThat(text(answer(router, Method.PUT, "/a/b"))).isEqualTo("put PUT");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          /a      ; GET, HEAD, OPTIONS, PUT
          /a/     ; OPTIONS, PUT
          /b/1    ; DELETE, OPTIONS, POST, PUT
          /b/x    ; OPTIONS, PUT
          /a/b    ; OPTIONS, PUT
          """)
  void otherMethodsAreNotAllowed(String path, String allow) throws Exception {
    Router router =
        Router.builder()
            .get("/a", FOUND)
            .put("/{x}/{*r}", FOUND)
            .delete("/b/{x:\\d}", FOUND)
            .post("/b/{y:\\d}", FOUND)
            .head("/b", FOUND)
            .build();
    Request request = StubExchange.request(Method.PATCH, path);
    Response response = router.handle(request);
    assertThat(response.status()).isEqualTo(Status.METHOD_NOT_ALLOWED);
    assertThat(allow(response)).hasValue(allow);
    assertThat(text(response)).isEqualTo("Method not allowed");
    assertThat(response.headers().get("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(request.route()).isEmpty();
    assertThat(router.isNonBlocking(request)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          /a      ; GET, HEAD, OPTIONS
          /b/1    ; OPTIONS, POST, PUT
          /%62/1  ; OPTIONS, POST, PUT
          *       ; GET, HEAD, OPTIONS, POST, PUT
          """)
  void optionsIsAnsweredWithTheMethodsThereAre(String target, String allow) throws Exception {
    Router router =
        Router.builder().get("/a", FOUND).put("/b/{x}", FOUND).post("/b/{y}", FOUND).build();
    Request request = StubExchange.request(Method.OPTIONS, target);
    assertThat(router.isNonBlocking(request)).isTrue();
    Response response = router.handle(request);
    assertThat(response.status()).isEqualTo(Status.NO_CONTENT);
    assertThat(allow(response)).hasValue(allow);
    assertThat(text(response)).isEmpty();
    assertThat(request.route()).isEmpty();
  }

  @Test
  void optionsGoesToItsRoute() throws Exception {
    Router router =
        Router.builder()
            .get("/a", FOUND)
            .options("/a", named("options"))
            .any("/b", named("any"))
            .get("/c", FOUND)
            .build();
    assertThat(text(answer(router, Method.OPTIONS, "/a"))).isEqualTo("options OPTIONS");
    assertThat(text(answer(router, Method.OPTIONS, "/b"))).isEqualTo("any OPTIONS");
    assertThat(allow(answer(router, Method.OPTIONS, "/c"))).hasValue("GET, HEAD, OPTIONS");
    assertThat(answer(router, Method.OPTIONS, "/d").status()).isEqualTo(Status.NOT_FOUND);
  }

  @Test
  void optionsOfTheServerHasAllMethodsWhereARouteTakesThem() throws Exception {
    Router router = Router.builder().any("/{*r}", FOUND).build();
    String all =
        Arrays.stream(Method.values()).map(Method::name).sorted().collect(Collectors.joining(", "));
    assertThat(allow(answer(router, Method.OPTIONS, "*"))).hasValue(all);
  }

  @ParameterizedTest
  @CsvSource({"GET,*", "CONNECT,example.com:443", "OPTIONS,example.com:443"})
  void targetWithoutPathIsNotFound(Method method, String target) throws Exception {
    Router router = Router.builder().any("/{*r}", FOUND).build();
    assertThat(answer(router, method, target).status()).isEqualTo(Status.NOT_FOUND);
  }

  @Test
  void whatIsNotFoundIsAnswered404() throws Exception {
    Router router = Router.builder().build();
    Request request = StubExchange.request(Method.GET, "/a");
    assertThat(router.isNonBlocking(request)).isTrue();
    Response response = router.handle(request);
    assertThat(response.status()).isEqualTo(Status.NOT_FOUND);
    assertThat(response.headers().get("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(text(response)).isEqualTo("Not found");
    assertThat(request.route()).isEmpty();
    assertThat(request.pathVariables()).isEmpty();
  }

  @Test
  void whatIsNotFoundGoesToItsHandler() throws Exception {
    Router router = Router.builder().get("/a", FOUND).notFound(named("nothing")).build();
    Request request = StubExchange.request(Method.PUT, "/b");
    assertThat(router.isNonBlocking(request)).isFalse();
    assertThat(text(router.handle(request))).isEqualTo("nothing PUT");
    assertThat(answer(router, Method.PUT, "/a").status()).isEqualTo(Status.METHOD_NOT_ALLOWED);
  }

  @Test
  void contextsAreInEachOtherToAnyDepth() throws Exception {
    Router router =
        Router.builder()
            .context(
                "/",
                root ->
                    root.get("", FOUND)
                        .context(
                            "/user/{id}",
                            user ->
                                user.get("/", FOUND)
                                    .post("", FOUND)
                                    .get("/{key}/", FOUND)
                                    .context("/", self -> self.put("/", FOUND))
                                    .context("/v{n:\\d+}", files -> files.get("/{*path}", FOUND))))
            .get("/user", FOUND)
            .build();
    assertThat(get(router, "/")).isEqualTo("/ {}");
    assertThat(get(router, "/user")).isEqualTo("/user {}");
    assertThat(get(router, "/user/7")).isEqualTo("/user/{id} {id=7}");
    assertThat(get(router, "/user/7/")).isEqualTo("Not found");
    assertThat(get(router, "/user/7/a/")).isEqualTo("/user/{id}/{key}/ {id=7, key=a}");
    assertThat(get(router, "/user/7/v8/b/c"))
        .isEqualTo("/user/{id}/v{n:\\d+}/{*path} {id=7, n=8, path=b/c}");
    assertThat(allow(answer(router, Method.PATCH, "/user/7")))
        .hasValue("GET, HEAD, OPTIONS, POST, PUT");
    assertThat(router.routes())
        .containsExactly(
            new Router.RouteInfo("GET", "/"),
            new Router.RouteInfo("GET", "/user/{id}"),
            new Router.RouteInfo("POST", "/user/{id}"),
            new Router.RouteInfo("GET", "/user/{id}/{key}/"),
            new Router.RouteInfo("PUT", "/user/{id}"),
            new Router.RouteInfo("GET", "/user/{id}/v{n:\\d+}/{*path}"),
            new Router.RouteInfo("GET", "/user"));
  }

  @Test
  void contextLeavesTheBuilderAroundItAlone() throws Exception {
    Router.Builder outer = Router.builder();
    outer.context("/a", inner -> outer.get("/b", FOUND));
    assertThat(get(outer.build(), "/b")).isEqualTo("/b {}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "/a/", "//"})
  void rejectsContextPrefix(String prefix) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Router.builder().context(prefix, c -> {}))
        .withMessage(
            "context prefix must start with '/' and not end with it but was \"" + prefix + '"');
  }

  @Test
  void rejectsWhatIsForTheWholeRouterInAContext() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Router.builder().context("/a/{x}", c -> c.notFound(FOUND)))
        .withMessage("notFound must not be called in context \"/a/{x}\"");
    assertThatIllegalStateException()
        .isThrownBy(() -> Router.builder().context("/a", Router.Builder::build))
        .withMessage("build must not be called in context \"/a\"");
  }

  static List<Arguments> malformedTemplates() {
    String slash = "it must start with '/'";
    String empty = "the segment at index %d is empty; only the last may be, for a trailing slash";
    String name =
        "a variable %s; allowed are {name}, {name:regex} and {*name}, with a name of letters,"
            + " digits, '_', '-' and '.'";
    String twice = "two variables are called %s; each name may be used once";
    String open = "the '{' at index %d is never closed; each '{' needs one '}'";
    String close = "the '}' at index %d closes nothing; each '{' needs one '}'";
    String star =
        "'*' must be a whole segment and stands for any one; {*name} stands for all that remain";
    return List.of(
        arguments("", slash),
        arguments("a/b", slash),
        arguments("{x}", slash),
        arguments("*", slash),
        arguments("//", empty.formatted(1)),
        arguments("/a//b", empty.formatted(3)),
        arguments("/a//", empty.formatted(3)),
        arguments("/{}", name.formatted("has no name")),
        arguments("/{:\\d+}", name.formatted("has no name")),
        arguments("/{*}", name.formatted("has no name")),
        arguments("/a{}b", name.formatted("has no name")),
        arguments("/{a b}", name.formatted("is called \"a b\"")),
        arguments("/{a?}", name.formatted("is called \"a?\"")),
        arguments("/{a/b}", name.formatted("is called \"a/b\"")),
        arguments("/{{a}}", name.formatted("is called \"{a}\"")),
        arguments("/{*r:x}", name.formatted("is called \"r:x\"")),
        arguments("/{x}/{x}", twice.formatted("x")),
        arguments("/{x}.{x}", twice.formatted("x")),
        arguments("/{x:a}/b/{*x}", twice.formatted("x")),
        arguments("/{x", open.formatted(1)),
        arguments("/a{x:\\d{2}/b", open.formatted(2)),
        arguments("/{x\\}", open.formatted(1)),
        arguments("/a}", close.formatted(2)),
        arguments("/{x}}", close.formatted(4)),
        arguments("/{*r}/a", "{*r} must be the last segment"),
        arguments("/{*r}/", "{*r} must be the last segment"),
        arguments("/a{*r}", "{*r} must be a whole segment"),
        arguments("/{*r}.gz", "{*r} must be a whole segment"),
        arguments("/**", star),
        arguments("/a*", star),
        arguments("/*.{x}", star),
        arguments("/{x:}", "the regex of x is empty"),
        arguments("/{x:[}", "the regex of x is malformed: Unclosed character class"),
        arguments("/a{x:(}", "the regex of x is malformed: Unclosed group"),
        arguments(
            "/{x:(?<n>a)}{y:(?<n>b)}",
            "the regex of {x:(?<n>a)}{y:(?<n>b)} is malformed:"
                + " Named capturing group <n> is already defined"));
  }

  @ParameterizedTest
  @MethodSource("malformedTemplates")
  void rejectsTemplate(String template, String fault) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Router.builder().get(template, FOUND))
        .withMessage("route template \"" + template + "\": " + fault);
  }

  @Test
  void rejectionOfARegexHasItsCause() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Router.builder().get("/{x:*}", FOUND))
        .withCauseInstanceOf(PatternSyntaxException.class);
  }

  @Test
  void rejectsTemplateInContextThatWouldContinueItsPrefix() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Router.builder().context("/a", c -> c.get("b", FOUND)))
        .withMessage("route template \"b\": it must start with '/'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Router.builder().context("/a/{x}", c -> c.get("/{x}", FOUND)))
        .withMessage(
            "route template \"/a/{x}/{x}\": two variables are called x;"
                + " each name may be used once");
  }

  @ParameterizedTest
  @CsvSource({
    "/a,/a",
    "/{x},/{y}",
    "/a/*,/a/*",
    "/{x:\\d+},/{y:\\d+}",
    "/{x}.{y},/{a}.{b}",
    "/{x}.{y:z},/{a}.{b:z}",
    "/{*x},/{*y}"
  })
  void rejectsTwoRoutesThatMatchTheSame(String first, String second) {
    Router.Builder builder = Router.builder().get(first, FOUND).any(first, FOUND);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.get(second, FOUND))
        .withMessage(
            "two routes for GET match the same paths: \"%s\" and \"%s\"".formatted(first, second));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.any(second, FOUND))
        .withMessage(
            "two routes for any method match the same paths: \"%s\" and \"%s\""
                .formatted(first, second));
    builder.post(second, FOUND);
  }

  @Test
  void matchIsMadeOnceForARequest() throws Exception {
    Router router = templates(List.of("/a", "/{x}/b", "/*/c"));
    Request request = StubExchange.request(Method.GET, "/1/b");
    assertThat(router.isNonBlocking(request)).isFalse();
    Route found = request.routeOf(router);
    Map<String, String> variables = request.pathVariables();
    assertThat(found).isNotNull();
    assertThat(request.route()).hasValue("/{x}/b");
    assertThat(variables).containsExactly(Map.entry("x", "1"));
    assertThat(text(router.handle(request))).isEqualTo("/{x}/b {x=1}");
    assertThat(request.routeOf(router)).isSameAs(found);
    assertThat(request.pathVariables()).isSameAs(variables);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a", "/1/c"})
  void matchWithoutVariablesIsTheSameForAllRequests(String path) throws Exception {
    Router router = templates(List.of("/a", "/{x}/b", "/*/c"));
    Request first = StubExchange.request(Method.GET, path);
    Request second = StubExchange.request(Method.HEAD, path);
    router.handle(first);
    router.handle(second);
    assertThat(second.routeOf(router)).isNotNull().isSameAs(first.routeOf(router));
    assertThat(second.pathVariables()).isSameAs(first.pathVariables());
  }

  @Test
  void handlerSaysWhetherItNeverWaits() {
    Router router =
        Router.builder()
            .get("/quick/{x}", Handler.nonBlocking(FOUND))
            .get("/slow/{x}", FOUND)
            .build();
    assertThat(router.isNonBlocking(StubExchange.request(Method.GET, "/quick/1"))).isTrue();
    assertThat(router.isNonBlocking(StubExchange.request(Method.GET, "/slow/1"))).isFalse();
  }

  @Test
  void routerIsTheHandlerOfARoute() throws Exception {
    Router inner =
        Router.builder()
            .get("/api/users/{id}", Handler.nonBlocking(FOUND))
            .get("/api/slow", FOUND)
            .build();
    Router outer = Router.builder().any("/{area}/{*rest}", inner).get("/{x}", FOUND).build();
    Request quick = StubExchange.request(Method.GET, "/api/users/7");
    assertThat(outer.isNonBlocking(quick)).isTrue();
    assertThat(text(outer.handle(quick))).isEqualTo("/api/users/{id} {id=7}");
    assertThat(quick.route()).hasValue("/api/users/{id}");
    Request slow = StubExchange.request(Method.GET, "/api/slow");
    assertThat(outer.isNonBlocking(slow)).isFalse();
    assertThat(text(outer.handle(slow))).isEqualTo("/api/slow {}");
    assertThat(get(outer, "/api/nothing")).isEqualTo("Not found");
    assertThat(answer(outer, Method.PUT, "/api/slow").status())
        .isEqualTo(Status.METHOD_NOT_ALLOWED);
    assertThat(get(outer, "/api")).isEqualTo("/{x} {x=api}");
    assertThat(get(outer, "/")).isEqualTo("Not found");
  }

  @Test
  void sameRequestIsRoutedByEachRouterItComesTo() throws Exception {
    Router first = templates(List.of("/{x}"));
    Router second = templates(List.of("/{y}"));
    Request request = StubExchange.request(Method.GET, "/1");
    assertThat(text(first.handle(request))).isEqualTo("/{x} {x=1}");
    assertThat(text(second.handle(request))).isEqualTo("/{y} {y=1}");
    assertThat(text(first.handle(request))).isEqualTo("/{x} {x=1}");
  }

  @Test
  void exceptionOfTheHandlerPasses() {
    Router router =
        Router.builder()
            .get(
                "/a",
                request -> {
                  throw new IOException("disk full");
                })
            .build();
    assertThatIOException()
        .isThrownBy(() -> answer(router, Method.GET, "/a"))
        .withMessage("disk full");
  }

  @Test
  void routerDoesNotChangeWithItsBuilder() throws Exception {
    Router.Builder builder = Router.builder().get("/a", FOUND);
    Router before = builder.build();
    Router after = builder.get("/b", FOUND).any("/c", FOUND).notFound(named("none")).build();
    assertThat(get(before, "/b")).isEqualTo("Not found");
    assertThat(before.routes()).containsExactly(new Router.RouteInfo("GET", "/a"));
    assertThat(get(after, "/b")).isEqualTo("/b {}");
    assertThat(after.routes())
        .containsExactly(
            new Router.RouteInfo("GET", "/a"),
            new Router.RouteInfo("GET", "/b"),
            new Router.RouteInfo("*", "/c"));
  }

  @Test
  void variablesAreAnUnmodifiableMapInTheOrderOfTheTemplate() throws Exception {
    Router router = templates(List.of("/{z}/{y}-{x}/{*w}"));
    Request request = StubExchange.request(Method.GET, "/1/2-3/4/5");
    router.handle(request);
    Map<String, String> variables = request.pathVariables();
    assertThat(variables)
        .containsExactly(
            Map.entry("z", "1"), Map.entry("y", "2"), Map.entry("x", "3"), Map.entry("w", "4/5"))
        .isEqualTo(Map.of("z", "1", "y", "2", "x", "3", "w", "4/5"))
        .hasSameHashCodeAs(Map.of("z", "1", "y", "2", "x", "3", "w", "4/5"))
        .doesNotContainKey("v");
    assertThat(variables.keySet()).containsExactly("z", "y", "x", "w");
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> variables.put("v", "6"));
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> variables.remove("z"));
    assertThat(request.pathVariable("y")).isEqualTo("2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request.pathVariable("v"))
        .withMessage("no path variable v in route /{z}/{y}-{x}/{*w}, which has [z, y, x, w]");
  }

  @Test
  @SuppressWarnings("NullAway") // null is what is tested
  void rejectsNull() {
    assertThatNullPointerException()
        .isThrownBy(() -> Router.builder().get("/a", null))
        .withMessage("handler");
    assertThatNullPointerException()
        .isThrownBy(() -> Router.builder().notFound(null))
        .withMessage("handler");
    assertThatNullPointerException()
        .isThrownBy(() -> Router.builder().route(null, "/a", FOUND))
        .withMessage("method");
  }
}
