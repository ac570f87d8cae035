package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.client.RedirectPolicy.Sent;
import io.httpkit.client.RedirectPolicy.SentBody;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectPolicyTest {
  private static final RedirectPolicy POLICY = new RedirectPolicy(true, 10, false);
  private static final Headers NONE = Headers.empty();

  private static Sent get(String url) {
    return new Sent(Method.GET, RequestUri.parse(url), NONE, SentBody.NONE, 0);
  }

  private static Sent with(Headers headers, String url) {
    return new Sent(Method.POST, RequestUri.parse(url), headers, SentBody.REPEATABLE, 0);
  }

  private static Redirect to(Sent sent, int code, String location) {
    return POLICY.decide(sent, code, Headers.of("Location", location));
  }

  private static Redirect.Follow followed(Redirect redirect) {
    assertThat(redirect).isInstanceOf(Redirect.Follow.class);
    return (Redirect.Follow) redirect;
  }

  private static String refused(Redirect redirect) {
    assertThat(redirect).isInstanceOf(Redirect.Refuse.class);
    return ((Redirect.Refuse) redirect).reason();
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
  void methodFollowsFromTheStatus(int code, Method sent, Method next, Method withUnsafe) {
    for (SentBody body : new SentBody[] {SentBody.NONE, SentBody.REPEATABLE}) {
      Sent request = new Sent(sent, RequestUri.parse("http://a/b"), NONE, body, 0);
      Headers response = Headers.of("Location", "/c");
      boolean keeps = body == SentBody.REPEATABLE && code >= 307;

      assertThat(POLICY.decide(request, code, response))
          .isEqualTo(new Redirect.Follow(next, RequestUri.parse("http://a/c"), NONE, keeps));
      assertThat(new RedirectPolicy(true, 1, true).decide(request, code, response))
          .isEqualTo(
              new Redirect.Follow(
                  withUnsafe, RequestUri.parse("http://a/c"), NONE, body == SentBody.REPEATABLE));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 200, 204, 300, 304, 305, 306, 309, 399, 400, 500})
  void otherStatusesAreAnswers(int code) {
    assertThat(to(get("http://a"), code, "/c")).isEqualTo(new Redirect.Stop());
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void withoutFollowingTheRedirectIsTheAnswer(int code) {
    RedirectPolicy policy = new RedirectPolicy(false, 10, false);
    assertThat(policy.decide(get("http://a"), code, Headers.of("Location", "/c")))
        .isEqualTo(new Redirect.Stop());
    assertThat(policy.decide(get("http://a"), code, NONE)).isEqualTo(new Redirect.Stop());
  }

  @ParameterizedTest
  @CsvSource({"0, 0, false", "1, 0, true", "1, 1, false", "10, 9, true", "10, 10, false"})
  void followsNoMoreThanTheLimit(int max, int redirects, boolean follows) {
    Sent sent = new Sent(Method.GET, RequestUri.parse("http://a"), NONE, SentBody.NONE, redirects);
    Redirect redirect =
        new RedirectPolicy(true, max, false).decide(sent, 302, Headers.of("Location", "/"));
    if (follows) {
      followed(redirect);
    } else {
      assertThat(refused(redirect)).isEqualTo("redirected more than " + max + " times");
    }
  }

  @Test
  void rejectsLimitBelowZero() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RedirectPolicy(true, -1, false))
        .withMessage("max redirects must not be negative but was -1");
  }

  @Test
  void refusesMissingAndRepeatedLocation() {
    assertThat(refused(POLICY.decide(get("http://a"), 302, NONE)))
        .isEqualTo("a redirect without a Location");
    assertThat(
            refused(
                POLICY.decide(
                    get("http://a"), 302, Headers.of("Location", "/b", "location", "/c"))))
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
  void resolvesTheLocation(String location, String expected) {
    assertThat(followed(to(get("http://a/b/x?q#f"), 302, location)).uri())
        .isEqualTo(RequestUri.parse(expected));
  }

  @Test
  void octetsOfALocationAreOfUtf8IfTheyCanBe() {
    String utf8 = new String("/é€".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    assertThat(followed(to(get("http://a"), 302, utf8)).uri().target())
        .isEqualTo("/%C3%A9%E2%82%AC");
    assertThat(followed(to(get("http://a"), 302, "/\u00e9")).uri().target()).isEqualTo("/%C3%A9");
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
  void refusesLocationThatLeadsNowhere(String location) {
    assertThat(refused(to(get("http://a"), 302, location)))
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
  void refusesToLeaveTls(String from, String location, boolean follows) {
    Redirect redirect = to(get(from), 307, location);
    if (follows) {
      followed(redirect);
    } else {
      assertThat(refused(redirect)).endsWith("to what is not secure");
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
  void handshakeStaysAHandshake(String from, String location, String expected) {
    assertThat(followed(to(get(from), 302, location)).uri()).isEqualTo(RequestUri.parse(expected));
  }

  @Test
  void bodyThatCannotBeSentAgainIsNotReplaced() {
    Sent sent = new Sent(Method.POST, RequestUri.parse("http://a"), NONE, SentBody.ONE_SHOT, 0);
    Headers response = Headers.of("Location", "/c");
    for (int code : new int[] {307, 308}) {
      assertThat(refused(POLICY.decide(sent, code, response))).contains("a stream");
    }
    for (int code : new int[] {301, 302, 303}) {
      assertThat(followed(POLICY.decide(sent, code, response)).keepsBody()).isFalse();
      assertThat(refused(new RedirectPolicy(true, 1, true).decide(sent, code, response)))
          .contains("a stream");
    }
  }

  @Test
  void whatDescribesTheBodyGoesWithIt() {
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
    Sent sent = with(headers, "http://a/");

    assertThat(followed(to(sent, 302, "/b")).headers())
        .isEqualTo(Headers.of("Accept", "c/d", "Authorization", "e", "X-Content-Type", "f"));
    assertThat(followed(to(sent, 307, "/b")).headers()).isEqualTo(headers);
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
  void credentialsStayWithTheirOrigin(String from, String location, boolean kept) {
    for (int code : new int[] {302, 307}) {
      Redirect.Follow follow = followed(to(with(CONFIDED, from), code, location));
      assertThat(follow.headers()).isEqualTo(kept ? CONFIDED : Headers.of("Accept", "c/d"));
    }
  }

  @Test
  void credentialsDoNotComeBackWithTheOrigin() {
    Redirect.Follow there = followed(to(with(CONFIDED, "http://u:p@a/"), 307, "http://b/"));
    Sent atB = new Sent(there.method(), there.uri(), there.headers(), SentBody.REPEATABLE, 1);
    Redirect.Follow back = followed(to(atB, 307, "http://u:p@a/"));

    assertThat(back.headers()).isEqualTo(Headers.of("Accept", "c/d"));
    assertThat(there.uri().credentials()).isNull();
    assertThat(back.uri().credentials()).isNull();
  }

  @Test
  void credentialsInALocationAreNotUsed() {
    Credentials own = new Credentials("u", "p");
    assertThat(followed(to(get("http://a/"), 302, "http://x:y@a/")).uri().credentials()).isNull();
    assertThat(followed(to(get("http://a/"), 302, "http://x:y@b/")).uri().credentials()).isNull();
    assertThat(followed(to(get("http://u:p@a/"), 302, "http://x:y@a/")).uri().credentials())
        .isEqualTo(own);
    assertThat(followed(to(get("http://u:p@a/"), 302, "/b")).uri().credentials()).isEqualTo(own);
  }
}
