package io.httpkit.client;

import io.httpkit.channel.ChannelOptions;
import io.httpkit.http.Workers;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * All options of a client, with their defaults. Immutable. Most can be changed for one request: see
 * {@link RequestBuilder}.
 */
public final class ClientConfig {
  /**
   * How long a request may take. They are six, as each tells of another cause. Zero: no limit.
   *
   * @param connect from asking for a new connection until it is there, a proxy's answer included
   * @param tls for a TLS handshake; as all handshakes it has a limit, so this is not zero
   * @param acquire waiting for a connection while as many as allowed are in use
   * @param firstByte from the request on its way until the head of its response
   * @param idle without a byte coming or going
   * @param total for all of it, redirects and retries included
   */
  public record Timeouts(
      Duration connect,
      Duration tls,
      Duration acquire,
      Duration firstByte,
      Duration idle,
      Duration total) {
    public Timeouts {
      notNegative("connect time-out", connect);
      notNegative("acquire time-out", acquire);
      notNegative("first byte time-out", firstByte);
      notNegative("idle time-out", idle);
      notNegative("total time-out", total);
      if (tls.isNegative() || tls.isZero()) {
        throw new IllegalArgumentException("tls time-out must be positive but was " + tls);
      }
    }
  }

  /**
   * How many connections there may be.
   *
   * @param perOrigin connections to one scheme, host and port, whichever proxy, TLS settings or
   *     address lead there; at this limit an idle one that does not suit is closed for one that
   *     does
   * @param total connections in all; at this limit an idle one to another origin is closed
   * @param waiting requests that wait for a connection; more fail at once
   * @param keepAlive how long an idle connection is kept, unless the server says less; zero: no
   *     connection is used twice
   * @param maxAge how old a connection may be when it is used again; zero: no limit
   */
  public record Pool(int perOrigin, int total, int waiting, Duration keepAlive, Duration maxAge) {
    public Pool {
      atLeast("maxConnectionsPerOrigin", perOrigin, 1);
      atLeast("maxConnections", total, 1);
      atLeast("maxWaiting", waiting, 0);
      notNegative("keepAlive", keepAlive);
      notNegative("maxConnectionAge", maxAge);
    }
  }

  /**
   * How much of a response is taken.
   *
   * @param maxLine bytes of a header line with its line end
   * @param maxHeaderBytes bytes of all header lines together, and again of all trailers
   * @param maxHeaders header lines
   * @param maxBody bytes of a body that is collected, as it comes and when it is decompressed
   */
  public record Limits(int maxLine, int maxHeaderBytes, int maxHeaders, long maxBody) {
    public Limits {
      atLeast("maxLine", maxLine, 32);
      atLeast("maxHeaderBytes", maxHeaderBytes, 32);
      atLeast("maxHeaders", maxHeaders, 1);
      atLeast("maxBody", maxBody, 0);
    }
  }

  private static final String WORKER_NAME = "http-kit-client-worker-";

  /** The defaults. */
  public static final ClientConfig DEFAULTS = builder().build();

  private final int loops;
  private final Workers workers;
  private final boolean deadlockGuard;
  private final Pool pool;
  private final Limits limits;
  private final RequestOptions options;
  private final @Nullable SocketAddress bindAddress;
  private final @Nullable Resolver resolver;
  private final Function<String, @Nullable SocketAddress> addressFinder;
  private final @Nullable CookieJar cookies;
  private final List<Interceptor> interceptors;
  private final ChannelOptions channels;
  private final @Nullable String userAgent;
  private final List<ClientEvents> events;

  private ClientConfig(Builder builder) {
    this.loops = builder.loops;
    this.workers = builder.workers;
    this.deadlockGuard = builder.deadlockGuard;
    this.pool =
        new Pool(
            builder.perOrigin, builder.total, builder.waiting, builder.keepAlive, builder.maxAge);
    this.limits =
        new Limits(
            builder.maxLine, builder.maxHeaderBytes, builder.maxHeaders, builder.options.maxBody);
    this.options = builder.options.copy();
    this.bindAddress = builder.bindAddress;
    this.resolver = builder.resolver;
    this.addressFinder = builder.addressFinder;
    this.cookies = builder.cookies;
    this.interceptors = List.copyOf(builder.interceptors);
    this.channels = builder.channels;
    this.userAgent = builder.userAgent;
    this.events =
        builder.events.stream().filter(listener -> listener != ClientEvents.NONE).toList();
  }

  public static Builder builder() {
    return new Builder();
  }

  public int loops() {
    return loops;
  }

  /** Where callbacks run, and all else that may wait: streams are read, bodies decompressed. */
  public Workers workers() {
    return workers;
  }

  /** Whether a callback that waits for a response told on its own executor fails. */
  public boolean deadlockGuard() {
    return deadlockGuard;
  }

  public Pool pool() {
    return pool;
  }

  public Limits limits() {
    return limits;
  }

  public Timeouts timeouts() {
    return options.timeouts;
  }

  RequestOptions options() {
    return options;
  }

  @Nullable SocketAddress bindAddress() {
    return bindAddress;
  }

