package io.httpkit.spring.boot.server;

import io.httpkit.server.HttpServer;
import io.httpkit.server.ServerTls;
import io.httpkit.server.ServerTls.ClientAuth;
import io.httpkit.spring.boot.diagnostics.ExplainedFailure;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.security.KeyStore;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.ssl.SslStoreBundle;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;
import org.springframework.boot.web.server.WebServerSslBundle;
import org.springframework.util.StringUtils;

/**
 * How a server speaks TLS, as settings of Spring Boot say: a bundle or files, certificates for
 * single hosts, client certificates, protocols and ciphers. When a bundle is updated, servers that
 * follow use it for new connections; nothing restarts. Safe from any thread.
 */
public final class ServerSsl {
  private static final Log logger = LogFactory.getLog(ServerSsl.class);

  private static final String IDENTITIES =
      "%s.bundle, %s.key-store, or %s.certificate and %s.certificate-private-key";

  /** A type of stores that are no files. */
  private static final String HARDWARE = "PKCS11";

  private final String prefix;
  private final Ssl ssl;
  private final SslSettings settings;
  private final SslBundles bundles;
  private final UnaryOperator<ServerTls> change;
  private final List<HttpServer> followers = new CopyOnWriteArrayList<>();

  /** Written with the monitor held, so that the last update wins. */
  private volatile ServerTls tls;

  private ServerSsl(String prefix, Ssl ssl, SslBundles bundles, UnaryOperator<ServerTls> change) {
    this.prefix = prefix;
    this.ssl = ssl;
    this.settings = new SslSettings(ssl);
    this.bundles = bundles;
    this.change = change;
    this.tls = read();
  }

  /** As {@link #of(String, Ssl, SslBundles, UnaryOperator)}, with no change. */
  public static ServerSsl of(String prefix, Ssl ssl, SslBundles bundles) {
    return of(prefix, ssl, bundles, tls -> tls);
  }

  /**
   * Reads all certificates and keys.
   *
   * @param prefix what the names of the properties begin with, such as {@code server.ssl}, for
   *     messages
   * @param ssl settings that are enabled
   * @param change sets what these settings know nothing of; called again at each update
   * @throws InvalidHttpKitPropertyException if a bundle, a file, an alias, a protocol or a cipher
   *     suite is not there, naming the property
   */
  public static ServerSsl of(
      String prefix, Ssl ssl, SslBundles bundles, UnaryOperator<ServerTls> change) {
    ServerSsl read = new ServerSsl(prefix, ssl, bundles, change);
    for (String name : read.bundleNames()) {
      bundles.addBundleUpdateHandler(name, updated -> read.update());
    }
    return read;
  }

  /** As the certificates are now. */
  public ServerTls tls() {
    return tls;
  }

  /**
   * Gives a server the certificates as they are now, and whenever they change.
   *
   * @throws IllegalStateException if it speaks no TLS
   */
  public void follow(HttpServer server) {
    followers.add(server);
    server.tls(tls);
  }

  private Set<String> bundleNames() {
    Set<String> names = new TreeSet<>();
    String bundle = bundle();
    if (bundle != null) {
      names.add(bundle);
    }
    ssl.getServerNameBundles().forEach(host -> names.add(host.bundle()));
    return names;
  }

  /** Whoever has updated a bundle cannot mend it here, and the server goes on with what it has. */
  private synchronized void update() {
    try {
      tls = read();
    } catch (RuntimeException e) {
      logger.error("the certificates stay as they are, as the update cannot be used", e);
      return;
    }
    followers.forEach(server -> server.tls(tls));
    logger.info("certificates have been updated, for new connections");
  }

  private ServerTls read() {
    SslBundle bundle = ofAllHosts();
    ClientAuth clients =
        Ssl.ClientAuth.map(ssl.getClientAuth(), ClientAuth.NONE, ClientAuth.WANT, ClientAuth.NEED);
    ServerTls read = ServerTls.of(context(bundle)).withClientAuth(clients);
    read = withOptions(read, bundle.getOptions());
    for (ServerNameSslBundle host : ssl.getServerNameBundles()) {
      read = withHost(read, host);
    }
    return change.apply(read);
  }

  private ServerTls withOptions(ServerTls read, SslOptions options) {
    ServerTls changed =
        option(read, "enabled-protocols", options.getEnabledProtocols(), ServerTls::withProtocols);
    return option(changed, "ciphers", options.getCiphers(), ServerTls::withCiphers);
  }

  private ServerTls option(
      ServerTls read,
      String property,
      String @Nullable [] names,
      BiFunction<ServerTls, String[], ServerTls> with) {
    if (names == null) {
      return read;
    }
    try {
      return with.apply(read, names);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      String bundle = bundle();
      throw bundle != null
          ? invalid("bundle", bundle, message, e)
          : invalid(property, List.of(names), message, e);
    }
  }

  private ServerTls withHost(ServerTls read, ServerNameSslBundle host) {
    SslBundle bundle = bundle("server-name-bundles", host.bundle());
    try {
      return read.withHost(
          host.serverName(), context("server-name-bundles", host.bundle(), bundle));
    } catch (IllegalArgumentException e) {
      throw invalid("server-name-bundles", host.serverName(), String.valueOf(e.getMessage()), e);
    }
  }

  /** What is for all hosts that have none of their own. */
  private SslBundle ofAllHosts() {
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
  private @Nullable String bundle() {
    return StringUtils.hasText(ssl.getBundle()) ? ssl.getBundle() : null;
  }

  /**
   * The bundle of this name.
   *
   * @param property that has the name, behind the prefix
   */
  private SslBundle bundle(String property, String name) {
    try {
      return bundles.getBundle(name);
    } catch (NoSuchSslBundleException e) {
      throw invalid(property, name, "SSL bundles are " + bundles.getBundleNames(), e);
    } catch (RuntimeException e) {
      throw invalid(property, name, ExplainedFailure.reasons(e), e);
    }
  }

  /** A context with the certificate and key for all hosts. */
  private SSLContext context(SslBundle bundle) {
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
  private SSLContext context(String property, String value, SslBundle bundle) {
    try {
      return create(bundle);
    } catch (RuntimeException e) {
      throw invalid(property, value, ExplainedFailure.reasons(e), e);
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

  private InvalidHttpKitPropertyException invalid(
      String property, Object value, String reason, Throwable cause) {
    return new InvalidHttpKitPropertyException(prefix + '.' + property, value, reason, cause);
  }

  private InvalidHttpKitPropertyException invalid(String property, RuntimeException failure) {
    return invalid(property, settings.shown(property), ExplainedFailure.reasons(failure), failure);
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
