package io.httpkit.server;

import io.httpkit.http.Method;
import org.jspecify.annotations.Nullable;

/**
 * What leads to a handler.
 *
 * @param method the method; null for all
 * @param template the template
 * @param bare what a request finds here, without its variables
 */
record Route(@Nullable Method method, PathTemplate template, RouteMatch bare) {
  /**
   * What a request with this path finds. Where there are no variables, the same for all requests.
   */
  RouteMatch match(RoutePath path) {
    return template.names().isEmpty()
        ? bare
        : new RouteMatch(bare.router(), bare.handler(), template.text(), template.variables(path));
  }
}
