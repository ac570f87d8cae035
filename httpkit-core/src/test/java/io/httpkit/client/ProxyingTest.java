package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ScriptedServer.Peer;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Response;
import io.httpkit.server.ServerTls;
import io.httpkit.tls.TestKeys;
import java.util.HexFormat;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests through proxies. */
@Timeout(60)
class ProxyingTest {
  private static final String TARGET = "target.test";
  private static final String BASIC = "Basic dXNlcjpzZWNyZXQ=";
  private static final String ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";
  private static final ClientStatistics NONE = new ClientStatistics(0, 0, 0);

  @RegisterExtension final NothingLeft made = new NothingLeft();

  private HttpClient through(Proxy proxy) {
    return made.client(config -> config.proxy(proxy));
  }

  private static Proxy http(ScriptedServer server) {
    return Proxy.http("127.0.0.1", server.port());
  }

  private static Proxy socks(ScriptedServer server) {
    return Proxy.socks5("127.0.0.1", server.port());
  }

  // ---- forwarding

  @Test
  void plainRequestIsForwardedWithTheWholeUrl() throws Exception {
    ScriptedServer proxy = made.server();
    Future<ClientResponse> response =
        through(http(proxy).withCredentials("user", "secret"))
            .get("http://" + TARGET + "/a?b=c")
            .send();

    Peer peer = proxy.accept();
    assertThat(peer.head())
        .startsWith("GET http://" + TARGET + "/a?b=c HTTP/1.1\r\nHost: " + TARGET + "\r\n")
        .contains("Proxy-Authorization: " + BASIC + "\r\n");
    peer.send(ScriptedServer.ok("forwarded"));

    assertThat(Outcome.of(response).text()).isEqualTo("forwarded");
  }

  @Test
  void answerOfTheProxyToAForwardedRequestIsTheResponse() throws Exception {
    ScriptedServer proxy = made.server();
    Future<ClientResponse> response = through(http(proxy)).get("http://" + TARGET + "/").send();

    Peer peer = proxy.accept();
    assertThat(peer.head()).doesNotContain("Proxy-Authorization");
    peer.send("HTTP/1.1 407 Who Are You\r\nContent-Length: 0\r\n\r\n");

    assertThat(Outcome.of(response).status().code()).isEqualTo(407);
  }

  @Test
  void targetsThatAreNamedAreReachedDirectly() throws Exception {
    ScriptedServer proxy = made.server();
    ScriptedServer direct = made.server();
    Future<ClientResponse> response =
        through(http(proxy).withNoProxy("127.0.0.1")).get(direct.url("/a")).send();

    direct.accept().expect(direct.request("GET", "/a")).send(ScriptedServer.ok("direct"));

    assertThat(Outcome.of(response).text()).isEqualTo("direct");
  }

  // ---- tunnels

  @Test
  void tunnelHidesTheRequestFromTheProxy() throws Exception {
    ScriptedServer proxy = made.server();
    Future<ClientResponse> response =
        through(http(proxy).withTunnel(true).withCredentials("user", "secret"))
            .get("http://" + TARGET + "/a")
            .send();

    Peer peer = proxy.accept();
    assertThat(peer.head())
        .startsWith("CONNECT " + TARGET + ":80 HTTP/1.1\r\n")
        .contains("Host: " + TARGET + ":80\r\n", "Proxy-Authorization: " + BASIC + "\r\n");
    peer.sendByteByByte(ESTABLISHED);
    assertThat(peer.head()).startsWith("GET /a HTTP/1.1\r\n").doesNotContain("Proxy-");
    peer.send(ScriptedServer.ok("tunnelled"));

    assertThat(Outcome.of(response).text()).isEqualTo("tunnelled");
  }

