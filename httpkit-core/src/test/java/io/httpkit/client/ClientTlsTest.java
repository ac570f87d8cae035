package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Response;
import io.httpkit.server.ServerTls;
import io.httpkit.tls.CountingTrust;
import io.httpkit.tls.RefusedChain;
import io.httpkit.tls.TestAuthority;
import io.httpkit.tls.TestKeys;
import io.httpkit.tls.TlsContexts;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that speaks TLS, with our own server, and with peers that break it. */
@Timeout(60)
class ClientTlsTest {
  private static final String HOST = "server.test";
  private static final String OTHER_HOST = "other.test";
  private static final TestAuthority ROOT = new TestAuthority("Root");
  private static final TestAuthority UNKNOWN_ROOT = new TestAuthority("Unknown");
  private static final TestAuthority FORGED_ROOT = new TestAuthority("Root");
  private static final ClientStatistics NONE = new ClientStatistics(0, 0, 0);

  @RegisterExtension final NothingLeft made = new NothingLeft();

  private HttpServer server(SSLContext identity) throws Exception {
    return server(ServerTls.of(identity));
  }

  /** Answers with the name that the client gave in its handshake, and with its port. */
  private HttpServer server(ServerTls tls) throws Exception {
    return made.httpServer(
        request -> {
          ExtendedSSLSession session = (ExtendedSSLSession) request.tlsSession().orElseThrow();
          return Response.text(session.getRequestedServerNames() + " " + request.remoteAddress());
        },
        config -> config.tls(tls));
  }

  /** Every name is one of this machine. */
  private HttpClient client(UnaryOperator<ClientConfig.Builder> options) {
    return made.client(
        config ->
            options.apply(
                config.resolver(
                    host ->
                        CompletableFuture.completedFuture(
                            List.of(InetAddress.getLoopbackAddress())))));
  }

  private HttpClient client() {
    return client(config -> config.tls(trusting()));
  }

  private static ClientTls trusting() {
    return ClientTls.DEFAULTS.withContext(ROOT.trusting());
  }

  private static String url(String host, int port) {
    return "https://" + host + ":" + port + "/";
  }

  // ---- what is told of it

