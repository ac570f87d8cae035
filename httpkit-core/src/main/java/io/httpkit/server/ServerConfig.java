package io.httpkit.server;

import io.httpkit.channel.ChannelOptions;
import io.httpkit.http.Workers;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * All options of a server, with their defaults. Immutable.
 *
 * @param address where to listen: an {@link InetSocketAddress}, or a {@link
 *     UnixDomainSocketAddress}
 * @param backlog connections the system keeps until they are accepted
 * @param loops event loop threads
 * @param workers where handlers run
 * @param limits how much of anything is taken
 * @param timeouts how long anything may take
 * @param channels how channels behave
 * @param tls how TLS is spoken, or null for plaintext
 * @param serverHeader the value of the {@code Server} header, or null for none
 * @param events told what happens, one after the other
 */
public record ServerConfig(
    SocketAddress address,
    int backlog,
    int loops,
    Workers workers,
    Limits limits,
    Timeouts timeouts,
    ChannelOptions channels,
    @Nullable ServerTls tls,
    @Nullable String serverHeader,
    List<ServerEvents> events) {

  public ServerConfig {
    atLeast("backlog", backlog, 1);
    atLeast("loops", loops, 1);
    if (serverHeader != null) {
      io.httpkit.http.Headers.of("Server", serverHeader);
    }
    events = events.stream().filter(listener -> listener != ServerEvents.NONE).toList();
  }

  /** The defaults: all addresses, port 8090, 4 workers. */
  public static ServerConfig defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /**
   * How many bytes and things are accepted.
   *
   * @param maxLine bytes of the request line (more: 414) and of a header line (more: 431), each
   *     with its line end
   * @param maxHeaderBytes bytes of all header lines together, and again of all trailers; more: 431
   * @param maxHeaders header lines; more: 431
   * @param maxResponseHeaderBytes bytes of the head of a response; more: the handler's response
   *     becomes 500
   * @param maxBody bytes of a request body; more: 413
   * @param maxChunkExtensionBytes bytes of all chunk extensions of a body together; more: 400
   * @param maxParameters parameters of a query or form; more: 400
   * @param maxCookies cookies of a request; more: 400
   * @param maxConnections open connections; at the limit accepting pauses
   * @param minBodyRate bytes per second that a request body must come in with on average, counted
   *     once it has taken longer than the body time-out; less: 408; 0: not checked
   */
  public record Limits(
      int maxLine,
      int maxHeaderBytes,
      int maxHeaders,
      int maxResponseHeaderBytes,
      long maxBody,
      int maxChunkExtensionBytes,
      int maxParameters,
      int maxCookies,
      int maxConnections,
      int minBodyRate) {
    public Limits {
      atLeast("maxLine", maxLine, 32);
      atLeast("maxHeaderBytes", maxHeaderBytes, 32);
      atLeast("maxHeaders", maxHeaders, 1);
      atLeast("maxResponseHeaderBytes", maxResponseHeaderBytes, 256);
      atLeast("maxBody", maxBody, 0);
      if (maxBody > Integer.MAX_VALUE - 64) {
        throw new IllegalArgumentException(
            "maxBody must be at most "
                + (Integer.MAX_VALUE - 64)
                + ", as the body is collected, but was "
                + maxBody);
      }
      atLeast("maxChunkExtensionBytes", maxChunkExtensionBytes, 0);
      atLeast("maxParameters", maxParameters, 0);
      atLeast("maxCookies", maxCookies, 0);
      atLeast("maxConnections", maxConnections, 1);
      atLeast("minBodyRate", minBodyRate, 0);
    }
  }

  /**
   * How long a peer may take. They are looked at about ten times within the shortest of them, and
   * at least once a second.
   *
   * @param head from the first byte of a request's head to its last, however many bytes come in
   *     between; then 408
   * @param body between two pieces of a request body; then 408
   * @param idle between two requests of a connection; then it is closed
   * @param write without the peer taking any byte of a response; then its connection is closed
   * @param linger how long what a peer still sends is read and dropped behind an answer that closes
   *     the connection, so that the answer arrives
   */
  public record Timeouts(
      Duration head, Duration body, Duration idle, Duration write, Duration linger) {
    public Timeouts {
      positive("head time-out", head);
      positive("body time-out", body);
      positive("idle time-out", idle);
      positive("write time-out", write);
      positive("linger time-out", linger);
    }
  }

  /** Collects options. What is not set keeps its default. Not safe for several threads at once. */
  public static final class Builder {
    private String ip = "0.0.0.0";
    private int port = 8090;
    private @Nullable SocketAddress address;
    private int backlog = 4096;
    private int loops = Runtime.getRuntime().availableProcessors();
    private Workers.Kind workerKind = Workers.Kind.PLATFORM;
    private int thread = 4;
    private String workerNamePrefix = "worker-";
    private int queueSize = 20480;
    private Executor executor = Runnable::run;
    private int maxLine = 8192;
    private int maxHeaderBytes = 64 * 1024;
    private int maxHeaders = 200;
    private int maxResponseHeaderBytes = 64 * 1024;
    private long maxBody = 8388608;
    private int maxChunkExtensionBytes = 8192;
    private int maxParameters = 1000;
    private int maxCookies = 200;
    private int maxConnections = 65536;
    private int minBodyRate = 128;
    private Duration headTimeout = Duration.ofSeconds(10);
    private Duration bodyTimeout = Duration.ofSeconds(30);
    private Duration idleTimeout = Duration.ofSeconds(60);
    private Duration writeTimeout = Duration.ofSeconds(60);
    private Duration lingerTimeout = Duration.ofSeconds(2);
    private ChannelOptions channels = ChannelOptions.DEFAULTS;
    private @Nullable ServerTls tls;
    private @Nullable String serverHeader = "http-kit";
    private List<ServerEvents> events = List.of();

    private Builder() {}

    /** The address to listen on, default {@code 0.0.0.0}: all. IPv4, IPv6 or a host name. */
    public Builder ip(String value) {
      ip = value;
      return this;
    }

    /** The port to listen on, default 8090; 0 is any free one. */
    public Builder port(int value) {
      if (value < 0 || value > 65535) {
        throw new IllegalArgumentException("port must be 0 to 65535 but was " + value);
      }
      port = value;
      return this;
    }

    /** Listens on a Unix domain socket, in place of {@link #ip} and {@link #port}. */
    public Builder unixSocket(Path path) {
      return address(UnixDomainSocketAddress.of(path));
    }

    /** Listens on this address, in place of {@link #ip} and {@link #port}. */
    public Builder address(SocketAddress value) {
      address = value;
      return this;
    }

    /** Connections the system keeps until they are accepted, default 4096. */
    public Builder backlog(int value) {
      backlog = value;
      return this;
    }

    /** Event loop threads, default one for each core. */
    public Builder loops(int value) {
      loops = value;
      return this;
    }

    /** Worker threads that run handlers, default 4. */
    public Builder thread(int value) {
      thread = value;
      workerKind = Workers.Kind.PLATFORM;
      return this;
    }

    /** What the names of worker threads begin with, default {@code worker-}. */
    public Builder workerNamePrefix(String value) {
      workerNamePrefix = value;
      return this;
    }

    /** Requests that may wait for a worker before others are answered 503, default 20480. */
    public Builder queueSize(int value) {
      queueSize = value;
      return this;
    }

    /** Runs each handler on a virtual thread; needs Java 21. */
    public Builder virtualThreads() {
      workerKind = Workers.Kind.VIRTUAL;
      return this;
    }

    /** Runs handlers on this executor, which the server never shuts down. */
    public Builder executor(Executor value) {
      executor = value;
      workerKind = Workers.Kind.GIVEN;
      return this;
    }

    /** Bytes of a request body before 413, default 8388608. */
    public Builder maxBody(long value) {
      maxBody = value;
      return this;
    }

    /** Bytes of the request line before 414 and of a header line before 431, default 8192. */
    public Builder maxLine(int value) {
      maxLine = value;
      return this;
    }

    /** Bytes of all header lines together before 431, default 65536. */
    public Builder maxHeaderBytes(int value) {
      maxHeaderBytes = value;
      return this;
    }

    /** Header lines before 431, default 200. */
    public Builder maxHeaders(int value) {
      maxHeaders = value;
      return this;
    }

    /** Bytes of the head of a response before it becomes 500, default 65536. */
    public Builder maxResponseHeaderBytes(int value) {
      maxResponseHeaderBytes = value;
      return this;
    }

    /** Bytes of the extensions of all chunks of a body before 400, default 8192. */
    public Builder maxChunkExtensionBytes(int value) {
      maxChunkExtensionBytes = value;
      return this;
    }

    /** Parameters of a query or form before 400, default 1000. */
    public Builder maxParameters(int value) {
      maxParameters = value;
      return this;
    }

    /** Cookies of a request before 400, default 200. */
    public Builder maxCookies(int value) {
      maxCookies = value;
      return this;
    }

    /** Open connections before accepting pauses, default 65536. */
    public Builder maxConnections(int value) {
      maxConnections = value;
      return this;
    }

    /** Bytes per second of a slow request body before 408, default 128; 0 is any. */
    public Builder minBodyRate(int value) {
      minBodyRate = value;
      return this;
    }

    /** Time for a complete head before 408, default 10 s. */
    public Builder headTimeout(Duration value) {
      headTimeout = value;
      return this;
    }

    /** Time between two pieces of a request body before 408, default 30 s. */
    public Builder bodyTimeout(Duration value) {
      bodyTimeout = value;
      return this;
    }

    /** Time between two requests before the connection is closed, default 60 s. */
    public Builder idleTimeout(Duration value) {
      idleTimeout = value;
      return this;
    }

    /** Time in which a peer must take at least a byte of a waiting response, default 60 s. */
    public Builder writeTimeout(Duration value) {
      writeTimeout = value;
      return this;
    }

    /** Time in which input behind an answer that closes the connection is dropped, default 2 s. */
    public Builder lingerTimeout(Duration value) {
      lingerTimeout = value;
      return this;
    }

    /** How channels behave unless a handler says otherwise. */
    public Builder channels(ChannelOptions value) {
      channels = value;
      return this;
    }

    /** Speaks TLS, and nothing else; default null: plaintext. */
    public Builder tls(@Nullable ServerTls value) {
      tls = value;
      return this;
    }

    /** The value of the {@code Server} header, default {@code http-kit}; null for none. */
    public Builder serverHeader(@Nullable String value) {
      serverHeader = value;
      return this;
    }

    /** Who is told what happens, one after the other; default nobody. */
    public Builder events(ServerEvents... values) {
      events = List.of(values);
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if one has a value that is not allowed; the message names it
     */
    public ServerConfig build() {
      return new ServerConfig(
          address != null ? address : new InetSocketAddress(ip, port),
          backlog,
          loops,
          workers(),
          new Limits(
              maxLine,
              maxHeaderBytes,
              maxHeaders,
              maxResponseHeaderBytes,
              maxBody,
              maxChunkExtensionBytes,
              maxParameters,
              maxCookies,
              maxConnections,
              minBodyRate),
          new Timeouts(headTimeout, bodyTimeout, idleTimeout, writeTimeout, lingerTimeout),
          channels,
          tls,
          serverHeader,
          events);
    }

    private Workers workers() {
      if (workerKind == Workers.Kind.GIVEN) {
        return Workers.given(executor);
      }
      if (workerKind == Workers.Kind.VIRTUAL) {
        return Workers.virtual(queueSize, workerNamePrefix);
      }
      atLeast("thread", thread, 1);
      return Workers.platform(thread, queueSize, workerNamePrefix);
    }
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + " but was " + value);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be positive but was " + value);
    }
  }
}
