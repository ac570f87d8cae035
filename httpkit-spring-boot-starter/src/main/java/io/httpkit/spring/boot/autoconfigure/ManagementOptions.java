package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.server.ServerConfig;
import io.httpkit.server.ServerTls;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementServerProperties;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.env.Environment;

/**
 * The options of the server for endpoints: limits as those of the application's server, but few
 * threads, and an address of its own.
 */
final class ManagementOptions {
  private static final int WORKERS = 4;

  private ManagementOptions() {}

  /**
   * Options as the properties say.
   *
   * @throws InvalidHttpKitPropertyException if a value is not allowed
   */
  static ServerConfig of(
      ManagementServerProperties management,
      HttpKitProperties httpkit,
      ServerProperties server,
      Environment environment,
      @Nullable ServerTls tls) {
    ServerConfig.Builder config =
        ServerOptions.of(httpkit, server, environment)
            .address(address(management))
            .loops(1)
            .thread(WORKERS)
            .workerNamePrefix("management-" + httpkit.workerNamePrefix());
    return config.tls(tls).build();
  }

  /** As with Boot's other servers, all addresses unless there is one of its own. */
  private static InetSocketAddress address(ManagementServerProperties management) {
    int port = Objects.requireNonNull(management.getPort());
    try {
      return new InetSocketAddress(management.getAddress(), port);
    } catch (IllegalArgumentException e) {
      throw new InvalidHttpKitPropertyException(
          ManagementPort.PROPERTY, port, "port must be at most 65535");
    }
  }
}
