package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.Method;
import org.jspecify.annotations.Nullable;

/**
 * What a server sends, and what becomes of it.
 *
 * @param response bytes behind the request, each character one byte
 * @param ending what the server does behind them
 * @param body that is given to the application, null if the request fails
 * @param headers those that the application sees, as {@code Name: value} lines, null if any
 * @param kind of the failure, null if there is none
 * @param message that is part of the failure's
 * @param next what becomes of the connection
 */
record ResponseCase(
    String name,
    Method method,
    String response,
    Ending ending,
    int status,
    @Nullable String headers,
    @Nullable String body,
    @Nullable Kind kind,
    String message,
    Next next) {
  enum Ending {
    STAYS_OPEN,
    HALF_CLOSES,
    CLOSES,
    RESETS
  }

  enum Next {
    USED_AGAIN,
    CLOSED
  }

  /** A response behind which the connection is used again. */
  static ResponseCase answer(String name, String response, int status, String body) {
    return new ResponseCase(
        name,
        Method.GET,
        response,
        Ending.STAYS_OPEN,
        status,
        null,
        body,
        null,
        "",
        Next.USED_AGAIN);
  }

  /** A response that fails the request. */
  static ResponseCase failure(String name, String response, Kind kind, String message) {
    return new ResponseCase(
        name, Method.GET, response, Ending.STAYS_OPEN, 0, null, null, kind, message, Next.CLOSED);
  }

  ResponseCase to(Method other) {
    return new ResponseCase(
        name, other, response, ending, status, headers, body, kind, message, next);
  }

  ResponseCase then(Ending other) {
    return new ResponseCase(
        name, method, response, other, status, headers, body, kind, message, next);
  }

  ResponseCase withHeaders(String lines) {
    return new ResponseCase(
        name, method, response, ending, status, lines, body, kind, message, next);
  }

  /** The connection is not used again. */
  ResponseCase once() {
    return new ResponseCase(
        name, method, response, ending, status, headers, body, kind, message, Next.CLOSED);
  }

  @Override
  public String toString() {
    return name;
  }
}
