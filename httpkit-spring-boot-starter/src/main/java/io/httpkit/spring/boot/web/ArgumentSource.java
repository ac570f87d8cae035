package io.httpkit.spring.boot.web;

import io.httpkit.server.Request;
import org.jspecify.annotations.Nullable;

/** What gives one parameter of a handler method its value. Called on the thread of the handler. */
@FunctionalInterface
public interface ArgumentSource {
  /**
   * The value for this request.
   *
   * @throws Exception if the request does not have it; answered as if the method had thrown it, so
   *     that a {@link org.springframework.web.ErrorResponse} says what was wrong
   */
  @Nullable Object get(Request request) throws Exception;
}
