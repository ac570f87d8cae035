package io.httpkit.spring.boot.server.context;

import io.httpkit.spring.boot.server.HttpKitWebServer;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;

/**
 * Starts and stops the server with its context, in the phase in which Spring Boot starts and stops
 * embedded servers: after the application's beans, and stopped when they have finished their work.
 */
public final class HttpKitServerLifecycle implements SmartLifecycle {
  private final HttpKitWebServer webServer;
  private final ConfigurableApplicationContext context;
  private final boolean autoStartup;
  private final @Nullable String namespace;
  private final int phase;

  /** Written by the thread that starts or stops the context, read by any. */
  private volatile boolean running;

  /**
   * A lifecycle for this server.
   *
   * @param autoStartup whether the server starts with the context
   * @param namespace what its port is published as, {@code local.<namespace>.port}; null is {@code
   *     server}
   */
  public HttpKitServerLifecycle(
      HttpKitWebServer webServer,
      ConfigurableApplicationContext context,
      boolean autoStartup,
      @Nullable String namespace) {
    this(
        webServer,
        context,
        autoStartup,
        namespace,
        WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
  }

  /** A lifecycle in another phase than that of embedded servers. */
  public HttpKitServerLifecycle(
      HttpKitWebServer webServer,
      ConfigurableApplicationContext context,
      boolean autoStartup,
      @Nullable String namespace,
      int phase) {
    this.webServer = webServer;
    this.context = context;
    this.autoStartup = autoStartup;
    this.namespace = namespace;
    this.phase = phase;
  }

  /** Starts the server and publishes {@link HttpKitServerInitializedEvent}. */
  @Override
  public void start() {
    webServer.start();
    running = true;
    WebServerApplicationContext view = WebServerContextAdapter.adapt(context, webServer, namespace);
    context.publishEvent(new HttpKitServerInitializedEvent(webServer, view));
  }

  @Override
  public void stop() {
    running = false;
    webServer.stop();
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public boolean isAutoStartup() {
    return autoStartup;
  }

  /** Never: a context that a test runner has set aside keeps its port. */
  @Override
  public boolean isPauseable() {
    return false;
  }

  @Override
  public int getPhase() {
    return phase;
  }
}
