package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.server.Handler;
import io.httpkit.server.Router;
import io.httpkit.server.Router.RouteInfo;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Finds what answers requests among the beans: the routes of all {@link RouterCustomizer} beans,
 * then the one {@link Router} or {@link Handler} bean, then 404.
 */
final class ApplicationHandler {
  /**
   * What was found.
   *
   * @param routes those of the routers among it
   */
  record Found(Handler handler, List<RouteInfo> routes) {
    private static Found of(Handler handler) {
      return new Found(handler, handler instanceof Router router ? router.routes() : List.of());
    }

    private Found withRoutes(List<RouteInfo> more) {
      return new Found(handler, Stream.concat(routes.stream(), more.stream()).toList());
    }
  }

  private final ObjectProvider<RouterCustomizer> customizers;
  private final ObjectProvider<Router> routers;
  private final ObjectProvider<Handler> handlers;
  private final ObjectProvider<Map<String, Handler>> handlersByName;

  ApplicationHandler(
      ObjectProvider<RouterCustomizer> customizers,
      ObjectProvider<Router> routers,
      ObjectProvider<Handler> handlers,
      ObjectProvider<Map<String, Handler>> handlersByName) {
    this.customizers = customizers;
    this.routers = routers;
    this.handlers = handlers;
    this.handlersByName = handlersByName;
  }

  /**
   * What the server is to call.
   *
   * @throws AmbiguousHandlerException if there are several candidates and none is primary
   */
  Found find() {
    Handler fallback = fallback();
    List<RouterCustomizer> routes = customizers.orderedStream().toList();
    if (fallback != null && routes.isEmpty()) {
      return Found.of(fallback);
    }
    Router.Builder router = Router.builder();
    if (fallback != null) {
      router.notFound(fallback);
    }
    routes.forEach(customizer -> customizer.customize(router));
    Found found = Found.of(router.build());
    return fallback == null ? found : found.withRoutes(Found.of(fallback).routes());
  }

  private @Nullable Handler fallback() {
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
}
