package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectPolicyTest {
  private static final RedirectPolicy POLICY = new RedirectPolicy(true, 10, false);
  private static final Headers NONE = Headers.empty();

  private static final Upload REPEATABLE = new Upload.Whole(Body.of("x"));
  private static final Upload ONE_SHOT = new Upload.Whole(Body.of(InputStream.nullInputStream()));

  private static Hop get(String url) {
    return new Hop(Method.GET, RequestUri.parse(url), NONE, null);
  }

  private static Hop with(Headers headers, String url) {
    return new Hop(Method.POST, RequestUri.parse(url), headers, REPEATABLE);
  }

  private static @Nullable Hop to(Hop hop, int code, String location) throws ClientException {
    return POLICY.next(hop, 0, code, Headers.of("Location", location));
  }

  private static Hop followed(Hop hop, int code, String location) throws ClientException {
    Hop next = to(hop, code, location);
    assertThat(next).isNotNull();
    return next;
  }

  private static String refused(Hop hop, int code, String location) {
    return refused(() -> to(hop, code, location));
  }

  private static String refused(ThrowingCallable redirect) {
    ClientException refusal = catchThrowableOfType(ClientException.class, redirect);
    assertThat(refusal.kind()).isEqualTo(Kind.REDIRECT);
    return String.valueOf(refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          301 | GET     | GET  | GET
          301 | HEAD    | HEAD | HEAD
          301 | POST    | GET  | POST
          302 | GET     | GET  | GET
          302 | HEAD    | HEAD | HEAD
          302 | POST    | GET  | POST
          302 | PUT     | GET  | PUT
          302 | DELETE  | GET  | DELETE
          303 | HEAD    | HEAD | HEAD
          303 | POST    | GET  | POST
          303 | PATCH   | GET  | PATCH
          307 | GET     | GET  | GET
          307 | HEAD    | HEAD | HEAD
          307 | POST    | POST | POST
          308 | PUT     | PUT  | PUT
          308 | DELETE  | DELETE | DELETE
          """)
  void methodFollowsFromTheStatus(int code, Method sent, Method next, Method withUnsafe)
      throws ClientException {
    for (Upload body : new Upload[] {null, REPEATABLE}) {
      Hop request = new Hop(sent, RequestUri.parse("http://a/b"), NONE, body);
      Headers response = Headers.of("Location", "/c");

      assertThat(POLICY.next(request, 0, code, response))
          .isEqualTo(
              new Hop(next, RequestUri.parse("http://a/c"), NONE, code >= 307 ? body : null));
      assertThat(new RedirectPolicy(true, 1, true).next(request, 0, code, response))
          .isEqualTo(new Hop(withUnsafe, RequestUri.parse("http://a/c"), NONE, body));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 200, 204, 300, 304, 305, 306, 309, 399, 400, 500})
  void otherStatusesAreAnswers(int code) throws ClientException {
    assertThat(to(get("http://a"), code, "/c")).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void withoutFollowingTheRedirectIsTheAnswer(int code) throws ClientException {
    RedirectPolicy policy = new RedirectPolicy(false, 10, false);
    assertThat(policy.next(get("http://a"), 0, code, Headers.of("Location", "/c"))).isNull();
    assertThat(policy.next(get("http://a"), 0, code, NONE)).isNull();
  }

  @ParameterizedTest
  @CsvSource({"0, 0, false", "1, 0, true", "1, 1, false", "10, 9, true", "10, 10, false"})
  void followsNoMoreThanTheLimit(int max, int redirects, boolean follows) throws ClientException {
    RedirectPolicy policy = new RedirectPolicy(true, max, false);
    Headers response = Headers.of("Location", "/");
    if (follows) {
      assertThat(policy.next(get("http://a"), redirects, 302, response)).isNotNull();
    } else {
      assertThat(refused(() -> policy.next(get("http://a"), redirects, 302, response)))
          .isEqualTo("redirected more than " + max + " times");
    }
  }

  @Test
  void rejectsLimitBelowZero() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RedirectPolicy(true, -1, false))
        .withMessage("max redirects must not be negative but was -1");
  }

  @Test
  void refusesMissingAndRepeatedLocation() throws ClientException {
    assertThat(refused(() -> POLICY.next(get("http://a"), 0, 302, NONE)))
        .isEqualTo("a redirect without a Location");
    assertThat(
            refused(
                () ->
                    POLICY.next(
                        get("http://a"), 0, 302, Headers.of("Location", "/b", "location", "/c"))))
        .isEqualTo("a redirect with more than one Location");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /c              | http://a/c
          c?d             | http://a/b/c?d
          ?d              | http://a/b/x?d
          ``              | http://a/b/x?q
          ../../..        | http://a/
          //b/c           | http://b/c
          http://b        | http://b/
          https://a/c     | https://a/c
          /c#d            | http://a/c
          /c d            | http://a/c%20d
          http://b:81/    | http://b:81/
          """)
  void resolvesTheLocation(String location, String expected) throws ClientException {
    assertThat(followed(get("http://a/b/x?q#f"), 302, location).uri())
        .isEqualTo(RequestUri.parse(expected));
  }

  @Test
  void octetsOfALocationAreOfUtf8IfTheyCanBe() throws ClientException {
    String utf8 = new String("/é€".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(followed(get("http://a"), 302, utf8).uri().target()).isEqualTo("/%C3%A9%E2%82%AC");
    assertThat(followed(get("http://a"), 302, "/\u00e9").uri().target()).isEqualTo("/%C3%A9");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://a",
        "javascript:alert(1)",
        "http:",
        "http://",
        "//",
        "/\\b",
        "/\tb",
        "http://a:0",
        "http://u@p@a",
        "ws://a",
        "file:///etc/passwd",
        "http://[fe80::1%25e]/"
      })
  void refusesLocationThatLeadsNowhere(String location) throws ClientException {
    assertThat(refused(get("http://a"), 302, location))
        .startsWith("a redirect with a Location that is none: ");
  }

  @ParameterizedTest
  @CsvSource({
    "https://a/, http://a/, false",
    "https://a/, http://a:443/, false",
    "https://a/, //b/, true",
    "wss://a/, ws://a/, false",
    "wss://a/, http://a/, false",
    "http://a/, https://a/, true",
    "https://a/, /c, true"
  })
  void refusesToLeaveTls(String from, String location, boolean follows) throws ClientException {
    if (follows) {
      assertThat(to(get(from), 307, location)).isNotNull();
    } else {
      assertThat(refused(get(from), 307, location)).endsWith("to what is not secure");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ws://a/, /b, ws://a/b",
    "ws://a/, http://a/b, ws://a/b",
    "ws://a/, https://b/c, wss://b/c",
    "wss://a/, https://a/b, wss://a/b",
    "wss://a/, wss://b:80/, wss://b:80/"
  })
  void handshakeStaysAHandshake(String from, String location, String expected)
      throws ClientException {
    assertThat(followed(get(from), 302, location).uri()).isEqualTo(RequestUri.parse(expected));
  }

  @Test
  void bodyThatCannotBeSentAgainIsNotReplaced() throws ClientException {
    Hop hop = new Hop(Method.POST, RequestUri.parse("http://a"), NONE, ONE_SHOT);
    Headers response = Headers.of("Location", "/c");
    for (int code : new int[] {307, 308}) {
      assertThat(refused(hop, code, "/c")).contains("a stream");
    }
    for (int code : new int[] {301, 302, 303}) {
      assertThat(followed(hop, code, "/c").upload()).isNull();
      assertThat(refused(() -> new RedirectPolicy(true, 1, true).next(hop, 0, code, response)))
          .contains("a stream");
    }
  }

  @Test
  void whatDescribesTheBodyGoesWithIt() throws ClientException {
    Headers headers =
        Headers.of(
            "content-length", "1",
            "Content-Type", "a/b",
            "CONTENT-ENCODING", "gzip",
            "Content-Disposition", "x",
            "Transfer-Encoding", "chunked",
            "Trailer", "x",
            "Expect", "100-continue",
            "Digest", "x",
            "Accept", "c/d",
            "Authorization", "e",
            "X-Content-Type", "f");
    Hop sent = with(headers, "http://a/");

    assertThat(followed(sent, 302, "/b").headers())
        .isEqualTo(Headers.of("Accept", "c/d", "Authorization", "e", "X-Content-Type", "f"));
    assertThat(followed(sent, 307, "/b").headers()).isEqualTo(headers);
  }

  private static final Headers CONFIDED =
      Headers.of(
          "authorization", "x",
          "Cookie", "a=b",
          "PROXY-AUTHORIZATION", "y",
          "Host", "vhost",
          "Accept", "c/d");

  @ParameterizedTest
  @CsvSource({
    "http://a/, /b, true",
    "http://a/, //a/b, true",
    "http://a/, http://A:80/b, true",
    "http://a/, http://b/, false",
    "http://a/, http://a:81/, false",
    "http://a/, https://a/, false",
    "http://a/, http://sub.a/, false",
    "http://sub.a/, http://a/, false",
    "https://a/, https://a:444/, false"
  })
  void credentialsStayWithTheirOrigin(String from, String location, boolean kept)
      throws ClientException {
    for (int code : new int[] {302, 307}) {
      Hop follow = followed(with(CONFIDED, from), code, location);
      assertThat(follow.headers()).isEqualTo(kept ? CONFIDED : Headers.of("Accept", "c/d"));
    }
  }

  @Test
  void credentialsDoNotComeBackWithTheOrigin() throws ClientException {
    Hop there = followed(with(CONFIDED, "http://u:p@a/"), 307, "http://b/");
    Hop back = followed(there, 307, "http://u:p@a/");

    assertThat(back.headers()).isEqualTo(Headers.of("Accept", "c/d"));
    assertThat(there.uri().credentials()).isNull();
    assertThat(back.uri().credentials()).isNull();
  }

  @Test
  void credentialsInALocationAreNotUsed() throws ClientException {
    Credentials own = new Credentials("u", "p");
    assertThat(followed(get("http://a/"), 302, "http://x:y@a/").uri().credentials()).isNull();
    assertThat(followed(get("http://a/"), 302, "http://x:y@b/").uri().credentials()).isNull();
    assertThat(followed(get("http://u:p@a/"), 302, "http://x:y@a/").uri().credentials())
        .isEqualTo(own);
    assertThat(followed(get("http://u:p@a/"), 302, "/b").uri().credentials()).isEqualTo(own);
  }
}
