package io.httpkit.spring.boot.server;

import io.httpkit.server.HttpServer;
import io.httpkit.server.Router.RouteInfo;
import io.httpkit.server.ServerStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.boot.web.server.GracefulShutdownCallback;
import org.springframework.boot.web.server.GracefulShutdownResult;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.boot.web.server.WebServer;
import org.springframework.boot.web.server.WebServerException;

/**
 * An {@link HttpServer} in the form Spring Boot knows. May be started again once it is stopped.
 * Safe from any thread.
 */
public final class HttpKitWebServer implements WebServer {
  private static final Log logger = LogFactory.getLog(HttpKitWebServer.class);

  /** The grace period is Spring's to measure: it calls {@link #stop} when it is over. */
  private static final Duration UNTIL_STOPPED = Duration.ofDays(365);

  /** A handler that ignores its interruption must not keep the application from ending. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

  private final HttpServer server;
  private final boolean listening;
  private final List<RouteInfo> routes;

  /** The outcome of the graceful shutdown in progress, or of the last one. */
  private volatile CompletableFuture<GracefulShutdownResult> grace =
      CompletableFuture.completedFuture(GracefulShutdownResult.IMMEDIATE);

  /** Wraps a server that is not started yet. */
  public HttpKitWebServer(HttpServer server) {
    this(server, true);
  }

  /**
   * Wraps a server that is not started yet.
   *
   * @param listening whether {@link #start} starts it; if not, it never has a port
   */
  public HttpKitWebServer(HttpServer server, boolean listening) {
    this(server, listening, List.of());
  }

  /**
   * Wraps a server that is not started yet.
   *
   * @param listening whether {@link #start} starts it; if not, it never has a port
   * @param routes what it serves, as far as that is known
   */
  public HttpKitWebServer(HttpServer server, boolean listening, List<RouteInfo> routes) {
    this.server = server;
    this.listening = listening;
    this.routes = List.copyOf(routes);
  }

  /** The server itself, for its status and its counts. */
  public HttpServer server() {
    return server;
  }

  /** The routes it serves; none where it is served by a handler that does not tell. */
  public List<RouteInfo> routes() {
    return routes;
  }

  /**
   * Starts the server; nothing happens if it is running.
   *
   * @throws PortInUseException if another process listens on its port
   * @throws CannotListenException if it cannot listen for another reason
   */
  @Override
  public void start() {
    if (!listening || server.status() != ServerStatus.STOPPED) {
      return;
    }
    try {
      server.start();
    } catch (IOException e) {
      throw failure(e);
    }
    String scheme = server.config().tls() == null ? "http" : "https";
    logger.info("http-kit started on " + place(server.address()) + " (" + scheme + ")");
  }

  /**
   * Stops the server and waits until its threads have ended. Requests that are still in progress
   * are cut off. Nothing happens if it is not running.
   */
  @Override
  public void stop() {
    grace.complete(GracefulShutdownResult.REQUESTS_ACTIVE);
    if (server.status() == ServerStatus.STOPPED) {
      return;
    }
    try {
      server.stop(Duration.ZERO).get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new WebServerException("http-kit could not be stopped", e.getCause());
    } catch (TimeoutException e) {
      logger.warn("http-kit was stopped, but handlers still run after " + STOP_LIMIT);
    }
  }

  /**
   * Stops accepting, lets requests in progress finish and then stops the server. Returns at once.
   *
   * @param callback told {@code IDLE} when all requests were answered, {@code REQUESTS_ACTIVE} when
   *     {@link #stop} was called before; on the thread on which that happened
   */
  @Override
  public void shutDownGracefully(GracefulShutdownCallback callback) {
    if (server.status() == ServerStatus.RUNNING) {
      logger.info(
          "http-kit shuts down gracefully, requests in progress: " + server.activeRequests());
    }
    CompletableFuture<GracefulShutdownResult> result =
        server.stop(UNTIL_STOPPED).handle((stopped, failure) -> GracefulShutdownResult.IDLE);
    grace = result;
    var unused = result.thenAccept(callback::shutdownComplete);
  }

  /** The port listened on; -1 when there is none: not running, or on a Unix domain socket. */
  @Override
  public int getPort() {
    return server.port();
  }

  private WebServerException failure(IOException cause) {
    if (server.address() instanceof InetSocketAddress address) {
      PortInUseException.throwIfPortBindingException(cause, address::getPort);
    }
    return new CannotListenException(place(server.address()), server.address(), cause);
  }

  static String place(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? host(inet) + "port " + inet.getPort()
        : "Unix domain socket " + address;
  }

  /** Nothing for all addresses. */
  private static String host(InetSocketAddress address) {
    return address.isUnresolved() || address.getAddress().isAnyLocalAddress()
        ? ""
        : address.getHostString() + " ";
  }
}
