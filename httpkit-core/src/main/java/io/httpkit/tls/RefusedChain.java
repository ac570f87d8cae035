package io.httpkit.tls;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;

/**
 * The certificates that a peer has shown, and that are not trusted. It is among the suppressed of
 * the exception with which they were refused, as the JDK does not say whose they were: see {@link
 * #of}. Contexts that {@link TlsContexts} makes add it.
 */
public final class RefusedChain extends Exception {
  private static final long serialVersionUID = 1L;

  /** Not serialized, as certificates of some providers cannot be. */
  private final transient List<X509Certificate> certificates;

  RefusedChain(List<X509Certificate> certificates) {
    // it is where the exception is that it is added to
    super(describe(certificates), null, false, false);
    this.certificates = certificates;
  }

  private static String describe(List<X509Certificate> certificates) {
    return certificates.isEmpty()
        ? "no certificate was shown"
        : "the certificate of "
            + certificates.get(0).getSubjectX500Principal()
            + ", issued by "
            + certificates.get(0).getIssuerX500Principal();
  }

  /** The peer's own certificate first, and behind it those that vouch for it, as it sent them. */
  public List<X509Certificate> certificates() {
    return certificates == null ? List.of() : certificates;
  }

  /** What was refused, when this is why a handshake failed; empty if that is not known. */
  public static Optional<RefusedChain> of(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      for (Throwable suppressed : t.getSuppressed()) {
        if (suppressed instanceof RefusedChain chain) {
          return Optional.of(chain);
        }
      }
    }
    return Optional.empty();
  }
}
