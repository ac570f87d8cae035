package io.httpkit.spring.boot.web;

import io.httpkit.server.Request;
import io.httpkit.server.Response;
import org.jspecify.annotations.Nullable;

/**
 * What makes a response of the value that a handler method returned. Called on the thread of the
 * handler, or that which completed a value that came later.
 */
@FunctionalInterface
public interface ResultWriter {
  /**
   * The response.
   *
   * @throws Exception answered as if the method had thrown it
   */
  Response write(@Nullable Object value, Request request) throws Exception;
}
