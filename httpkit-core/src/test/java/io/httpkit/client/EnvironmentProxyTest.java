package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.client.ScriptedServer.Peer;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests of a client that has its proxies from an environment. In its variables, {@code PROXY}
 * stands for where the proxy listens, {@code PORT} for the port of the server itself.
 */
@Timeout(60)
class EnvironmentProxyTest {
  private static final String TARGET = "target.test";
  private static final String BASIC = "Proxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n";

  @RegisterExtension final NothingLeft made = new NothingLeft();

  /** Every name is one of this machine. */
  private HttpClient client(Map<String, String> environment) {
    return made.client(
        config ->
            config
                .proxies(ProxyRules.fromEnvironment(environment))
                .resolver(
                    host ->
                        CompletableFuture.completedFuture(
                            List.of(InetAddress.getLoopbackAddress()))));
  }

  /** Of {@code NAME=value} with blanks between. */
  private static Map<String, String> environment(
      String variables, ScriptedServer proxy, ScriptedServer server) {
    Map<String, String> environment = new HashMap<>();
    for (String variable : variables.split(" ", -1)) {
      int equals = variable.indexOf('=');
      String value = variable.substring(equals + 1);
      environment.put(
          variable.substring(0, equals),
          value.replace("PROXY", proxy.host()).replace("PORT", String.valueOf(server.port())));
    }
    return environment;
  }

  // ---- through the proxy

  @ParameterizedTest
  @CsvSource({
    "HTTP_PROXY=http://PROXY, http",
    "http_proxy=http://PROXY, http",
    "http_proxy=PROXY, http",
    "http_proxy=http://PROXY/, http",
    "ALL_PROXY=http://PROXY, http",
    "all_proxy=http://PROXY HTTPS_PROXY=http://127.0.0.1:1, http",
    "HTTP_PROXY=http://127.0.0.1:1 http_proxy=http://PROXY, http",
    "http_proxy=http://PROXY REQUEST_METHOD=GET, http",
    "HTTPS_PROXY=http://PROXY, https",
    "https_proxy=http://PROXY, https",
    "https_proxy=PROXY, https",
    "ALL_PROXY=http://PROXY, https",
    "all_proxy=http://PROXY http_proxy=http://127.0.0.1:1, https",
    "HTTPS_PROXY=http://127.0.0.1:1 https_proxy=http://PROXY, https",
  })
  void requestGoesThroughTheProxy(String variables, String scheme) throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = client(environment(variables, proxy, proxy));
    Future<ClientResponse> response = client.get(scheme + "://" + TARGET + "/a").send();

