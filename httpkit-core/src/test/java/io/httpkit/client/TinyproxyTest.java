package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.client.ClientException.Kind;
import io.httpkit.server.HttpServer;
import io.httpkit.server.ServerTls;
import io.httpkit.tls.TestAuthority;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client with tinyproxy, which wants credentials, and nginx or our own server behind it. */
@Tag("counterparts")
@Timeout(60)
class TinyproxyTest {
  private static final String ADDRESS = "127.0.0.1";
  private static final TestAuthority ROOT = new TestAuthority("Root");
  private static final ClientStatistics NONE = new ClientStatistics(0, 0, 0);

  @RegisterExtension final NothingLeft made = new NothingLeft();
  @RegisterExtension final Counterparts counterparts = new Counterparts();

  @TempDir private Path directory;

  /** A proxy that makes tunnels to this port only; with the right credentials. */
  private Proxy proxy(int target) throws Exception {
    int port = counterparts.tinyproxy(directory, "BasicAuth user secret\nConnectPort " + target);
    return Proxy.http(ADDRESS, port).withCredentials("user", "secret");
  }

  private HttpClient client(Proxy proxy) {
    return made.client(
        config -> config.proxy(proxy).tls(ClientTls.DEFAULTS.withContext(ROOT.trusting())));
  }

  private int nginx(String options) throws Exception {
    return counterparts.nginx(
        directory,
        """
        server {
          listen 127.0.0.1:PORT %s;
          add_header X-Requests $connection_requests;
          location = /name { return 200 "it is nginx"; }
        }
        """
            .formatted(options));
  }

  private int secureNginx() throws Exception {
    Files.writeString(directory.resolve("server.pem"), ROOT.issuePemForAddress(ADDRESS));
    return nginx("ssl; ssl_certificate server.pem; ssl_certificate_key server.pem");
  }

  private static String https(int port) {
    return "https://" + ADDRESS + ":" + port + "/name";
  }

  private static String http(int port) {
    return "http://" + ADDRESS + ":" + port + "/name";
  }

  private byte[] writeLarge() throws Exception {
    byte[] bytes = new byte[4 << 20];
    new Random(42).nextBytes(bytes);
    Files.createDirectories(directory.resolve("www"));
    Files.write(directory.resolve("www/large.bin"), bytes);
    return bytes;
  }

  // ---- tunnels

  @Test
  void tunnelIsUsedAgain() throws Exception {
    int port = secureNginx();
    HttpClient client = client(proxy(port));

    for (int i = 1; i <= 50; i++) {
      ClientResponse response = Outcome.of(client.get(https(port)).send());
      assertThat(response.text()).isEqualTo("it is nginx");
      assertThat(response.header("X-Requests")).isEqualTo(Integer.toString(i));
    }
  }

  @Test
  void manyRequestsShareFewTunnels() throws Exception {
    int port = secureNginx();
    Proxy proxy = proxy(port);
    HttpClient client =
        made.client(
            config ->
                config
                    .proxy(proxy)
                    .maxConnectionsPerOrigin(4)
                    .tls(ClientTls.DEFAULTS.withContext(ROOT.trusting())));

    List<Future<ClientResponse>> all = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      all.add(client.get(https(port)).send());
    }

