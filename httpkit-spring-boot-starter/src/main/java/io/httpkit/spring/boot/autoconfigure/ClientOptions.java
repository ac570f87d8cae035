package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.client.ClientConfig;
import io.httpkit.client.CookieJar;
import io.httpkit.client.Proxy;
import io.httpkit.client.ProxyRules;
import io.httpkit.spring.boot.client.ClientSsl;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.StringUtils;

/** Turns properties into options of the client. */
final class ClientOptions {
  private static final String PREFIX = "httpkit.client.";
  private static final String SECRET = "******";

  private final HttpKitClientProperties client;
  private final MappedOptions<ClientConfig.Builder> options =
      new MappedOptions<>(PREFIX, ClientConfig::builder, ClientConfig.Builder::build);
  private final ClientConfig.Builder config = options.get();

  private ClientOptions(HttpKitClientProperties client) {
    this.client = client;
  }

  /**
   * Options as the properties say.
   *
   * @throws InvalidHttpKitPropertyException if a value is not allowed
   */
  static ClientConfig.Builder of(HttpKitClientProperties client, SslBundles bundles) {
    ClientOptions mapping = new ClientOptions(client);
    mapping.threads();
    mapping.timeouts();
    mapping.pool();
    mapping.limits();
    mapping.requests();
    mapping.bindAddress();
    mapping.config.proxies(proxies(client.proxy(), System.getenv()));
    mapping.config.tls(
        ClientSsl.of(PREFIX + "ssl", client.ssl().bundle(), client.ssl().insecure(), bundles));
    mapping.config.channels(client.channels().asChannelProperties().options(PREFIX + "channels."));
    return mapping.config;
  }

  private void threads() {
    options.set("loops", client.loops(), ClientConfig.Builder::loops);
    options.set("threads", client.threads(), ClientConfig.Builder::threads);
    options.set("virtual-threads", client.virtualThreads(), ClientOptions::virtualThreads);
    options.set("deadlock-guard", client.deadlockGuard(), ClientConfig.Builder::deadlockGuard);
  }

  private static ClientConfig.Builder virtualThreads(
      ClientConfig.Builder builder, boolean enabled) {
    if (!enabled) {
      return builder;
    }
    MappedOptions.checkVirtualThreads();
    return builder.virtualThreads();
  }

  private void timeouts() {
    options.set("connect-timeout", client.connectTimeout(), ClientConfig.Builder::connectTimeout);
    options.set("tls-timeout", client.tlsTimeout(), ClientConfig.Builder::tlsTimeout);
    options.set("acquire-timeout", client.acquireTimeout(), ClientConfig.Builder::acquireTimeout);
    options.set(
        "first-byte-timeout", client.firstByteTimeout(), ClientConfig.Builder::firstByteTimeout);
    options.set("idle-timeout", client.idleTimeout(), ClientConfig.Builder::idleTimeout);
    options.set("total-timeout", client.totalTimeout(), ClientConfig.Builder::totalTimeout);
  }

  private void pool() {
    options.set(
        "max-connections-per-origin",
        client.maxConnectionsPerOrigin(),
        ClientConfig.Builder::maxConnectionsPerOrigin);
    options.set("max-connections", client.maxConnections(), ClientConfig.Builder::maxConnections);
    options.set("max-waiting", client.maxWaiting(), ClientConfig.Builder::maxWaiting);
    options.set("keep-alive", client.keepAlive(), ClientConfig.Builder::keepAlive);
    options.set(
        "max-connection-age", client.maxConnectionAge(), ClientConfig.Builder::maxConnectionAge);
  }

  private void limits() {
    options.size("max-line", client.maxLine(), ClientConfig.Builder::maxLine);
    options.size("max-header-bytes", client.maxHeaderBytes(), ClientConfig.Builder::maxHeaderBytes);
    options.set("max-headers", client.maxHeaders(), ClientConfig.Builder::maxHeaders);
    options.set("max-body", client.maxBody(), (builder, limit) -> builder.maxBody(limit.toBytes()));
  }

  private void requests() {
    options.set(
        "follow-redirects", client.followRedirects(), ClientConfig.Builder::followRedirects);
    options.set("max-redirects", client.maxRedirects(), ClientConfig.Builder::maxRedirects);
    options.set("compression", client.compression(), ClientConfig.Builder::compression);
    options.set("retry", client.retry(), ClientConfig.Builder::retry);
    options.set(
        "user-agent",
        client.userAgent(),
        (builder, value) -> builder.userAgent(value.isEmpty() ? null : value));
    if (client.cookies()) {
      config.cookies(CookieJar.inMemory());
    }
  }

  private void bindAddress() {
    options.set(
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

  /**
   * Which proxy leads to which target.
   *
   * @throws InvalidHttpKitPropertyException if a value is not allowed
   */
  static ProxyRules proxies(HttpKitClientProperties.Proxy proxy, Map<String, String> environment) {
    if (StringUtils.hasText(proxy.url())) {
      return ProxyRules.of(proxy(proxy, proxy.url()));
    }
    return proxy.fromEnvironment()
        ? checked("from-environment", true, () -> ProxyRules.fromEnvironment(environment))
        : ProxyRules.DIRECT;
  }

  private static Proxy proxy(HttpKitClientProperties.Proxy proxy, String url) {
    Proxy named = checked("url", withoutUser(url), () -> Proxy.of(url)).withTunnel(proxy.tunnel());
    String[] direct = proxy.noProxy().toArray(String[]::new);
    Proxy limited = checked("no-proxy", proxy.noProxy(), () -> named.withNoProxy(direct));
    String username = proxy.username();
    if (username == null) {
      return limited;
    }
    String password = Objects.requireNonNullElse(proxy.password(), "");
    checked("username", username, () -> limited.withCredentials(username, ""));
    return checked("password", SECRET, () -> limited.withCredentials(username, password));
  }

  /** A URL may hold a password, which is not shown. */
  private static String withoutUser(String url) {
    int user = url.lastIndexOf('@');
    return user < 0 ? url : SECRET + url.substring(user);
  }

  private static <T> T checked(String property, Object shown, Supplier<T> value) {
    return MappedOptions.checked(PREFIX + "proxy." + property, shown, value);
  }
}
