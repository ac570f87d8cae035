package io.httpkit.spring.boot.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A self-signed certificate and its key, made once in each JVM by the keytool of this JDK. */
public final class Keys {
  public static final String PASSWORD = "changeit";

  private static final Map<String, Keys> MADE = new ConcurrentHashMap<>();

  private final Path directory;
  private final KeyStore store;
  private final String alias;

  private Keys(Path directory, KeyStore store, String alias) {
    this.directory = directory;
    this.store = store;
    this.alias = alias;
  }

  /** For this name, and for {@code localhost} and {@code 127.0.0.1}. Its alias is the name. */
  public static Keys of(String host) {
    return MADE.computeIfAbsent(host, Keys::make);
  }

  private static Keys make(String host) {
    try {
      Path directory = Files.createTempDirectory("httpkit-keys");
      Path file = directory.resolve("keys.p12");
      keytool(file, host, "PKCS12", PASSWORD);
      KeyStore store = load(file);
      Keys made = new Keys(directory, store, host);
      made.writePem("cert.pem", "CERTIFICATE", made.certificate().getEncoded());
      made.writePem(
          "key.pem", "PRIVATE KEY", store.getKey(host, PASSWORD.toCharArray()).getEncoded());
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      trusted.setCertificateEntry(host, made.certificate());
      try (var out = Files.newOutputStream(directory.resolve("trust.p12"))) {
        trusted.store(out, PASSWORD.toCharArray());
      }
      try (Stream<Path> all = Files.list(directory)) {
        directory.toFile().deleteOnExit();
        all.forEach(one -> one.toFile().deleteOnExit());
      }
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes a key of this alias in a new or existing store. */
  public static void keytool(Path file, String alias, String type, String keyPassword)
      throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            alias,
            "-dname",
            "CN=" + alias,
            "-ext",
            "san=dns:" + alias + ",dns:localhost,ip:127.0.0.1",
            "-validity",
            "3650",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-storetype",
            type,
            "-storepass",
            PASSWORD,
            "-keypass",
            keyPassword,
            "-keystore",
            file.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("keytool failed: " + said);
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static KeyStore load(Path file) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store;
  }

  private void writePem(String name, String label, byte[] der) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Files.writeString(
        directory.resolve(name),
        "-----BEGIN " + label + "-----\n" + text + "\n-----END " + label + "-----\n");
  }

  /** The file of PKCS #12 with certificate and key. */
  public Path store() {
    return directory.resolve("keys.p12");
  }

  /** The file of PKCS #12 with the certificate only. */
  public Path trustStore() {
    return directory.resolve("trust.p12");
  }

  /** The certificate in PEM. */
  public Path certificatePem() {
    return directory.resolve("cert.pem");
  }

  /** The key in PEM. */
  public Path keyPem() {
    return directory.resolve("key.pem");
  }

  public X509Certificate certificate() {
    try {
      return (X509Certificate) store.getCertificate(alias);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Shows this certificate when asked, and trusts those. */
  public SSLContext trusting(Keys... others) {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD.toCharArray());
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), trust(others).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Shows no certificate, and trusts these. */
  public static SSLContext trustingOnly(Keys... others) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust(others).getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static TrustManagerFactory trust(Keys... others) throws GeneralSecurityException {
    try {
      KeyStore trusted = KeyStore.getInstance("PKCS12");
      trusted.load(null, null);
      for (Keys other : others) {
        trusted.setCertificateEntry(other.alias, other.certificate());
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      return trust;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
