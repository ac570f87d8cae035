package io.httpkit.spring.boot.server;

import io.httpkit.server.HttpServer;
import io.httpkit.server.ServerTls;
import io.httpkit.server.ServerTls.ClientAuth;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.Ssl.ServerNameSslBundle;

/**
 * How a server speaks TLS, as settings of Spring Boot say: a bundle or files, certificates for
 * single hosts, client certificates, protocols and ciphers. When a bundle is updated, servers that
 * follow use it for new connections; nothing restarts. Safe from any thread.
 */
public final class ServerSsl {
  private static final Log logger = LogFactory.getLog(ServerSsl.class);

  private final Ssl ssl;
  private final SslContexts contexts;
  private final UnaryOperator<ServerTls> change;
  private final List<HttpServer> followers = new CopyOnWriteArrayList<>();

  /** Written with the monitor held, so that the last update wins. */
  private volatile ServerTls tls;

  private ServerSsl(Ssl ssl, SslContexts contexts, UnaryOperator<ServerTls> change) {
    this.ssl = ssl;
    this.contexts = contexts;
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
    ServerSsl read = new ServerSsl(ssl, new SslContexts(prefix, ssl, bundles), change);
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
    String bundle = contexts.bundle();
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
    SslBundle bundle = contexts.ofAllHosts();
    ClientAuth clients =
        Ssl.ClientAuth.map(ssl.getClientAuth(), ClientAuth.NONE, ClientAuth.WANT, ClientAuth.NEED);
    ServerTls read = ServerTls.of(contexts.context(bundle)).withClientAuth(clients);
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
      String bundle = contexts.bundle();
      throw bundle != null
          ? contexts.invalid("bundle", bundle, message, e)
          : contexts.invalid(property, List.of(names), message, e);
    }
  }

  private ServerTls withHost(ServerTls read, ServerNameSslBundle host) {
    SslBundle bundle = contexts.bundle("server-name-bundles", host.bundle());
    try {
      return read.withHost(
          host.serverName(), contexts.context("server-name-bundles", host.bundle(), bundle));
    } catch (IllegalArgumentException e) {
      throw contexts.invalid(
          "server-name-bundles", host.serverName(), String.valueOf(e.getMessage()), e);
    }
  }
}
