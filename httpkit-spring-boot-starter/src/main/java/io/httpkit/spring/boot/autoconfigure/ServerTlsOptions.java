package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.server.HttpServer;
import io.httpkit.server.ServerTls;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import io.httpkit.spring.boot.server.ServerSsl;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;

/**
 * Whether the server speaks TLS, and how: as {@code httpkit.ssl} or else {@code server.ssl} say.
 */
final class ServerTlsOptions {
  private final @Nullable ServerSsl ssl;
  private final @Nullable ServerTls initial;

  private ServerTlsOptions(@Nullable ServerSsl ssl) {
    this.ssl = ssl;
    this.initial = ssl == null ? null : ssl.tls();
  }

  /**
   * Options as the properties say.
   *
   * @throws InvalidHttpKitPropertyException if a value is not allowed
   */
  static ServerTlsOptions of(
      HttpKitProperties httpkit, ServerProperties server, SslBundles bundles) {
    checkHandshakeTimeout(httpkit);
    if (httpkit.strictSni() && httpkit.ssl() == null && server.getSsl() == null) {
      throw new InvalidHttpKitPropertyException(
          "httpkit.strict-sni", true, "it needs TLS, in httpkit.ssl or server.ssl");
    }
    return httpkit.ssl() != null
        ? of("httpkit.ssl", httpkit.ssl(), httpkit, bundles)
        : of("server.ssl", server.getSsl(), httpkit, bundles);
  }

  /**
   * Those of a server for endpoints: its own, or else these.
   *
   * @param own what {@code management.server.ssl} says
   */
  ServerTlsOptions forManagement(@Nullable Ssl own, HttpKitProperties httpkit, SslBundles bundles) {
    return own == null ? this : of("management.server.ssl", own, httpkit, bundles);
  }

  private static ServerTlsOptions of(
      String prefix, @Nullable Ssl settings, HttpKitProperties httpkit, SslBundles bundles) {
    if (!Ssl.isEnabled(settings)) {
      return new ServerTlsOptions(null);
    }
    return new ServerTlsOptions(
        ServerSsl.of(
            prefix,
            settings,
            bundles,
            tls ->
                tls.withHandshakeTimeout(httpkit.handshakeTimeout())
                    .withStrictSni(httpkit.strictSni())));
  }

  /** Also without TLS, so that a mistake does not wait for it to be switched on. */
  private static void checkHandshakeTimeout(HttpKitProperties httpkit) {
    if (httpkit.handshakeTimeout().isNegative() || httpkit.handshakeTimeout().isZero()) {
      throw new InvalidHttpKitPropertyException(
          "httpkit.handshake-timeout",
          httpkit.handshakeTimeout(),
          "handshakeTimeout must be positive but was " + httpkit.handshakeTimeout());
    }
  }

  /** Null for plaintext. */
  @Nullable ServerTls initial() {
    return initial;
  }

  /** Keeps the certificates of the server up to date, unless a customizer gave it others. */
  void follow(HttpServer server) {
    if (ssl != null && server.config().tls() == initial) {
      ssl.follow(server);
    }
  }
}
