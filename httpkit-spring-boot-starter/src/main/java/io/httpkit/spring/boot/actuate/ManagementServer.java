package io.httpkit.spring.boot.actuate;

import io.httpkit.spring.boot.server.HttpKitWebServer;
import io.httpkit.spring.boot.server.context.HttpKitServerLifecycle;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.web.server.Shutdown;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * The second server of an application, which has its endpoints on a port of their own. Its web
 * server is no bean, so that there is one of that type.
 *
 * <p>It is stopped when the other has answered its requests, so probes are told meanwhile that no
 * more traffic is wanted.
 */
public final class ManagementServer implements SmartLifecycle, DisposableBean {
  /** Between the end of the other's grace and its stop, as Boot has it. */
  static final int PHASE = WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE - 512;

  private static final String NAMESPACE = "management";

  private final HttpKitWebServer webServer;
  private final HttpKitServerLifecycle lifecycle;
  private final Shutdown shutdown;

  /**
   * Not started yet.
   *
   * @param autoStartup whether it starts with the context
   * @param shutdown whether its requests in progress are answered before it stops
   */
  public ManagementServer(
      HttpKitWebServer webServer,
      ConfigurableApplicationContext context,
      boolean autoStartup,
      Shutdown shutdown) {
    this.webServer = webServer;
    this.lifecycle = new HttpKitServerLifecycle(webServer, context, autoStartup, NAMESPACE, PHASE);
    this.shutdown = shutdown;
  }

  /** The server, for its port and its routes. */
  public HttpKitWebServer webServer() {
    return webServer;
  }

  /** Starts it; its port is {@code local.management.port} then. */
  @Override
  public void start() {
    lifecycle.start();
  }

  /** Stops it; requests in progress are cut off. */
  @Override
  public void stop() {
    lifecycle.stop();
  }

  /** Stops it when its requests in progress are answered; the context sets the time for that. */
  @Override
  public void stop(Runnable callback) {
    if (shutdown == Shutdown.IMMEDIATE) {
      lifecycle.stop(callback);
    } else {
      webServer.shutDownGracefully(result -> lifecycle.stop(callback));
    }
  }

  @Override
  public void destroy() {
    webServer.destroy();
  }

  @Override
  public boolean isRunning() {
    return lifecycle.isRunning();
  }

  @Override
  public boolean isAutoStartup() {
    return lifecycle.isAutoStartup();
  }

  @Override
  public boolean isPauseable() {
    return lifecycle.isPauseable();
  }

  @Override
  public int getPhase() {
    return lifecycle.getPhase();
  }
}
