package io.httpkit.spring.boot.server;

import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import io.httpkit.spring.boot.diagnostics.Reasons;
import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.security.UnrecoverableKeyException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.util.StringUtils;

/**
 * The certificates and keys that settings of Spring Boot name. What is wrong with them is reported
 * with the property it is about.
 */
final class SslContexts {
  private final String prefix;
  private final Ssl ssl;
  private final SslBundles bundles;

  /**
   * Reads nothing yet.
   *
   * @param prefix of the properties, without a dot at its end
   */
  SslContexts(String prefix, Ssl ssl, SslBundles bundles) {
    this.prefix = prefix;
    this.ssl = ssl;
    this.bundles = bundles;
  }

  /** What is for all hosts that have none of their own. */
  SslBundle ofAllHosts() {
    String bundle = bundle();
    if (bundle != null) {
      return bundle("bundle", bundle);
    }
    try {
      return WebServerSslBundle.get(ssl, bundles);
    } catch (RuntimeException e) {
      throw invalidStore(e);
    }
  }

  /** The bundle that has all, so that the settings beside it do not count; null if none has. */
  @Nullable String bundle() {
    return StringUtils.hasText(ssl.getBundle()) ? ssl.getBundle() : null;
  }

  /**
   * The bundle of this name.
   *
   * @param property that has the name, behind the prefix
   */
  SslBundle bundle(String property, String name) {
    try {
      return bundles.getBundle(name);
    } catch (NoSuchSslBundleException e) {
      throw invalid(property, name, "SSL bundles are " + bundles.getBundleNames(), e);
    } catch (RuntimeException e) {
      throw invalid(property, name, Reasons.of(e), e);
    }
  }

  /** A context with the certificate and key for all hosts. */
  SSLContext context(SslBundle bundle) {
    String name = bundle();
    if (name != null) {
      return context("bundle", name, bundle);
    }
    try {
      return create(bundle);
    } catch (RuntimeException e) {
      throw invalidKey(e);
    }
  }

  /**
   * A context with the certificate and key of this bundle.
   *
   * @param property to report, behind the prefix
   * @param value to report
   */
  SSLContext context(String property, String value, SslBundle bundle) {
    try {
      return create(bundle);
    } catch (RuntimeException e) {
      throw invalid(property, value, Reasons.of(e), e);
    }
  }

  private static SSLContext create(SslBundle bundle) {
    SslStoreBundle stores = bundle.getStores();
    KeyStore keys = stores.getKeyStore();
    // a bundle without stores has managers of its own, which may have a key
    if (keys == null && stores != SslStoreBundle.NONE) {
      throw new IllegalStateException("a server needs a certificate and its key");
    }
    if (keys != null) {
      bundle.getKey().assertContainsAlias(keys);
    }
    return bundle.createSslContext();
  }

  InvalidHttpKitPropertyException invalid(
      String property, Object value, String reason, Throwable cause) {
    return new InvalidHttpKitPropertyException(prefix + '.' + property, value, reason, cause);
  }

  /** Of the files that are read it is the one that the failure speaks of. */
  private InvalidHttpKitPropertyException invalidStore(RuntimeException failure) {
    String reason = Reasons.of(failure);
    for (Map.Entry<String, @Nullable String> file : files().entrySet()) {
      String location = file.getValue();
      if (location != null && reason.contains(location)) {
        return invalid(file.getKey(), location, reason, failure);
      }
    }
    return invalid("enabled", true, reason, failure);
  }

  /** The store was read, so that it is the key in it, or what is made of it. */
  private InvalidHttpKitPropertyException invalidKey(RuntimeException failure) {
    String reason = Reasons.of(failure);
    String alias = ssl.getKeyAlias();
    if (alias != null && reason.contains(alias)) {
      return invalid("key-alias", alias, reason, failure);
    }
    Throwable root = NestedExceptionUtils.getMostSpecificCause(failure);
    if (root instanceof UnrecoverableKeyException) {
      return invalid("key-password", "******", reason, failure);
    }
    return root instanceof NoSuchAlgorithmException
        ? invalid("protocol", String.valueOf(ssl.getProtocol()), reason, failure)
        : invalid("enabled", true, reason, failure);
  }

  private Map<String, @Nullable String> files() {
    Map<String, @Nullable String> files = new LinkedHashMap<>();
    files.put("key-store", ssl.getKeyStore());
    files.put("certificate", ssl.getCertificate());
    files.put("certificate-private-key", ssl.getCertificatePrivateKey());
    files.put("trust-store", ssl.getTrustStore());
    files.put("trust-certificate", ssl.getTrustCertificate());
    files.put("trust-certificate-private-key", ssl.getTrustCertificatePrivateKey());
    return files;
  }
}
