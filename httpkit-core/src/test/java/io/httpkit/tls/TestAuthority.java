package io.httpkit.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A root that signs the certificates of servers, made by the keytool of this JDK. */
public final class TestAuthority {
  private static final char[] PASSWORD = TestKeys.PASSWORD.toCharArray();
  private static final String ROOT = "root";

  private final Path file;
  private final Map<String, SSLContext> issued = new ConcurrentHashMap<>();

  /** A root of this name, with another key than all others of that name. */
  public TestAuthority(String name) {
    try {
      Path directory = Files.createTempDirectory("httpkit-authority");
      directory.toFile().deleteOnExit();
      file = directory.resolve("keys.p12");
      file.toFile().deleteOnExit();
      keytool(ROOT, "-dname", "CN=" + name, "-ext", "bc:c", "-validity", "3650");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Has a key for this name, which is valid now. */
  public SSLContext issue(String host) {
    return issue(host, "san=dns:" + host, "-1d");
  }

  /** Has a key for this address, which is valid now. */
  public SSLContext issueForAddress(String address) {
    return issue(address, "san=ip:" + address, "-1d");
  }

  /** Has a key for this name that was valid for ten days, once. */
  public SSLContext issueExpired(String host) {
    return issue(host, "san=dns:" + host, "-30d");
  }

  /** Has a key for this name that will be valid. */
  public SSLContext issueForLater(String host) {
    return issue(host, "san=dns:" + host, "+30d");
  }

  private SSLContext issue(String host, String name, String start) {
    return issued.computeIfAbsent(
        name + start,
        alias -> {
          try {
            keytool(
                alias,
                "-dname",
                "CN=" + host,
                "-ext",
                name,
                "-startdate",
                start,
                "-validity",
                "10",
                "-signer",
                ROOT);
            return identity(alias);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private SSLContext identity(String alias) throws IOException, GeneralSecurityException {
    KeyStore all = load();
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry(alias, all.getKey(alias, PASSWORD), PASSWORD, all.getCertificateChain(alias));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(one, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** Trusts this root and nobody else; another one each time, with sessions of its own. */
  public SSLContext trusting() {
    return trust().context();
  }

  /** As {@link #trusting}. */
  public CountingTrust trust() {
    try {
      return new CountingTrust((X509Certificate) load().getCertificate(ROOT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private KeyStore load() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private synchronized void keytool(String alias, String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of("-keyalg", "EC", "-groupname", "secp256r1"));
    all.addAll(List.of(options));
    Keytool.makeKey(file, TestKeys.PASSWORD, alias, all);
  }
}
