package io.httpkit.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.Arrays;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
  private static final String PASSWORD = "secret";

  @TempDir private Path directory;

  /** What is inside PKCS #8: PKCS #1 of RSA keys, SEC 1 of keys on curves. */
  private static byte[] inner(PrivateKey key) {
    ByteBuffer in = Der.read(ByteBuffer.wrap(key.getEncoded()), Der.SEQUENCE);
    Der.read(in, Der.INTEGER);
    Der.read(in, Der.SEQUENCE);
    return Der.bytes(Der.read(in, Der.OCTET_STRING));
  }

  /** The curve of a key. */
  private static byte[] parameters(PrivateKey key) {
    ByteBuffer in = Der.read(ByteBuffer.wrap(key.getEncoded()), Der.SEQUENCE);
    Der.read(in, Der.INTEGER);
    ByteBuffer algorithm = Der.read(in, Der.SEQUENCE);
    Der.read(algorithm, Der.OBJECT_ID);
    return Der.bytes(algorithm);
  }

  private static byte[] encrypted(PrivateKey key, String algorithm)
      throws GeneralSecurityException, IOException {
    SecretKey secret =
        SecretKeyFactory.getInstance(algorithm)
            .generateSecret(new PBEKeySpec(PASSWORD.toCharArray()));
    Cipher cipher = Cipher.getInstance(algorithm);
    cipher.init(Cipher.ENCRYPT_MODE, secret);
    AlgorithmParameters parameters = cipher.getParameters();
    if (algorithm.contains("Hmac")) {
      // the family that the algorithm belongs to, as which it is written
      AlgorithmParameters family = AlgorithmParameters.getInstance("PBES2");
      family.init(parameters.getEncoded());
      parameters = family;
    }
    return new EncryptedPrivateKeyInfo(parameters, cipher.doFinal(key.getEncoded())).getEncoded();
  }

  /** A key as SEC 1 with its curve inside, as OpenSSL writes it. */
  private static byte[] sec1WithCurve(PrivateKey key) {
    ByteBuffer in = Der.read(ByteBuffer.wrap(inner(key)), Der.SEQUENCE);
    Der.read(in, Der.INTEGER);
    byte[] secret = Der.bytes(Der.read(in, Der.OCTET_STRING));
    return Der.write(
        Der.SEQUENCE,
        Der.write(Der.INTEGER, new byte[] {1}),
        Der.write(Der.OCTET_STRING, secret),
        Der.write(Der.FIRST_OPTIONAL, parameters(key)));
  }

  private static String key(TestKeys keys, String format) throws Exception {
    PrivateKey key = keys.key();
    return switch (format) {
      case "PKCS8" -> TestPem.of(key);
      case "PKCS1" -> TestPem.of("RSA PRIVATE KEY", inner(key));
      case "SEC1" -> TestPem.of("EC PRIVATE KEY", sec1WithCurve(key));
      case "SEC1 and parameters" ->
          TestPem.of("EC PARAMETERS", parameters(key)) + TestPem.of("EC PRIVATE KEY", inner(key));
      default -> TestPem.of("ENCRYPTED PRIVATE KEY", encrypted(key, format));
    };
  }

  // ---- success

  @ParameterizedTest
  @CsvSource({
    "RSA, PKCS8",
    "RSA, PKCS1",
    "RSA, PBEWithHmacSHA256AndAES_256",
    "RSA, PBEWithHmacSHA1AndAES_128",
    "RSA, PBEWithMD5AndDES",
    "EC, PKCS8",
    "EC, SEC1",
    "EC, SEC1 and parameters",
    "EC, PBEWithHmacSHA512AndAES_256",
    "Ed25519, PKCS8",
    "Ed25519, PBEWithHmacSHA256AndAES_256",
  })
  void keysOfAllKindsAreRead(String algorithm, String format) throws Exception {
    TestKeys keys = TestKeys.of("localhost", algorithm);
    String both = "a comment\n" + TestPem.of(keys.certificate()) + "another\n" + key(keys, format);
    Path file = Files.writeString(directory.resolve("both.pem"), both);

    for (Identity identity :
        List.of(
            Identity.pem(both, both, PASSWORD),
            Identity.pem(both.replace("\n", "\r\n"), both, PASSWORD),
            Identity.pem(file, file, PASSWORD))) {
      // that it is this key is seen by its certificate
      assertThat(identity.key().getAlgorithm()).isEqualTo(keys.key().getAlgorithm());
      assertThat(identity.chain()).containsExactly(keys.certificate());
      assertThat(identity).hasToString("Identity[CN=localhost]");
      SSLContext context = TlsContexts.of(identity);
      assertThat(context.getProtocol()).isEqualTo("TLS");
    }
  }

  @Test
  void pkcs12IsReadWithItsPassword() throws IOException {
    TestKeys keys = TestKeys.localhost();

    assertThat(Identity.pkcs12(keys.file(), TestKeys.PASSWORD).chain())
        .containsExactly(keys.certificate());
    assertThat(Identity.pkcs12(keys.file(), TestKeys.PASSWORD, "key").key()).isEqualTo(keys.key());
    assertThat(Identity.pkcs12(Files.readAllBytes(keys.file()), TestKeys.PASSWORD).key())
        .isEqualTo(keys.key());
  }

  @Test
  void certificatesAreReadInTheirOrder() throws IOException {
    TestKeys one = TestKeys.localhost();
    TestKeys other = TestKeys.of("client", "EC");
    String text = TestPem.of(one.certificate()) + TestPem.of(other.certificate());

    assertThat(Certificates.pem(text)).containsExactly(one.certificate(), other.certificate());
    assertThat(Certificates.pem(Files.writeString(directory.resolve("ca.pem"), text))).hasSize(2);
    assertThat(TlsContexts.trusting(Certificates.pem(text))).isNotNull();
  }

  // ---- failure

  private static void assertRefused(Runnable reading, String... messages) {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(reading::run)
        .satisfies(e -> assertThat(e).hasMessageContainingAll(messages));
  }

  @Test
  void keyOfAnotherCertificateIsRefused() throws Exception {
    TestKeys one = TestKeys.localhost();
    TestKeys other = TestKeys.of("client", "EC");
    TestKeys rsa = TestKeys.of("localhost", "RSA");

    for (TestKeys wrong : List.of(other, rsa)) {
      String key = key(wrong, "PKCS8");
      assertRefused(
          () -> Identity.pem(TestPem.of(one.certificate()), key),
          "private key: the private key does not belong to the first certificate of certificate",
          "CN=localhost");
      assertRefused(() -> new Identity(wrong.key(), List.of(one.certificate())), "does not belong");
    }
  }

  @Test
  void messagesSayWhatIsWrongWithAKey() throws Exception {
    TestKeys keys = TestKeys.localhost();
    String chain = TestPem.of(keys.certificate());
    Path file = Files.writeString(directory.resolve("server.crt"), chain);
    String encrypted = key(keys, "PBEWithHmacSHA256AndAES_256");
    String key = key(keys, "PKCS8");

    assertRefused(
        () -> Identity.pem(file, file),
        "server.crt: has CERTIFICATE, but must have one of PRIVATE KEY, ENCRYPTED PRIVATE KEY,"
            + " RSA PRIVATE KEY, EC PRIVATE KEY");
    assertRefused(() -> Identity.pem(chain, key + key), "private key: has 2 private keys");
    assertRefused(() -> Identity.pem(chain, encrypted), "no password was given");
    assertRefused(() -> Identity.pem(chain, encrypted, "wrong"), "the password is wrong");
    assertRefused(
        () -> Identity.pem(chain, TestPem.of("EC PRIVATE KEY", inner(keys.key()))),
        "on which curve");
    assertRefused(
        () ->
            Identity.pem(
                chain,
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n"
                    + "-----END RSA PRIVATE KEY-----"),
        "openssl pkcs8 -topk8");
    assertRefused(() -> Identity.pem(chain, "nothing"), "is not PEM");
    assertRefused(() -> Identity.pem(chain, "-----BEGIN PRIVATE KEY-----\nAAAA"), "has no end");
    assertRefused(
        () -> Identity.pem(chain, "-----BEGIN PRIVATE KEY-----\n%\n-----END PRIVATE KEY-----"),
        "is not Base64");
    assertRefused(
        () -> Identity.pem(chain, TestPem.of("PRIVATE KEY", new byte[] {0x30, 3, 2, 1, 0})),
        "damaged");
    assertRefused(
        () -> Identity.pem(chain, TestPem.of("RSA PRIVATE KEY", new byte[] {0x30, 0})),
        "RSA private key");
    assertRefused(
        () ->
            Identity.pem(
                chain,
                TestPem.of(
                    "PRIVATE KEY",
                    Der.write(
                        Der.SEQUENCE,
                        Der.write(Der.INTEGER, new byte[1]),
                        Der.write(Der.SEQUENCE, Der.write(Der.OBJECT_ID, new byte[] {42}))))),
        "not known",
        "Ed25519");
  }

  @Test
  void messagesSayWhatIsWrongWithACertificate() throws Exception {
    String key = key(TestKeys.localhost(), "PKCS8");

    assertRefused(
        () -> Certificates.pem(key), "certificate: has PRIVATE KEY, but must have", "CERTIFICATE");
    assertRefused(
        () -> Certificates.pem(TestPem.of("CERTIFICATE", "no".getBytes(StandardCharsets.US_ASCII))),
        "CERTIFICATE 1 cannot be read");
    assertRefused(() -> TlsContexts.trusting(List.of()), "at least one");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10, 50})
  void keyThatIsCutOffIsRefused(int missing) throws Exception {
    TestKeys keys = TestKeys.localhost();
    byte[] whole = keys.key().getEncoded();
    byte[] cut = Arrays.copyOf(whole, whole.length - missing);
    if (missing == 0) {
      assertThat(Identity.pem(TestPem.of(keys.certificate()), TestPem.of("PRIVATE KEY", cut)))
          .isNotNull();
    } else {
      assertRefused(
          () -> Identity.pem(TestPem.of(keys.certificate()), TestPem.of("PRIVATE KEY", cut)),
          "damaged");
    }
  }

  @Test
  void messagesSayWhatIsWrongWithPkcs12() throws IOException {
    TestKeys keys = TestKeys.localhost();
    Path text = Files.writeString(directory.resolve("x.p12"), "text");

    assertRefused(() -> Identity.pkcs12(keys.file(), "wrong"), "keys.p12: the password is wrong");
    assertRefused(() -> Identity.pkcs12(text, "wrong"), "x.p12: is not PKCS #12");
    assertRefused(
        () -> Identity.pkcs12(keys.file(), TestKeys.PASSWORD, "other"),
        "has no key other; it has 1 keys: [key]");
    assertRefused(
        () -> Certificates.pkcs12(keys.file(), TestKeys.PASSWORD), "has no certificate", "[key]");
  }

  @Test
  void fileThatIsMissingIsNamed() {
    Path missing = directory.resolve("missing.pem");

    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> Certificates.pem(missing))
        .withMessageContaining("missing.pem: there is no such file");
  }
}
