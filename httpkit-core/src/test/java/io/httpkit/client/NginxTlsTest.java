package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.server.HttpServer;
import io.httpkit.tls.TestAuthority;
import io.httpkit.tls.TestKeys;
import io.httpkit.tls.TestPem;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The client with nginx over TLS, which there is of OpenSSL. */
@Tag("counterparts")
@Timeout(60)
class NginxTlsTest {
  private static final String HOST = "server.test";
  private static final String OTHER_HOST = "other.test";
  private static final TestAuthority ROOT = new TestAuthority("Root");
  private static final TestAuthority UNKNOWN_ROOT = new TestAuthority("Unknown");
  private static final ClientStatistics NONE = new ClientStatistics(0, 0, 0);

  @RegisterExtension final NothingLeft made = new NothingLeft();
  @RegisterExtension final Counterparts counterparts = new Counterparts();

  @TempDir private Path directory;

  /** With this certificate and its key, and these options. */
  private int nginx(String pem, String options) throws Exception {
    Files.writeString(directory.resolve("server.pem"), pem);
    return counterparts.nginx(
        directory,
        """
        server {
          listen 127.0.0.1:PORT ssl;
          ssl_certificate server.pem;
          ssl_certificate_key server.pem;
          add_header X-Requests $connection_requests;
          add_header X-Protocol $ssl_protocol;
          add_header X-Resumed $ssl_session_reused;
          add_header X-Client $ssl_client_s_dn;
          location = /name { return 200 "$ssl_server_name"; }
          %s
        }
        """
            .formatted(options));
  }

  /** Every name is one of this machine. */
  private HttpClient client(ClientTls tls) {
    return made.client(
        config ->
            config
                .tls(tls)
                .resolver(
                    host ->
                        CompletableFuture.completedFuture(
                            List.of(InetAddress.getLoopbackAddress()))));
  }

  private HttpClient client() {
    return client(trusting());
  }

  private static ClientTls trusting() {
    return ClientTls.DEFAULTS.withContext(ROOT.trusting());
  }

  private static String url(int port) {
    return "https://" + HOST + ":" + port + "/name";
  }

  private byte[] writeLarge() throws Exception {
    byte[] bytes = new byte[16 << 20];
    new Random(42).nextBytes(bytes);
    Files.createDirectories(directory.resolve("www"));
    Files.write(directory.resolve("www/large.bin"), bytes);
    return bytes;
  }

  // ---- versions

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void connectionOfEachVersionIsUsedAgain(String version) throws Exception {
    int port = nginx(ROOT.issuePem(HOST), "ssl_protocols " + version + ";");
    HttpClient client = client();

    for (int i = 1; i <= 50; i++) {
      ClientResponse response = Outcome.of(client.get(url(port)).send());
      assertThat(response.text()).isEqualTo(HOST);
      assertThat(response.header("X-Protocol")).isEqualTo(version);
      assertThat(response.header("X-Requests")).isEqualTo(Integer.toString(i));
    }
  }

