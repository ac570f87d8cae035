package io.httpkit.spring.boot.server;

import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import io.httpkit.spring.boot.diagnostics.Reasons;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.util.StringUtils;

/**
 * The certificates and keys that settings of Spring Boot name. What is wrong with them is reported
 * with the property it is about.
 */
final class SslContexts {
  private static final String IDENTITIES =
      "%s.bundle, %s.key-store, or %s.certificate and %s.certificate-private-key";

  /** A type of stores that are no files. */
  private static final String HARDWARE = "PKCS11";

  private final String prefix;
  private final Ssl ssl;
  private final SslSettings settings;
  private final SslBundles bundles;

  /**
   * Reads nothing yet.
   *
   * @param prefix of the properties, without a dot at its end
   */
  SslContexts(String prefix, Ssl ssl, SslBundles bundles) {
    this.prefix = prefix;
    this.ssl = ssl;
    this.settings = new SslSettings(ssl);
    this.bundles = bundles;
  }

  /** What is for all hosts that have none of their own. */
  SslBundle ofAllHosts() {
    String bundle = bundle();
    if (bundle != null) {
      return bundle("bundle", bundle);
    }
    checkIdentity();
    try {
      return WebServerSslBundle.get(ssl, bundles);
    } catch (RuntimeException e) {
      throw invalid(settings.ofStore(e), e);
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
      throw invalid(settings.ofKey(e), e);
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

  private InvalidHttpKitPropertyException invalid(String property, RuntimeException failure) {
    return invalid(property, settings.shown(property), Reasons.of(failure), failure);
  }

  /**
   * That there is a certificate and its key, as far as that can be told before a file is read.
   * Boot's own message speaks of trust.
   */
  private void checkIdentity() {
    String certificate = ssl.getCertificate();
    String key = ssl.getCertificatePrivateKey();
    if (certificate != null && key == null) {
      throw needs("certificate", "its key, in %s.certificate-private-key");
    }
    if (certificate == null && key != null) {
      throw needs("certificate-private-key", "its certificate, in %s.certificate");
    }
    boolean hasStore = ssl.getKeyStore() != null || HARDWARE.equals(ssl.getKeyStoreType());
    if (certificate == null && !hasStore) {
      throw needs(settings.first(), "a certificate and its key, in " + IDENTITIES);
    }
  }

  /** Of these it is the one that was set; what it needs was not. */
  private InvalidHttpKitPropertyException needs(String property, String what) {
    return new InvalidHttpKitPropertyException(
        prefix + '.' + property,
        settings.shown(property),
        "it needs " + what.replace("%s", prefix));
  }
}
