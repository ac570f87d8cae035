package io.httpkit.server;

import io.httpkit.http.Method;
import io.httpkit.http.Status;
import java.util.Collection;
import java.util.TreeSet;

/** What a router answers by itself. */
final class RouteAnswers {
  private RouteAnswers() {}

  /** 404. */
  static Handler notFound() {
    return always(Response.text("Not found").withStatus(Status.NOT_FOUND));
  }

  /** 405 with the methods there are. RFC 9110 §15.5.6. */
  static Handler methodNotAllowed(Collection<Method> methods) {
    Response response = Response.text("Method not allowed").withStatus(Status.METHOD_NOT_ALLOWED);
    return always(response.withHeader("Allow", allow(methods)));
  }

  /** The answer to OPTIONS: 204 with the methods there are. RFC 9110 §9.3.7. */
  static Handler options(Collection<Method> methods) {
    return always(Response.noContent().withHeader("Allow", allow(methods)));
  }

  /** The methods by name, with OPTIONS, which is always answered. */
  private static String allow(Collection<Method> methods) {
    TreeSet<String> names = new TreeSet<>();
    methods.forEach(method -> names.add(method.name()));
    names.add(Method.OPTIONS.name());
    return String.join(", ", names);
  }

  private static Handler always(Response response) {
    return Handler.nonBlocking(request -> response);
  }
}
