package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.server.ServerConfig;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.thread.Threading;
import org.springframework.boot.web.server.autoconfigure.ServerProperties;
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Turns properties into options of the server, one by one, so that a value the server does not
 * allow is reported with the name of its property.
 */
final class ServerOptions {
  /** As {@code server.port} has it: a server that is there but does not listen. */
  private static final int NOT_LISTENING = -1;

  /** Has a default, so that only the environment knows whether it is set. */
  private static final String HEAD_SIZE = "server.max-http-request-header-size";

  private static final int MAX_PORT = 65535;

  private static final int FIRST_JAVA_WITH_VIRTUAL_THREADS = 21;

  private final HttpKitProperties httpkit;
  private final ServerProperties server;
  private final Environment environment;
  private final ServerConfig.Builder config = ServerConfig.builder();

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
    ServerOptions options = new ServerOptions(httpkit, server, environment);
    options.address();
    options.workers();
    options.limits();
    options.timeouts();
    options.header();
    options.config.channels(ChannelOptionsMapping.of("httpkit.channels", httpkit.channels()));
    return options.config;
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
    option("httpkit.backlog", httpkit.backlog(), ServerConfig.Builder::backlog);
    option("httpkit.loops", httpkit.loops(), ServerConfig.Builder::loops);
    option("httpkit.ip", httpkit.ip(), (builder, ip) -> builder.ip(resolvable(ip)));
    InetAddress serverAddress = server.getAddress();
    if (httpkit.ip() == null && serverAddress != null) {
      config.ip(serverAddress.getHostAddress());
    }
    if (httpkit.port() != null) {
      option("httpkit.port", httpkit.port(), ServerOptions::port);
    } else {
      option("server.port", server.getPort(), ServerOptions::port);
    }
    if (isUnix(httpkit)) {
      option(
          "httpkit.unix-socket",
          httpkit.unixSocket(),
          (builder, path) -> builder.unixSocket(Path.of(path)));
    }
  }

  private void workers() {
    option("httpkit.thread", httpkit.thread(), ServerConfig.Builder::thread);
    option(
        "httpkit.worker-name-prefix",
        httpkit.workerNamePrefix(),
        ServerConfig.Builder::workerNamePrefix);
    option("httpkit.queue-size", httpkit.queueSize(), ServerConfig.Builder::queueSize);
    option("httpkit.virtual-threads", httpkit.virtualThreads(), ServerOptions::virtualThreads);
    if (httpkit.virtualThreads() == null && Threading.VIRTUAL.isActive(environment)) {
      config.virtualThreads();
    }
  }

  private void limits() {
    headSizes();
    option("httpkit.max-headers", httpkit.maxHeaders(), ServerConfig.Builder::maxHeaders);
    size(
        "httpkit.max-response-header-bytes",
        httpkit.maxResponseHeaderBytes(),
        ServerConfig.Builder::maxResponseHeaderBytes);
    option(
        "httpkit.max-body",
        httpkit.maxBody(),
        (builder, limit) -> builder.maxBody(limit.toBytes()));
    size(
        "httpkit.max-chunk-extension-bytes",
        httpkit.maxChunkExtensionBytes(),
        ServerConfig.Builder::maxChunkExtensionBytes);
    option("httpkit.max-parameters", httpkit.maxParameters(), ServerConfig.Builder::maxParameters);
    option("httpkit.max-cookies", httpkit.maxCookies(), ServerConfig.Builder::maxCookies);
    option(
        "httpkit.max-connections", httpkit.maxConnections(), ServerConfig.Builder::maxConnections);
    size("httpkit.min-body-rate", httpkit.minBodyRate(), ServerConfig.Builder::minBodyRate);
  }

  /** A head that is allowed as a whole is allowed as one line too. */
  private void headSizes() {
    DataSize ofBoot =
        environment.containsProperty(HEAD_SIZE) ? server.getMaxHttpRequestHeaderSize() : null;
    size(HEAD_SIZE, httpkit.maxLine() == null ? ofBoot : null, ServerConfig.Builder::maxLine);
    size(
        HEAD_SIZE,
        httpkit.maxHeaderBytes() == null ? ofBoot : null,
        ServerConfig.Builder::maxHeaderBytes);
    size("httpkit.max-line", httpkit.maxLine(), ServerConfig.Builder::maxLine);
    size(
        "httpkit.max-header-bytes", httpkit.maxHeaderBytes(), ServerConfig.Builder::maxHeaderBytes);
  }

  private void timeouts() {
    option("httpkit.head-timeout", httpkit.headTimeout(), ServerConfig.Builder::headTimeout);
    option("httpkit.body-timeout", httpkit.bodyTimeout(), ServerConfig.Builder::bodyTimeout);
    option("httpkit.idle-timeout", httpkit.idleTimeout(), ServerConfig.Builder::idleTimeout);
    option("httpkit.write-timeout", httpkit.writeTimeout(), ServerConfig.Builder::writeTimeout);
    option("httpkit.linger-timeout", httpkit.lingerTimeout(), ServerConfig.Builder::lingerTimeout);
  }

  private void header() {
    boolean isOwn = httpkit.serverHeader() != null;
    option(
        isOwn ? "httpkit.server-header" : "server.server-header",
        isOwn ? httpkit.serverHeader() : server.getServerHeader(),
        (builder, value) -> builder.serverHeader(value.isEmpty() ? null : value));
  }

  private void size(
      String property, @Nullable DataSize value, BiConsumer<ServerConfig.Builder, Integer> option) {
    option(property, value, (builder, size) -> option.accept(builder, intBytes(size)));
  }

  /** Sets an option; alone on a builder of its own first, which shows whether it is allowed. */
  private <T> void option(
      String property, @Nullable T value, BiConsumer<ServerConfig.Builder, T> option) {
    if (value == null) {
      return;
    }
    try {
      ServerConfig.Builder probe = ServerConfig.builder();
      option.accept(probe, value);
      probe.build();
    } catch (IllegalArgumentException e) {
      throw new InvalidHttpKitPropertyException(property, value, String.valueOf(e.getMessage()));
    }
    option.accept(config, value);
  }

  private static void port(ServerConfig.Builder builder, int port) {
    if (port < NOT_LISTENING || port > MAX_PORT) {
      throw new IllegalArgumentException(
          "port must be 0 to 65535, or -1 not to listen, but was " + port);
    }
    if (port != NOT_LISTENING) {
      builder.port(port);
    }
  }

  private static void virtualThreads(ServerConfig.Builder builder, boolean enabled) {
    if (enabled) {
      checkVirtualThreads();
      builder.virtualThreads();
    }
  }

  /**
   * That this JVM has them.
   *
   * @throws IllegalArgumentException if not
   */
  static void checkVirtualThreads() {
    int java = Runtime.version().feature();
    if (java < FIRST_JAVA_WITH_VIRTUAL_THREADS) {
      throw new IllegalArgumentException(
          "virtual threads need Java " + FIRST_JAVA_WITH_VIRTUAL_THREADS + " but this is " + java);
    }
  }

  private static String resolvable(String ip) {
    if (new InetSocketAddress(ip, 0).isUnresolved()) {
      throw new IllegalArgumentException(
          "ip must be an address or a host name that can be resolved but was " + ip);
    }
    return ip;
  }

  static int intBytes(DataSize size) {
    if (size.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "it must be at most " + Integer.MAX_VALUE + " bytes but was " + size);
    }
    return (int) Math.max(size.toBytes(), Integer.MIN_VALUE);
  }
}