  @Nullable Resolver resolver() {
    return resolver;
  }

  Function<String, @Nullable SocketAddress> addressFinder() {
    return addressFinder;
  }

  @Nullable CookieJar cookies() {
    return cookies;
  }

  List<Interceptor> interceptors() {
    return interceptors;
  }

  /** How channels of WebSockets behave. */
  public ChannelOptions channels() {
    return channels;
  }

  /** The value of the {@code User-Agent} header; null for none. */
  public @Nullable String userAgent() {
    return userAgent;
  }

  public List<ClientEvents> events() {
    return events;
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + " but was " + value);
    }
  }

  static void notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative but was " + value);
    }
  }

  /** Collects options. What is not set keeps its default. Not safe for several threads at once. */
  public static final class Builder {
    private int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    private Workers workers =
        ownThreads(Math.max(4, 2 * Runtime.getRuntime().availableProcessors()));
    private boolean deadlockGuard = true;
    private int perOrigin = 100;
    private int total = 1000;
    private int waiting = 10_000;
    private Duration keepAlive = Duration.ofSeconds(30);
    private Duration maxAge = Duration.ZERO;
    private int maxLine = 16192;
    private int maxHeaderBytes = 64 * 1024;
    private int maxHeaders = 200;
    private final RequestOptions options = new RequestOptions();
    private @Nullable SocketAddress bindAddress;
    private @Nullable Resolver resolver;
    private Function<String, @Nullable SocketAddress> addressFinder = origin -> null;
    private @Nullable CookieJar cookies;
    private final List<Interceptor> interceptors = new ArrayList<>();
    private ChannelOptions channels = ChannelOptions.DEFAULTS;
    private @Nullable String userAgent = "http-kit";
    private List<ClientEvents> events = List.of();

    private Builder() {}

    /** Event loop threads, default one for every two cores. */
    public Builder loops(int value) {
      atLeast("loops", value, 1);
      loops = value;
      return this;
    }

    /** Threads for callbacks and for all that may wait, at most; default two a core. */
    public Builder threads(int value) {
      workers = ownThreads(value);
      return this;
    }

    private static Workers ownThreads(int threads) {
      return Workers.platform(threads, Integer.MAX_VALUE, WORKER_NAME);
    }

    /**
     * Runs each callback on a virtual thread of its own, so that as many may wait as like to, also
     * for other responses of the same client. Needs Java 21: before, the first request throws an
     * {@link IllegalStateException}.
     */
    public Builder virtualThreads() {
      workers = Workers.virtual(Integer.MAX_VALUE, WORKER_NAME);
      return this;
    }

    /**
     * Runs callbacks, decompression, and whatever reads streams, on this executor, which the client
     * never shuts down. With {@code Runnable::run} they run on the event loop, which saves the
     * hand-over; then none of them must ever wait.
     */
    public Builder executor(Executor value) {
      workers = Workers.given(value);
      return this;
    }

    /**
     * Whether a callback that waits for another response of the same client, or of one with the
     * same {@link #executor}, fails with an {@link IllegalStateException}, default true: it may
     * wait for the very thread that it holds. Without the guard it is the application that knows
     * that there are threads enough. Virtual threads are always enough, and have no guard. On an
     * event loop waiting for any client fails in any case.
     *
     * <p>Only futures of a client, and what is derived from them, are guarded. {@code
     * CompletableFuture.allOf(...).join()} is not seen, as {@code allOf} and {@code anyOf} give
     * ordinary futures; nor is a task that the application itself gives to a shared executor. Write
     * {@code allOf(...).thenCompose(...)} or {@code thenRun} there, and return what it gives.
     */
    public Builder deadlockGuard(boolean value) {
      deadlockGuard = value;
      return this;
    }

    /**
     * Connections to one scheme, host and port, default 100, whichever proxy, TLS settings or
     * address lead there. An idle one gives way to one of another way. A WebSocket counts until it
     * is open, and not from then on.
     */
    public Builder maxConnectionsPerOrigin(int value) {
      perOrigin = value;
      return this;
    }

    /** Connections in all, default 1000. An open WebSocket does not count. */
    public Builder maxConnections(int value) {
      total = value;
      return this;
    }

    /** Requests that may wait for a connection, default 10000; more fail at once. */
    public Builder maxWaiting(int value) {
      waiting = value;
      return this;
    }

    /**
     * How long an idle connection is kept, default 30 s: less than servers usually keep one, so
     * that it is not closed just when it is used. A server that says {@code Keep-Alive: timeout}
     * with less is obeyed. Zero: no connection is used twice.
     */
    public Builder keepAlive(Duration value) {
      keepAlive = value;
      return this;
    }

    /**
     * How old a connection may be when it is used again, default zero: no limit. One that is older
     * is closed when it is idle, so that a client that is never idle too learns that a name has
     * another address, or that there are more servers behind one. Each connection has up to a tenth
     * less, so that not all are made anew at once.
     */
    public Builder maxConnectionAge(Duration value) {
      maxAge = value;
      return this;
    }

    /** Bytes of a header line of a response, default 16192. */
    public Builder maxLine(int value) {
      maxLine = value;
      return this;
    }

    /** Bytes of all header lines of a response, default 65536. */
    public Builder maxHeaderBytes(int value) {
      maxHeaderBytes = value;
      return this;
    }

    /** Header lines of a response, default 200. */
    public Builder maxHeaders(int value) {
      maxHeaders = value;
      return this;
    }

    /**
     * Bytes of a body that is collected, as it comes and when it is decompressed; default 64 MiB.
     * One that is streamed is bounded only if its request says so.
     */
    public Builder maxBody(long value) {
      options.maxBody = value;
      return this;
    }

    /** Time until a new connection is there, default 10 s. Zero: no limit, as for all of these. */
    public Builder connectTimeout(Duration value) {
      options.connectTimeout(value);
      return this;
    }

    /** Time for a TLS handshake, default 10 s; not zero. */
    public Builder tlsTimeout(Duration value) {
      options.tlsTimeout(value);
      return this;
    }

    /** Time to wait for a connection while as many as allowed are in use, default 30 s. */
    public Builder acquireTimeout(Duration value) {
      options.acquireTimeout(value);
      return this;
    }

    /** Time from the request until the head of its response, default 60 s. */
    public Builder firstByteTimeout(Duration value) {
      options.firstByteTimeout(value);
      return this;
    }

    /** Time without a byte coming or going, default 60 s. */
    public Builder idleTimeout(Duration value) {
      options.idleTimeout(value);
      return this;
    }

    /** Time for all of a request, redirects and retries included; default no limit. */
    public Builder totalTimeout(Duration value) {
      options.totalTimeout(value);
      return this;
    }

    /** Whether redirects are followed, default true. */
    public Builder followRedirects(boolean value) {
      options.followRedirects(value);
      return this;
    }

    /** Redirects that are followed for one request, default 10. */
    public Builder maxRedirects(int value) {
      options.maxRedirects(value);
      return this;
    }

    /**
     * Whether to say that compressed responses are welcome, and decompress them; default true. With
     * a {@code Range} it is not said, and a part (206) comes as it is, as it cannot be decompressed
     * alone.
     */
    public Builder compression(boolean value) {
      options.compression = value;
      return this;
    }

    /** Whether requests without a response may be sent again, by the policy; default true. */
    public Builder retry(boolean value) {
      options.retry = value;
      return this;
    }

    /**
     * Which requests without a response are sent again; default {@link RetryPolicy#IDEMPOTENT}: one
     * whose method is idempotent, once, if its connection turns out to have been closed by the
     * server while it was idle.
     */
    public Builder retryPolicy(RetryPolicy value) {
      options.retryPolicy = value;
      return this;
    }

    /** The proxy for all requests; null, the default, for none. */
    public Builder proxy(@Nullable Proxy value) {
      options.proxy(value);
      return this;
    }

    /** Which requests go through which proxy, such as {@link ProxyRules#fromEnvironment}. */
    public Builder proxies(ProxyRules value) {
      options.proxies = value;
      return this;
    }

    /** How TLS is spoken. */
    public Builder tls(ClientTls value) {
      options.tls = value;
      return this;
    }

    /** The local address of connections over TCP, default any. */
    public Builder bindAddress(@Nullable SocketAddress value) {
      bindAddress = value;
      return this;
    }

    /** As {@link #bindAddress(SocketAddress)}, with any port. */
    public Builder bindAddress(InetAddress value) {
      return bindAddress(new java.net.InetSocketAddress(value, 0));
    }

    /** Who finds the addresses of hosts; default the JVM, on a thread of the client. */
    public Builder resolver(Resolver value) {
      resolver = value;
      return this;
    }

    /**
     * Where to connect to for an origin such as {@code https://example.com:443}, in place of what
     * its name says: another address, or a Unix domain socket. Null for an origin leaves it to the
     * resolver. It must not wait.
     */
    public Builder addressFinder(Function<String, @Nullable SocketAddress> value) {
      addressFinder = value;
      return this;
    }

    /** Where cookies are kept between requests; null, the default: they are not. */
    public Builder cookies(@Nullable CookieJar value) {
      cookies = value;
      return this;
    }

    /** Adds code around each request, inside of what was added before. */
    public Builder interceptor(Interceptor value) {
      interceptors.add(value);
      return this;
    }

    /** How channels of WebSockets behave unless told otherwise. */
    public Builder channels(ChannelOptions value) {
      channels = value;
      return this;
    }

    /** The {@code User-Agent} of requests that have none, default {@code http-kit}; null: none. */
    public Builder userAgent(@Nullable String value) {
      if (value != null) {
        io.httpkit.http.Headers.of("User-Agent", value);
      }
      userAgent = value;
      return this;
    }

    /** Who is told what happens, one after the other; default nobody. */
    public Builder events(ClientEvents... values) {
      events = List.of(values);
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException if one has a value that is not allowed; the message names it
     */
    public ClientConfig build() {
      return new ClientConfig(this);
    }
  }
}