  private static void assertSession(ClientResponse response, String protocol, String cipher)
      throws Exception {
    SSLSession session = response.tlsSession().orElseThrow();
    assertThat(session.getProtocol()).isEqualTo(protocol);
    assertThat(session.getCipherSuite()).isEqualTo(cipher);
    assertThat(session.getPeerPrincipal().getName()).isEqualTo("CN=" + HOST);
    assertThat(session.getPeerCertificates()[0]).isInstanceOf(X509Certificate.class);
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLSv1.3, TLS_AES_256_GCM_SHA384"
  })
  void responseTellsWhatWasNegotiated(String protocol, String cipher) throws Exception {
    HttpServer server = server(ROOT.issue(HOST));
    HttpClient client = client(config -> config.tls(trusting().withProtocols(protocol)));
    String url = url(HOST, server.port());

    assertSession(Outcome.of(client.get(url).send()), protocol, cipher);
    assertSession(Outcome.of(client.get(url).send()), protocol, cipher);
    assertThat(made.events.count(RecordingEvents.Kind.CONNECT)).isEqualTo(1);
    assertSession(Outcome.of(client.get(url).discard()), protocol, cipher);
    ClientResponse last = Outcome.of(client.get(url).keepAlive(false).stream());
    try (last) {
      assertSession(last, protocol, cipher);
      assertThat(last.stream().readAllBytes()).isNotEmpty();
    }
    made.events.await(RecordingEvents.Kind.CLOSE);
    assertSession(last, protocol, cipher);
  }

  @Test
  void responseInPlaintextHasNoSession() throws Exception {
    HttpServer server =
        made.httpServer(request -> Response.text("plain"), config -> config.tls(null));
    String url = "http://" + HOST + ":" + server.port() + "/";

    assertThat(Outcome.of(client().get(url).send()).tlsSession()).isEmpty();
    assertThat(ClientResponse.of(Status.OK, Headers.empty(), new byte[0], url).tlsSession())
        .isEmpty();
  }

  // ---- whom it trusts

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void certificateOfTrustedRootIsTaken(String protocol) throws Exception {
    HttpServer server = server(ROOT.issue(HOST));
    HttpClient client = client(config -> config.tls(trusting().withProtocols(protocol)));

    assertThat(Outcome.of(client.get(url(HOST, server.port())).send()).text()).contains(HOST);
    assertThat(client.statistics().open()).isEqualTo(1);
  }

  static Stream<List<Object>> certificates() {
    return Stream.of(
        List.of("has expired", ROOT.issueExpired(HOST)),
        List.of("is not valid yet", ROOT.issueForLater(HOST)),
        List.of("is not for " + HOST, ROOT.issue(OTHER_HOST)),
        List.of("is not signed by anybody who is trusted", UNKNOWN_ROOT.issue(HOST)),
        List.of("is not signed by anybody who is trusted", TestKeys.of(HOST, "EC").context()),
        List.of("is refused", FORGED_ROOT.issue(HOST)));
  }

  @ParameterizedTest
  @MethodSource("certificates")
  void badCertificateIsRefusedWithItsReason(List<Object> row) throws Exception {
    HttpServer server = server((SSLContext) row.get(1));
    HttpClient client = client();

    ClientException failure =
        Outcome.failure(client.get(url(HOST, server.port())).send(), Kind.TLS);

    assertThat(failure)
        .hasMessageStartingWith("no TLS with " + HOST + ":" + server.port() + ": its certificate ")
        .hasMessageContaining((String) row.get(0));
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @ParameterizedTest
  @MethodSource("certificates")
  void insecureTakesAnyCertificate(List<Object> row) throws Exception {
    HttpServer server = server((SSLContext) row.get(1));

    // the name of the host is sent nevertheless
    assertThat(Outcome.of(client().get(url(HOST, server.port())).insecure().send()).text())
        .contains(HOST);
  }

  // ---- why it does not, as far as the context tells

  private static final String DATE = "20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
  private static final List<String> MANY_NAMES =
      IntStream.rangeClosed(1, 12).mapToObj(i -> "n" + i + ".test").toList();

  /** What is said of each, as an expression. */
  static Stream<List<Object>> refusals() {
    String chain = "is not signed by anybody who is trusted: its chain ";
    return Stream.of(
        List.of("has expired: it was valid until " + DATE, ROOT.issueExpired(HOST)),
        List.of("is not valid yet: it will be from " + DATE, ROOT.issueForLater(HOST)),
        List.of("is not for " + HOST + ", but for " + OTHER_HOST, ROOT.issue(OTHER_HOST)),
        List.of("is not for " + HOST + ", but for 127.0.0.1", ROOT.issueForAddress("127.0.0.1")),
        List.of(
            "is not for " + HOST + ", but for n1.test, n2.test, .*, n10.test and 2 more",
            ROOT.issueForNames(MANY_NAMES)),
        List.of(
            "is self-signed, and not trusted: CN=" + HOST + " has issued it to itself",
            TestKeys.of(HOST, "EC").context()),
        List.of(
            chain + "leads to CN=Unknown, a root that is not trusted", UNKNOWN_ROOT.issue(HOST)),
        List.of(
            chain + "leads to CN=Unknown, a root that is not trusted",
            UNKNOWN_ROOT.issueThrough("Between", "-1d", HOST, true)),
        List.of(
            chain
                + "is not complete, or ends with CN=Between, whose certificate the server has not"
                + " sent and who is not trusted",
            ROOT.issueThrough("Between", "-1d", HOST, false)),
        List.of(
            "is signed by CN=Once, whose certificate has expired: it was valid until " + DATE,
            ROOT.issueThrough("Once", "-30d", HOST, true)),
        List.of("is refused: .*signature.*", FORGED_ROOT.issue(HOST)));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refusalNamesWhatWasShown(List<Object> row) throws Exception {
    HttpServer server = server((SSLContext) row.get(1));
    ClientTls tls =
        ClientTls.DEFAULTS.withContext(TlsContexts.trusting(List.of(ROOT.certificate())));

    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      ClientTls one = tls.withProtocols(protocol);
      assertThat(Outcome.failure(client().get(url(HOST, server.port())).tls(one).send(), Kind.TLS))
          .hasMessageMatching(
              "no TLS with " + HOST + ":" + server.port() + ": its certificate " + row.get(0));
    }
  }

  @Test
  void chainThroughAnotherAuthorityIsTaken() throws Exception {
    HttpServer server = server(ROOT.issueThrough("Between", "-1d", OTHER_HOST, true));
    ClientTls tls =
        ClientTls.DEFAULTS.withContext(TlsContexts.trusting(List.of(ROOT.certificate())));

    assertThat(Outcome.of(client().get(url(OTHER_HOST, server.port())).tls(tls).send()).text())
        .contains(OTHER_HOST);
  }

  @Test
  void trustOfTheJvmTellsWhatItRefuses() throws Exception {
    HttpServer server = server(UNKNOWN_ROOT.issue(HOST));
    HttpClient client = client(config -> config);

    ClientException failure =
        Outcome.failure(client.get(url(HOST, server.port())).send(), Kind.TLS);

    assertThat(failure).hasMessageContaining("CN=Unknown");
    assertThat(RefusedChain.of(failure).orElseThrow().certificates())
        .contains(UNKNOWN_ROOT.certificate());
  }

  @Test
  void contextThatWasMadeTheDefaultIsUsed() throws Exception {
    HttpServer server = server(ROOT.issue(HOST));
    HttpClient client = client(config -> config);
    SSLContext before = SSLContext.getDefault();
    SSLContext.setDefault(ROOT.trusting());
    try {
      assertThat(Outcome.of(client.get(url(HOST, server.port())).send()).isSuccess()).isTrue();
    } finally {
      SSLContext.setDefault(before);
    }
    Outcome.failure(client.get(url(HOST, server.port())).send(), Kind.TLS);
  }

  @Test
  void failuresLeaveRoomForOthers() throws Exception {
    HttpServer bad = server(UNKNOWN_ROOT.issue(HOST));
    HttpServer good = server(ROOT.issue(HOST));
    HttpClient client = client(config -> config.tls(trusting()).maxConnections(1));

    for (int i = 0; i < 5; i++) {
      Outcome.failure(client.get(url(HOST, bad.port())).send(), Kind.TLS);
    }

    assertThat(Outcome.of(client.get(url(HOST, good.port())).send()).isSuccess()).isTrue();
  }

  // ---- what it says

  @Test
  void nameChoosesTheCertificate() throws Exception {
    ServerTls tls =
        ServerTls.of(UNKNOWN_ROOT.issue("default.test"))
            .withHost(HOST, ROOT.issue(HOST))
            .withHost(OTHER_HOST, ROOT.issue(OTHER_HOST));
    HttpServer server = server(tls);
    HttpClient client = client();

    for (String host : List.of(HOST, OTHER_HOST)) {
      assertThat(Outcome.of(client.get(url(host, server.port())).send()).text()).contains(host);
    }
  }

  @Test
  void addressIsComparedWithTheCertificateButNotSent() throws Exception {
    HttpServer server = server(ROOT.issueForAddress("127.0.0.1"));

    assertThat(Outcome.of(client().get(url("127.0.0.1", server.port())).send()).text())
        .startsWith("[] ");
  }

  @Test
  void addressThatTheCertificateDoesNotHaveIsRefused() throws Exception {
    HttpServer server = server(ROOT.issue(HOST));

    assertThat(Outcome.failure(client().get(url("127.0.0.1", server.port())).send(), Kind.TLS))
        .hasMessageContaining("its certificate is not for 127.0.0.1");
  }

  @Test
  void http11IsNegotiated() throws Exception {
    HttpServer server = server(ROOT.issue(HOST));
    Queue<SSLEngine> engines = new ConcurrentLinkedQueue<>();
    ClientTls tls = trusting().withConfigurer(engines::add);

    Outcome.of(client(config -> config.tls(tls)).get(url(HOST, server.port())).send());

    assertThat(Objects.requireNonNull(engines.poll()).getApplicationProtocol())
        .isEqualTo("http/1.1");
  }

  // ---- connections and sessions

  @Test
  void connectionIsOfOneWayOfSpeakingTls() throws Exception {
    HttpServer server = server(ROOT.issue(HOST));
    HttpClient client = client();
    String url = url(HOST, server.port());

    String first = Outcome.of(client.get(url).send()).text();
    String again = Outcome.of(client.get(url).send()).text();
    String insecure = Outcome.of(client.get(url).insecure().send()).text();
    String otherTrust = Outcome.of(client.get(url).tls(trusting()).send()).text();

    assertThat(again).isEqualTo(first);
    assertThat(List.of(first, insecure, otherTrust)).doesNotHaveDuplicates();
    assertThat(client.statistics().open()).isEqualTo(3);
  }

  @Test
  void trustDoesNotComeWithAConnectionOfTheInsecure() throws Exception {
    HttpServer server = server(UNKNOWN_ROOT.issue(HOST));
    HttpClient client = client();
    String url = url(HOST, server.port());

    Outcome.of(client.get(url).insecure().send());

    Outcome.failure(client.get(url).send(), Kind.TLS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void sessionIsResumed(String protocol) throws Exception {
    HttpServer server = server(ROOT.issue(HOST));
    CountingTrust trust = ROOT.trust();
    ClientTls tls = ClientTls.DEFAULTS.withContext(trust.context()).withProtocols(protocol);
    HttpClient client = client(config -> config.tls(tls));
    String url = url(HOST, server.port());

    for (int i = 0; i < 4; i++) {
      Outcome.of(client.get(url).keepAlive(false).send());
    }

    assertThat(trust.shown()).isEqualTo(1);
    assertThat(made.events.count(RecordingEvents.Kind.CONNECT)).isEqualTo(4);
  }

  // ---- peers that break it

  /** Answers over TLS, and then ends the connection as told. */
  private static Future<?> answer(ScriptedServer server, String answer, boolean saysSo) {
    return CompletableFuture.runAsync(
        () -> {
          try (Socket plain = server.accept().socket()) {
            SSLSocket tls =
                (SSLSocket) ROOT.issue(HOST).getSocketFactory().createSocket(plain, null, false);
            tls.setUseClientMode(false);
            assertThat(tls.getInputStream().readNBytes(10)).hasSize(10);
            tls.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
            if (saysSo) {
              tls.close();
            }
            plain.shutdownOutput();
          } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  @Test
  void bodyThatEndsWithTheConnectionIsCompleteIfThePeerSaysSo() throws Exception {
    ScriptedServer server = made.server();
    Future<?> answered = answer(server, "HTTP/1.1 200 OK\r\n\r\nhalf", true);

    assertThat(Outcome.of(client().get(url(HOST, server.port())).send()).text()).isEqualTo("half");
    Outcome.of(answered);
  }

  @Test
  void bodyThatEndsWithTheConnectionMayHaveBeenCut() throws Exception {
    ScriptedServer server = made.server();
    Future<?> answered = answer(server, "HTTP/1.1 200 OK\r\n\r\nhalf", false);

    assertThat(Outcome.failure(client().get(url(HOST, server.port())).send(), Kind.CLOSED))
        .hasMessageContaining("close_notify");
    Outcome.of(answered);
  }

  @Test
  void peerThatIsSilentIsGivenUp() throws Exception {
    ScriptedServer server = made.server();
    HttpClient client = client();

    assertThat(
            Outcome.failure(
                client.get(url(HOST, server.port())).tlsTimeout(Duration.ofMillis(50)).send(),
                Kind.TLS_TIMEOUT))
        .hasMessageContaining(HOST + ":" + server.port())
        .hasMessageContaining("tlsTimeout");
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", ""})
  void peerThatDoesNotSpeakTlsIsRefused(String answer) throws Exception {
    ScriptedServer server = made.server();
    HttpClient client = client();
    Future<ClientResponse> response = client.get(url(HOST, server.port())).send();
    server.accept().send(answer).close();

    assertThat(Outcome.failure(response, Kind.TLS))
        .hasMessageStartingWith("no TLS with " + HOST + ":" + server.port() + ": ");
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @Test
  void hostWhoseNameTlsDoesNotAllowFailsAtOnce() throws Exception {
    HttpServer server = server(ROOT.issue(HOST));
    HttpClient client = client(config -> config);
    Future<ClientResponse> future = client.get("https://a_b:" + server.port() + "/").send();
    assertThat(Outcome.failure(future, Kind.TLS)).hasMessageContaining("a_b");
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @Test
  void configurerThatThrowsFailsItsRequest() throws Exception {
    HttpServer server = server(ROOT.issue(HOST));
    ClientTls tls =
        ClientTls.DEFAULTS.withConfigurer(
            engine -> {
              throw new IllegalStateException("broken");
            });
    HttpClient client = client(config -> config.tls(tls));
    String url = "https://" + HOST + ":" + server.port() + "/";
    assertThat(Outcome.failure(client.get(url).send(), Kind.TLS)).hasMessageContaining("broken");
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @Test
  void dotBehindANameIsNotPartOfACertificate() throws Exception {
    HttpServer server = server(ROOT.issue(HOST));
    String answer = Outcome.of(client().get(url(HOST + ".", server.port())).send()).text();
    assertThat(answer).contains(HOST + "]").doesNotContain(HOST + ".");
  }

  @Test
  void proxyThatIsSilentBehindItsTlsIsGivenUp() throws Exception {
    ScriptedServer server = made.server();
    HttpClient client = client();
    Future<ClientResponse> response =
        client
            .get("http://" + OTHER_HOST + "/")
            .proxy(Proxy.https(HOST, server.port()).withTunnel(true))
            .connectTimeout(Duration.ofMillis(300))
            .send();
    try (Socket plain = server.accept().socket()) {
      SSLSocket tls =
          (SSLSocket) ROOT.issue(HOST).getSocketFactory().createSocket(plain, null, false);
      tls.setUseClientMode(false);
      assertThat(tls.getInputStream().read()).isEqualTo('C');
      assertThat(Outcome.failure(response, Kind.CONNECT_TIMEOUT))
          .hasMessageContaining("the proxy was asked");
    }
    assertThat(client.statistics()).isEqualTo(NONE);
  }
}