  @Test
  void interimAnswerIsSkippedWhereverTheAnswersAreCut() throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = through(http(proxy).withTunnel(true));
    String answers = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\n\r\n" + ESTABLISHED;
    for (int split = 0; split < answers.length(); split++) {
      Future<ClientResponse> response = client.get("http://" + TARGET + "/" + split).send();

      Peer peer = proxy.accept();
      peer.head();
      peer.send(answers.substring(0, split)).send(answers.substring(split));
      assertThat(peer.head()).startsWith("GET /" + split + " HTTP/1.1\r\n");
      peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
      assertThat(Outcome.of(response).text()).isEqualTo("ok");
      peer.expectEof();
      peer.close();
    }
  }

  private HttpServer secureTarget() throws Exception {
    return made.httpServer(
        request -> Response.text("from " + request.header("Host").orElse("")),
        config -> config.tls(ServerTls.of(TestKeys.of(TARGET, "EC").context())));
  }

  private static ClientTls trusting() {
    return ClientTls.DEFAULTS.withContext(TestKeys.trustingOnly(TestKeys.of(TARGET, "EC")));
  }

  @Test
  void tlsGoesThroughATunnel() throws Exception {
    HttpServer target = secureTarget();
    ScriptedServer proxy = made.server();
    HttpClient client = made.client(config -> config.proxy(http(proxy)).tls(trusting()));
    Future<ClientResponse> response = client.get("https://" + TARGET + "/").send();

    Peer peer = proxy.accept();
    assertThat(peer.head()).startsWith("CONNECT " + TARGET + ":443 HTTP/1.1\r\n");
    peer.send(ESTABLISHED);
    try (Relay relay = Relay.between(peer, target.port())) {
      assertThat(relay).isNotNull();
      assertThat(Outcome.of(response).text()).isEqualTo("from " + TARGET);
      assertThat(Outcome.of(response).tlsSession().orElseThrow().getPeerCertificates())
          .containsExactly(TestKeys.of(TARGET, "EC").certificate());
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "HTTP/1.1 407 Who, \"it wants other credentials, 407\"",
        "HTTP/1.0 401 Who, \"it wants other credentials, 401\"",
        "HTTP/1.1 403 No, it answered 403",
        "HTTP/1.1 502 Bad, it answered 502",
        "garbage, its answer is not HTTP",
      })
  void proxyThatMakesNoTunnelIsNamed(String line, String reason) throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = through(http(proxy));
    Future<ClientResponse> response = client.get("https://" + TARGET + "/").send();

    Peer peer = proxy.accept();
    peer.head();
    peer.send(line + "\r\nContent-Length: 0\r\n\r\n");

    assertThat(Outcome.failure(response, Kind.PROXY))
        .hasMessageContaining("127.0.0.1:" + proxy.port())
        .hasMessageContaining(TARGET)
        .hasMessageContaining(reason);
    assertThat(client.statistics()).isEqualTo(NONE);
    peer.expectEof();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200"})
  void proxyThatGoesAwayIsNamed(String before) throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = through(http(proxy));
    Future<ClientResponse> response = client.get("https://" + TARGET + "/").send();

    Peer peer = proxy.accept();
    peer.head();
    peer.send(before).close();

    assertThat(Outcome.failure(response, Kind.PROXY))
        .hasMessageContaining("the proxy closed the connection");
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @Test
  void bytesBehindTheAnswerAreTheTargets() throws Exception {
    ScriptedServer proxy = made.server();
    Future<ClientResponse> response = through(http(proxy)).get("https://" + TARGET + "/").send();

    Peer peer = proxy.accept();
    peer.head();
    peer.send(ESTABLISHED + "this is not TLS");

    assertThat(Outcome.failure(response, Kind.TLS)).hasMessageContaining(TARGET + ":443");
  }

  @Test
  void secureProxyIsCheckedAgainWithOtherTrust() throws Exception {
    HttpServer proxy =
        made.httpServer(
            request -> Response.text("proxied"),
            config -> config.tls(ServerTls.of(TestKeys.localhost().context())));
    HttpClient client = through(Proxy.https("127.0.0.1", proxy.port()));

    assertThat(Outcome.of(client.get("http://" + TARGET + "/").insecure().send()).text())
        .isEqualTo("proxied");
    Outcome.failure(client.get("http://" + TARGET + "/").send(), Kind.TLS);
  }

  // ---- SOCKS

  private static final String TO_TARGET = "\5\1\0\3\13" + TARGET + "\0\120";
  private static final String CONNECTED = "\5\0\0\1\0\0\0\0\0\0";

  @Test
  void socksProxyResolvesTheName() throws Exception {
    ScriptedServer proxy = made.server();
    Future<ClientResponse> response = through(socks(proxy)).get("http://" + TARGET + "/").send();

    Peer peer = proxy.accept();
    peer.expect("\5\1\0").send("\5\0").expect(TO_TARGET).sendByteByByte(CONNECTED);
    assertThat(peer.head()).startsWith("GET / HTTP/1.1\r\nHost: " + TARGET);
    peer.send(ScriptedServer.ok("by SOCKS"));

    assertThat(Outcome.of(response).text()).isEqualTo("by SOCKS");
  }

  @Test
  void socksProxyIsToldTheCredentials() throws Exception {
    ScriptedServer proxy = made.server();
    Future<ClientResponse> response =
        through(socks(proxy).withCredentials("user", "secret"))
            .get("http://" + TARGET + "/")
            .send();

    Peer peer = proxy.accept();
    byte[] greeting = peer.bytes(2);
    assertThat(peer.bytes(greeting[1])).contains(2);
    peer.send("\5\2").expect("\1\4user\6secret").send("\1\0").expect(TO_TARGET).send(CONNECTED);
    peer.head();
    peer.send(ScriptedServer.ok("known"));

    assertThat(Outcome.of(response).text()).isEqualTo("known");
  }

  @ParameterizedTest
  @CsvSource({
    "1, general failure",
    "2, connection not allowed by its rules",
    "3, network unreachable",
    "4, host unreachable",
    "5, connection refused",
    "6, time to live expired",
    "7, command not supported",
    "8, kind of address not supported",
    "200, unknown reason 200",
  })
  void socksProxyThatDoesNotConnectSaysWhy(int code, String reason) throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = through(socks(proxy));
    Future<ClientResponse> response = client.get("https://" + TARGET + "/").send();

    Peer peer = proxy.accept();
    peer.expect("\5\1\0").send("\5\0").expect(TO_SECURE_TARGET);
    peer.send("\5" + (char) code + "\0\1\0\0\0\0\0\0");

    assertThat(Outcome.failure(response, Kind.PROXY))
        .hasMessage(
            "socks5://127.0.0.1:"
                + proxy.port()
                + " does not connect to https://"
                + TARGET
                + ": "
                + reason);
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 05ff, it wants a user and a password",
    "user, 05ff, it wants another login",
    "user, 05020101, user or password is wrong",
    "'', 0502, a way to authenticate that was not offered",
    "'', 0400, the proxy does not speak SOCKS5",
    "'', 48545450, the proxy does not speak SOCKS5",
    "'', 050005000001, the proxy closed the connection",
    "'', '', the proxy closed the connection",
  })
  void socksProxyThatRefusesSaysWhy(String user, String answer, String reason) throws Exception {
    ScriptedServer proxy = made.server();
    Proxy socks = user.isEmpty() ? socks(proxy) : socks(proxy).withCredentials(user, "secret");
    HttpClient client = through(socks);
    Future<ClientResponse> response = client.get("http://" + TARGET + "/").send();

    Peer peer = proxy.accept();
    peer.expect(user.isEmpty() ? "\5\1\0" : "\5\2\0\2")
        .send(HexFormat.of().parseHex(answer))
        .halfClose();

    assertThat(Outcome.failure(response, Kind.PROXY))
        .hasMessageContaining("127.0.0.1:" + proxy.port())
        .hasMessageContaining(reason)
        .hasMessageNotContaining("secret");
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  // ---- TLS through SOCKS

  private static final String TO_SECURE_TARGET = "\5\1\0\3\13" + TARGET + "\1\u00bb";

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tlsGoesThroughSocks(boolean hasCredentials) throws Exception {
    HttpServer target = secureTarget();
    ScriptedServer proxy = made.server();
    Proxy socks = hasCredentials ? socks(proxy).withCredentials("user", "secret") : socks(proxy);
    HttpClient client = made.client(config -> config.proxy(socks).tls(trusting()));
    Future<ClientResponse> response = client.get("https://" + TARGET + "/a").send();

    Peer peer = proxy.accept();
    if (hasCredentials) {
      peer.expect("\5\2\0\2").send("\5\2").expect("\1\4user\6secret").send("\1\0");
    } else {
      peer.expect("\5\1\0").send("\5\0");
    }
    peer.expect(TO_SECURE_TARGET).sendByteByByte(CONNECTED);
    try (Relay relay = Relay.between(peer, target.port())) {
      assertThat(relay).isNotNull();
      assertThat(Outcome.of(response).text()).isEqualTo("from " + TARGET);
      // over the same connection
      assertThat(Outcome.of(client.get("https://" + TARGET + "/b").send()).text())
          .isEqualTo("from " + TARGET);
      assertThat(made.events.count(RecordingEvents.Kind.CONNECT)).isEqualTo(1);
    }
  }

  @Test
  void certificateIsThatOfTheTargetBehindSocks() throws Exception {
    HttpServer target = secureTarget();
    ScriptedServer proxy = made.server();
    HttpClient client = made.client(config -> config.proxy(socks(proxy)).tls(trusting()));
    Future<ClientResponse> response = client.get("https://other.test/").send();

    Peer peer = proxy.accept();
    peer.expect("\5\1\0").send("\5\0").bytes(7 + "other.test".length());
    peer.send(CONNECTED);
    try (Relay relay = Relay.between(peer, target.port())) {
      assertThat(relay).isNotNull();
      assertThat(Outcome.failure(response, Kind.TLS))
          .hasMessageStartingWith("no TLS with other.test:443: its certificate is not for");
    }
    assertThat(client.statistics()).isEqualTo(NONE);
  }
}
