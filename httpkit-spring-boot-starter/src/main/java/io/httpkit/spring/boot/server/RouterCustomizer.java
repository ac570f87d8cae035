package io.httpkit.spring.boot.server;

import io.httpkit.server.Router;

/**
 * A bean that contributes routes. The routes of all such beans form one router.
 *
 * <p>Customizers are called once, while the context is refreshed, in the order of their
 * {@code @Order}. What none of the routes takes goes to the application's {@code Router} or {@code
 * Handler} bean; without one it is answered 404.
 */
@FunctionalInterface
public interface RouterCustomizer {
  /** Adds routes. */
  void customize(Router.Builder routes);
}
