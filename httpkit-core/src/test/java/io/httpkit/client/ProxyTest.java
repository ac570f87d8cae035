package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyTest {
  private static Origin origin(String url) {
    return RequestUri.parse(url).origin();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          http://p:3128         | http://p:3128
          HTTP://P:3128/        | http://p:3128
          http://p              | http://p:80
          https://p             | https://p:443
          socks5://p            | socks5://p:1080
          socks5h://p:9         | socks5://p:9
          p:3128                | http://p:3128
          p                     | http://p:80
          1.2.3.4:3128          | http://1.2.3.4:3128
          http://[::1]:3128     | http://[::1]:3128
          [::1]                 | http://[::1]:80
          http://bücher.example | http://xn--bcher-kva.example:80
          http://u:p@h:1        | http://***@h:1
          u:p@h:1               | http://***@h:1
          socks5://u:p@h        | socks5://***@h:1080
          """)
  void readsUrls(String url, String shown) {
    assertThat(Proxy.of(url)).hasToString(shown);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "http://",
        "ftp://p",
        "socks4://p",
        "socks://p",
        "://p",
        "http://p/a",
        "http://p?a",
        "http://p#a",
        "http://p\\a",
        "http://p:0",
        "http://p:65536",
        "p:x",
        "http://a b",
        "http://a@b@c",
        "http://u%3Av:secret@p",
        "http://p//",
        "http://u:secret%0a@p",
        "p\n:80"
      })
  void rejectsWhatIsNoProxyAndDoesNotShowIt(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Proxy.of(url))
        .withMessageNotContaining("secret");
  }

  @Test
  void hasAHostAPortAndAKind() {
    Proxy proxy = Proxy.socks5("[0::1]", 1080);
    assertThat(proxy.kind()).isEqualTo(Proxy.Kind.SOCKS5);
    assertThat(proxy.host()).isEqualTo("::1");
    assertThat(proxy.port()).isEqualTo(1080);
    assertThat(Proxy.http("::1", 80)).isEqualTo(Proxy.http("[::1]", 80));
    assertThat(Proxy.https("P", 1)).hasToString("https://p:1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Proxy.http("p", 0))
        .withMessage("port must be 1 to 65535 but was 0");
    assertThatIllegalArgumentException().isThrownBy(() -> Proxy.http("p", 65536));
    assertThatIllegalArgumentException().isThrownBy(() -> Proxy.http("p/a", 80));
    assertThatIllegalArgumentException().isThrownBy(() -> Proxy.http("", 80));
  }

  @Test
  void credentialsAreKeptAndHidden() {
    Proxy proxy = Proxy.http("p", 80).withCredentials("user", "secret");
    assertThat(proxy.credentials()).isEqualTo(new Credentials("user", "secret"));
    assertThat(proxy.toString()).doesNotContain("user", "secret");
    assertThat(ProxyRules.of(proxy).toString()).doesNotContain("user", "secret");
    assertThat(Proxy.of("user:secret@p")).isEqualTo(proxy).hasSameHashCodeAs(proxy);
    assertThat(Proxy.of("http://us%65r:%73ecret@p").credentials()).isEqualTo(proxy.credentials());
    assertThatIllegalArgumentException().isThrownBy(() -> proxy.withCredentials("a:b", "c"));
    assertThatIllegalArgumentException().isThrownBy(() -> proxy.withCredentials("a", "b\r\nc"));
  }

  @Test
  void socksLimitsTheLengthOfCredentials() {
    Proxy socks = Proxy.socks5("p", 1080);
    String longest = "é".repeat(127) + "x";
    assertThat(socks.withCredentials(longest, longest).credentials())
        .isEqualTo(new Credentials(longest, longest));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> socks.withCredentials(longest + "y", "a"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> socks.withCredentials("a", longest + "y"));
    assertThat(Proxy.http("p", 80).withCredentials(longest + "y", "a").credentials()).isNotNull();
  }

  @ParameterizedTest
  @CsvSource({
    "http://p, HTTP, false, false",
    "http://p, HTTPS, false, true",
    "http://p, WS, false, true",
    "http://p, WSS, false, true",
    "http://p, HTTP, true, true",
    "https://p, HTTP, false, false",
    "https://p, HTTPS, false, true",
    "socks5://p, HTTP, false, true",
    "socks5://p, HTTPS, false, true"
  })
  void tunnelsWhatItMustNotRead(String proxy, Scheme target, boolean option, boolean tunnels) {
    assertThat(Proxy.of(proxy).withTunnel(option).tunnels(target)).isEqualTo(tunnels);
  }

  @Test
  void changesAreCopies() {
    Proxy proxy = Proxy.http("p", 80);
    List<Proxy> others =
        List.of(
            proxy.withTunnel(true),
            proxy.withNoProxy("a"),
            proxy.withCredentials("u", "p"),
            Proxy.https("p", 80),
            Proxy.http("q", 80),
            Proxy.http("p", 81));
    assertThat(others).doesNotContain(proxy).doesNotHaveDuplicates();
    assertThat(proxy).hasToString("http://p:80");
    assertThat(proxy.withTunnel(true).withNoProxy("a", "b").withNoProxy("c"))
        .hasToString("http://p:80 tunnel except a,b,c");
    assertThat(proxy.withTunnel(true).withTunnel(false)).isEqualTo(proxy);
  }

  @Test
  void exceptionsAreReachedDirectly() {
    ProxyRules rules = ProxyRules.of(Proxy.http("p", 80).withNoProxy("a.com", "10.0.0.0/8"));
    assertThat(rules.proxyFor(origin("http://b.com"))).isPresent();
    assertThat(rules.proxyFor(origin("https://b.com"))).isPresent();
    assertThat(rules.proxyFor(origin("http://b.a.com"))).isEmpty();
    assertThat(rules.proxyFor(origin("wss://10.1.1.1"))).isEmpty();
    assertThat(ProxyRules.DIRECT.proxyFor(origin("http://a.com"))).isEmpty();
  }

  private static Map<String, String> environment(String variables) {
    Map<String, String> environment = new HashMap<>();
    for (String variable : variables.split(" ", -1)) {
      if (!variable.isEmpty()) {
        int equals = variable.indexOf('=');
        environment.put(variable.substring(0, equals), variable.substring(equals + 1));
      }
    }
    return environment;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                                 | direct       | direct
          HTTP_PROXY=p                       | http://p:80  | direct
          http_proxy=p                       | http://p:80  | direct
          HTTPS_PROXY=p                      | direct       | http://p:80
          https_proxy=https://p              | direct       | https://p:443
          ALL_PROXY=socks5://p               | socks5://p:1080 | socks5://p:1080
          all_proxy=p                        | http://p:80  | http://p:80
          ALL_PROXY=p HTTP_PROXY=q           | http://q:80  | http://p:80
          ALL_PROXY=p HTTPS_PROXY=q          | http://p:80  | http://q:80
          HTTP_PROXY=p http_proxy=q          | http://q:80  | direct
          ALL_PROXY=p http_proxy=            | direct       | http://p:80
          HTTP_PROXY=p http_proxy=           | direct       | direct
          HTTP_PROXY=p REQUEST_METHOD=GET    | direct       | direct
          HTTP_PROXY=p REQUEST_METHOD=       | direct       | direct
          http_proxy=p REQUEST_METHOD=GET    | http://p:80  | direct
          HTTPS_PROXY=p REQUEST_METHOD=GET   | direct       | http://p:80
          HTTP_PROXY=p ALL_PROXY=q REQUEST_METHOD=GET | http://q:80 | http://q:80
          ALL_PROXY=p NO_PROXY=t             | direct       | direct
          ALL_PROXY=p no_proxy=t             | direct       | direct
          ALL_PROXY=p NO_PROXY=t:80          | direct       | http://p:80 except t:80
          ALL_PROXY=p NO_PROXY=u             | http://p:80 except u | http://p:80 except u
          ALL_PROXY=p NO_PROXY=t no_proxy=   | http://p:80  | http://p:80
          NO_PROXY=*                         | direct       | direct
          """)
  void environmentSaysWhichProxy(String variables, String plain, String secure) {
    ProxyRules rules = ProxyRules.fromEnvironment(environment(variables));
    assertThat(rules.proxyFor(origin("http://t")).map(Proxy::toString).orElse("direct"))
        .isEqualTo(plain);
    assertThat(rules.proxyFor(origin("ws://t")).map(Proxy::toString).orElse("direct"))
        .isEqualTo(plain);
    assertThat(rules.proxyFor(origin("wss://t")).map(Proxy::toString).orElse("direct"))
        .isEqualTo(secure);
  }

  @Test
  void rejectsBadVariableAndDoesNotShowIt() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ProxyRules.fromEnvironment(Map.of("https_proxy", "ftp://u:secret@p")))
        .withMessageStartingWith("environment variable HTTPS_PROXY names no proxy: ")
        .withMessageNotContaining("secret");
  }

  @Test
  void rulesAreEqualIfTheirProxiesAre() {
    ProxyRules rules = ProxyRules.of(Proxy.of("p"));
    assertThat(ProxyRules.fromEnvironment(Map.of("ALL_PROXY", "p")))
        .isEqualTo(rules)
        .hasSameHashCodeAs(rules)
        .isNotEqualTo(ProxyRules.DIRECT)
        .hasToString("ProxyRules[http://p:80]");
    assertThat(ProxyRules.fromEnvironment(Map.of()))
        .isEqualTo(ProxyRules.DIRECT)
        .hasToString("ProxyRules[direct]");
    assertThat(ProxyRules.fromEnvironment(Map.of("HTTP_PROXY", "p")))
        .hasToString("ProxyRules[http: http://p:80, https: null]");
  }
}
