package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.client.ClientException.Kind;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.ServerTls;
import io.httpkit.tls.TestKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS with a server, through a proxy with which TLS is spoken too. */
@Timeout(60)
class TlsWithinTlsTest {
  private static final String PROXY = "proxy.test";
  private static final String HOST = "origin.test";
  private static final TestKeys PROXY_KEYS = TestKeys.of(PROXY, "EC");
  private static final TestKeys HOST_KEYS = TestKeys.of(HOST, "EC");
  private static final TestKeys CLIENT_KEYS = TestKeys.of("client.test", "EC");
  private static final String PREFIX = "HTTP/1.1 200 OK\r\n";
  private static final ClientStatistics NONE = new ClientStatistics(0, 0, 0);

  @RegisterExtension final NothingLeft made = new NothingLeft();

  private static ClientTls trusting() {
    return ClientTls.DEFAULTS.withContext(TestKeys.trustingOnly(PROXY_KEYS, HOST_KEYS));
  }

  private HttpClient client(Proxy proxy) {
    return client(proxy, config -> config.tls(trusting()));
  }

  /** The name of the proxy is one of this machine; nobody else is looked up. */
  private HttpClient client(Proxy proxy, UnaryOperator<ClientConfig.Builder> options) {
    return made.client(
        config ->
            options.apply(
                config
                    .proxy(proxy)
                    .resolver(
                        host -> {
                          assertThat(host).isEqualTo(PROXY);
                          return CompletableFuture.completedFuture(
                              List.of(InetAddress.getLoopbackAddress()));
                        })));
  }

  private static Proxy secure(ScriptedServer proxy) {
    return Proxy.https(PROXY, proxy.port());
  }

  private SecureTunnel accept(ScriptedServer proxy, String... protocols) throws IOException {
    return SecureTunnel.accept(proxy, PROXY_KEYS.context(), protocols);
  }

  /** Gives back what it gets, and tells what it sees of TLS. */
  private HttpServer origin(UnaryOperator<ServerTls> options) throws Exception {
    ServerTls tls = options.apply(ServerTls.of(HOST_KEYS.trusting(CLIENT_KEYS)));
    return made.httpServer(TlsWithinTlsTest::echo, config -> config.tls(tls));
  }

  private static Response echo(Request request) {
    ExtendedSSLSession session = (ExtendedSSLSession) request.tlsSession().orElseThrow();
    return Response.bytes(request.bytes())
        .withHeader("X-Tls", session.getProtocol() + " " + session.getRequestedServerNames())
        .withHeader("X-Shown", String.valueOf(shown(session)))
        .withHeader("X-Proxy", request.header("Proxy-Authorization").orElse("none"));
  }

