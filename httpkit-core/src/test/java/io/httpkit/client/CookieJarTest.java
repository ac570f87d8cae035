package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.CookieJar.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CookieJarTest {
  private long nowMillis = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private final MemoryCookieJar jar = new MemoryCookieJar(() -> nowMillis);

  private static Target target(String url) {
    return RequestUri.parse(url).cookieTarget();
  }

  private void save(String url, String... setCookie) {
    jar.save(target(url), List.of(setCookie));
  }

  private @Nullable String load(String url) {
    return jar.load(target(url)).orElse(null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a=b                                | a=b
          a=b;                               | a=b
          ` a = b ; `                        | a=b
          a=                                 | a=
          a=b=c                              | a=b=c
          a="b c"                            | a="b c"
          a=b,c                              | a=b,c
          a=b; unknown; x=y                  | a=b
          a=b; HttpOnly; SameSite=Strict     | a=b
          a b=c                              | a b=c
          a=é                                | a=é
          a                                  |
          =b                                 |
          ``                                 |
          ;                                  |
          ; a=b                              |
          ` =b`                              |
          a=b; Path=/                        | a=b
          a=b; Path=x                        | a=b
          a=b; Path=                         | a=b
          a=b; Path=/x; path=/               | a=b
          a=b; Path=/; path=/x               |
          a=b; PATH = /                      | a=b
          a=b; Max-Age=1                     | a=b
          a=b; Max-Age=0                     |
          a=b; Max-Age=-1                    |
          a=b; Max-Age=x                     | a=b
          a=b; Max-Age=+0                    | a=b
          a=b; Max-Age=                      | a=b
          a=b; Max-Age=99999999999999999999  | a=b
          a=b; Max-Age=-99999999999999999999 |
          a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT |
          a=b; Expires=Thu, 01 Jan 2026 00:00:01 GMT | a=b
          a=b; Expires=Thu, 01 Jan 2026 00:00:00 GMT |
          a=b; Expires=nonsense              | a=b
          a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=1 | a=b
          a=b; Max-Age=0; Expires=Fri, 01 Jan 2027 00:00:00 GMT |
          a=b; Secure                        | a=b
          """)
  void readsWhatIsSetLeniently(String setCookie, @Nullable String expected) {
    save("https://h.example/", setCookie);
    assertThat(load("https://h.example/")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a.example.com | ``            | a.example.com   | true
          a.example.com | ``            | b.a.example.com | false
          a.example.com | ``            | example.com     | false
          a.example.com | example.com   | a.example.com   | true
          a.example.com | example.com   | example.com     | true
          a.example.com | example.com   | b.example.com   | true
          a.example.com | example.com   | c.b.example.com | true
          a.example.com | .example.com  | b.example.com   | true
          a.example.com | EXAMPLE.com   | b.example.com   | true
          a.example.com | example.com   | badexample.com  | false
          a.example.com | example.com   | example.com.evil.org | false
          a.example.com | a.example.com | b.a.example.com | true
          a.example.com | b.example.com | b.example.com   | false
          a.example.com | b.a.example.com | b.a.example.com | false
          badexample.com | example.com  | example.com     | false
          a.example.com | com           | a.example.com   | false
          a.example.com | .com          | b.com           | false
          a.example.com | example.com.  | a.example.com   | false
          a.example.com | ..example.com | a.example.com   | false
          a.co.uk       | co.uk         | b.co.uk         | true
          localhost     | localhost     | localhost       | true
          localhost     | localhost     | a.localhost     | false
          1.2.3.4       | 1.2.3.4       | 1.2.3.4         | true
          1.2.3.4       | 2.3.4         | 1.2.3.4         | false
          1.2.3.4       | 3.4           | 1.2.3.4         | false
          [::1]         | ::1           | [::1]           | true
          [::1]         | ``            | [::1]           | true
          bücher.example | xn--bcher-kva.example | a.bücher.example | true
          """)
  void domainSaysWhichHostsGetACookie(String setter, String domain, String host, boolean gets) {
    save("http://" + setter + "/", "a=b; Domain=" + domain);
    assertThat(load("http://" + host + "/")).isEqualTo(gets ? "a=b" : null);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          /      | ``   | /    | true
          /      | ``   | /a/b | true
          /a     | ``   | /    | true
          /a/    | ``   | /a   | true
          /a/b   | ``   | /a   | true
          /a/b   | ``   | /a/  | true
          /a/b   | ``   | /a/c | true
          /a/b   | ``   | /    | false
          /a/b   | ``   | /ab  | false
          /a/b?/c/d | `` | /a  | true
          /      | /a   | /a   | true
          /      | /a   | /a/  | true
          /      | /a   | /a/b | true
          /      | /a   | /a?b | true
          /      | /a   | /ab  | false
          /      | /a   | /A   | false
          /      | /a/  | /a   | false
          /      | /a/  | /a/b | true
          /x/y   | /a   | /a   | true
          """)
  void pathSaysWhichRequestsGetACookie(String setter, String path, String asked, boolean gets) {
    save("http://h.example" + setter, "a=b; Path=" + path);
    assertThat(load("http://h.example" + asked)).isEqualTo(gets ? "a=b" : null);
  }

  @Test
  void portsShareCookies() {
    save("http://h.example:81/", "a=b");
    assertThat(load("http://h.example:82/")).isEqualTo("a=b");
    assertThat(load("ws://h.example/")).isEqualTo("a=b");
  }

  @Test
  void secureCookieIsSentOverTlsOnly() {
    save("https://h.example/", "a=b; Secure", "c=d");
    assertThat(load("https://h.example/")).isEqualTo("a=b; c=d");
    assertThat(load("wss://h.example/")).isEqualTo("a=b; c=d");
    assertThat(load("http://h.example/")).isEqualTo("c=d");
  }

  @Test
  void secureCookieIsNotSetWithoutTls() {
    save("http://h.example/", "a=b; Secure");
    assertThat(load("https://h.example/")).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a=evil",
        "a=evil; Path=/x",
        "a=evil; Path=/x/y",
        "a=evil; Domain=example.com; Path=/x",
        "a=; Path=/x; Max-Age=0"
      })
  void secureCookieIsNotHiddenByWhatIsNotSecure(String setCookie) {
    save("https://h.example.com/x/", "a=b; Secure; Path=/x");
    save("http://h.example.com/x/", setCookie);
    assertThat(load("https://h.example.com/x/y")).isEqualTo("a=b");
  }

  @Test
  void whatIsNotSecureMayBeSetBesideIt() {
    save("https://h.example/", "a=b; Secure; Path=/x");
    save("http://h.example/", "a=c; Path=/", "b=d");
    assertThat(load("https://h.example/x")).isEqualTo("a=b; a=c; b=d");
  }

  @Test
  void expiredSecureCookieHidesNothing() {
    save("https://h.example/", "a=b; Secure; Max-Age=1");
    nowMillis += 1000;
    save("http://h.example/", "a=c");
    assertThat(load("https://h.example/")).isEqualTo("a=c");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          https | __Secure-a=b; Secure                            | true
          https | __Secure-a=b                                    | false
          https | __secure-a=b                                    | false
          http  | __Secure-a=b; Secure                            | false
          https | __Host-a=b; Secure; Path=/                      | true
          https | __Host-a=b; Path=/                              | false
          https | __Host-a=b; Secure                              | false
          https | __Host-a=b; Secure; Path=/x                     | false
          https | __Host-a=b; Secure; Path=/; Domain=h.example    | false
          https | __HOST-a=b; Secure; Path=/; Domain=h.example    | false
          http  | __Host-a=b; Secure; Path=/                      | false
          """)
  void prefixesAreKeptToWhatTheyPromise(String scheme, String setCookie, boolean isKept) {
    save(scheme + "://h.example/", setCookie);
    assertThat(jar.size()).isEqualTo(isKept ? 1 : 0);
  }

  @Test
  void cookiesEndWithTheirTime() {
    save("http://h.example/", "a=1; Max-Age=10", "b=2", "c=3; Max-Age=20");
    nowMillis += 9_999;
    assertThat(load("http://h.example/")).isEqualTo("a=1; b=2; c=3");
    nowMillis += 1;
    assertThat(load("http://h.example/")).isEqualTo("b=2; c=3");
    nowMillis += Duration.ofDays(4000).toMillis();
    assertThat(load("http://h.example/")).isEqualTo("b=2");
  }

  @Test
  void noneIsKeptForMoreThan400Days() {
    save("http://h.example/", "a=1; Max-Age=9999999999", "b=1; Expires=1 Jan 9999 00:00:00");
    nowMillis += Duration.ofDays(400).toMillis() - 1;
    assertThat(load("http://h.example/")).isEqualTo("a=1; b=1");
    nowMillis += 1;
    assertThat(load("http://h.example/")).isNull();
  }

  @Test
  void longerPathsComeFirstThenOlderCookies() {
    save("http://h.example/", "a=1", "b=2; Path=/x", "c=3; Path=/x/y", "d=4", "e=5; Path=/x");
    save("http://h.example/", "a=6");
    assertThat(load("http://h.example/x/y")).isEqualTo("c=3; b=2; e=5; a=6; d=4");
  }

  @Test
  void sameNameDomainAndPathIsTheSameCookie() {
    save("http://h.example.com/", "a=1", "a=2; Path=/x", "a=3; Domain=example.com", "A=4", "a=5");
    assertThat(load("http://h.example.com/x")).isEqualTo("a=2; a=5; a=3; A=4");
    save("http://h.example.com/", "a=; Max-Age=0");
    assertThat(load("http://h.example.com/x")).isEqualTo("a=2; a=3; A=4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a=b\0c", "a=b\u0001", "a\r=b", "a=b\n", "a=b; Path=/\u007f"})
  void passesOverControlCharacters(String setCookie) {
    save("http://h.example/", setCookie, "ok=1");
    assertThat(load("http://h.example/")).isEqualTo("ok=1");
  }

  @Test
  void passesOverWhatIsTooLong() {
    String longest = "x".repeat(4095);
    save("http://h.example/", "a=" + longest, "b=" + longest + "y");
    assertThat(load("http://h.example/")).isEqualTo("a=" + longest);
    save("http://i.example/", "c=d; Path=/" + "x".repeat(1024));
    assertThat(load("http://i.example/")).isEqualTo("c=d");
  }

  @Test
  void keeps50OfADomainTheLeastUsedGoFirst() {
    for (int i = 0; i < 50; i++) {
      save("http://h.example/" + i, "c" + i + "=v; Path=/" + i);
    }
    assertThat(load("http://h.example/0")).isEqualTo("c0=v");
    save("http://h.example/", "more=v");
    assertThat(jar.size()).isEqualTo(50);
    assertThat(load("http://h.example/0")).isEqualTo("c0=v; more=v");
    assertThat(load("http://h.example/1")).isEqualTo("more=v");
    assertThat(load("http://h.example/2")).isEqualTo("c2=v; more=v");
  }

  @Test
  void keeps3000InAll() {
    for (int host = 0; host < 60; host++) {
      for (int i = 0; i < 50; i++) {
        save("http://h" + host + ".example/", "c" + i + "=v");
      }
    }
    assertThat(jar.size()).isEqualTo(3000);
    assertThat(load("http://h0.example/")).isNotNull();
    save("http://other.example/", "a=b");
    assertThat(jar.size()).isEqualTo(3000);
    assertThat(load("http://other.example/")).isEqualTo("a=b");
    assertThat(load("http://h0.example/")).startsWith("c0=v; ");
    assertThat(load("http://h1.example/")).startsWith("c1=v; ");
  }

  @Test
  void whatHasExpiredMakesRoomFirst() {
    for (int host = 0; host < 60; host++) {
      for (int i = 0; i < 50; i++) {
        save("http://h" + host + ".example/", "c" + i + "=v; Max-Age=" + (host == 59 ? 1 : 9));
      }
    }
    nowMillis += 1000;
    save("http://other.example/", "a=b");
    assertThat(jar.size()).isEqualTo(2951);
    assertThat(load("http://h0.example/")).startsWith("c0=v; ");
  }

  @Test
  void expiredCookiesDoNotCountAgainstADomain() {
    for (int i = 0; i < 50; i++) {
      save("http://h.example/", "c" + i + "=v; Max-Age=" + (i == 49 ? 1 : 9));
    }
    nowMillis += 1000;
    save("http://h.example/", "a=b");
    assertThat(load("http://h.example/")).startsWith("c0=v; ").endsWith("; a=b");
    save("http://h.example/", "c0=; Max-Age=0");
    assertThat(jar.size()).isEqualTo(49);
  }

  @Test
  @Timeout(60)
  void isSafeForSeveralThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Callable<@Nullable Void>> tasks = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      String host = "h" + thread % 2 + ".example.com";
      tasks.add(
          () -> {
            for (int i = 0; i < 2000; i++) {
              save("http://" + host + "/", "c" + i % 60 + "=v; Domain=example.com", "a=b");
              assertThat(load("http://" + host + "/")).contains("a=b");
            }
            return null;
          });
    }
    for (Future<@Nullable Void> done : threads.invokeAll(tasks)) {
      done.get();
    }
    threads.shutdown();
    assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    assertThat(jar.size()).isEqualTo(52);
  }

  @Test
  void jarsShareNothing() {
    CookieJar one = CookieJar.inMemory();
    one.save(target("http://h.example/"), List.of("a=b; Max-Age=100"));
    assertThat(one.load(target("http://h.example/"))).hasValue("a=b");
    assertThat(CookieJar.inMemory().load(target("http://h.example/"))).isEmpty();
  }
}