    for (Future<ClientResponse> one : all) {
      assertThat(Outcome.of(one).text()).isEqualTo("it is nginx");
    }
    assertThat(made.events.count(RecordingEvents.Kind.CONNECT)).isBetween(1, 4);
  }

  @Test
  void largeBodyComesThroughATunnel() throws Exception {
    byte[] large = writeLarge();
    int port = secureNginx();

    ClientResponse response =
        Outcome.of(
            client(proxy(port)).get("https://" + ADDRESS + ":" + port + "/large.bin").send());

    assertThat(Arrays.mismatch(response.bytes(), large)).isEqualTo(-1);
  }

  @Test
  void plainRequestGoesThroughATunnelIfToldSo() throws Exception {
    int port = nginx("");
    HttpClient client = client(proxy(port).withTunnel(true));

    for (int i = 1; i <= 3; i++) {
      ClientResponse response = Outcome.of(client.get(http(port)).send());
      assertThat(response.text()).isEqualTo("it is nginx");
      assertThat(response.header("Via")).isNull();
      assertThat(response.header("X-Requests")).isEqualTo(Integer.toString(i));
    }
  }

  @Test
  void certificateIsCheckedThroughATunnel() throws Exception {
    int port = secureNginx();
    HttpClient client = client(proxy(port));

    assertThat(Outcome.failure(client.get("https://localhost:" + port + "/name").send(), Kind.TLS))
        .hasMessageContaining("its certificate is not for localhost");
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  // ---- tunnels that it does not make

  /** It answers 407 only to who has none. */
  @ParameterizedTest
  @CsvSource(
      value = {"null, 407", "wrong, 401"},
      nullValues = "null")
  void proxyThatWantsOtherCredentialsIsNamed(@Nullable String password, String status)
      throws Exception {
    int port = secureNginx();
    Proxy right = proxy(port);
    Proxy proxy = Proxy.http(ADDRESS, right.port());
    HttpClient client = client(password == null ? proxy : proxy.withCredentials("user", password));

    assertThat(Outcome.failure(client.get(https(port)).send(), Kind.PROXY))
        .hasMessageContaining(ADDRESS + ":" + right.port())
        .hasMessageContaining(ADDRESS + ":" + port)
        .hasMessageContaining("it wants other credentials, " + status)
        .hasMessageNotContaining("secret");
    assertThat(client.statistics()).isEqualTo(NONE);
    assertThat(Outcome.of(client.get(https(port)).proxy(right).send()).text())
        .isEqualTo("it is nginx");
  }

  @ParameterizedTest
  @CsvSource({"1, it answered 500", "2, it answered 403"})
  void proxyThatMakesNoTunnelIsNamed(int target, String reason) throws Exception {
    Proxy proxy = proxy(1);
    HttpClient client = client(proxy);

    assertThat(Outcome.failure(client.get(https(target)).send(), Kind.PROXY))
        .hasMessageContaining(ADDRESS + ":" + proxy.port())
        .hasMessageContaining(reason);
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  // ---- forwarding

  @Test
  void plainRequestIsForwarded() throws Exception {
    int port = nginx("");
    HttpClient client = client(proxy(port));

    for (int i = 0; i < 20; i++) {
      ClientResponse response = Outcome.of(client.get(http(port)).send());
      assertThat(response.text()).isEqualTo("it is nginx");
      assertThat(response.header("Via")).contains("tinyproxy");
    }
  }

  @ParameterizedTest
  @CsvSource(
      value = {"null, 407", "wrong, 401"},
      nullValues = "null")
  void forwardedRequestWithOtherCredentialsIsAnsweredByTheProxy(
      @Nullable String password, int status) throws Exception {
    int port = nginx("");
    Proxy proxy = Proxy.http(ADDRESS, proxy(port).port());
    HttpClient client = client(password == null ? proxy : proxy.withCredentials("user", password));

    assertThat(Outcome.of(client.get(http(port)).send()).status().code()).isEqualTo(status);
  }

  @Test
  void largeBodyIsForwarded() throws Exception {
    byte[] large = writeLarge();
    int port = nginx("");

    ClientResponse response =
        Outcome.of(client(proxy(port)).get("http://" + ADDRESS + ":" + port + "/large.bin").send());

    assertThat(Arrays.mismatch(response.bytes(), large)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void uploadIsForwarded(boolean isChunked) throws Exception {
    HttpServer server = made.httpServer(new EchoHandler(), config -> config);
    byte[] large = writeLarge();
    RequestBuilder request = client(proxy(server.port())).post(http(server.port()));

    ClientResponse response =
        Outcome.of(
            (isChunked ? request.body(new ByteArrayInputStream(large)) : request.body(large))
                .send());

    assertThat(Arrays.mismatch(response.bytes(), large)).isEqualTo(-1);
  }

  // ---- WebSockets

  @ParameterizedTest
  @ValueSource(strings = {"ws", "wss"})
  void webSocketGoesThroughATunnel(String scheme) throws Exception {
    HttpServer server =
        made.httpServer(
            new EchoHandler(),
            config ->
                scheme.equals("ws")
                    ? config
                    : config.tls(ServerTls.of(ROOT.issueForAddress(ADDRESS))));
    HttpClient client = client(proxy(server.port()));
    ChannelLog log = new ChannelLog();
    AsyncChannel channel =
        Outcome.of(client.webSocket(scheme + "://" + ADDRESS + ":" + server.port()).open(log));

    for (String text : List.of("hello", "text ".repeat(50_000), "")) {
      channel.send(text);
      assertThat(log.next()).isEqualTo(text);
    }
    channel.close(4001, "bye");

    assertThat(log.closed().code()).isEqualTo(4001);
    made.events.await(RecordingEvents.Kind.CLOSE);
    assertThat(client.statistics()).isEqualTo(NONE);
  }
}
