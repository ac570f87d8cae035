package io.httpkit.spring.boot.server.context;

import io.httpkit.spring.boot.server.HttpKitWebServer;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.context.WebServerInitializedEvent;

/**
 * The server has started and its port is known. Published on the thread that starts the context,
 * again after each restart.
 */
public final class HttpKitServerInitializedEvent extends WebServerInitializedEvent {
  private static final long serialVersionUID = 1L;

  private final transient HttpKitWebServer webServer;
  private final transient WebServerApplicationContext context;

  HttpKitServerInitializedEvent(HttpKitWebServer webServer, WebServerApplicationContext context) {
    super(webServer);
    this.webServer = webServer;
    this.context = context;
  }

  @Override
  public HttpKitWebServer getWebServer() {
    return webServer;
  }

  /** A view of the application's context that has this web server. */
  @Override
  public WebServerApplicationContext getApplicationContext() {
    return context;
  }
}
