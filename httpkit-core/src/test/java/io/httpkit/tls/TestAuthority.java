package io.httpkit.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** A root that signs the certificates of servers, made by the keytool of this JDK. */
public final class TestAuthority {
  private static final char[] PASSWORD = TestKeys.PASSWORD.toCharArray();
  private static final String ROOT = "root";

  /** Valid since yesterday. */
  private static final String NOW = "-1d";

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
    return issue(host, "san=dns:" + host, NOW);
  }

  /** Has a key for this address, which is valid now. */
  public SSLContext issueForAddress(String address) {
    return issue(address, "san=ip:" + address, NOW);
  }

  /** Has a key for this name that was valid for ten days, once. */
  public SSLContext issueExpired(String host) {
    return issue(host, "san=dns:" + host, "-30d");
  }

  /** Has a key for this name that will be valid. */
  public SSLContext issueForLater(String host) {
    return issue(host, "san=dns:" + host, "+30d");
  }

  /** Has a key for all of these names, which is valid now. */
  public SSLContext issueForNames(List<String> hosts) {
    return issue(hosts.get(0), "san=dns:" + String.join(",dns:", hosts), "-1d");
  }

  /**
   * Has a key for this name that another authority has signed, which this root vouches for.
   *
   * @param name of the other
   * @param start of the ten days in which the other is valid
   * @param isSent whether the certificate of the other is sent along
   */
  public SSLContext issueThrough(String name, String start, String host, boolean isSent) {
    try {
      String through = "through-" + name + isSent;
      signed(ROOT, through, name, "bc:c", start);
      signed(through, host + through, host, "san=dns:" + host, "-1d");
      return identity(host + through, isSent ? 3 : 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The root's own certificate. */
  public X509Certificate certificate() {
    try {
      return (X509Certificate) load().getCertificate(ROOT);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private SSLContext issue(String host, String name, String start) {
    return issued.computeIfAbsent(
        name + start,
        alias -> {
          try {
            signed(ROOT, alias, host, name, start);
            return identity(alias, Integer.MAX_VALUE);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /** The certificate and the key of {@link #issue(String)}, for a program that reads PEM. */
  public String issuePem(String host) {
    issue(host);
    return pem("san=dns:" + host + NOW);
  }

  /** The certificate and the key of {@link #issueForAddress}, as PEM. */
  public String issuePemForAddress(String address) {
    issueForAddress(address);
    return pem("san=ip:" + address + NOW);
  }

  private String pem(String alias) {
    try {
      KeyStore all = load();
      return TestPem.of(all.getCertificateChain(alias))
          + TestPem.of((PrivateKey) all.getKey(alias, PASSWORD));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void signed(String signer, String alias, String name, String extension, String start)
      throws IOException {
    keytool(
        alias,
        "-dname",
        "CN=" + name,
        "-ext",
        extension,
        "-startdate",
        start,
        "-validity",
        "10",
        "-signer",
        signer);
  }

  /**
   * @param sent certificates that are sent, at most
   */
  private SSLContext identity(String alias, int sent) throws IOException, GeneralSecurityException {
    KeyStore all = load();
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    Certificate[] chain = all.getCertificateChain(alias);
    Certificate[] part = Arrays.copyOf(chain, Math.min(sent, chain.length));
    one.setKeyEntry(alias, all.getKey(alias, PASSWORD), PASSWORD, part);
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
    return new CountingTrust(certificate());
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
