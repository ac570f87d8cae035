package io.httpkit.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.util.Base64;

/** Writes PEM, RFC 7468, which the JDK cannot. */
public final class TestPem {
  private TestPem() {}

  /** A block with this label. */
  public static String of(String label, byte[] bytes) {
    return "-----BEGIN "
        + label
        + "-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes)
        + "\n-----END "
        + label
        + "-----\n";
  }

  /** These certificates, in this order. */
  public static String of(Certificate... chain) {
    StringBuilder text = new StringBuilder();
    try {
      for (Certificate certificate : chain) {
        text.append(of("CERTIFICATE", certificate.getEncoded()));
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
    return text.toString();
  }

  /** This key, in PKCS #8 and not encrypted. */
  public static String of(PrivateKey key) {
    return of("PRIVATE KEY", key.getEncoded());
  }
}
