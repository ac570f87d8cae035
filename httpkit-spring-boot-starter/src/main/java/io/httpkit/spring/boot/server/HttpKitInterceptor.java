package io.httpkit.spring.boot.server;

import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;

/**
 * A bean that stands around every handler: it may look at the request, answer by itself, hand the
 * request on, and change the response. Several stand around each other in the order of {@code
 * Ordered} and {@code @Order}, the lowest value outermost.
 *
 * <p>A response that is still to come, as of a handler that answers later, is changed when it
 * comes: the methods of {@link Response} see to it.
 */
@FunctionalInterface
public interface HttpKitInterceptor {
  /**
   * Answers a request, as a rule with what {@code next} answers. Called on the thread of the
   * handler.
   *
   * @throws Exception anything, which is answered as if the handler had thrown it
   */
  Response intercept(Request request, Handler next) throws Exception;

  /**
   * Whether {@link #intercept} itself never waits. If one interceptor does, all handlers run on
   * workers, also those that could run on the event loop.
   */
  default boolean isNonBlocking() {
    return false;
  }
}
