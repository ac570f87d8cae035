package io.httpkit.spring.boot.observation;

import io.httpkit.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions that were answered by whoever called a handler, so that the server has not seen them:
 * kept with their request, as its observation is to name them. Needs no Micrometer.
 */
public final class HandledExceptions {
  /** The request's attribute, a {@link Throwable}. */
  public static final String ATTRIBUTE = "io.httpkit.spring.boot.handledException";

  private HandledExceptions() {}

  /** This request failed with this exception, which is answered. */
  public static void record(Request request, Throwable exception) {
    request.attribute(ATTRIBUTE, exception);
  }

  /** The exception of this request that was answered; null if there was none. */
  public static @Nullable Throwable of(Request request) {
    return request.attribute(ATTRIBUTE) instanceof Throwable exception ? exception : null;
  }
}
