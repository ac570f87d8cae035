package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import org.jspecify.annotations.Nullable;

/** Says in words why a TLS handshake failed, of which the JDK tells the cause in several layers. */
final class TlsFailure {
  private TlsFailure() {}

  static ClientException explain(String host, int port, Throwable cause) {
    String where = "no TLS with " + host + ":" + port + ": ";
    return cause instanceof ClientException known
        ? known
        : new ClientException(Kind.TLS, where + reason(host, cause), cause);
  }

  private static String reason(String host, Throwable cause) {
    boolean isOfCertificate = false;
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof CertificateExpiredException) {
        return "its certificate has expired: " + t.getMessage();
      } else if (t instanceof CertificateNotYetValidException) {
        return "its certificate is not valid yet: " + t.getMessage();
      } else if (t instanceof CertPathBuilderException) {
        return "its certificate is not signed by anybody who is trusted: " + t.getMessage();
      } else if (isOtherName(t.getMessage())) {
        return "its certificate is not for " + host + ": " + t.getMessage();
      }
      isOfCertificate |= t instanceof CertificateException;
    }
    return (isOfCertificate ? "its certificate is refused: " : "") + cause.getMessage();
  }

  /** The JDK has no type for it. */
  private static boolean isOtherName(@Nullable String message) {
    return message != null
        && (message.startsWith("No subject alternative") || message.startsWith("No name matching"));
  }
}
