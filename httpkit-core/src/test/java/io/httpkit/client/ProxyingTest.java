package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ScriptedServer.Peer;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Response;
import io.httpkit.server.ServerTls;
import io.httpkit.tls.TestKeys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
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

  /** Carries bytes both ways, until one end is at its end. */
  private static Future<?> carry(Peer client, int port) {
    return CompletableFuture.runAsync(
        () -> {
          try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port);
              Socket source = client.socket()) {
            Thread back = new Thread(() -> copy(target, source));
            back.start();
            copy(source, target);
            back.join();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // one end is gone, and the other sees it soon
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
    Future<?> carried = carry(peer, target.port());

    assertThat(Outcome.of(response).text()).isEqualTo("from " + TARGET);
    client.close();
    Outcome.of(carried);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "HTTP/1.1 407 Who, it wants other credentials",
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
  void tlsWithinTlsIsRefused() throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = through(Proxy.https("127.0.0.1", proxy.port()));

    assertThat(Outcome.failure(client.get("https://" + TARGET + "/").send(), Kind.PROXY))
        .hasMessageContaining("TLS within TLS")
        .hasMessageContaining(TARGET);
    assertThat(client.statistics()).isEqualTo(NONE);
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
  @ValueSource(strings = {"\5\u00ff", "HTTP/1.1 400 Bad\r\n\r\n", "\5\0\5\5\0\1\0\0\0\0\0\0"})
  void socksProxyThatRefusesIsNamed(String answer) throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = through(socks(proxy));
    Future<ClientResponse> response = client.get("http://" + TARGET + "/").send();

    Peer peer = proxy.accept();
    peer.expect("\5\1\0").send(answer);

    assertThat(Outcome.failure(response, Kind.PROXY))
        .hasMessageContaining("127.0.0.1:" + proxy.port());
    assertThat(client.statistics()).isEqualTo(NONE);
  }
}
