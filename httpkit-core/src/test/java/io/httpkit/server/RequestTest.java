package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.MediaType;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTest {
  private static final String FORM = "application/x-www-form-urlencoded";

  private static Request get(String target, String... namesAndValues) {
    return StubExchange.request(Method.GET, target, namesAndValues);
  }

  private static Request post(String contentType, byte[] body) {
    Request request = StubExchange.request(Method.POST, "/", "Content-Type", contentType);
    request.body(received(body, body.length, Headers.empty()));
    return request;
  }

  /** A body of the first so many of these bytes, in an array that is longer. */
  private static RequestBody received(byte[] bytes, int length, Headers trailers) {
    RequestBody body = new RequestBody(-1, complete -> {});
    body.add(ByteBuffer.wrap(bytes, 0, length));
    body.end(trailers);
    return body;
  }

  private static void isBad(ThrowingCallable call, String message) {
    assertThatExceptionOfType(BadMessageException.class)
        .isThrownBy(call)
        .withMessage(message)
        .returns(Status.BAD_REQUEST, BadMessageException::status);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      textBlock =
          """
          /                       ; /         ;
          /?                      ; /         ; ''
          /a/b                    ; /a/b      ;
          /a%20b?c%20d            ; /a%20b    ; c%20d
          /a?b?c                  ; /a        ; b?c
          /a?b=/c                 ; /a        ; b=/c
          /a?u=http://h/p         ; /a        ; u=http://h/p
          //a//b                  ; //a//b    ;
          /http://h/p             ; /http://h/p ;
          http://h                ; /         ;
          http://h?a=b            ; /         ; a=b
          http://h/               ; /         ;
          http://h:80/a/b?c       ; /a/b      ; c
          https://u@[::1]:1/a     ; /a        ;
          http://h?a=/b           ; /         ; a=/b
          *                       ; *         ;
          h:443                   ; h:443     ;
          """)
  void pathAndQueryAreThoseOfTheTarget(String target, String path, @Nullable String query) {
    Request request = get(target);
    assertThat(request.target()).isEqualTo(target);
    assertThat(request.path()).isEqualTo(path);
    assertThat(request.queryString()).isEqualTo(query);
    assertThat(request).hasToString("GET " + target);
  }

  @Test
  void tellsWhatTheExchangeTells() {
    Request request = get("/a", "X-A", "1", "x-a", "2");
    assertThat(request.method()).isEqualTo(Method.GET);
    assertThat(request.protocol()).isEqualTo("HTTP/1.1");
    assertThat(request.scheme()).isEqualTo("http");
    assertThat(request.headers()).isEqualTo(Headers.of("X-A", "1", "x-a", "2"));
    assertThat(request.header("x-A")).hasValue("1, 2");
    assertThat(request.header("b")).isEmpty();
    assertThat(request.remoteAddress())
        .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 50000));
    assertThat(request.startNanos()).isEqualTo(42);
  }

  @Test
  void queryIsDecoded() {
    Request request = get("/a?x=1+2&y=%C3%A9&x=%26");
    assertThat(request.query("x")).hasValue("1 2");
    assertThat(request.query("y")).hasValue("é");
    assertThat(request.query("z")).isEmpty();
    assertThat(request.query().all("x")).containsExactly("1 2", "&");
    assertThat(request.query()).isSameAs(request.query());
    assertThat(get("/a").query().names()).isEmpty();
  }

  @Test
  void queryThatCannotBeDecodedIsABadMessage() {
    Request request = get("/a?x=%4");
    isBad(request::query, "'%' without two hexadecimal digits");
    isBad(() -> request.query("y"), "'%' without two hexadecimal digits");
  }

  @Test
  void parametersAreLimited() {
    ServerConfig config = ServerConfig.builder().maxParameters(2).build();
    Request few = StubExchange.request(config, Method.GET, "/?a&b");
    assertThat(few.query().names()).containsExactly("a", "b");
    Request many = StubExchange.request(config, Method.GET, "/?a&b&c", "Content-Type", FORM);
    isBad(many::query, "more than 2 parameters");
    byte[] body = "a=1&a=2&a=3".getBytes(StandardCharsets.US_ASCII);
    many.body(received(body, body.length, Headers.empty()));
    isBad(many::form, "more than 2 parameters");
  }

  @ParameterizedTest
  @CsvSource({
    "application/x-www-form-urlencoded, UTF-8",
    "APPLICATION/X-WWW-Form-Urlencoded; Charset=\"utf-8\", UTF-8",
    "application/x-www-form-urlencoded; charset=iso-8859-1, ISO-8859-1",
    "application/x-www-form-urlencoded;charset=windows-1252, windows-1252",
    "application/x-www-form-urlencoded; charset=nonesuch, UTF-8"
  })
  void formIsOfTheCharsetOfItsType(String contentType, String name) {
    Charset charset = Charset.forName(name);
    byte[] encoded = "név=%C3%A9+é&a=".getBytes(charset);
    Request request = post(contentType, encoded);
    String eAcute = new String(new byte[] {(byte) 0xc3, (byte) 0xa9}, charset);
    assertThat(request.form("név")).hasValue(eAcute + " é");
    assertThat(request.form("a")).hasValue("");
    assertThat(request.form("b")).isEmpty();
    assertThat(request.form()).isSameAs(request.form());
  }

  @ParameterizedTest
  @CsvSource({"text/plain", "application/json", "application/x-www-form-urlencoded-not", "nothing"})
  void bodyOfAnotherTypeIsNoForm(String contentType) {
    assertThat(post(contentType, new byte[] {'a', '=', '1'}).form().names()).isEmpty();
  }

  @Test
  void bodyWithoutTypeIsNoForm() {
    Request request = get("/");
    request.body(received(new byte[] {'a', '=', '1'}, 3, Headers.empty()));
    assertThat(request.contentType()).isEmpty();
    assertThat(request.form().names()).isEmpty();
  }

  @Test
  void formThatCannotBeDecodedIsABadMessage() {
    isBad(
        () -> post(FORM, "a=%4".getBytes(StandardCharsets.US_ASCII)).form(),
        "'%' without two hexadecimal digits");
  }

  @Test
  void formEndsWhereTheBodyDoes() {
    Request request = post(FORM, new byte[0]);
    request.body(received("a=12&b=3".getBytes(StandardCharsets.US_ASCII), 3, Headers.empty()));
    assertThat(request.form()).hasToString("{a=[1]}");
  }

  @Test
  void cookiesOfAllFieldsAreFound() {
    Request request = get("/", "Cookie", "a=1; b=\"2\"", "cookie", "a=3; c=4");
    assertThat(request.cookies())
        .containsExactly(Map.entry("a", "1"), Map.entry("b", "2"), Map.entry("c", "4"));
    assertThat(request.cookie("b")).hasValue("2");
    assertThat(request.cookie("B")).isEmpty();
    assertThat(request.cookies()).isSameAs(request.cookies()).isUnmodifiable();
    assertThat(get("/").cookies()).isEmpty();
  }

  @Test
  void cookiesAreLimited() {
    ServerConfig config = ServerConfig.builder().maxCookies(2).build();
    Request few = StubExchange.request(config, Method.GET, "/", "Cookie", "a=1; b=2");
    assertThat(few.cookies()).hasSize(2);
    Request many =
        StubExchange.request(config, Method.GET, "/", "Cookie", "a=1; b=2", "Cookie", "a=3");
    isBad(many::cookies, "more than 2 cookies");
    isBad(() -> many.cookie("a"), "more than 2 cookies");
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain, UTF-8",
    "text/plain; charset=utf-8, UTF-8",
    "text/plain; charset=\"ISO-8859-1\", ISO-8859-1",
    "text/plain; charset=utf-16, UTF-16",
    "text/plain; charset=nonesuch, UTF-8",
    "text/plain; charset=?, UTF-8",
    "nothing, UTF-8"
  })
  void textIsOfTheCharsetOfItsType(String contentType, String charset) {
    Request request = post(contentType, "añ".getBytes(Charset.forName(charset)));
    assertThat(request.text()).isEqualTo("añ");
  }

  @Test
  void bodyIsWhatWasReceived() throws IOException {
    Request request = post("text/plain;a=b", new byte[0]);
    byte[] received = "hello, and more".getBytes(StandardCharsets.US_ASCII);
    request.body(received(received, 5, Headers.of("X-Sum", "1")));
    byte[] hello = Arrays.copyOf(received, 5);
    assertThat(request.bodyLength()).isEqualTo(5);
    assertThat(request.bytes()).isEqualTo(hello);
    assertThat(request.text()).isEqualTo("hello");
    assertThat(request.stream().readAllBytes()).isEqualTo(hello);
    assertThat(request.stream().readAllBytes()).isEqualTo(hello);
    assertThat(request.trailers()).isEqualTo(Headers.of("x-sum", "1"));
    assertThat(request.contentType()).hasValue(new MediaType("text", "plain", Map.of("a", "b")));
  }

  @Test
  void requestWithoutBodyHasAnEmptyOne() throws IOException {
    Request request = get("/");
    assertThat(request.bodyLength()).isZero();
    assertThat(request.bytes()).isEmpty();
    assertThat(request.text()).isEmpty();
    assertThat(request.stream().readAllBytes()).isEmpty();
    assertThat(request.trailers()).isEqualTo(Headers.empty());
  }

  @Test
  void attributesAreKeptUntilTheyAreRemoved() {
    Request request = get("/");
    assertThat(request.attribute("a")).isNull();
    request.attribute("a", null);
    request.attribute("a", 1);
    request.attribute("b", "x");
    assertThat(request.attribute("a")).isEqualTo(1);
    assertThat(request.attribute("b")).isEqualTo("x");
    request.attribute("a", null);
    assertThat(request.attribute("a")).isNull();
    assertThat(request.attribute("b")).isEqualTo("x");
  }

  @Test
  void requestThatWasNotRoutedHasNoVariables() {
    Request request = get("/a");
    assertThat(request.route()).isEmpty();
    assertThat(request.pathVariables()).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request.pathVariable("id"))
        .withMessage("no path variable id in route , which has []");
  }

  @Test
  void variablesAreThoseOfTheMatch() {
    Request request = get("/users/7");
    Route found = new Route(null, "/users/{id}", List.of(), unused -> Response.noContent());
    request.route(Router.builder().build(), found, Map.of("id", "7"));
    assertThat(request.route()).hasValue("/users/{id}");
    assertThat(request.pathVariable("id")).isEqualTo("7");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> request.pathVariable("name"))
        .withMessage("no path variable name in route /users/{id}, which has [id]");
  }
}
