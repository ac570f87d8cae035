package io.httpkit.spring.boot.autoconfigure;

import static io.httpkit.spring.boot.autoconfigure.PropertyRow.behaviour;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.ServerTls;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import io.httpkit.spring.boot.server.HttpKitServerCustomizer;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.support.Http;
import io.httpkit.spring.boot.support.Keys;
import io.httpkit.spring.boot.support.OldTls;
import io.httpkit.spring.boot.support.Tls;
import io.httpkit.spring.boot.support.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.security.Security;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundleRegistry;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreBundle;
import org.springframework.boot.ssl.pem.PemSslStoreDetails;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What the properties of TLS do, and what happens when they name what is not there. */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class SslPropertiesTest {
  private static final Keys ONE = Keys.of("one.example");
  private static final Keys TWO = Keys.of("two.example");
  private static final Keys CLIENT = Keys.of("client.example");
  private static final String STORE = "httpkit.ssl.key-store=" + ONE.store();
  private static final String PASSWORD = "httpkit.ssl.key-store-password=" + Keys.PASSWORD;
  private static final String CERTIFICATE = "httpkit.ssl.certificate=" + ONE.certificatePem();
  private static final String KEY = "httpkit.ssl.certificate-private-key=" + ONE.keyPem();
  private static final String NEED = "httpkit.ssl.client-auth=need";
  private static final String TRUST = "httpkit.ssl.trust-certificate=" + CLIENT.certificatePem();
  private static final String SUITE = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

  /** Two keys, with another password than their store. */
  private static final Path BOTH = both();

  private static Path both() {
    try {
      Path directory = Files.createTempDirectory("httpkit-keys");
      Path file = directory.resolve("both.jks");
      Keys.keytool(file, "first.example", "JKS", "secret-of-it");
      Keys.keytool(file, "second.example", "JKS", "secret-of-it");
      directory.toFile().deleteOnExit();
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  SslAutoConfiguration.class, HttpKitServerAutoConfiguration.class))
          .withBean(Handler.class, () -> request -> Response.text(client(request)))
          .withPropertyValues("httpkit.port=0")
          .withPropertyValues(bundle("one", ONE))
          .withPropertyValues(bundle("two", TWO));

  private static String[] bundle(String name, Keys keys) {
    String prefix = "spring.ssl.bundle.pem." + name + ".keystore.";
    return new String[] {
      prefix + "certificate=file:" + keys.certificatePem(),
      prefix + "private-key=file:" + keys.keyPem()
    };
  }

  private static String client(Request request) {
    return request.tlsSession().map(SslPropertiesTest::peer).orElse("");
  }

  private static String peer(SSLSession session) {
    try {
      Principal principal = session.getPeerPrincipal();
      return principal.getName();
    } catch (SSLPeerUnverifiedException e) {
      return "";
    }
  }

  static Stream<PropertyRow> rows() {
    return Stream.of(certificates(), stores(), hosts(), clients(), agreements())
        .flatMap(Collection::stream);
  }

  private static List<PropertyRow> certificates() {
    return List.of(
        shows("httpkit.ssl.bundle=two", "two.example"),
        shows("httpkit.ssl.bundle=two", "two.example", "server.ssl.bundle=one"),
        shows("server.ssl.bundle=two", "two.example"),
        shows(CERTIFICATE, "one.example", KEY),
        shows(KEY, "one.example", CERTIFICATE),
        behaviour(
            "httpkit.ssl.enabled=false",
            context -> assertThat(Http.get(port(context), "/").statusCode()).isEqualTo(200),
            "server.ssl.bundle=one"));
  }

  private static List<PropertyRow> stores() {
    String jks = "httpkit.ssl.key-store=" + BOTH;
    String type = "httpkit.ssl.key-store-type=JKS";
    String provider = "httpkit.ssl.key-store-provider=SUN";
    String alias = "httpkit.ssl.key-alias=second.example";
    String secret = "httpkit.ssl.key-password=secret-of-it";
    return List.of(
        shows(STORE, "one.example", PASSWORD),
        shows(PASSWORD, "one.example", STORE),
        shows(alias, "second.example", jks, PASSWORD, secret),
        shows(secret, "second.example", jks, PASSWORD, alias),
        shows(type, "second.example", jks, PASSWORD, alias, secret),
        shows(provider, "second.example", jks, PASSWORD, alias, secret, type));
  }

  private static List<PropertyRow> hosts() {
    String name = "httpkit.ssl.server-name-bundles[0].server-name=two.example";
    String bundle = "httpkit.ssl.server-name-bundles[0].bundle=two";
    return List.of(
        behaviour(
            name,
            context -> {
              assertThat(ask(context, "two.example").name()).isEqualTo("CN=two.example");
              assertThat(ask(context, "else.example").name()).isEqualTo("CN=one.example");
            },
            bundle,
            "httpkit.ssl.bundle=one"),
        behaviour(
            "httpkit.strict-sni=true",
            context -> {
              assertThat(ask(context, "two.example").name()).isEqualTo("CN=two.example");
              assertThatThrownBy(() -> ask(context, "else.example"))
                  .isInstanceOf(SSLException.class);
            },
            name,
            bundle,
            "httpkit.ssl.bundle=one"),
        behaviour(
            "httpkit.handshake-timeout=100ms",
            context -> {
              try (Wire wire = Wire.to(port(context))) {
                assertThat(wire.rest()).isEmpty();
              }
            },
            "httpkit.ssl.bundle=one"));
  }

  private static List<PropertyRow> clients() {
    String store = "httpkit.ssl.trust-store=" + CLIENT.trustStore();
    String password = "httpkit.ssl.trust-store-password=" + Keys.PASSWORD;
    return List.of(
        behaviour(
            NEED,
            context ->
                assertThatThrownBy(() -> ask(context, "one.example"))
                    .isInstanceOf(IOException.class),
            CERTIFICATE,
            KEY,
            TRUST),
        behaviour(
            "httpkit.ssl.client-auth=want",
            context -> {
              assertThat(ask(context, "one.example").client()).isEmpty();
              seesTheClient(context);
            },
            CERTIFICATE,
            KEY,
            TRUST),
        client(TRUST),
        client("httpkit.ssl.trust-certificate-private-key=" + CLIENT.keyPem(), TRUST),
        client(store, password),
        client(password, store),
        client("httpkit.ssl.trust-store-type=PKCS12", store, password),
        client(
            "httpkit.ssl.trust-store-provider=SunJSSE",
            store,
            password,
            "httpkit.ssl.trust-store-type=PKCS12"));
  }

  private static List<PropertyRow> agreements() {
    return List.of(
        behaviour(
            "httpkit.ssl.enabled-protocols=TLSv1.2",
            context -> assertThat(ask(context, "a").protocol()).isEqualTo("TLSv1.2"),
            CERTIFICATE,
            KEY),
        behaviour(
            "httpkit.ssl.ciphers=" + SUITE,
            context -> assertThat(ask(context, "a").cipher()).isEqualTo(SUITE),
            CERTIFICATE,
            KEY),
        behaviour(
            "httpkit.ssl.protocol=" + OldTls.NAME,
            context -> assertThat(ask(context, "a").protocol()).isEqualTo("TLSv1.2"),
            CERTIFICATE,
            KEY));
  }

  private static PropertyRow shows(String setting, String name, String... others) {
    return behaviour(
        setting, context -> assertThat(ask(context, "a").name()).isEqualTo("CN=" + name), others);
  }

  private static PropertyRow client(String setting, String... others) {
    String[] all =
        Stream.concat(Stream.of(others), Stream.of(CERTIFICATE, KEY, NEED)).toArray(String[]::new);
    return behaviour(setting, SslPropertiesTest::seesTheClient, all);
  }

  private static void seesTheClient(AssertableApplicationContext context) throws IOException {
    Tls.Seen seen = Tls.ask(port(context), CLIENT.trusting(ONE), "one.example");
    assertThat(seen.client()).isEqualTo("CN=client.example");
  }

  private static Tls.Seen ask(AssertableApplicationContext context, String host)
      throws IOException {
    return Tls.ask(port(context), Tls.trustingAll(), host);
  }

  private static int port(AssertableApplicationContext context) {
    return context.getBean(HttpKitWebServer.class).getPort();
  }

  @BeforeAll
  static void addOldTls() {
    Security.addProvider(OldTls.PROVIDER);
  }

  @AfterAll
  static void removeOldTls() {
    Security.removeProvider(OldTls.PROVIDER.getName());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void changesHowTlsIsSpoken(PropertyRow row) {
    runner.withPropertyValues(row.assignments()).run(row::verify);
  }

  @Test
  void saysThatItSpeaksTls(CapturedOutput output) {
    runner
        .withPropertyValues("httpkit.ssl.bundle=one")
        .run(
            context ->
                assertThat(output)
                    .contains("http-kit started on port " + port(context) + " (https)"));
  }

  @Test
  void usesAnUpdatedBundleForNewConnections(CapturedOutput output) {
    runner
        .withPropertyValues(
            "httpkit.ssl.bundle=one", "httpkit.ssl.client-auth=want", "httpkit.strict-sni=false")
        .run(
            context -> {
              assertThat(ask(context, "a").name()).isEqualTo("CN=one.example");
              SslBundleRegistry bundles = context.getBean(SslBundleRegistry.class);
              bundles.updateBundle("one", SslBundle.of(stores(TWO)));
              assertThat(ask(context, "a").name()).isEqualTo("CN=two.example");
              bundles.updateBundle(
                  "one", SslBundle.of(new PemSslStoreBundle((PemSslStoreDetails) null, null)));
              assertThat(ask(context, "a").name()).isEqualTo("CN=two.example");
              assertThat(output).contains("the certificates stay as they are");
            });
  }

  @Test
  void usesAnUpdatedBundleForAHost() {
    runner
        .withPropertyValues(
            "httpkit.ssl.bundle=one",
            "httpkit.ssl.server-name-bundles[0].server-name=two.example",
            "httpkit.ssl.server-name-bundles[0].bundle=two")
        .run(
            context -> {
              assertThat(ask(context, "two.example").name()).isEqualTo("CN=two.example");
              context
                  .getBean(SslBundleRegistry.class)
                  .updateBundle("two", SslBundle.of(stores(CLIENT)));
              assertThat(ask(context, "two.example").name()).isEqualTo("CN=client.example");
              assertThat(ask(context, "one.example").name()).isEqualTo("CN=one.example");
            });
  }

  @Test
  void aCustomizersCertificateStaysWhenABundleIsUpdated() {
    ServerTls own = ServerTls.of(CLIENT.trusting());
    runner
        .withBean(HttpKitServerCustomizer.class, () -> config -> config.tls(own))
        .withPropertyValues("httpkit.ssl.bundle=one")
        .run(
            context -> {
              context
                  .getBean(SslBundleRegistry.class)
                  .updateBundle("one", SslBundle.of(stores(TWO)));
              assertThat(ask(context, "a").name()).isEqualTo("CN=client.example");
            });
  }

  private static SslStoreBundle stores(Keys keys) {
    return new PemSslStoreBundle(
        PemSslStoreDetails.forCertificate("file:" + keys.certificatePem())
            .withPrivateKey("file:" + keys.keyPem()),
        null);
  }

  record Wrong(String property, String value, String reason, List<String> settings) {
    Wrong(String setting, String reason, String... others) {
      this(
          setting.substring(0, setting.indexOf('=')),
          setting.substring(setting.indexOf('=') + 1),
          reason,
          Stream.concat(Stream.of(setting), Stream.of(others)).toList());
    }

    @Override
    public String toString() {
      return property + "=" + value;
    }
  }

  static Stream<Wrong> wrong() {
    String one = "httpkit.ssl.bundle=one";
    String trust = "httpkit.ssl.trust-store=" + CLIENT.trustStore();
    return Stream.of(
        new Wrong("httpkit.ssl.bundle=three", "SSL bundles are [one, two]"),
        new Wrong("server.ssl.bundle=three", "SSL bundles are [one, two]"),
        new Wrong(
            "httpkit.ssl.enabled=true",
            "it needs a certificate and its key, in httpkit.ssl.bundle"),
        new Wrong(
            "server.ssl.enabled=true", "it needs a certificate and its key, in server.ssl.bundle"),
        new Wrong(CERTIFICATE, "it needs its key, in httpkit.ssl.certificate-private-key"),
        new Wrong(KEY, "it needs its certificate, in httpkit.ssl.certificate"),
        new Wrong(CERTIFICATE, "it needs its key", STORE, PASSWORD),
        new Wrong("httpkit.ssl.enabled-protocols=TLSv1.3", "it needs a certificate and its key"),
        new Wrong("httpkit.ssl.ciphers=" + SUITE, "it needs a certificate and its key"),
        new Wrong("httpkit.ssl.client-auth=NEED", "it needs a certificate and its key"),
        new Wrong("httpkit.ssl.key-store-type=ZZZ", "it needs a certificate and its key"),
        new Wrong("httpkit.ssl.key-store-type=ZZZ", "ZZZ", STORE, PASSWORD),
        new Wrong("httpkit.ssl.key-store-provider=ZZZ", "ZZZ", STORE, PASSWORD),
        new Wrong("httpkit.ssl.key-store-password=******", "password was incorrect", STORE),
        new Wrong("httpkit.ssl.trust-store-type=ZZZ", "ZZZ", trust, CERTIFICATE, KEY),
        new Wrong("httpkit.ssl.trust-store-provider=ZZZ", "ZZZ", trust, CERTIFICATE, KEY),
        new Wrong(
            "httpkit.ssl.trust-store-password=******",
            "password was incorrect",
            trust,
            CERTIFICATE,
            KEY),
        new Wrong(
            "httpkit.ssl.trust-certificate-private-key=missing.pem",
            "missing.pem",
            TRUST,
            CERTIFICATE,
            KEY),
        new Wrong("httpkit.strict-sni=true", "it needs TLS, in httpkit.ssl or server.ssl"),
        new Wrong("httpkit.ssl.key-store=missing.p12", "missing.p12", PASSWORD),
        new Wrong("httpkit.ssl.certificate=missing.pem", "missing.pem", KEY),
        new Wrong("httpkit.ssl.certificate-private-key=missing.pem", "missing.pem", CERTIFICATE),
        new Wrong("httpkit.ssl.trust-store=missing.p12", "missing.p12", STORE, PASSWORD),
        new Wrong("httpkit.ssl.trust-certificate=missing.pem", "missing.pem", CERTIFICATE, KEY),
        new Wrong("httpkit.ssl.key-alias=nobody", "nobody", STORE, PASSWORD),
        new Wrong(
            "httpkit.ssl.key-password=******",
            "Cannot recover key",
            "httpkit.ssl.key-store=" + BOTH,
            PASSWORD),
        new Wrong("httpkit.ssl.protocol=NONE", "NONE", STORE, PASSWORD),
        new Wrong(TRUST, "it needs a certificate and its key"),
        new Wrong(
            "httpkit.ssl.enabled-protocols=TLSv1.1", "protocols must be among", STORE, PASSWORD),
        new Wrong("httpkit.ssl.ciphers=NONE_AT_ALL", "ciphers must be among", STORE, PASSWORD),
        new Wrong(
            "httpkit.ssl.server-name-bundles=three",
            "SSL bundles are [one, two]",
            one,
            "httpkit.ssl.server-name-bundles[0].server-name=a",
            "httpkit.ssl.server-name-bundles[0].bundle=three"),
        new Wrong(
            "httpkit.ssl.server-name-bundles=a..b",
            "host must be like example.com",
            one,
            "httpkit.ssl.server-name-bundles[0].server-name=a..b",
            "httpkit.ssl.server-name-bundles[0].bundle=two"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrong")
  void stopsTheStart(Wrong wrong) {
    String[] settings =
        wrong.settings().stream()
            .filter(setting -> !setting.startsWith("httpkit.ssl.server-name-bundles="))
            .toArray(String[]::new);
    runner
        .withPropertyValues(settings)
        .run(
            context -> {
              assertThat(context).hasFailed();
              Throwable failure = context.getStartupFailure();
              while (failure != null && !(failure instanceof InvalidHttpKitPropertyException)) {
                failure = failure.getCause();
              }
              assertThat(failure)
                  .isNotNull()
                  .hasMessageStartingWith(wrong.property() + " is ")
                  .hasMessageContaining(wrong.value())
                  .hasMessageContaining(wrong.reason());
            });
  }
}
