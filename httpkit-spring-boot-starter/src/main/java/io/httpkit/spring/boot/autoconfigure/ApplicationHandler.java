package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.server.Handler;
import io.httpkit.server.Router;
import io.httpkit.server.Router.RouteInfo;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * What answers requests, of the beans: the routes of all {@link RouterCustomizer} beans, then the
 * one {@link Router} or {@link Handler} bean, then 404.
 */
final class ApplicationHandler {
  private final Handler handler;
  private final List<RouteInfo> routes;

  private ApplicationHandler(Handler handler, List<RouteInfo> routes) {
    this.handler = handler;
    this.routes = routes;
  }

  /**
   * What the server is to call.
   *
   * @throws AmbiguousHandlerException if there are several candidates and none is primary
   */
  static ApplicationHandler of(
      ObjectProvider<RouterCustomizer> customizers,
      ObjectProvider<Router> routers,
      ObjectProvider<Handler> handlers,
      ObjectProvider<Map<String, Handler>> handlersByName) {
    Handler fallback = fallback(routers, handlers, handlersByName);
    List<RouterCustomizer> routes = customizers.orderedStream().toList();
    if (fallback != null && routes.isEmpty()) {
      return new ApplicationHandler(fallback, routes(fallback));
    }
    Router.Builder builder = Router.builder();
    if (fallback != null) {
      builder.notFound(fallback);
    }
    routes.forEach(customizer -> customizer.customize(builder));
    Router router = builder.build();
    List<RouteInfo> all = new ArrayList<>(router.routes());
    all.addAll(routes(fallback));
    return new ApplicationHandler(router, all);
  }

  private static @Nullable Handler fallback(
      ObjectProvider<Router> routers,
      ObjectProvider<Handler> handlers,
      ObjectProvider<Map<String, Handler>> handlersByName) {
    Handler only = handlers.getIfUnique();
    if (only != null) {
      return only;
    }
    // Beside a router, plain handlers are taken for its parts.
    Router router = routers.getIfUnique();
    if (router != null) {
      return router;
    }
    Map<String, Handler> all = handlersByName.getIfAvailable(Map::of);
    if (all.isEmpty()) {
      return null;
    }
    throw new AmbiguousHandlerException(all.keySet());
  }

  private static List<RouteInfo> routes(@Nullable Handler handler) {
    return handler instanceof Router router ? router.routes() : List.of();
  }

  Handler handler() {
    return handler;
  }

  /** Those of the routers among it. */
  List<RouteInfo> routes() {
    return routes;
  }
}
