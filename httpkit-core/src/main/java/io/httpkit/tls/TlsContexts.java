package io.httpkit.tls;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes contexts: what one end of TLS connections is and whom it trusts. Sessions are kept in the
 * context, so one is made once and used for all connections. What they refuse tells its {@link
 * RefusedChain}.
 */
public final class TlsContexts {
  private TlsContexts() {}

  /** For a server, or for a client that trusts whom the JDK trusts. */
  public static SSLContext of(Identity identity) {
    return context(identity, null);
  }

  /**
   * For a server that asks clients for certificates, or a client that shows one.
   *
   * @param trusted of whose certificates, or those they vouch for, the peer must show one
   */
  public static SSLContext of(Identity identity, List<X509Certificate> trusted) {
    return context(identity, trusted);
  }

  /**
   * For a client that shows no certificate.
   *
   * @param trusted of whose certificates, or those they vouch for, the server must show one
   */
  public static SSLContext trusting(List<X509Certificate> trusted) {
    return context(null, trusted);
  }

  /** For a client that trusts whom the JDK trusts, and shows no certificate. */
  public static SSLContext trusting() {
    return context(null, null);
  }

  private static SSLContext context(
      @Nullable Identity identity, @Nullable List<X509Certificate> trusted) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          identity == null ? null : keyManagers(identity),
          TellingTrust.of(trustManagers(trusted == null ? null : store(trusted))),
          null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this JDK cannot make a TLS context: " + e.getMessage(), e);
    }
  }

  private static KeyManager[] keyManagers(Identity identity)
      throws GeneralSecurityException, IOException {
    // never leaves this method, so that nobody needs to know a password
    char[] password = new char[0];
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, password);
    store.setKeyEntry(
        "identity", identity.key(), password, identity.chain().toArray(Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  private static KeyStore store(List<X509Certificate> trusted)
      throws GeneralSecurityException, IOException {
    if (trusted.isEmpty()) {
      throw new IllegalArgumentException("trusted must have at least one certificate");
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, new char[0]);
    for (int i = 0; i < trusted.size(); i++) {
      store.setCertificateEntry("trusted-" + i, trusted.get(i));
    }
    return store;
  }

  /** Of the JDK's own store if there is none. */
  private static TrustManager[] trustManagers(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }
}
