package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.server.Response;
import java.util.function.Consumer;

/** Answers what was thrown. Any thread. */
@FunctionalInterface
interface Failures {
  /** The answer; it may be still to come. */
  Response answer(Throwable thrown, Request request);

  /**
   * Gives the answer when it is there, as a channel sends no other: now, or later on another
   * thread.
   *
   * @param taker may refuse what it cannot send by throwing, and gets the answer to that then
   */
  default void give(Throwable thrown, Request request, Consumer<Response> taker) {
    taker.accept(answer(thrown, request));
  }
}
