package io.httpkit.server;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.server.Router.Refusal;
import java.util.Collection;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** What a router answers by itself. */
final class RouteAnswers {
  private final BiFunction<? super Request, ? super Refusal, Response> refusals;

  /**
   * @param refusals makes the responses of refusals
   */
  RouteAnswers(BiFunction<? super Request, ? super Refusal, Response> refusals) {
    this.refusals = refusals;
  }

  /** 404. */
  Handler notFound() {
    return refused(new Refusal(Status.NOT_FOUND, "Not found", Headers.empty()));
  }

  /** 405 with the methods there are. RFC 9110 §15.5.6. */
  Handler methodNotAllowed(Collection<Method> methods) {
    Headers allowed = Headers.of("Allow", allow(methods));
    return refused(new Refusal(Status.METHOD_NOT_ALLOWED, "Method not allowed", allowed));
  }

  /** 400 for a path that cannot be decoded. */
  Handler badPath(BadMessageException e) {
    String message = Objects.requireNonNullElse(e.getMessage(), e.status().reason());
    return refused(new Refusal(e.status(), message, Headers.empty()));
  }

  private Handler refused(Refusal refusal) {
    return Handler.nonBlocking(request -> refusals.apply(request, refusal));
  }

  /** The answer to OPTIONS: 204 with the methods there are. RFC 9110 §9.3.7. */
  static Handler options(Collection<Method> methods) {
    Response response = Response.noContent().withHeader("Allow", allow(methods));
    return Handler.nonBlocking(request -> response);
  }

  /** The methods by name, with OPTIONS, which is always answered. */
  private static String allow(Collection<Method> methods) {
    TreeSet<String> names = new TreeSet<>();
    methods.forEach(method -> names.add(method.name()));
    names.add(Method.OPTIONS.name());
    return String.join(", ", names);
  }
}
