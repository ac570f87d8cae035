package io.httpkit.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a router found for a request.
 *
 * @param router the router that looked
 * @param handler the handler of the route, or what answers 404, 405 or OPTIONS
 * @param template the template of the route; empty when none matched
 * @param variables the decoded path variables
 */
record RouteMatch(
    @Nullable Router router,
    @Nullable Handler handler,
    String template,
    Map<String, String> variables) {
  static final RouteMatch NONE = new RouteMatch(null, null, "", Map.of());
}
