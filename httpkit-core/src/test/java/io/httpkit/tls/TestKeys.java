package io.httpkit.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** A self-signed certificate and its key, made by the keytool of this JDK. */
public final class TestKeys {
  public static final String PASSWORD = "changeit";

  private static final Map<String, TestKeys> MADE = new ConcurrentHashMap<>();

  private final KeyStore store;
  private final Path file;

  private TestKeys(KeyStore store, Path file) {
    this.store = store;
    this.file = file;
  }

  /** For {@code localhost} and {@code 127.0.0.1}, with a key on a curve, which is the fastest. */
  public static TestKeys localhost() {
    return of("localhost", "EC");
  }

  /** For this name, made once in each JVM. */
  public static TestKeys of(String host, String algorithm) {
    return MADE.computeIfAbsent(host + ' ' + algorithm, key -> make(host, algorithm));
  }

  private static TestKeys make(String host, String algorithm) {
    try {
      Path directory = Files.createTempDirectory("httpkit-keys");
      Path file = directory.resolve("keys.p12");
      file.toFile().deleteOnExit();
      keytool(host, algorithm, file);
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, PASSWORD.toCharArray());
      }
      directory.toFile().deleteOnExit();
      return new TestKeys(store, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void keytool(String host, String algorithm, Path file) throws IOException {
    List<String> options =
        new ArrayList<>(
            List.of(
                "-dname",
                "CN=" + host,
                "-ext",
                "san=dns:" + host + (host.equals("localhost") ? ",ip:127.0.0.1" : ""),
                "-validity",
                "3650",
                "-keyalg",
                algorithm));
    if (algorithm.equals("EC")) {
      Collections.addAll(options, "-groupname", "secp256r1");
    }
    Keytool.makeKey(file, PASSWORD, "key", options);
  }

  /** The PKCS12 file. */
  public Path file() {
    return file;
  }

  public X509Certificate certificate() {
    try {
      return (X509Certificate) store.getCertificate("key");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public PrivateKey key() {
    try {
      return (PrivateKey) store.getKey("key", PASSWORD.toCharArray());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Has this key, and trusts nobody. */
  public SSLContext context() {
    return context(keyManager());
  }

  /** Has this key, and trusts those. */
  public SSLContext trusting(TestKeys... others) {
    return context(keyManager(), others);
  }

  /** Has no key, and trusts these. */
  public static SSLContext trustingOnly(TestKeys... others) {
    return context(null, others);
  }

  /** Chooses this key. */
  public X509ExtendedKeyManager keyManager() {
    try {
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD.toCharArray());
      return (X509ExtendedKeyManager) keys.getKeyManagers()[0];
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Has the keys of this manager if there is one, and trusts these. */
  public static SSLContext context(@Nullable KeyManager keys, TestKeys... others) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (int i = 0; i < others.length; i++) {
        trusted.setCertificateEntry("trusted" + i, others[i].certificate());
      }
      if (others.length == 0) {
        trusted.setCertificateEntry("nobody", of("nobody", "EC").certificate());
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      context.init(keys == null ? null : new KeyManager[] {keys}, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
