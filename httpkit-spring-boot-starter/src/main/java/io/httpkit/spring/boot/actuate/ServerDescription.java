package io.httpkit.spring.boot.actuate;

import io.httpkit.server.HttpServer;
import io.httpkit.server.Router.RouteInfo;
import io.httpkit.server.ServerStatistics;
import io.httpkit.server.ServerStatus;
import io.httpkit.spring.boot.server.HttpKitWebServer;
import java.util.List;

/**
 * A server as {@link HttpKitEndpoint} shows it.
 *
 * @param address that it listens on, or is to listen on
 * @param connections that are open
 * @param activeRequests that are not answered completely
 * @param rejectedRequests that were answered 503, as too many waited for a worker
 * @param loops what each event loop does, its connections among it
 * @param workers what the threads that run handlers do
 * @param channels that are open, by kind
 */
public record ServerDescription(
    ServerStatus status,
    String address,
    int connections,
    int activeRequests,
    long rejectedRequests,
    List<ServerStatistics.Loop> loops,
    ServerStatistics.Workers workers,
    ServerStatistics.Channels channels,
    List<RouteInfo> routes) {
  static ServerDescription of(HttpKitWebServer webServer) {
    HttpServer server = webServer.server();
    ServerStatistics now = server.statistics();
    return new ServerDescription(
        server.status(),
        String.valueOf(server.address()),
        server.connections(),
        now.activeRequests(),
        now.rejectedRequests(),
        now.loops(),
        now.workers(),
        now.channels(),
        webServer.routes());
  }
}
