package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.server.ServerConfig;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.springframework.boot.thread.Threading;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/** Turns properties into options of the server. */
final class ServerOptions {
  /** As {@code server.port} has it: a server that is there but does not listen. */
  private static final int NOT_LISTENING = -1;

  /** Has a default, so that only the environment knows whether it is set. */
  private static final String HEAD_SIZE = "server.max-http-request-header-size";

  private static final int MAX_PORT = 65535;

  private final HttpKitProperties httpkit;
  private final ServerProperties server;
  private final Environment environment;
  private final MappedOptions<ServerConfig.Builder> options =
      new MappedOptions<>("httpkit.", ServerConfig::builder, ServerConfig.Builder::build);
  private final ServerConfig.Builder config = options.get();

  private ServerOptions(
      HttpKitProperties httpkit, ServerProperties server, Environment environment) {
    this.httpkit = httpkit;
    this.server = server;
    this.environment = environment;
  }

  /**
   * Options as the properties say.
   *
   * @throws InvalidHttpKitPropertyException if a value is not allowed
   */
  static ServerConfig.Builder of(
      HttpKitProperties httpkit, ServerProperties server, Environment environment) {
    ServerOptions mapping = new ServerOptions(httpkit, server, environment);
    mapping.address();
    mapping.workers();
    mapping.limits();
    mapping.timeouts();
    mapping.header();
    mapping.config.channels(httpkit.channels().options("httpkit.channels."));
    return mapping.config;
  }

  /** Whether the server is to listen at all: its port is not -1. */
  static boolean isListening(HttpKitProperties httpkit, ServerProperties server) {
    Integer port = httpkit.port() != null ? httpkit.port() : server.getPort();
    return isUnix(httpkit) || port == null || port != NOT_LISTENING;
  }

  private static boolean isUnix(HttpKitProperties httpkit) {
    return StringUtils.hasText(httpkit.unixSocket());
  }

  private void address() {
    options.set("backlog", httpkit.backlog(), ServerConfig.Builder::backlog);
    options.set("loops", httpkit.loops(), ServerConfig.Builder::loops);
    options.set("ip", httpkit.ip(), (builder, ip) -> builder.ip(resolvable(ip)));
    InetAddress serverAddress = server.getAddress();
    if (httpkit.ip() == null && serverAddress != null) {
      config.ip(serverAddress.getHostAddress());
    }
    if (httpkit.port() != null) {
      options.set("port", httpkit.port(), ServerOptions::port);
    } else {
      options.setAs("server.port", server.getPort(), ServerOptions::port);
    }
    if (isUnix(httpkit)) {
      options.set(
          "unix-socket",
          httpkit.unixSocket(),
          (builder, path) -> builder.unixSocket(Path.of(path)));
    }
  }

  private void workers() {
    options.set("thread", httpkit.thread(), ServerConfig.Builder::thread);
    options.set(
        "worker-name-prefix", httpkit.workerNamePrefix(), ServerConfig.Builder::workerNamePrefix);
    options.set("queue-size", httpkit.queueSize(), ServerConfig.Builder::queueSize);
    options.set("virtual-threads", httpkit.virtualThreads(), ServerOptions::virtualThreads);
    if (httpkit.virtualThreads() == null && Threading.VIRTUAL.isActive(environment)) {
      config.virtualThreads();
    }
  }

  private void limits() {
    headSizes();
    options.set("max-headers", httpkit.maxHeaders(), ServerConfig.Builder::maxHeaders);
    options.size(
        "max-response-header-bytes",
        httpkit.maxResponseHeaderBytes(),
        ServerConfig.Builder::maxResponseHeaderBytes);
    options.set(
        "max-body", httpkit.maxBody(), (builder, limit) -> builder.maxBody(limit.toBytes()));
    options.size(
        "max-chunk-extension-bytes",
        httpkit.maxChunkExtensionBytes(),
        ServerConfig.Builder::maxChunkExtensionBytes);
    options.set("max-parameters", httpkit.maxParameters(), ServerConfig.Builder::maxParameters);
    options.set("max-cookies", httpkit.maxCookies(), ServerConfig.Builder::maxCookies);
    options.set("max-connections", httpkit.maxConnections(), ServerConfig.Builder::maxConnections);
    options.size("min-body-rate", httpkit.minBodyRate(), ServerConfig.Builder::minBodyRate);
  }

  /** A head that is allowed as a whole is allowed as one line too. */
  private void headSizes() {
    DataSize ofBoot =
        environment.containsProperty(HEAD_SIZE) ? server.getMaxHttpRequestHeaderSize() : null;
    options.sizeAs(
        HEAD_SIZE, httpkit.maxLine() == null ? ofBoot : null, ServerConfig.Builder::maxLine);
    options.sizeAs(
        HEAD_SIZE,
        httpkit.maxHeaderBytes() == null ? ofBoot : null,
        ServerConfig.Builder::maxHeaderBytes);
    options.size("max-line", httpkit.maxLine(), ServerConfig.Builder::maxLine);
    options.size(
        "max-header-bytes", httpkit.maxHeaderBytes(), ServerConfig.Builder::maxHeaderBytes);
  }

  private void timeouts() {
    options.set("head-timeout", httpkit.headTimeout(), ServerConfig.Builder::headTimeout);
    options.set("body-timeout", httpkit.bodyTimeout(), ServerConfig.Builder::bodyTimeout);
    options.set("idle-timeout", httpkit.idleTimeout(), ServerConfig.Builder::idleTimeout);
    options.set("write-timeout", httpkit.writeTimeout(), ServerConfig.Builder::writeTimeout);
    options.set("linger-timeout", httpkit.lingerTimeout(), ServerConfig.Builder::lingerTimeout);
  }

  private void header() {
    boolean isOwn = httpkit.serverHeader() != null;
    options.setAs(
        isOwn ? "httpkit.server-header" : "server.server-header",
        isOwn ? httpkit.serverHeader() : server.getServerHeader(),
        (builder, value) -> builder.serverHeader(value.isEmpty() ? null : value));
  }

  private static ServerConfig.Builder port(ServerConfig.Builder builder, int port) {
    if (port < NOT_LISTENING || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "port must be 0 to 65535, or -1 not to listen, but was " + port);
    }
    return port == NOT_LISTENING ? builder : builder.port(port);
  }

  private static ServerConfig.Builder virtualThreads(
      ServerConfig.Builder builder, boolean enabled) {
    if (!enabled) {
      return builder;
    }
    MappedOptions.checkVirtualThreads();
    return builder.virtualThreads();
  }

  private static String resolvable(String ip) {
    if (new InetSocketAddress(ip, 0).isUnresolved()) {
      throw new IllegalArgumentException(
          "ip must be an address or a host name that can be resolved but was " + ip);
    }
    return ip;
  }
}
