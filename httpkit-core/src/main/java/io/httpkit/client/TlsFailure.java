package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.tls.RefusedChain;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says in words why a TLS handshake failed, of which the JDK tells the cause in several layers. It
 * says less where an {@code SSLContext} of the application does not tell which certificates it
 * refused.
 */
final class TlsFailure {
  private final String host;
  private final @Nullable ShownChain shown;

  private TlsFailure(String host, Throwable cause) {
    this.host = host;
    List<X509Certificate> chain =
        RefusedChain.of(cause).map(RefusedChain::certificates).orElse(List.of());
    this.shown = chain.isEmpty() ? null : new ShownChain(chain);
  }

  static ClientException explain(String host, int port, Throwable cause) {
    String where = "no TLS with " + host + ":" + port + ": ";
    return cause instanceof ClientException known
        ? known
        : new ClientException(Kind.TLS, where + new TlsFailure(host, cause).reason(cause), cause);
  }

  private String reason(Throwable cause) {
    boolean isOfCertificate = false;
    @Nullable CertPathValidatorException invalid = null;
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof CertPathValidatorException found) {
        invalid = found;
      } else if (t instanceof CertificateExpiredException) {
        return "its certificate " + Validity.expired(invalid, t);
      } else if (t instanceof CertificateNotYetValidException) {
        return "its certificate " + Validity.notYet(invalid, t);
      } else if (t instanceof CertPathBuilderException) {
        return "its certificate " + (shown == null ? untrusted(t) : shown.untrusted());
      } else if (isOtherName(t.getMessage())) {
        return "its certificate is not for " + host + otherNames(t);
      }
      isOfCertificate |= t instanceof CertificateException;
    }
    return (isOfCertificate ? "its certificate is refused: " : "") + cause.getMessage();
  }

  private static String untrusted(Throwable cause) {
    return "is not signed by anybody who is trusted: " + cause.getMessage();
  }

  /** The JDK has no type for it. */
  private static boolean isOtherName(@Nullable String message) {
    return message != null
        && (message.startsWith("No subject alternative") || message.startsWith("No name matching"));
  }

  private String otherNames(Throwable cause) {
    return shown == null ? ": " + cause.getMessage() : ", but for " + shown.names();
  }

  /** When a certificate is valid, which may be that of somebody who vouches for the server's. */
  private static final class Validity {
    private Validity() {}

    static String expired(@Nullable CertPathValidatorException invalid, Throwable cause) {
      X509Certificate of = certificate(invalid);
      String until =
          of == null ? cause.getMessage() : "it was valid until " + of.getNotAfter().toInstant();
      return by(invalid, of) + "has expired: " + until;
    }

    static String notYet(@Nullable CertPathValidatorException invalid, Throwable cause) {
      X509Certificate of = certificate(invalid);
      String from =
          of == null ? cause.getMessage() : "it will be from " + of.getNotBefore().toInstant();
      return by(invalid, of) + "is not valid yet: " + from;
    }

    private static @Nullable X509Certificate certificate(
        @Nullable CertPathValidatorException invalid) {
      if (invalid == null || invalid.getCertPath() == null || invalid.getIndex() < 0) {
        return null;
      }
      Certificate found = invalid.getCertPath().getCertificates().get(invalid.getIndex());
      return found instanceof X509Certificate certificate ? certificate : null;
    }

    /** The first of a path is the server's own. */
    private static String by(
        @Nullable CertPathValidatorException invalid, @Nullable X509Certificate of) {
      return of == null || invalid == null || invalid.getIndex() == 0
          ? ""
          : "is signed by " + ShownChain.subject(of) + ", whose certificate ";
    }
  }
}
