package io.httpkit.server;

import io.httpkit.http.Method;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The routes of one template, or of several that are equivalent, by their methods. Immutable. */
final class RouteMethods {
  private final Map<Method, Route> routes = new EnumMap<>(Method.class);

  /**
   * Each method's own route wins. HEAD falls back to that of GET, whose head it must show (RFC 9110
   * §9.3.2), then every method to the route for all.
   */
  RouteMethods(List<Route> all) {
    for (Route route : all) {
      if (route.method() != null) {
        routes.put(route.method(), route);
      }
    }
    Route get = routes.get(Method.GET);
    if (get != null) {
      routes.putIfAbsent(Method.HEAD, get);
    }
    for (Route route : all) {
      if (route.method() == null) {
        fill(route);
      }
    }
  }

  private void fill(Route route) {
    for (Method method : Method.values()) {
      routes.putIfAbsent(method, route);
    }
  }

  /** The route for this method; null without one. */
  @Nullable Route get(Method method) {
    return routes.get(method);
  }

  /** The methods there are routes for. */
  Set<Method> methods() {
    return routes.keySet();
  }
}
