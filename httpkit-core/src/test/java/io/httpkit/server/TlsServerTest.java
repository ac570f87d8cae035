package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.internal.loop.FakeTicker;
import io.httpkit.internal.tls.TlsPeer;
import io.httpkit.server.RecordingEvents.Kind;
import io.httpkit.server.ScriptedPeer.Reply;
import io.httpkit.server.ServerTls.ClientAuth;
import io.httpkit.tls.CountingTrust;
import io.httpkit.tls.TestKeys;
import java.io.IOException;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that speaks TLS, and the JDK's own client. */
@Timeout(60)
class TlsServerTest {
  private static final TestKeys KEYS = TestKeys.localhost();
  private static final SSLContext CLIENT = TestKeys.trustingOnly(KEYS);
  private static final ServerTls TLS = ServerTls.of(KEYS.context());

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private HttpServer start(Handler handler) {
    return servers.start(handler, config -> config.tls(TLS));
  }

  private HttpServer start(Handler handler, ServerTls tls) {
    return servers.start(handler, config -> config.tls(tls));
  }

  private static Response echo(Request request) {
    return Response.bytes(request.bytes());
  }

  // ---- requests

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLSv1.3, TLS_AES_256_GCM_SHA384"
  })
  void requestTellsWhatWasNegotiated(String protocol, String cipher) throws Exception {
    HttpServer server =
        start(
            request -> {
              SSLSession session = request.tlsSession().orElseThrow();
              return Response.text(
                  request.scheme() + ' ' + session.getProtocol() + ' ' + session.getCipherSuite());
            });
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT, protocol)) {
      assertThat(peer.get("/").text()).isEqualTo("https " + protocol + ' ' + cipher);
      assertThat(peer.get("/").text()).startsWith("https ");
    }
    servers.events.await(Kind.CLOSE);

    assertThat(servers.events.kinds())
        .containsSubsequence(Kind.ACCEPT, Kind.TLS_HANDSHAKE, Kind.REQUEST, Kind.CLOSE)
        .doesNotContain(Kind.TLS_FAILURE);
  }

  @Test
  void requestInPlaintextHasNoSession() throws Exception {
    HttpServer server =
        servers.start(
            request -> Response.text(request.scheme() + request.tlsSession().isPresent()));

    assertThat(servers.connect(server).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read().text())
        .isEqualTo("httpfalse");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void bodiesArriveWholeBothWays(String protocol) throws Exception {
    HttpServer server = start(TlsServerTest::echo);
    byte[] body = new byte[3_000_000];
    new Random(1).nextBytes(body);
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT, protocol)) {
      peer.send(
              "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: "
                  + body.length
                  + "\r\n\r\n")
          .read();
      peer.send(body);
      assertThat(peer.read().body()).isEqualTo(body);
    }
  }

  @Test
  void pipelinedAnswersLeaveInOneRecord() throws Exception {
    HttpServer server =
        start(
            new Handler() {
              @Override
              public Response handle(Request request) {
                return Response.text(request.path());
              }

              @Override
              public boolean isNonBlocking(Request request) {
                return true;
              }
            });
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT)) {
      String head = " HTTP/1.1\r\nHost: a\r\n\r\n";
      peer.shakeHands().send("GET /1" + head + "GET /2" + head + "GET /3" + head);

      assertThat(peer.readOnce()).contains("\r\n\r\n/1HTTP", "\r\n\r\n/2HTTP").endsWith("/3");
    }
  }

  @Test
  void fileIsDownloaded(@TempDir Path directory) throws Exception {
    byte[] content = new byte[5_000_000];
    new Random(2).nextBytes(content);
    Path file = Files.write(directory.resolve("file"), content);
    HttpServer server = start(request -> Response.file(file));
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT)) {
      assertThat(peer.get("/").body()).isEqualTo(content);
      assertThat(peer.get("/").body()).isEqualTo(content);
    }
  }

  @Test
  void workerWritesMuchWhileTheClientDoes() throws Exception {
    byte[] content = new byte[10 * 1024 * 1024];
    new Random(3).nextBytes(content);
    HttpServer server =
        start(
            request ->
                request.path().equals("/large")
                    ? Response.bytes(content)
                    : Response.text(request.text()));
    String small = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n" + "b".repeat(1000);
    int count = 2_000;
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT)) {
      peer.shakeHands();
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                try {
                  peer.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
                  for (int i = 0; i < count; i++) {
                    peer.send(small);
                    if (i % 500 == 0) {
                      // new keys, in TLS 1.3
                      peer.shakeHands();
                    }
                  }
                } catch (IOException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(peer.read().body()).isEqualTo(content);
      for (int i = 0; i < count; i++) {
        assertThat(peer.read().text()).hasSize(1000);
      }
      writing.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void streamedBodyArrives() throws Exception {
    HttpServer server = start(request -> Response.parts(List.of("a".repeat(100_000), "b")));
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT)) {
      peer.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      assertThat(peer.readToEnd()).contains("a".repeat(1000)).endsWith("b\r\n0\r\n\r\n");
    }
  }

  @Test
  void webSocketIsOpenedAndEchoes() throws Exception {
    HttpServer server =
        start(
            request ->
                request.asChannel(
                    new ChannelListener() {
                      @Override
                      public void onText(AsyncChannel channel, String text) {
                        channel.send("you said " + text);
                      }
                    }));
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT)) {
      Reply reply =
          peer.send(
                  String.join(
                      "\r\n",
                      "GET /ws HTTP/1.1",
                      "Host: localhost",
                      "Origin: https://localhost",
                      "Upgrade: websocket",
                      "Connection: Upgrade",
                      "Sec-WebSocket-Version: 13",
                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                      "",
                      ""))
              .read();
      assertThat(reply.status()).isEqualTo(101);
      peer.send(new byte[] {(byte) 0x81, (byte) 0x82, 0, 0, 0, 0, 'h', 'i'});
      byte[] frame = peer.readBytes(2 + "you said hi".length());
      assertThat(new String(frame, StandardCharsets.ISO_8859_1))
          .isEqualTo("\u0081\u000byou said hi");
      peer.send(new byte[] {(byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 3, (byte) 0xe8});
      peer.readToEnd();
    }
  }

  @Test
  void unixDomainSocketSpeaksTlsToo(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("socket");
    HttpServer server =
        servers.start(
            request -> Response.text(request.scheme()), config -> config.unixSocket(path).tls(TLS));
    assertThat(server.address()).isEqualTo(UnixDomainSocketAddress.of(path));
    SSLEngine engine = CLIENT.createSSLEngine();
    engine.setUseClientMode(true);
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
        TlsPeer peer = new TlsPeer(engine, channel)) {
      String request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      while (!peer.shakeHands(request, 1000)) {
        Thread.onSpinWait();
      }
      while (!peer.readToEnd()) {
        Thread.onSpinWait();
      }
      assertThat(peer.received()).endsWith("\r\n\r\nhttps");
    }
  }

  // ---- the handshake

  /** Counts how often the key is used, which takes a handshake that resumes nothing. */
  private static final class AnyKeys extends X509ExtendedKeyManager {
    private final X509ExtendedKeyManager keys;

    AnyKeys(X509ExtendedKeyManager keys) {
      this.keys = keys;
    }

    @Override
    public String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
      return keys.chooseEngineServerAlias(keyType, issuers, engine);
    }

    @Override
    public String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
      return keys.chooseServerAlias(keyType, issuers, socket);
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return keys.getServerAliases(keyType, issuers);
    }

    /** Shows a certificate whoever is asked for. */
    @Override
    public String chooseClientAlias(
        String[] keyTypes, Principal @Nullable [] issuers, Socket socket) {
      return keys.getClientAliases("EC", null)[0];
    }

    @Override
    public String[] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return keys.getClientAliases(keyType, null);
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return keys.getCertificateChain(alias);
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return keys.getPrivateKey(alias);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void sessionIsResumed(String protocol) throws Exception {
    HttpServer server = start(request -> Response.text("ok"), ServerTls.of(KEYS.context()));
    CountingTrust trust = new CountingTrust(KEYS.certificate());
    SSLContext client = trust.context();
    for (int i = 0; i < 4; i++) {
      try (HttpsPeer peer = HttpsPeer.connect(server, client, protocol)) {
        assertThat(peer.get("/").text()).isEqualTo("ok");
      }
    }

    assertThat(trust.shown()).isEqualTo(1);
    servers.events.await(Kind.TLS_HANDSHAKE, 4);
  }

  @ParameterizedTest
  @CsvSource({
    "a.example.com, false, a.example.com",
    "b.example.com, false, *.example.com",
    "x.y.example.com, false, localhost",
    "example.com, false, localhost",
    "other.org, false, localhost",
    ", false, localhost",
    "a.example.com, true, a.example.com",
    "b.example.com, true, *.example.com",
    "other.org, true, ",
    ", true, ",
  })
  void hostHasItsCertificate(@Nullable String host, boolean strict, @Nullable String expected)
      throws Exception {
    TestKeys exact = TestKeys.of("a.example.com", "EC");
    TestKeys wildcard = TestKeys.of("*.example.com", "EC");
    HttpServer server =
        start(
            request -> Response.text("ok"),
            TLS.withHost("A.example.com", exact.context())
                .withHost("*.example.com", wildcard.context())
                .withStrictSni(strict));
    SSLContext client = TestKeys.trustingOnly(KEYS, exact, wildcard);
    try (HttpsPeer peer =
        HttpsPeer.connect(
            server,
            client,
            parameters ->
                parameters.setServerNames(
                    host == null ? List.of() : List.of(new SNIHostName(host))))) {
      if (expected == null) {
        assertThatExceptionOfType(SSLException.class)
            .isThrownBy(peer::shakeHands)
            .withMessageContaining("unrecognized_name");
        assertThat(failure()).hasMessageContaining("client").hasMessageContaining("came");
      } else {
        assertThat(peer.get("/").text()).isEqualTo("ok");
        X509Certificate shown = (X509Certificate) peer.session().getPeerCertificates()[0];
        assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=" + expected);
      }
    }
  }

  private Throwable failure() throws InterruptedException {
    return Objects.requireNonNull(servers.events.await(Kind.TLS_FAILURE).error());
  }

  @ParameterizedTest
  @CsvSource({
    "NONE, none, nobody",
    "NONE, trusted, nobody",
    "NONE, other, nobody",
    "WANT, none, nobody",
    "WANT, trusted, CN=client",
    "WANT, other, PKIX path",
    "NEED, none, Empty client certificate chain",
    "NEED, trusted, CN=client",
    "NEED, other, PKIX path",
  })
  void clientShowsItsCertificate(ClientAuth auth, String shown, String expected) throws Exception {
    TestKeys trusted = TestKeys.of("client", "EC");
    HttpServer server =
        start(
            request -> Response.text(clientName(request)),
            ServerTls.of(KEYS.trusting(trusted)).withClientAuth(auth));
    SSLContext client =
        switch (shown) {
          case "trusted" -> trusted.trusting(KEYS);
          case "other" ->
              TestKeys.context(new AnyKeys(TestKeys.of("stranger", "EC").keyManager()), KEYS);
          default -> CLIENT;
        };
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      try (HttpsPeer peer = HttpsPeer.connect(server, client, protocol)) {
        if (expected.startsWith("CN=") || expected.equals("nobody")) {
          assertThat(peer.get("/").text()).isEqualTo(expected);
        } else {
          assertThatExceptionOfType(SSLException.class)
              .isThrownBy(() -> peer.get("/"))
              .withMessageMatching("(?s).*(bad_certificate|certificate_|handshake_failure).*");
          assertThat(failure()).hasMessageContaining(expected);
        }
      }
    }
  }

  private static String clientName(Request request) {
    try {
      return request.tlsSession().orElseThrow().getPeerPrincipal().getName();
    } catch (SSLPeerUnverifiedException e) {
      return "nobody";
    }
  }

  @ParameterizedTest
  @CsvSource({
    "http/1.1, http/1.1",
    "h2 http/1.1, http/1.1",
    ", ''",
    "h2, ",
  })
  void applicationProtocolIsAgreedOn(@Nullable String offered, @Nullable String expected)
      throws Exception {
    HttpServer server = start(request -> Response.text("ok"));
    try (HttpsPeer peer =
        HttpsPeer.connect(
            server,
            CLIENT,
            parameters ->
                parameters.setApplicationProtocols(
                    offered == null ? new String[0] : offered.split(" ", -1)))) {
      if (expected == null) {
        assertThatExceptionOfType(SSLException.class)
            .isThrownBy(peer::shakeHands)
            .withMessageContaining("no_application_protocol");
        assertThat(failure()).isInstanceOf(SSLException.class);
      } else {
        assertThat(peer.get("/").text()).isEqualTo("ok");
        assertThat(peer.applicationProtocol()).isEqualTo(expected);
      }
    }
  }

  @Test
  void versionsAndCiphersAreThoseAllowed() throws Exception {
    String cipher = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    HttpServer server =
        start(
            request -> Response.text(request.tlsSession().orElseThrow().getCipherSuite()),
            TLS.withProtocols("TLSv1.2").withCiphers(cipher));
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT)) {
      assertThat(peer.get("/").text()).isEqualTo(cipher);
    }
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT, "TLSv1.3")) {
      assertThatExceptionOfType(SSLException.class)
          .isThrownBy(peer::shakeHands)
          .withMessageContaining("protocol_version");
    }
    assertThat(failure()).hasMessageContaining("protocol");
  }

  @Test
  void certificateIsReplacedWhileConnectionsGoOn() throws Exception {
    HttpServer server = start(request -> Response.text("ok"));
    TestKeys next = TestKeys.of("next", "EC");
    try (HttpsPeer before = HttpsPeer.connect(server, TestKeys.trustingOnly(KEYS))) {
      assertThat(before.get("/").text()).isEqualTo("ok");
      server.tls(ServerTls.of(next.context()));
      assertThat(before.get("/").text()).isEqualTo("ok");
      try (HttpsPeer after = HttpsPeer.connect(server, TestKeys.trustingOnly(next))) {
        assertThat(after.get("/").text()).isEqualTo("ok");
      }
      assertThat(before.get("/").text()).isEqualTo("ok");
    }
  }

  @Test
  void plaintextServerDoesNotBecomeAnotherLater() {
    HttpServer server = servers.start(request -> Response.text("ok"));

    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> server.tls(TLS))
        .withMessageContaining("without TLS");
  }

  // ---- what goes wrong

  @Test
  void plainHttpIsToldThatThisIsHttps() throws Exception {
    HttpServer server = start(request -> Response.text("ok"));
    Reply reply = servers.connect(server).send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").read();

    reply.assertRefused(400);
    assertThat(reply.text()).contains("HTTPS");
    assertThat(failure()).hasMessageContaining("not TLS: begins with 47 45 54 20 2f");
    servers.events.await(Kind.CLOSE);
  }

  @Test
  void tlsOnAPlainPortIsToldAtOnce() throws Exception {
    HttpServer server = servers.start(request -> Response.text("ok"));
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT)) {
      assertThatExceptionOfType(SSLException.class).isThrownBy(peer::shakeHands);
    }

    assertThat(failure()).hasMessageContaining("without TLS");
    servers.events.await(Kind.CLOSE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"16", "160301000401000000", "1603014000010040010303", "00", "80"})
  void clientThatSpeaksNoTlsIsClosed(String hex) throws Exception {
    HttpServer server =
        start(request -> Response.text("ok"), TLS.withHandshakeTimeout(Duration.ofMillis(300)));
    ScriptedPeer peer = servers.connect(server);
    peer.send(HexFormat.of().parseHex(hex));
    peer.readToEnd();

    assertThat(failure()).isInstanceOf(IOException.class);
    servers.events.await(Kind.CLOSE);
    assertThat(servers.events.count(Kind.TLS_FAILURE)).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "1603014001, 22",
    "1603014000010040010303, 40",
    "160301000401000000, 50",
    "16030100ff02000100, 10",
  })
  void clientIsToldWhyItsHelloIsRefused(String hex, int alert) throws Exception {
    HttpServer server = start(request -> Response.text("ok"));
    ScriptedPeer peer = servers.connect(server);
    peer.send(HexFormat.of().parseHex(hex));

    assertThat(peer.readToEnd()).isEqualTo(new byte[] {21, 3, 3, 0, 2, 2, (byte) alert});
    assertThat(failure()).isInstanceOf(SSLException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void clientIsToldThatItsRecordIsRefused(String protocol) throws Exception {
    HttpServer server = start(request -> Response.text("ok"));
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT, protocol)) {
      assertThat(peer.get("/").text()).isEqualTo("ok");
      peer.sendPlain(HexFormat.of().parseHex("1703038501"));

      assertThatExceptionOfType(SSLException.class)
          .isThrownBy(peer::readToEnd)
          .withMessageContaining("unexpected_message");
    }
    servers.events.await(Kind.CLOSE);
  }

  @Test
  void clientThatSaysNothingIsClosedInTime() throws Exception {
    HttpServer server =
        start(request -> Response.text("ok"), TLS.withHandshakeTimeout(Duration.ofMillis(100)));
    servers.connect(server).readToEnd();

    assertThat(failure()).hasMessageContaining("took more than 100 ms");
  }

  /**
   * Of two clients, one that comes a millisecond before the other. When its time is over, the loop
   * has looked at both, and the other has a millisecond left.
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100})
  void clientHasTenSecondsUnlessAnythingElseIsSaid(int helloBytes) throws Exception {
    FakeTicker ticker = new FakeTicker(Long.MAX_VALUE - 1);
    HttpServer server =
        servers.start(request -> Response.text("ok"), config -> config.tls(TLS).loops(1), ticker);
    ScriptedPeer first = greet(server, helloBytes);
    ticker.advance(TimeUnit.MILLISECONDS.toNanos(1));
    ScriptedPeer second = greet(server, helloBytes);
    ticker.advance(TimeUnit.MILLISECONDS.toNanos(9_998));
    assertServed(server);
    assertThat(servers.events.count(Kind.TLS_FAILURE)).isZero();

    ticker.advance(TimeUnit.MILLISECONDS.toNanos(1));
    assertThat(first.readToEnd()).isEmpty();
    assertThat(failure()).hasMessage("the TLS handshake took more than 10000 ms");
    ticker.advance(TimeUnit.MILLISECONDS.toNanos(1) - 1);
    assertServed(server);
    assertThat(servers.events.count(Kind.TLS_FAILURE)).isEqualTo(1);

    ticker.advance(1);
    assertThat(second.readToEnd()).isEmpty();
    assertThat(servers.events.await(Kind.TLS_FAILURE, 2).error())
        .hasMessage("the TLS handshake took more than 10000 ms");
  }

  /** A client that says so much of its greeting, which has come in. */
  private ScriptedPeer greet(HttpServer server, int helloBytes) throws Exception {
    byte[] hello = new byte[helloBytes];
    byte[] head = HexFormat.of().parseHex("160301020001");
    System.arraycopy(head, 0, hello, 0, Math.min(helloBytes, head.length));
    ScriptedPeer peer = servers.connect(server);
    peer.send(hello);
    assertServed(server);
    return peer;
  }

  /** What came before has been seen by the loop, and what is due by now has happened. */
  private static void assertServed(HttpServer server) throws Exception {
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT)) {
      assertThat(peer.get("/").text()).isEqualTo("ok");
    }
  }

  @Test
  void clientMayNotNegotiateAgain() throws Exception {
    HttpServer server = start(request -> Response.text("ok"));
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT, "TLSv1.2")) {
      assertThat(peer.get("/").text()).isEqualTo("ok");
      assertThatExceptionOfType(IOException.class).isThrownBy(() -> peer.shakeHands().get("/"));
    }
    servers.events.await(Kind.CLOSE);
  }

  @Test
  void clientThatEndsWithinABodyGetsNothing() throws Exception {
    CountDownLatch handled = new CountDownLatch(1);
    HttpServer server =
        start(
            request -> {
              handled.countDown();
              return Response.text("ok");
            });
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT)) {
      peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nab");
      servers.events.await(Kind.REQUEST);
      peer.truncate();
      servers.events.await(Kind.CLOSE);
    }
    assertThat(handled.getCount()).isEqualTo(1);
  }

  @Test
  void clientThatHasSaidThatItEndsGetsItsAnswer() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    HttpServer server =
        start(
            request -> {
              ended.await();
              return Response.text("ok");
            });
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT, "TLSv1.3")) {
      peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      servers.events.await(Kind.REQUEST);
      peer.halfClose();
      ended.countDown();
      assertThat(peer.readToEnd()).endsWith("\r\n\r\nok");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void clientThatDoesNotReadMeetsTheTimeout(boolean file, @TempDir Path directory)
      throws Exception {
    byte[] content = new byte[50 * 1024 * 1024];
    Path path = Files.write(directory.resolve("file"), content);
    HttpServer server =
        servers.start(
            request -> file ? Response.file(path) : Response.bytes(content),
            config -> config.tls(TLS).writeTimeout(Duration.ofMillis(300)));
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT, 16 * 1024, parameters -> {})) {
      peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      servers.events.await(Kind.REQUEST);
      servers.events.await(Kind.CLOSE);
    }
    assertThat(server.connections()).isZero();
  }

  // ---- stopping

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100})
  void stopDoesNotWaitForAHandshake(int helloBytes) throws Exception {
    HttpServer server = start(request -> Response.text("ok"));
    SSLEngine engine = CLIENT.createSSLEngine();
    engine.setUseClientMode(true);
    try (SocketChannel channel = SocketChannel.open(server.address());
        TlsPeer peer = new TlsPeer(engine, channel)) {
      peer.sayHello(helloBytes);
      servers.events.await(Kind.ACCEPT);
      long start = System.nanoTime();
      server.stop(Duration.ofSeconds(15)).get(20, TimeUnit.SECONDS);

      assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(10));
      assertThat(servers.events.count(Kind.TLS_FAILURE)).isEqualTo(1);
      assertThat(servers.events.count(Kind.CLOSE)).isEqualTo(1);
    }
  }

  @Test
  void stopLetsARequestFinishAndSaysThatItEnds() throws Exception {
    CountDownLatch stopping = new CountDownLatch(1);
    HttpServer server =
        start(
            request -> {
              stopping.await();
              return Response.text("ok");
            });
    try (HttpsPeer peer = HttpsPeer.connect(server, CLIENT);
        HttpsPeer idle = HttpsPeer.connect(server, CLIENT)) {
      peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      idle.shakeHands();
      servers.events.await(Kind.TLS_HANDSHAKE, 2);
      servers.events.await(Kind.REQUEST);
      CompletableFuture<Void> stopped = server.stop(Duration.ofSeconds(15));
      assertThat(idle.readToEnd()).isEmpty();
      stopping.countDown();

      assertThat(peer.readToEnd()).contains("Connection: close").endsWith("ok");
      stopped.get(20, TimeUnit.SECONDS);
    }
  }
}
