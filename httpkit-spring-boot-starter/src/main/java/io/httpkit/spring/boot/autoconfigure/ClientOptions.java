package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.client.ClientConfig;
import io.httpkit.client.CookieJar;
import io.httpkit.client.ProxyRules;
import io.httpkit.spring.boot.client.ClientSsl;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Turns properties into options of the client, one by one, so that a value the client does not
 * allow is reported with the name of its property.
 */
final class ClientOptions {
  private static final String PREFIX = "httpkit.client.";

  private final HttpKitClientProperties client;
  private final ClientConfig.Builder config = ClientConfig.builder();

  private ClientOptions(HttpKitClientProperties client) {
    this.client = client;
  }

  /**
   * Options as the properties say.
   *
   * @throws InvalidHttpKitPropertyException if a value is not allowed
   */
  static ClientConfig.Builder of(HttpKitClientProperties client, SslBundles bundles) {
    ClientOptions options = new ClientOptions(client);
    options.threads();
    options.timeouts();
    options.pool();
    options.limits();
    options.requests();
    options.bindAddress();
    options.proxy();
    options.config.tls(
        ClientSsl.of(PREFIX + "ssl", client.ssl().bundle(), client.ssl().insecure(), bundles));
    options.config.channels(
        ChannelOptionsMapping.of(PREFIX + "channels", client.channels().asChannelProperties()));
    return options.config;
  }

  private void threads() {
    option("loops", client.loops(), ClientConfig.Builder::loops);
    option("threads", client.threads(), ClientConfig.Builder::threads);
    option("virtual-threads", client.virtualThreads(), ClientOptions::virtualThreads);
    option("deadlock-guard", client.deadlockGuard(), ClientConfig.Builder::deadlockGuard);
  }

  private static void virtualThreads(ClientConfig.Builder builder, boolean enabled) {
    if (enabled) {
      ServerOptions.checkVirtualThreads();
      builder.virtualThreads();
    }
  }

  private void timeouts() {
    option("connect-timeout", client.connectTimeout(), ClientConfig.Builder::connectTimeout);
    option("tls-timeout", client.tlsTimeout(), ClientConfig.Builder::tlsTimeout);
    option("acquire-timeout", client.acquireTimeout(), ClientConfig.Builder::acquireTimeout);
    option("first-byte-timeout", client.firstByteTimeout(), ClientConfig.Builder::firstByteTimeout);
    option("idle-timeout", client.idleTimeout(), ClientConfig.Builder::idleTimeout);
    option("total-timeout", client.totalTimeout(), ClientConfig.Builder::totalTimeout);
  }

  private void pool() {
    option(
        "max-connections-per-origin",
        client.maxConnectionsPerOrigin(),
        ClientConfig.Builder::maxConnectionsPerOrigin);
    option("max-connections", client.maxConnections(), ClientConfig.Builder::maxConnections);
    option("max-waiting", client.maxWaiting(), ClientConfig.Builder::maxWaiting);
    option("keep-alive", client.keepAlive(), ClientConfig.Builder::keepAlive);
    option("max-connection-age", client.maxConnectionAge(), ClientConfig.Builder::maxConnectionAge);
  }

  private void limits() {
    size("max-line", client.maxLine(), ClientConfig.Builder::maxLine);
    size("max-header-bytes", client.maxHeaderBytes(), ClientConfig.Builder::maxHeaderBytes);
    option("max-headers", client.maxHeaders(), ClientConfig.Builder::maxHeaders);
    option("max-body", client.maxBody(), (builder, limit) -> builder.maxBody(limit.toBytes()));
  }

  private void requests() {
    option("follow-redirects", client.followRedirects(), ClientConfig.Builder::followRedirects);
    option("max-redirects", client.maxRedirects(), ClientConfig.Builder::maxRedirects);
    option("compression", client.compression(), ClientConfig.Builder::compression);
    option("retry", client.retry(), ClientConfig.Builder::retry);
    option(
        "user-agent",
        client.userAgent(),
        (builder, value) -> builder.userAgent(value.isEmpty() ? null : value));
    if (client.cookies()) {
      config.cookies(CookieJar.inMemory());
    }
  }

  private void bindAddress() {
    option(
        "bind-address",
        StringUtils.hasText(client.bindAddress()) ? client.bindAddress() : null,
        (builder, address) -> builder.bindAddress(resolved(address)));
  }

  private static InetAddress resolved(String address) {
    try {
      return InetAddress.getByName(address);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "bindAddress must be an address or a host name that can be resolved but was " + address,
          e);
    }
  }

  private void proxy() {
    ProxyRules rules = ClientProxy.of(PREFIX + "proxy.", client.proxy(), System.getenv());
    config.proxies(rules);
  }

  private void size(
      String property, DataSize value, BiConsumer<ClientConfig.Builder, Integer> option) {
    option(
        property, value, (builder, size) -> option.accept(builder, ServerOptions.intBytes(size)));
  }

  /** Sets an option; alone on a builder of its own first, which shows whether it is allowed. */
  private <T> void option(
      String property, @Nullable T value, BiConsumer<ClientConfig.Builder, T> option) {
    if (value == null) {
      return;
    }
    try {
      ClientConfig.Builder probe = ClientConfig.builder();
      option.accept(probe, value);
      probe.build();
    } catch (IllegalArgumentException e) {
      throw new InvalidHttpKitPropertyException(
          PREFIX + property, value, String.valueOf(e.getMessage()));
    }
    option.accept(config, value);
  }
}
