package io.httpkit.server;

import io.httpkit.http.Method;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What leads to a handler: a method, and the template of a path. */
final class Route {
  private final @Nullable Method method;
  private final String template;
  private final List<RouteSegment> segments;
  private final List<String> names = new ArrayList<>();
  private final Handler handler;

  /**
   * @param method the method; null for all
   * @param template as it was given; empty where a router answers by itself
   * @param segments what stands between its slashes; a trailing slash makes an empty one
   */
  Route(@Nullable Method method, String template, List<RouteSegment> segments, Handler handler) {
    this.method = method;
    this.template = template;
    this.segments = segments;
    this.handler = handler;
    segments.forEach(segment -> names.addAll(segment.names()));
  }

  /**
   * The routes of one template, or of several that are equivalent, by their methods. Each method's
   * own route wins. HEAD falls back to that of GET, whose head it must show (RFC 9110 §9.3.2), then
   * every method to the route for all.
   */
  static Map<Method, Route> byMethod(List<Route> all) {
    Map<Method, Route> routes = new EnumMap<>(Method.class);
    for (Route route : all) {
      if (route.method != null) {
        routes.put(route.method, route);
      }
    }
    Route get = routes.get(Method.GET);
    if (get != null) {
      routes.putIfAbsent(Method.HEAD, get);
    }
    for (Route route : all) {
      if (route.method == null) {
        for (Method any : Method.values()) {
          routes.putIfAbsent(any, route);
        }
      }
    }
    return routes;
  }

  String template() {
    return template;
  }

  List<RouteSegment> segments() {
    return segments;
  }

  Handler handler() {
    return handler;
  }

  /** The name of the method; {@code *} for all. */
  String methodName() {
    return method == null ? "*" : method.name();
  }

  /**
   * The method and what matches, without the names of variables: the same for routes that could
   * never be told apart.
   */
  List<String> shape() {
    List<String> shape = new ArrayList<>();
    segments.forEach(segment -> shape.add(segment.shape()));
    shape.add(methodName());
    return shape;
  }

  /** Whether it is found by a path as it is sent; one with a percent sign is decoded first. */
  boolean isLiteral() {
    return template.indexOf('%') < 0
        && segments.stream().allMatch(segment -> segment.kind() == RouteSegment.Kind.LITERAL);
  }

  /** The values of the variables in a path that matches. */
  Map<String, String> variables(RoutePath path) {
    if (names.isEmpty()) {
      return Map.of();
    }
    String[] values = new String[names.size()];
    int at = 0;
    for (int i = 0; i < segments.size(); i++) {
      RouteSegment segment = segments.get(i);
      segment.collect(path, i, values, at);
      at += segment.names().size();
    }
    return new RouteVariables(names, values);
  }
}
