package io.httpkit.spring.boot.client;

import io.httpkit.client.ClientTls;
import io.httpkit.spring.boot.diagnostics.ExplainedFailure;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;

/** How a client speaks TLS, as an SSL bundle of Spring Boot says. Safe from any thread. */
public final class ClientSsl {
  private static final Log logger = LogFactory.getLog(ClientSsl.class);

  private final String property;
  private final String name;

  /** Replaced when the bundle is updated. Volatile, as it is asked for on the loops. */
  private volatile SSLContext context;

  private ClientSsl(String property, String name, SslBundle bundle) {
    this.property = property;
    this.name = name;
    this.context = contextOf(bundle);
  }

  /**
   * TLS with the trust, the key, the protocols and the ciphers of a bundle. When it is updated, new
   * connections use what it then trusts and shows, and those that were made before are used no
   * more.
   *
   * @param prefix what the names of the properties begin with, such as {@code httpkit.client.ssl},
   *     for messages
   * @param bundle its name; null or empty for the trust of the JVM
   * @param insecure whether any certificate is taken
   * @throws InvalidHttpKitPropertyException if there is no such bundle, or it cannot be used
   */
  public static ClientTls of(
      String prefix, @Nullable String bundle, boolean insecure, SslBundles bundles) {
    ClientTls tls =
        StringUtils.hasText(bundle)
            ? ofBundle(prefix + ".bundle", bundle, bundles)
            : ClientTls.DEFAULTS;
    return insecure ? tls.insecure() : tls;
  }

  private static ClientTls ofBundle(String property, String name, SslBundles bundles) {
    SslBundle bundle = find(property, name, bundles);
    ClientSsl ssl = new ClientSsl(property, name, bundle);
    bundles.addBundleUpdateHandler(name, ssl::update);
    return ssl.withOptions(ClientTls.DEFAULTS.withContext(() -> ssl.context), bundle);
  }

  private static SslBundle find(String property, String name, SslBundles bundles) {
    try {
      return bundles.getBundle(name);
    } catch (NoSuchSslBundleException e) {
      throw new InvalidHttpKitPropertyException(
          property, name, "SSL bundles are " + bundles.getBundleNames(), e);
    } catch (RuntimeException e) {
      throw new InvalidHttpKitPropertyException(property, name, ExplainedFailure.reasons(e), e);
    }
  }

  private SSLContext contextOf(SslBundle bundle) {
    try {
      return bundle.createSslContext();
    } catch (RuntimeException e) {
      throw new InvalidHttpKitPropertyException(property, name, ExplainedFailure.reasons(e), e);
    }
  }

  /** Whoever has updated a bundle cannot mend it here, and the client goes on with what it has. */
  private void update(SslBundle bundle) {
    try {
      context = contextOf(bundle);
      logger.info("SSL bundle " + name + " has been updated, for new connections of the client");
    } catch (RuntimeException e) {
      logger.error("trust and key stay as they are, as the update cannot be used", e);
    }
  }

  private ClientTls withOptions(ClientTls tls, SslBundle bundle) {
    SSLParameters supported = context.getSupportedSSLParameters();
    String[] protocols = bundle.getOptions().getEnabledProtocols();
    String[] ciphers = bundle.getOptions().getCiphers();
    check("enabled-protocols", protocols, supported.getProtocols());
    check("ciphers", ciphers, supported.getCipherSuites());
    ClientTls changed = protocols == null ? tls : tls.withProtocols(protocols);
    return ciphers == null
        ? changed
        : changed.withConfigurer(engine -> engine.setEnabledCipherSuites(ciphers));
  }

  private void check(String option, String @Nullable [] names, String[] allowed) {
    if (names != null && !List.of(allowed).containsAll(List.of(names))) {
      throw new InvalidHttpKitPropertyException(
          property,
          name,
          option + " must be among " + List.of(allowed) + " but were " + Arrays.toString(names));
    }
  }
}