  /** Whether a certificate of the client was shown. */
  private static boolean shown(SSLSession session) {
    try {
      return Arrays.asList(session.getPeerCertificates()).contains(CLIENT_KEYS.certificate());
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  // ---- success

  @ParameterizedTest
  @CsvSource({"TLSv1.3, TLSv1.3", "TLSv1.3, TLSv1.2", "TLSv1.2, TLSv1.3", "TLSv1.2, TLSv1.2"})
  void largeBodiesGoBothWaysOverOneConnection(String withProxy, String withHost) throws Exception {
    HttpServer origin = origin(tls -> tls.withProtocols(withHost));
    ScriptedServer proxy = made.server();
    HttpClient client = client(secure(proxy).withCredentials("user", "secret"));
    byte[] body = random(6 << 20);
    Future<ClientResponse> first = client.post("https://" + HOST + "/").body(body).send();

    try (SecureTunnel tunnel = accept(proxy, withProxy)) {
      assertThat(tunnel.asked())
          .startsWith("CONNECT " + HOST + ":443 HTTP/1.1\r\n")
          .contains("Proxy-Authorization: Basic ");
      ExtendedSSLSession session = (ExtendedSSLSession) tunnel.tls().getSession();
      assertThat(session.getProtocol()).isEqualTo(withProxy);
      assertThat(session.getRequestedServerNames().toString()).contains(PROXY);
      assertThat(tunnel.tls().getApplicationProtocol()).isEmpty();
      try (Relay relay = tunnel.agree().relay(origin.port())) {
        assertThat(relay).isNotNull();
        ClientResponse response = Outcome.of(first);
        assertThat(Arrays.equals(response.bytes(), body)).isTrue();
        assertThat(response.header("X-Tls")).startsWith(withHost).contains(HOST);
        assertThat(response.header("X-Proxy")).isEqualTo("none");
        SSLSession told = response.tlsSession().orElseThrow();
        assertThat(told.getProtocol()).isEqualTo(withHost);
        assertThat(told.getPeerCertificates()).containsExactly(HOST_KEYS.certificate());
        // again over the same connection
        byte[] other = random(100_000);
        Future<ClientResponse> second = client.post("https://" + HOST + "/").body(other).send();
        assertThat(Outcome.of(second).bytes()).isEqualTo(other);
        assertThat(made.events.count(RecordingEvents.Kind.CONNECT)).isEqualTo(1);
        assertThat(client.statistics()).isEqualTo(new ClientStatistics(1, 1, 0));
      }
    }
  }

  /** What was negotiated with the proxy says nothing of the server. */
  @Test
  void responseInPlaintextThroughASecureProxyHasNoSession() throws Exception {
    ScriptedServer proxy = made.server();
    Future<ClientResponse> response = client(secure(proxy)).get("http://" + HOST + "/").send();
    try (SecureTunnel way = accept(proxy)) {
      assertThat(way.asked()).startsWith("GET http://" + HOST + "/ HTTP/1.1\r\n");
      way.answer("HTTP/1.1 200 OK\r\nContent-Length: 0");

      assertThat(Outcome.of(response).tlsSession()).isEmpty();
    }
  }

  /** Of both: the wire, and what the proxy puts into its records. */
  @ParameterizedTest
  @CsvSource({"1, 1", "1, 1000", "1000, 1", "7, 3"})
  void bytesMayComeInAnyPieces(int wirePiece, int innerPiece) throws Exception {
    HttpServer origin = origin(tls -> tls);
    ScriptedServer before = made.server();
    ScriptedServer proxy = made.server();
    HttpClient client = client(secure(before));
    byte[] body = random(300);
    Future<ClientResponse> response = client.post("https://" + HOST + "/").body(body).send();

    try (ScriptedServer.Peer peer = before.accept();
        Relay wire = Relay.between(peer.socket(), proxy.port(), Long.MAX_VALUE, wirePiece);
        SecureTunnel tunnel = accept(proxy)) {
      assertThat(wire).isNotNull();
      tunnel.asked();
      try (Relay relay = tunnel.agree().relay(origin.port(), innerPiece)) {
        assertThat(relay).isNotNull();
        assertThat(Outcome.of(response).bytes()).isEqualTo(body);
      }
    }
  }

  @Test
  void webSocketGoesThroughToo() throws Exception {
    ServerTls tls = ServerTls.of(HOST_KEYS.context());
    HttpServer origin = made.httpServer(new EchoHandler(), config -> config.tls(tls));
    ScriptedServer proxy = made.server();
    ChannelLog log = new ChannelLog();
    Future<AsyncChannel> opened = client(secure(proxy)).webSocket("wss://" + HOST + "/").open(log);

    try (SecureTunnel tunnel = accept(proxy)) {
      tunnel.asked();
      try (Relay relay = tunnel.agree().relay(origin.port())) {
        assertThat(relay).isNotNull();
        AsyncChannel channel = Outcome.of(opened);
        for (String text : List.of("secret", "x".repeat(100_000))) {
          channel.send(text);
          assertThat(log.next()).isEqualTo(text);
        }
        channel.close(1000, "bye");
        assertThat(log.closed().code()).isEqualTo(1000);
        made.events.await(RecordingEvents.Kind.CLOSE);
      }
    }
  }

  /** Those who do not ask for a certificate of the client see none. */
  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true"})
  void certificateOfTheClientIsForWhoAsks(boolean proxyAsks, boolean hostAsks) throws Exception {
    HttpServer origin =
        origin(
            tls ->
                tls.withClientAuth(
                    hostAsks ? ServerTls.ClientAuth.NEED : ServerTls.ClientAuth.NONE));
    ScriptedServer proxy = made.server();
    ClientTls tls = ClientTls.DEFAULTS.withContext(CLIENT_KEYS.trusting(PROXY_KEYS, HOST_KEYS));
    HttpClient client = client(secure(proxy), config -> config.tls(tls));
    Future<ClientResponse> response = client.get("https://" + HOST + "/").send();

    try (SecureTunnel tunnel = SecureTunnel.accept(proxy, PROXY_KEYS.trusting(CLIENT_KEYS))) {
      tunnel.tls().setNeedClientAuth(proxyAsks);
      tunnel.asked();
      assertThat(shown(tunnel.tls().getSession())).isEqualTo(proxyAsks);
      try (Relay relay = tunnel.agree().relay(origin.port())) {
        assertThat(relay).isNotNull();
        assertThat(Outcome.of(response).header("X-Shown")).isEqualTo(String.valueOf(hostAsks));
      }
    }
  }

  // ---- no connection

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void certificateOfAnotherHostIsNotTakenWithinTheTunnel(String protocol) throws Exception {
    HttpServer origin = origin(tls -> tls.withProtocols(protocol));
    ScriptedServer proxy = made.server();
    HttpClient client = client(secure(proxy));
    // the proxy's own name does not help either
    for (String host : List.of("other.test", PROXY)) {
      Future<ClientResponse> response = client.get("https://" + host + "/").send();
      try (SecureTunnel tunnel = accept(proxy)) {
        assertThat(tunnel.asked()).startsWith("CONNECT " + host + ":443 ");
        try (Relay relay = tunnel.agree().relay(origin.port())) {
          assertThat(relay).isNotNull();
          assertThat(Outcome.failure(response, Kind.TLS))
              .hasMessageStartingWith(
                  "no TLS with " + host + ":443: its certificate is not for " + host);
        }
      }
    }
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @Test
  void proxyWithTheCertificateOfTheHostIsNotTaken() throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = client(secure(proxy));
    Future<ClientResponse> response = client.get("https://" + HOST + "/").send();

    try (SecureTunnel tunnel = SecureTunnel.accept(proxy, HOST_KEYS.context())) {
      assertThat(outcomeOfReading(tunnel.tls())).isLessThan(0);
      assertThat(Outcome.failure(response, Kind.TLS))
          .hasMessageStartingWith(
              "no TLS with " + PROXY + ":" + proxy.port() + ": its certificate is not for");
    }
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  /** The next byte; less than none if there is none, for whatever reason. */
  private static int outcomeOfReading(SSLSocket socket) {
    try {
      return socket.getInputStream().read();
    } catch (IOException e) {
      return -2;
    }
  }

  @Test
  void proxyThatRefusesIsNamed() throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = client(secure(proxy));
    Future<ClientResponse> response = client.get("https://" + HOST + "/").send();

    try (SecureTunnel tunnel = accept(proxy)) {
      tunnel.asked();
      tunnel.answer("HTTP/1.1 403 No\r\nContent-Length: 0");
      assertThat(Outcome.failure(response, Kind.PROXY))
          .hasMessageContaining(PROXY + ":" + proxy.port())
          .hasMessageContaining("it answered 403");
    }
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @Test
  void whatIsNotTlsWithinTheTunnelIsRefused() throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = client(secure(proxy));
    Future<ClientResponse> response = client.get("https://" + HOST + "/").send();

    try (SecureTunnel tunnel = accept(proxy)) {
      tunnel.asked();
      // in one record with the answer
      tunnel.answer("HTTP/1.1 200 Here\r\n\r\nthis is not TLS");
      assertThat(Outcome.failure(response, Kind.TLS))
          .hasMessageStartingWith("no TLS with " + HOST + ":443: ");
    }
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  /** Whoever ends it within the handshake with the host. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void tunnelThatEndsWithinTheHandshakeFailsIt(boolean saysSo) throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = client(secure(proxy));
    Future<ClientResponse> response = client.get("https://" + HOST + "/").send();

    try (SecureTunnel tunnel = accept(proxy)) {
      tunnel.asked();
      tunnel.agree();
      assertThat(tunnel.tls().getInputStream().read()).isEqualTo(22);
      if (saysSo) {
        tunnel.tls().shutdownOutput();
      } else {
        tunnel.peer().halfClose();
      }
      assertThat(Outcome.failure(response, Kind.TLS))
          .hasMessageStartingWith("no TLS with " + HOST + ":443: ")
          .hasMessageContaining("ended within the TLS handshake");
    }
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  // ---- time

  /** Which part of a connection takes too long, and what is said of it. */
  private enum Silence {
    TLS_WITH_PROXY(Kind.TLS_TIMEOUT, PROXY),
    TLS_WITH_HOST(Kind.TLS_TIMEOUT, HOST + ":443"),
    TOTAL(Kind.TOTAL_TIMEOUT, "total");

    final Kind kind;
    final String message;

    Silence(Kind kind, String message) {
      this.kind = kind;
      this.message = message;
    }
  }

  @ParameterizedTest
  @EnumSource(Silence.class)
  void handshakesAreLimited(Silence silence) throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = client(secure(proxy));
    RequestBuilder request = client.get("https://" + HOST + "/");
    Duration time = Duration.ofMillis(silence == Silence.TLS_WITH_PROXY ? 50 : 700);
    Future<ClientResponse> response =
        (silence == Silence.TOTAL ? request.totalTimeout(time) : request.tlsTimeout(time)).send();

    try (SecureTunnel tunnel = accept(proxy)) {
      if (silence != Silence.TLS_WITH_PROXY) {
        tunnel.asked();
        tunnel.agree();
      }
      assertThat(Outcome.failure(response, silence.kind)).hasMessageContaining(silence.message);
      if (silence != Silence.TOTAL) {
        // else the connection may still become one for others
        assertThat(client.statistics()).isEqualTo(NONE);
      }
    }
  }

  // ---- the end

  /** Who ends a connection. */
  private enum End {
    /** It says so to the client, and the proxy still carries bytes. */
    HOST,
    /** The proxy says so, which says nothing of the host. */
    PROXY,
    SOCKET
  }

  private static void end(End end, SecureTunnel tunnel, SSLSocket host) throws IOException {
    switch (end) {
      case HOST -> host.shutdownOutput();
      case PROXY -> tunnel.tls().shutdownOutput();
      case SOCKET -> tunnel.peer().halfClose();
    }
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void bodyThatEndsWithTheConnectionIsWholeIfTheHostSaysSo(End end) throws Exception {
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      ScriptedServer proxy = made.server();
      HttpClient client = client(secure(proxy));
      Future<ClientResponse> response = client.get("https://" + HOST + "/").send();

      try (SecureTunnel tunnel = accept(proxy, protocol)) {
        tunnel.asked();
        SSLSocket host = SecureTunnel.layer(tunnel.agree().tls(), HOST_KEYS.context(), protocol);
        SecureTunnel.head(host.getInputStream());
        SecureTunnel.send(host.getOutputStream(), PREFIX + "\r\nhalf");
        end(end, tunnel, host);
        if (end == End.HOST) {
          assertThat(Outcome.of(response).text()).isEqualTo("half");
          // the client ends both: the inner one first
          assertThat(host.getInputStream().read()).isEqualTo(-1);
          assertThat(tunnel.tls().getInputStream().read()).isEqualTo(-1);
          assertThat(tunnel.peer().readToEnd()).isEmpty();
        } else {
          assertThat(Outcome.failure(response, Kind.CLOSED)).hasMessageContaining("close_notify");
        }
      }
      assertThat(client.statistics()).isEqualTo(NONE);
    }
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void bodyThatIsCutFails(End end) throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = client(secure(proxy));
    Future<ClientResponse> response = client.get("https://" + HOST + "/").send();

    try (SecureTunnel tunnel = accept(proxy)) {
      tunnel.asked();
      SSLSocket host = SecureTunnel.layer(tunnel.agree().tls(), HOST_KEYS.context());
      SecureTunnel.head(host.getInputStream());
      SecureTunnel.send(host.getOutputStream(), PREFIX + "Content-Length: 10\r\n\r\nhalf");
      end(end, tunnel, host);

      Outcome.failure(response, Kind.CLOSED);
    }
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @ParameterizedTest
  @EnumSource(End.class)
  void idleConnectionThatEndsIsNotUsedAgain(End end) throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = client(secure(proxy));
    Future<ClientResponse> response = client.get("https://" + HOST + "/").send();

    try (SecureTunnel tunnel = accept(proxy)) {
      tunnel.asked();
      SSLSocket host = SecureTunnel.layer(tunnel.agree().tls(), HOST_KEYS.context());
      SecureTunnel.head(host.getInputStream());
      SecureTunnel.send(host.getOutputStream(), PREFIX + "Content-Length: 2\r\n\r\nok");
      assertThat(Outcome.of(response).text()).isEqualTo("ok");
      end(end, tunnel, host);
      made.events.await(RecordingEvents.Kind.CLOSE);
    }
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  /** A byte of a record is changed on its way: by somebody on the wire, or by the proxy. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void damagedRecordEndsTheConnection(boolean isWithinTunnel) throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = client(secure(proxy));
    Future<ClientResponse> response = client.get("https://" + HOST + "/").send();

    try (SecureTunnel tunnel = accept(proxy)) {
      tunnel.asked();
      SSLSocket host = SecureTunnel.layer(tunnel.agree().tls(), HOST_KEYS.context());
      SecureTunnel.head(host.getInputStream());
      byte[] noise = random(37);
      noise[0] = 23;
      noise[1] = 3;
      noise[2] = 3;
      noise[3] = 0;
      noise[4] = 32;
      if (isWithinTunnel) {
        tunnel.tls().getOutputStream().write(noise);
      } else {
        tunnel.peer().send(noise);
      }

      Outcome.failure(response, Kind.CLOSED);
      // and says why, to whom it was that did not understand
      InputStream told = (isWithinTunnel ? host : tunnel.tls()).getInputStream();
      assertThat(failureOf(told)).contains("bad_record_mac");
    }
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  private static String failureOf(InputStream in) {
    try {
      return "no failure but " + in.read();
    } catch (IOException e) {
      return String.valueOf(e.getMessage());
    }
  }

  // ---- memory

  @Test
  void readerThatIsSlowMakesTheHostWait() throws Exception {
    ScriptedServer proxy = made.server();
    HttpClient client = client(secure(proxy), config -> config.tls(trusting()).maxBody(1L << 40));
    Future<ClientResponse> begun = client.get("https://" + HOST + "/").stream();
    int length = 64 << 20;

    try (SecureTunnel tunnel = accept(proxy)) {
      tunnel.asked();
      SSLSocket host = SecureTunnel.layer(tunnel.agree().tls(), HOST_KEYS.context());
      SecureTunnel.head(host.getInputStream());
      AtomicLong sent = new AtomicLong();
      CompletableFuture<Void> sending = sending(host, length, sent);
      ClientResponse response = Outcome.of(begun);
      long before = -1;
      while (sent.get() != before) {
        before = sent.get();
        assertThat(endsWithin(sending, 200)).isFalse();
      }
      // sockets have room for some
      assertThat(before).isLessThan(length / 2);
      try (InputStream body = response.stream()) {
        assertThat(body.skip(length)).isEqualTo(length);
        assertThat(body.read()).isEqualTo(-1);
      }
      Outcome.of(sending);
    }
  }

  private static CompletableFuture<Void> sending(SSLSocket host, int length, AtomicLong sent) {
    return CompletableFuture.runAsync(
        () -> {
          byte[] piece = new byte[16 * 1024];
          try {
            OutputStream out = host.getOutputStream();
            SecureTunnel.send(out, PREFIX + "Content-Length: " + length + "\r\n\r\n");
            while (sent.get() < length) {
              out.write(piece);
              sent.addAndGet(piece.length);
            }
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  private static boolean endsWithin(Future<?> future, long millis) throws Exception {
    try {
      future.get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }
}