    Peer peer = proxy.accept();
    assertThat(peer.head())
        .startsWith(
            scheme.equals("http")
                ? "GET http://" + TARGET + "/a HTTP/1.1\r\n"
                : "CONNECT " + TARGET + ":443 HTTP/1.1\r\n")
        .doesNotContain("Proxy-Authorization");
    answer(scheme, peer, response);
  }

  /** Proceeds as far as without a certificate. */
  private static void answer(String scheme, Peer peer, Future<ClientResponse> response)
      throws Exception {
    if (scheme.equals("http")) {
      peer.send(ScriptedServer.ok("proxied"));
      assertThat(Outcome.of(response).text()).isEqualTo("proxied");
    } else {
      peer.send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
      assertThat(Outcome.failure(response, ClientException.Kind.PROXY))
          .hasMessageContaining("403")
          .hasMessageNotContaining("secret");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http_proxy=http://user:secret@PROXY, http",
    "HTTP_PROXY=user:s%65cret@PROXY, http",
    "https_proxy=http://user:secret@PROXY, https",
    "ALL_PROXY=http://us%65r:secret@PROXY, https",
  })
  void credentialsOfTheUrlAreForTheProxy(String variables, String scheme) throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = client(environment(variables, proxy, proxy));
    Future<ClientResponse> response = client.get(scheme + "://" + TARGET + "/").send();

    Peer peer = proxy.accept();
    assertThat(peer.head()).contains(BASIC);
    answer(scheme, peer, response);
  }

  @Test
  void socksOfTheEnvironmentIsToldTheCredentials() throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = client(environment("all_proxy=socks5h://user:secret@PROXY", proxy, proxy));
    Future<ClientResponse> response = client.get("http://" + TARGET + "/").send();

    Peer peer = proxy.accept();
    peer.expect("\5\2\0\2").send("\5\2").expect("\1\4user\6secret").send("\1\0");
    peer.expect("\5\1\0\3\13" + TARGET + "\0\120").send("\5\0\0\1\0\0\0\0\0\0");
    assertThat(peer.head()).startsWith("GET / HTTP/1.1\r\n");
    peer.send(ScriptedServer.ok("by SOCKS"));

    assertThat(Outcome.of(response).text()).isEqualTo("by SOCKS");
  }

  @ParameterizedTest
  @CsvSource({"HTTP_PROXY, ws, 80", "https_proxy, wss, 443"})
  void webSocketTakesATunnelThroughTheProxy(String name, String scheme, int port) throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = client(environment(name + "=PROXY", proxy, proxy));
    CompletableFuture<AsyncChannel> opened =
        client.webSocket(scheme + "://" + TARGET + "/").open(new ChannelListener() {});

    Peer peer = proxy.accept();
    assertThat(peer.head()).startsWith("CONNECT " + TARGET + ":" + port + " HTTP/1.1\r\n");
    peer.send("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");

    Outcome.failure(opened, ClientException.Kind.PROXY);
  }

  // ---- and not through it

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http_proxy=PROXY no_proxy=target.test",
        "http_proxy=PROXY NO_PROXY=target.test",
        "http_proxy=PROXY NO_PROXY=TARGET.TEST",
        "http_proxy=PROXY no_proxy=.target.test",
        "http_proxy=PROXY no_proxy=test",
        "http_proxy=PROXY no_proxy=.test",
        "http_proxy=PROXY no_proxy=a.test,target.test,b.test",
        "http_proxy=PROXY no_proxy=target.test:PORT",
        "http_proxy=PROXY no_proxy=*",
        "http_proxy=PROXY NO_PROXY=a.test no_proxy=target.test",
        "ALL_PROXY=PROXY no_proxy=target.test",
        "ALL_PROXY=PROXY http_proxy=",
        "HTTP_PROXY=PROXY http_proxy=",
        "HTTPS_PROXY=PROXY",
        "HTTP_PROXY=PROXY REQUEST_METHOD=GET",
      })
  void nameIsReachedDirectly(String variables) throws Exception {
    assertReachedDirectly(variables, TARGET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http_proxy=PROXY no_proxy=127.0.0.1",
        "http_proxy=PROXY no_proxy=127.0.0.1:PORT",
        "http_proxy=PROXY no_proxy=127.0.0.0/8",
        "http_proxy=PROXY no_proxy=10.0.0.0/8,127.0.0.0/31",
      })
  void addressIsReachedDirectly(String variables) throws Exception {
    assertReachedDirectly(variables, "127.0.0.1");
  }

  private void assertReachedDirectly(String variables, String host) throws Exception {
    ScriptedServer proxy = made.server();
    ScriptedServer server = made.server();
    HttpClient client = client(environment(variables, proxy, server));
    String authority = host + ":" + server.port();
    Future<ClientResponse> response = client.get("http://" + authority + "/").send();

    server
        .accept()
        .expect("GET / HTTP/1.1\r\nHost: " + authority + "\r\n\r\n")
        .send(ScriptedServer.ok("direct"));

    assertThat(Outcome.of(response).text()).isEqualTo("direct");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "target.test  | no_proxy=other.test",
        "target.test  | no_proxy=get.test",
        "target.test  | no_proxy=a.target.test",
        "target.test  | no_proxy=target.test:1",
        "target.test  | no_proxy=127.0.0.0/8",
        "target.test  | no_proxy=",
        "target.test  | NO_PROXY=target.test no_proxy=a.test",
        "127.0.0.1    | no_proxy=127.0.0.2",
        "127.0.0.1    | no_proxy=10.0.0.0/8",
        "127.0.0.1    | no_proxy=127.0.0.1:1",
      })
  void othersGoThroughTheProxy(String host, String exceptions) throws Exception {
    ScriptedServer proxy = made.server();
    ScriptedServer server = made.server();
    HttpClient client = client(environment("http_proxy=PROXY " + exceptions, proxy, server));
    String url = "http://" + host + ":" + server.port() + "/";
    Future<ClientResponse> response = client.get(url).send();

    Peer peer = proxy.accept();
    assertThat(peer.head()).startsWith("GET " + url + " HTTP/1.1\r\n");
    answer("http", peer, response);
  }

  @Test
  void redirectIsJudgedAnew() throws Exception {
    ScriptedServer proxy = made.server();
    ScriptedServer server = made.server();
    String variables = "http_proxy=user:secret@PROXY no_proxy=127.0.0.1";
    HttpClient client = client(environment(variables, proxy, server));
    Future<ClientResponse> response = client.get("http://" + TARGET + "/").send();

    Peer peer = proxy.accept();
    assertThat(peer.head()).startsWith("GET http://" + TARGET + "/ ").contains(BASIC);
    peer.send(
        "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + server.url("/b") + "\r\n\r\n");
    server.accept().expect(server.request("GET", "/b")).send(ScriptedServer.ok("direct"));

    assertThat(Outcome.of(response).text()).isEqualTo("direct");
  }
}
