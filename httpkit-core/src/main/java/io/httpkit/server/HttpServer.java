package io.httpkit.server;

import io.httpkit.internal.loop.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 server, over TLS if so configured. All methods may be called by any thread.
 *
 * <pre>{@code
 * HttpServer server = HttpServer.start(request -> Response.text("hello HTTP!"),
 *     ServerConfig.builder().port(8080).build());
 * }</pre>
 *
 * <p>Its event loops keep the JVM alive until it is stopped.
 */
public final class HttpServer implements AutoCloseable {
  private final ServerConfig config;
  private final Ticker ticker;

  /** For starting and stopping one after the other. */
  private final Object lifecycle = new Object();

  /** Volatile, as it is replaced while requests are handled. */
  private volatile Handler handler;

  /** Volatile, as it is replaced while connections are accepted. */
  private volatile @Nullable ServerTls tls;

  /** The last start; null before the first. Volatile, as only writing takes the lock. */
  private volatile @Nullable RunningServer running;

  private HttpServer(Handler handler, ServerConfig config, Ticker ticker) {
    this.handler = handler;
    this.tls = config.tls();
    this.config = config;
    this.ticker = ticker;
  }

  /** A server that is not started yet. */
  public static HttpServer create(Handler handler, ServerConfig config) {
    return create(handler, config, Ticker.SYSTEM);
  }

  /** A server that is not started yet, in another time. */
  static HttpServer create(Handler handler, ServerConfig config, Ticker ticker) {
    return new HttpServer(handler, config, ticker);
  }

  /**
   * A server that is started.
   *
   * @throws UncheckedIOException if it cannot listen, caused by a {@link java.net.BindException}
   *     when its port is taken
   */
  public static HttpServer start(Handler handler, ServerConfig config) {
    HttpServer server = create(handler, config);
    try {
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen on " + config.address() + ": " + e.getMessage(), e);
    }
    return server;
  }

  /**
   * Begins to listen; may be called again when a stop is complete.
   *
   * @throws IOException if the address cannot be listened on; the server stays stopped
   * @throws IllegalStateException unless the server is stopped
   */
  public void start() throws IOException {
    synchronized (lifecycle) {
      if (status() != ServerStatus.STOPPED) {
        throw new IllegalStateException(
            "server is " + status() + ", only a stopped one can be started");
      }
      running = new RunningServer(config, ticker, () -> handler, this::tls);
    }
  }

  /** The options it was made with; certificates may have been replaced since. */
  public ServerConfig config() {
    return config;
  }

  /** The port that is listened on; -1 when stopped, or listening on a Unix domain socket. */
  public int port() {
    return status() != ServerStatus.STOPPED && address() instanceof InetSocketAddress inet
        ? inet.getPort()
        : -1;
  }

  /** The address that is listened on, or last was; before the first start the configured one. */
  public SocketAddress address() {
    RunningServer last = running;
    return last == null ? config.address() : last.address();
  }

  public ServerStatus status() {
    RunningServer last = running;
    return last == null ? ServerStatus.STOPPED : last.status();
  }

  /** Replaces the handler, for all requests that are handled from now on. */
  public void handler(Handler next) {
    handler = next;
  }

  /**
   * Replaces certificates and all else of TLS, for all connections that are accepted from now on;
   * those that are open go on as they are.
   *
   * @throws IllegalStateException if the server was configured without TLS
   */
  public void tls(ServerTls next) {
    if (config.tls() == null) {
      throw new IllegalStateException(
          "the server was configured without TLS, which cannot be added later");
    }
    tls = next;
  }

  /** Called only if there is one. */
  private ServerTls tls() {
    return Objects.requireNonNull(tls);
  }

  /**
   * What it does now, and has done since its last start. Also when it is stopped. Takes a few
   * hundred nanoseconds and costs the server nothing.
   */
  public ServerStatistics statistics() {
    RunningServer last = running;
    return last == null ? ServerStatistics.NONE : last.statistics();
  }

  /** Requests whose response is not complete. */
  public int activeRequests() {
    RunningServer last = running;
    return last == null ? 0 : last.activeRequests();
  }

  /** Open connections. */
  public int connections() {
    RunningServer last = running;
    return last == null ? 0 : last.connections();
  }

  /**
   * Accepts nothing more, closes idle connections, answers what is in flight with {@code
   * Connection: close}, and after {@code timeout} cuts what is left. Does not wait; calling it
   * again with a shorter time-out hastens it.
   *
   * @return completes when all connections are closed and all threads of the server have ended, but
   *     for workers whose handler ignores its interruption for a second
   */
  public CompletableFuture<Void> stop(Duration timeout) {
    synchronized (lifecycle) {
      RunningServer last = running;
      return last == null ? CompletableFuture.completedFuture(null) : last.stop(timeout).copy();
    }
  }

  /** Waits until the server is stopped. Returns at once if it is. */
  public void join() throws InterruptedException {
    RunningServer last = running;
    if (last == null) {
      return;
    }
    try {
      last.stopped().get();
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops at once and waits for it. Not to be called by a handler, which would wait for itself. */
  @Override
  public void close() {
    stop(Duration.ZERO).join();
  }
}
