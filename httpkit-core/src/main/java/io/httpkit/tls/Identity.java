package io.httpkit.tls;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who one end of a connection is: its certificate, with those that vouch for it, and its key.
 *
 * <p>What is read must fit together: a key that does not belong to the certificate is refused. All
 * factories throw {@link IllegalArgumentException} with a message that says which file, what was
 * found and what is allowed, and {@link java.io.UncheckedIOException} if a file cannot be read.
 *
 * @param key the private key
 * @param chain the certificate of the key first, then that of its issuer, and so on
 */
public record Identity(PrivateKey key, List<X509Certificate> chain) {
  public Identity {
    chain = List.copyOf(chain);
    if (chain.isEmpty()) {
      throw new IllegalArgumentException("chain must have at least one certificate");
    }
    if (!belongTogether(key, chain.get(0))) {
      throw new IllegalArgumentException(
          "the private key does not belong to the certificate of "
              + chain.get(0).getSubjectX500Principal());
    }
  }

  /** Of PEM files with the certificates and with a key that is not encrypted. */
  public static Identity pem(Path chain, Path key) {
    return pem(Source.of(chain), Source.of(key), null);
  }

  /** Of PEM files with the certificates and with a key that is encrypted, or is not. */
  public static Identity pem(Path chain, Path key, String password) {
    return pem(Source.of(chain), Source.of(key), password);
  }

  /** Of PEM text; both may be the same text. */
  public static Identity pem(String chain, String key) {
    return pem(Source.of("certificate", chain), Source.of("private key", key), null);
  }

  /** Of PEM text, with a key that is encrypted, or is not. */
  public static Identity pem(String chain, String key, String password) {
    return pem(Source.of("certificate", chain), Source.of("private key", key), password);
  }

  private static Identity pem(Source chain, Source key, @Nullable String password) {
    PrivateKey read = PrivateKeys.of(key, password);
    List<X509Certificate> certificates = Certificates.pem(chain);
    return of(chain, key, read, certificates);
  }

  /** The only key of a PKCS #12 file, RFC 7292, with its certificates. */
  public static Identity pkcs12(Path file, String password) {
    Source source = Source.of(file);
    return Pkcs12.open(source, password).identity(null);
  }

  /** The key of this alias of a PKCS #12 file, with its certificates. */
  public static Identity pkcs12(Path file, String password, String alias) {
    Source source = Source.of(file);
    return Pkcs12.open(source, password).identity(alias);
  }

  /** The only key of the bytes of a PKCS #12 file, with its certificates. */
  public static Identity pkcs12(byte[] bytes, String password) {
    return Pkcs12.open(new Source("PKCS #12", bytes), password).identity(null);
  }

  static Identity of(
      Source chainSource, Source keySource, PrivateKey key, List<X509Certificate> chain) {
    if (!belongTogether(key, chain.get(0))) {
      throw keySource.wrong(
          "the private key does not belong to the first certificate of "
              + chainSource.name()
              + ", which is that of "
              + chain.get(0).getSubjectX500Principal());
    }
    return new Identity(key, chain);
  }

  /** Whether what one signs the other verifies. */
  private static boolean belongTogether(PrivateKey key, X509Certificate certificate) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          case "EdDSA", "Ed25519", "Ed448" -> certificate.getPublicKey().getAlgorithm();
          default -> null;
        };
    if (algorithm == null) {
      // it will be seen when it is used
      return true;
    }
    try {
      byte[] message = {1, 2, 3};
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(message);
      byte[] signed = signature.sign();
      signature.initVerify(certificate.getPublicKey());
      signature.update(message);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** Whose it is; not the key. */
  @Override
  public String toString() {
    return "Identity[" + chain.get(0).getSubjectX500Principal() + "]";
  }
}
