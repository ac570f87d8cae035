package io.httpkit.internal.codec.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerHandshakeTest {
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private static Headers.Builder good() {
    return Headers.of(
        "Host", "server.example.com",
        "Upgrade", "websocket",
        "Connection", "Upgrade",
        "Sec-WebSocket-Key", KEY,
        "Sec-WebSocket-Version", "13")
        .toBuilder();
  }

  static Stream<Headers> accepted() {
    return Stream.of(
        good().build(),
        good().set("Upgrade", "WebSocket").set("Connection", "keep-alive, UpGrAdE").build(),
        good().set("Upgrade", "other, websocket").build(),
        good().set("Connection", "keep-alive").add("Connection", "upgrade").build(),
        good().set("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==").build());
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void acceptsAHandshake(Headers headers) {
    assertThat(ServerHandshake.isAttempt(headers)).isTrue();
    assertThatCode(() -> ServerHandshake.check(Method.GET, true, headers))
        .doesNotThrowAnyException();
  }

  static Stream<Headers> refused() {
    return Stream.of(
        good().remove("Upgrade").build(),
        good().set("Upgrade", "h2c").build(),
        good().set("Upgrade", "websocket2").build(),
        good().remove("Connection").build(),
        good().set("Connection", "keep-alive").build(),
        good().set("Connection", "upgrade2").build(),
        good().remove("Sec-WebSocket-Version").build(),
        good().set("Sec-WebSocket-Version", "8").build(),
        good().set("Sec-WebSocket-Version", "013").build(),
        good().set("Sec-WebSocket-Version", "13, 8").build(),
        good().add("Sec-WebSocket-Version", "13").build(),
        good().remove("Sec-WebSocket-Key").build(),
        good().add("Sec-WebSocket-Key", KEY).build(),
        good().set("Sec-WebSocket-Key", "").build(),
        good().set("Sec-WebSocket-Key", "not base64!").build(),
        good().set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ").build(),
        good().set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZR==").build(),
        good().set("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25j").build(),
        good().set("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAAA=").build(),
        good().set("Sec-WebSocket-Key", "______________________==").build());
  }

  private static void assertRefused(Method method, boolean isHttp11, Headers headers) {
    assertThatExceptionOfType(BadMessageException.class)
        .isThrownBy(() -> ServerHandshake.check(method, isHttp11, headers))
        .satisfies(e -> assertThat(e.status()).isEqualTo(Status.BAD_REQUEST));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void refusesAHandshake(Headers headers) {
    assertThat(ServerHandshake.isAttempt(headers)).isTrue();
    assertRefused(Method.GET, true, headers);
  }

  @Test
  void refusesOtherMethodsAndVersions() {
    assertRefused(Method.POST, true, good().build());
    assertRefused(Method.HEAD, true, good().build());
    assertRefused(Method.GET, false, good().build());
  }

  @Test
  void knowsWhatIsNoAttempt() {
    assertThat(ServerHandshake.isAttempt(Headers.empty())).isFalse();
    assertThat(ServerHandshake.isAttempt(Headers.of("Upgrade", "h2c", "Connection", "upgrade")))
        .isFalse();
    assertThat(ServerHandshake.isAttempt(Headers.of("Upgrade", "other, WebSocket"))).isTrue();
    assertThat(ServerHandshake.isAttempt(Headers.of("Sec-WebSocket-Key", "x"))).isTrue();
    assertThat(ServerHandshake.isAttempt(Headers.of("Sec-WebSocket-Version", "x"))).isTrue();
  }

  @Test
  void answersTheKeyOfTheRfc() {
    assertThat(ServerHandshake.accept(good().build())).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }

  // ---- origin

  private static boolean isAllowed(String host, String origin, String... allowed) {
    return ServerHandshake.isOriginAllowed(
        Headers.of("Host", host, "Origin", origin), Set.of(allowed));
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, http://example.com",
    "example.com, https://example.com",
    "example.com, HTTP://EXAMPLE.com",
    "Example.COM, http://example.com",
    "example.com:80, http://example.com",
    "example.com:443, https://example.com",
    "example.com, http://example.com:80",
    "example.com, https://example.com:443",
    "example.com:8080, http://example.com:8080",
    "example.com:8080, https://example.com:8080",
    "127.0.0.1:8090, http://127.0.0.1:8090",
    "[::1]:8090, http://[::1]:8090",
    "[::1], https://[::1]",
  })
  void allowsPagesOfTheSameHost(String host, String origin) {
    assertThat(isAllowed(host, origin)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "example.com, http://evil.com",
    "example.com, http://example.com.evil.com",
    "example.com, http://sub.example.com",
    "example.com, http://example.com:8080",
    "example.com:8080, http://example.com",
    "example.com:8080, http://example.com:8081",
    "example.com:443, http://example.com",
    "example.com:80, https://example.com",
    "example.com, ftp://example.com",
    "example.com, chrome-extension://example.com",
    "example.com, null",
    "example.com, file://",
    "example.com, example.com",
    "example.com, //example.com",
    "example.com, ://example.com",
    "example.com, http:example.com",
    "example.com, http://",
    "example.com, http://:80",
    "example.com, http://example.com/",
    "example.com, http://example.com/path",
    "example.com, http://user@example.com",
    "example.com, http://example.com:",
    "example.com, http://example.com:x",
    "example.com, http://example.com:-1",
    "example.com, http://example.com:65616",
    "example.com, http://example.com:99999999999",
    "example.com, http://example.com http://example.com",
    "example.com, 'http://evil.com, http://example.com'",
    "[::1], http://[::1",
    "[::1], http://[::1]x",
    "[::1], http://::1",
  })
  void refusesOtherPages(String host, String origin) {
    assertThat(isAllowed(host, origin)).isFalse();
    assertThat(isAllowed(host, origin, "https://other.com", "http://other.com")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "https://app.com, https://app.com",
    "https://APP.com, HTTPS://app.com",
    "https://app.com:443, https://app.com",
    "https://app.com, https://app.com:443",
    "http://app.com:8080, http://app.com:8080",
    "chrome-extension://abcdef, chrome-extension://abcdef",
    "file://, file://",
    "https://app.com, *",
    "chrome-extension://abcdef, *",
    "file://, *",
    "null, *",
  })
  void allowsWhatIsListed(String origin, String allowed) {
    assertThat(isAllowed("example.com", origin, allowed)).isTrue();
    assertThat(isAllowed("example.com", origin, "https://other.com", allowed)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "http://app.com, https://app.com",
    "https://app.com:8443, https://app.com",
    "https://sub.app.com, https://app.com",
    "https://app.com, app.com",
    "https://app.com, https://app.com/",
    "null, null",
    "'', *",
    "nonsense, *",
    "nonsense, nonsense",
    "https://app.com/path, *",
  })
  void refusesWhatIsNotListed(String origin, String allowed) {
    assertThat(isAllowed("example.com", origin, allowed)).isFalse();
  }

  @Test
  void allowsWhatIsNoBrowser() {
    assertThat(ServerHandshake.isOriginAllowed(Headers.of("Host", "a"), Set.of())).isTrue();
    assertThat(ServerHandshake.isOriginAllowed(Headers.empty(), Set.of())).isTrue();
  }

  @Test
  void refusesWhatIsUncertain() {
    Headers twoOrigins = Headers.of("Host", "a", "Origin", "http://a", "Origin", "http://a");
    Headers twoHosts = Headers.of("Host", "a", "Host", "a", "Origin", "http://a");
    Headers noHost = Headers.of("Origin", "http://a");

    assertThat(ServerHandshake.isOriginAllowed(twoOrigins, Set.of("*"))).isFalse();
    assertThat(ServerHandshake.isOriginAllowed(twoHosts, Set.of())).isFalse();
    assertThat(ServerHandshake.isOriginAllowed(noHost, Set.of())).isFalse();
    assertThat(ServerHandshake.isOriginAllowed(noHost, Set.of("http://a"))).isTrue();
  }

  // ---- subprotocol

  @ParameterizedTest
  @ValueSource(strings = {"test", "a, test", "test,a", "a ,\ttest , b", ",test"})
  void choosesASubprotocol(String offered) {
    Headers headers = Headers.of("Sec-WebSocket-Protocol", offered);

    assertThat(ServerHandshake.subprotocol(headers, List.of("none", "test"))).isEqualTo("test");
  }

  @Test
  void prefersTheSubprotocolThatTheServerNamesFirst() {
    Headers headers = Headers.of("Sec-WebSocket-Protocol", "c, b", "sec-websocket-protocol", "a");

    assertThat(ServerHandshake.subprotocol(headers, List.of("a", "b", "c"))).isEqualTo("a");
    assertThat(ServerHandshake.subprotocol(headers, List.of("x", "b", "a"))).isEqualTo("b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "TEST", "test2", "te st", "x;test"})
  void findsNoSubprotocol(String offered) {
    Headers headers = Headers.of("Sec-WebSocket-Protocol", offered);

    assertThat(ServerHandshake.subprotocol(headers, List.of("test"))).isNull();
    assertThat(ServerHandshake.subprotocol(headers, List.of())).isNull();
    assertThat(ServerHandshake.subprotocol(Headers.empty(), List.of("test"))).isNull();
  }
}
