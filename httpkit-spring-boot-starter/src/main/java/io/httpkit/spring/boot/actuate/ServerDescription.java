package io.httpkit.spring.boot.actuate;

import io.httpkit.server.HttpServer;
import io.httpkit.server.Router.RouteInfo;
import io.httpkit.server.ServerStatus;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import java.util.List;

/**
 * A server as {@link HttpKitEndpoint} shows it.
 *
 * @param address that it listens on, or is to listen on
 * @param connections that are open
 * @param activeRequests that are not answered completely
 */
public record ServerDescription(
    ServerStatus status,
    String address,
    int connections,
    int activeRequests,
    List<RouteInfo> routes) {
  static ServerDescription of(HttpKitWebServer webServer) {
    HttpServer server = webServer.server();
    return new ServerDescription(
        server.status(),
        String.valueOf(server.address()),
        server.connections(),
        server.activeRequests(),
        webServer.routes());
  }
}
