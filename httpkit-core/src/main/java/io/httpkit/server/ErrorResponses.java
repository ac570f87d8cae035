package io.httpkit.server;

import io.httpkit.channel.CloseStatus;
import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;

/** What is answered when something went wrong: short, as text, and nothing of the inside. */
final class ErrorResponses {
  static final Response NOT_FOUND = of(Status.NOT_FOUND, "Not found");
  static final Response INTERNAL =
      of(Status.INTERNAL_SERVER_ERROR, "The server could not answer this request");
  static final Response OVERLOADED =
      of(Status.SERVICE_UNAVAILABLE, "The server is busy; try again")
          .withHeader("Retry-After", "1");
  static final Response STOPPING =
      of(Status.SERVICE_UNAVAILABLE, "The server is stopping; try again")
          .withHeader("Retry-After", "1");

  private ErrorResponses() {}

  static Response of(Status status, String message) {
    return Response.text(message + "\n").withStatus(status);
  }

  /** In place of the answer of a channel that was closed so. */
  static Response of(CloseStatus.Kind closed) {
    if (closed == CloseStatus.Kind.INTERNAL_SERVER_ERROR) {
      return INTERNAL;
    }
    return closed == CloseStatus.Kind.GOING_AWAY ? STOPPING : OVERLOADED;
  }

  static Response of(BadMessageException e) {
    String message = e.getMessage();
    return of(e.status(), message == null ? e.status().reason() : message);
  }
}
