package io.httpkit.tls;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/**
 * Certificates of those who are trusted, or of those they vouch for. All methods throw {@link
 * IllegalArgumentException} with a message that says which file, what was found and what is
 * allowed, and {@link java.io.UncheckedIOException} if a file cannot be read.
 */
public final class Certificates {
  private Certificates() {}

  /** All certificates of a PEM file, in its order; at least one. */
  public static List<X509Certificate> pem(Path file) {
    return pem(Source.of(file));
  }

  /** All certificates of PEM text, in its order; at least one. */
  public static List<X509Certificate> pem(String text) {
    return pem(Source.of("certificate", text));
  }

  /** All certificates of a PKCS #12 file, RFC 7292, that have no key; at least one. */
  public static List<X509Certificate> pkcs12(Path file, String password) {
    return Pkcs12.open(Source.of(file), password).certificates();
  }

  static List<X509Certificate> pem(Source source) {
    List<PemBlock> blocks = PemBlock.all(source);
    List<X509Certificate> certificates = new ArrayList<>();
    for (PemBlock block : blocks) {
      if (block.label().equals(PemBlock.CERTIFICATE)) {
        certificates.add(certificate(source, block, certificates.size() + 1));
      }
    }
    if (certificates.isEmpty()) {
      throw source.wrong(
          "has " + PemBlock.labels(blocks) + ", but must have at least one CERTIFICATE");
    }
    return List.copyOf(certificates);
  }

  private static X509Certificate certificate(Source source, PemBlock block, int number) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.bytes()));
    } catch (GeneralSecurityException e) {
      throw source.wrong("CERTIFICATE " + number + " cannot be read", e);
    }
  }
}