  @ParameterizedTest
  @CsvSource({"TLSv1.2, TLSv1.3", "TLSv1.3, TLSv1.2"})
  void noVersionInCommonIsAFailure(String ofServer, String ofClient) throws Exception {
    int port = nginx(ROOT.issuePem(HOST), "ssl_protocols " + ofServer + ";");
    HttpClient client = client(trusting().withProtocols(ofClient));

    assertThat(Outcome.failure(client.get(url(port)).send(), Kind.TLS))
        .hasMessageContaining("protocol_version");
    assertThat(client.statistics()).isEqualTo(NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void sessionIsResumed(String version) throws Exception {
    int port = nginx(ROOT.issuePem(HOST), "ssl_protocols " + version + ";");
    HttpClient client = client();

    for (String resumed : List.of(".", "r", "r")) {
      assertThat(Outcome.of(client.get(url(port)).keepAlive(false).send()).header("X-Resumed"))
          .isEqualTo(resumed);
    }
  }

  // ---- bodies and connections

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void largeBodyComes(String version) throws Exception {
    byte[] large = writeLarge();
    int port = nginx(ROOT.issuePem(HOST), "ssl_protocols " + version + ";");
    String url = "https://" + HOST + ":" + port + "/large.bin";
    HttpClient client = client();
    OneByOne subscriber = new OneByOne();

    assertThat(Arrays.mismatch(Outcome.of(client.get(url).send()).bytes(), large)).isEqualTo(-1);
    Outcome.of(client.get(url).stream()).publisher().subscribe(subscriber);
    assertThat(Arrays.mismatch(Outcome.of(subscriber.whole), large)).isEqualTo(-1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void largeBodyGoesThereAndBack(String version) throws Exception {
    byte[] large = writeLarge();
    HttpServer server = made.httpServer(new EchoHandler(), config -> config.maxBody(large.length));
    int port =
        nginx(
            ROOT.issuePem(HOST),
            """
            ssl_protocols %s;
            client_max_body_size 0;
            proxy_request_buffering off;
            location = /echo { proxy_pass http://127.0.0.1:%d; }
            """
                .formatted(version, server.port()));

    ClientResponse response =
        Outcome.of(client().post("https://" + HOST + ":" + port + "/echo").body(large).send());

    assertThat(Arrays.mismatch(response.bytes(), large)).isEqualTo(-1);
  }

  @Test
  void bodyEndsWithTheConnection() throws Exception {
    int port =
        nginx(
            ROOT.issuePem(HOST),
            """
            gzip on;
            gzip_min_length 1;
            gzip_types text/plain;
            chunked_transfer_encoding off;
            """);
    Files.writeString(directory.resolve("www/text.txt"), "some text");

    ClientResponse response =
        Outcome.of(
            client().get("https://" + HOST + ":" + port + "/text.txt").compression(true).send());

    assertThat(response.text()).isEqualTo("some text");
    made.events.await(RecordingEvents.Kind.CLOSE);
  }

  @Test
  void serverThatClosesAfterSomeRequestsIsNoFailure() throws Exception {
    int port = nginx(ROOT.issuePem(HOST), "keepalive_requests 3;");
    HttpClient client = client();

    for (int i = 0; i < 20; i++) {
      assertThat(Outcome.of(client.get(url(port)).send()).text()).isEqualTo(HOST);
    }

    assertThat(made.events.count(RecordingEvents.Kind.CONNECT)).isEqualTo(7);
    assertThat(made.events.count(RecordingEvents.Kind.RETRY)).isZero();
  }

  @Test
  void connectionThatIsClosedWhileItIsUsedIsNoFailure() throws Exception {
    int port = nginx(ROOT.issuePem(HOST), "keepalive_timeout 1ms;");
    HttpClient client = client();

    for (int i = 0; i < 200; i++) {
      assertThat(Outcome.of(client.get(url(port)).send()).text()).isEqualTo(HOST);
    }
  }

  // ---- certificates

  @Test
  void nameChoosesTheCertificate() throws Exception {
    Files.writeString(directory.resolve("one.pem"), ROOT.issuePem(HOST));
    Files.writeString(directory.resolve("other.pem"), ROOT.issuePem(OTHER_HOST));
    int port =
        counterparts.nginx(
            directory,
            """
            server {
              listen 127.0.0.1:PORT ssl;
              server_name server.test;
              ssl_certificate one.pem;
              ssl_certificate_key one.pem;
              return 200 "one";
            }
            server {
              listen 127.0.0.1:PORT ssl;
              server_name other.test;
              ssl_certificate other.pem;
              ssl_certificate_key other.pem;
              return 200 "other";
            }
            """);
    HttpClient client = client();

    assertThat(Outcome.of(client.get("https://server.test:" + port).send()).text())
        .isEqualTo("one");
    assertThat(Outcome.of(client.get("https://other.test:" + port).send()).text())
        .isEqualTo("other");
    assertThat(Outcome.failure(client.get("https://third.test:" + port).send(), Kind.TLS))
        .hasMessageContaining("its certificate is not for third.test");
  }

  static Stream<List<String>> badCertificates() {
    return Stream.of(
        List.of(ROOT.issuePem(OTHER_HOST), "is not for " + HOST),
        List.of(UNKNOWN_ROOT.issuePem(HOST), "is not signed by anybody who is trusted"));
  }

  @ParameterizedTest
  @MethodSource("badCertificates")
  void badCertificateIsRefusedWithItsReason(List<String> row) throws Exception {
    int port = nginx(row.get(0), "");
    HttpClient client = client();

    assertThat(Outcome.failure(client.get(url(port)).send(), Kind.TLS))
        .hasMessageStartingWith("no TLS with " + HOST + ":" + port + ": its certificate ")
        .hasMessageContaining(row.get(1));
    assertThat(client.statistics()).isEqualTo(NONE);
    assertThat(Outcome.of(client.get(url(port)).insecure().send()).text()).isEqualTo(HOST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void certificateOfTheClientIsShown(String version) throws Exception {
    TestKeys server = TestKeys.localhost();
    TestKeys client = TestKeys.of("client", "EC");
    Files.writeString(directory.resolve("client.pem"), TestPem.of(client.certificate()));
    int port =
        nginx(
            TestPem.of(server.certificate()) + TestPem.of(server.key()),
            """
            ssl_protocols %s;
            ssl_verify_client on;
            ssl_client_certificate client.pem;
            """
                .formatted(version));
    HttpClient knowing = client(ClientTls.DEFAULTS.withContext(client.trusting(server)));
    HttpClient unknown = client(ClientTls.DEFAULTS.withContext(TestKeys.trustingOnly(server)));
    String url = "https://localhost:" + port + "/name";

    ClientResponse accepted = Outcome.of(knowing.get(url).send());
    assertThat(accepted.text()).isEqualTo("localhost");
    assertThat(accepted.header("X-Client")).isEqualTo("CN=client");
    ClientResponse refused = Outcome.of(unknown.get(url).send());
    assertThat(refused.status().code()).isEqualTo(400);
    assertThat(refused.text()).contains("No required SSL certificate was sent");
  }

  // ---- the wrong protocol

  @Test
  void plainRequestToATlsPortIsAnswered() throws Exception {
    int port = nginx(ROOT.issuePem(HOST), "");

    ClientResponse response = Outcome.of(client().get("http://127.0.0.1:" + port + "/").send());

    assertThat(response.status().code()).isEqualTo(400);
    assertThat(response.text()).contains("The plain HTTP request was sent to HTTPS port");
  }

  @Test
  void tlsToAPlainPortIsAFailure() throws Exception {
    int port = counterparts.nginx(directory, "server { listen 127.0.0.1:PORT; }");

    Outcome.failure(client().get(url(port)).send(), Kind.TLS);
  }
}
