package io.httpkit.server;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A handler that leaves each request to one of several others, chosen by path and method. Immutable
 * and safe for all threads.
 *
 * <p>A template is a path, whose segments are
 *
 * <ul>
 *   <li>literal text: {@code /users}. It is compared with what the client's segment decodes to, so
 *       it is written decoded: {@code /my files};
 *   <li>{@code {name}}: any text but none;
 *   <li>{@code {name:regex}}: text that the regex matches as a whole. The regex may hold braces in
 *       pairs or behind a backslash;
 *   <li>several of these in a row: {@code /v{major:\d+}.{minor:\d+}}, {@code /{name}.json}. If
 *       there are several ways, the first variable takes as much as it can;
 *   <li>{@code *}: any text but none, which is not kept;
 *   <li>{@code {*name}}, as the last segment: this segment and all that follow, or none of them.
 *       The value has no slash in front. It may hold {@code ..}, like any other.
 * </ul>
 *
 * <p>Only a slash that is sent as such separates segments; {@code %2F} is part of one. A slash at
 * the end counts: {@code /a} and {@code /a/} are different paths. A path with a percent sign that
 * is not followed by two hexadecimal digits is answered 400.
 *
 * <p>Of the templates that match a path the most specific is taken, in whatever order they were
 * given. They are compared segment by segment from the left: literal text comes before text with
 * variables or a regex in it, then {@code {name}}, {@code *} and {@code {*name}}. Of several with
 * variables or a regex in them the one with more literal characters comes first; where there are as
 * many, the order of their texts decides. Templates without a route for the request's method are
 * passed over.
 *
 * <p>If no template matches, the request is answered 404, or by {@link Builder#notFound}. If none
 * of those that match has its method, it is answered 405. {@link Builder#refusals} says what such
 * answers look like. HEAD goes to the route for GET unless it has one, and OPTIONS is answered with
 * the methods there are unless it has one.
 *
 * <p>A regex is applied on the event loop to text that the client has chosen: its time should not
 * grow out of proportion with the length of the text.
 *
 * @see "RFC 3986 §2.4 and §3.3; RFC 9110 §9.3.2, §9.3.7 and §15.5.6"
 */
public final class Router implements Handler {
  /**
   * A route, for those who want to show what there is.
   *
   * @param method the name of the method; {@code *} for all
   * @param template the whole template, with those of the contexts it is in
   */
  public record RouteInfo(String method, String template) {}

  /**
   * What a router refuses by itself.
   *
   * @param status 404, 405, or 400 for a path that cannot be decoded
   * @param message says why, for people
   * @param headers that the response must have, such as {@code Allow}
   */
  public record Refusal(Status status, String message, Headers headers) {
    /** As it is answered where nobody says otherwise. */
    public Response asText() {
      Response text = Response.text(message).withStatus(status);
      for (int i = 0; i < headers.size(); i++) {
        text = text.withHeader(headers.name(i), headers.value(i));
      }
      return text;
    }
  }

  private final List<RouteInfo> infos;
  private final Map<String, Map<Method, Route>> literals = new HashMap<>();
  private final RouteNode root;
  private final int maxSegments;
  private final BiFunction<? super Request, ? super Refusal, Response> refusals;
  private final Route notFound;
  private final Route serverOptions;

  private Router(Builder builder) {
    List<Route> routes = builder.routes;
    Map<String, List<Route>> byPath = new HashMap<>();
    List<RouteInfo> shown = new ArrayList<>();
    int segments = 0;
    for (Route route : routes) {
      shown.add(new RouteInfo(route.methodName(), route.template()));
      segments = Math.max(segments, route.segments().size());
      if (route.isLiteral()) {
        byPath.computeIfAbsent(route.template(), unused -> new ArrayList<>()).add(route);
      }
    }
    infos = Collections.unmodifiableList(shown);
    byPath.forEach((path, those) -> literals.put(path, Route.byMethod(those)));
    root = new RouteNode(routes, 0);
    maxSegments = 1 + segments;
    refusals = builder.refusals;
    notFound =
        builder.notFound == null
            ? refused(new Refusal(Status.NOT_FOUND, "Not found", Headers.empty()))
            : unrouted(builder.notFound);
    serverOptions = options(Route.byMethod(routes).keySet());
  }

  /** A builder without routes. */
  public static Builder builder() {
    return new Builder(new ArrayList<>(), new HashMap<>(), "", false);
  }

  /** All routes in the order in which they were given. Unmodifiable. */
  public List<RouteInfo> routes() {
    return infos;
  }

  /**
   * Whether the handler of the request's route never waits. What this router answers by itself
   * never does.
   */
  @Override
  public boolean isNonBlocking(Request request) {
    return find(request).handler().isNonBlocking(request);
  }

  /** Has the handler of the request's route answer it. */
  @Override
  public Response handle(Request request) throws Exception {
    Route known = request.routeOf(this);
    return (known != null ? known : find(request)).handler().handle(request);
  }

  // ---- finding

  private Route find(Request request) {
    String path = request.path();
    Map<Method, Route> literal = literals.get(path);
    Route route = literal == null ? null : literal.get(request.method());
    if (route == null && path.startsWith("/")) {
      return search(request);
    }
    if (route == null) {
      boolean isServer = request.method() == Method.OPTIONS && path.equals("*");
      route = isServer ? serverOptions : notFound;
    }
    request.route(this, route, Map.of());
    return route;
  }

  private Route search(Request request) {
    Route route;
    Map<String, String> variables = Map.of();
    try {
      RoutePath path = RoutePath.of(request.path(), maxSegments);
      route = root.find(path, 0, methods -> methods.get(request.method()));
      if (route == null) {
        route = otherwise(request.method(), path);
      } else {
        variables = route.variables(path);
      }
    } catch (BadMessageException e) {
      route = badPath(e);
    }
    request.route(this, route, variables);
    return route;
  }

  /** What answers where no template that matches has the method. RFC 9110 §15.5.6. */
  private Route otherwise(Method method, RoutePath path) {
    Set<Method> allowed = EnumSet.noneOf(Method.class);
    root.find(
        path,
        0,
        methods -> {
          allowed.addAll(methods.keySet());
          return null;
        });
    if (allowed.isEmpty()) {
      return notFound;
    }
    return method == Method.OPTIONS
        ? options(allowed)
        : refused(
            new Refusal(
                Status.METHOD_NOT_ALLOWED,
                "Method not allowed",
                Headers.of("Allow", allow(allowed))));
  }

  // ---- what is answered without a route

  private static Route unrouted(Handler handler) {
    return new Route(null, "", List.of(), handler);
  }

  private Route refused(Refusal refusal) {
    return unrouted(Handler.nonBlocking(request -> refusals.apply(request, refusal)));
  }

  /** 400 for a path that cannot be decoded. */
  private Route badPath(BadMessageException e) {
    String message = Objects.requireNonNullElse(e.getMessage(), e.status().reason());
    return refused(new Refusal(e.status(), message, Headers.empty()));
  }

  /** The answer to OPTIONS: 204 with the methods there are. RFC 9110 §9.3.7. */
  private static Route options(Collection<Method> methods) {
    Response response = Response.noContent().withHeader("Allow", allow(methods));
    return unrouted(Handler.nonBlocking(request -> response));
  }

  /** The methods by name, with OPTIONS, which is always answered. */
  private static String allow(Collection<Method> methods) {
    TreeSet<String> names = new TreeSet<>();
    methods.forEach(method -> names.add(method.name()));
    names.add(Method.OPTIONS.name());
    return String.join(", ", names);
  }

  /**
   * Collects routes. Not safe for several threads at once.
   *
   * <p>Each method that adds a route throws {@link IllegalArgumentException} if its template is
   * malformed, or if it matches the same paths as that of another route for the same method.
   */
  public static final class Builder {
    // Of all contexts together
    private final List<Route> routes;
    private final Map<List<String>, String> templates;

    private final String prefix;
    private final boolean inContext;
    private @Nullable Handler notFound;
    private BiFunction<? super Request, ? super Refusal, Response> refusals =
        (request, refusal) -> refusal.asText();

    private Builder(
        List<Route> routes, Map<List<String>, String> templates, String prefix, boolean inContext) {
      this.routes = routes;
      this.templates = templates;
      this.prefix = prefix;
      this.inContext = inContext;
    }

    public Builder get(String template, Handler handler) {
      return add(Method.GET, template, handler);
    }

    /** Needed only where HEAD is not to be answered by the route for GET. */
    public Builder head(String template, Handler handler) {
      return add(Method.HEAD, template, handler);
    }

    public Builder post(String template, Handler handler) {
      return add(Method.POST, template, handler);
    }

    public Builder put(String template, Handler handler) {
      return add(Method.PUT, template, handler);
    }

    public Builder delete(String template, Handler handler) {
      return add(Method.DELETE, template, handler);
    }

    public Builder patch(String template, Handler handler) {
      return add(Method.PATCH, template, handler);
    }

    /** Needed only where OPTIONS is not to be answered with the methods there are. */
    public Builder options(String template, Handler handler) {
      return add(Method.OPTIONS, template, handler);
    }

    /** A route for all methods that have none of their own at the same template. */
    public Builder any(String template, Handler handler) {
      return add(null, template, handler);
    }

    public Builder route(Method method, String template, Handler handler) {
      return add(Objects.requireNonNull(method, "method"), template, handler);
    }

    /**
     * Routes whose templates all begin with this one, which may have variables. In it, {@code /} or
     * nothing is the template of the context itself: {@code context("/user/{id}", c -> c.get("/",
     * handler))} is {@code get("/user/{id}", handler)}.
     *
     * @throws IllegalArgumentException if the prefix does not start with a slash, or ends with one
     *     and is more than that
     */
    public Builder context(String prefixTemplate, Consumer<Builder> content) {
      boolean root = prefixTemplate.equals("/");
      if (!prefixTemplate.startsWith("/") || (prefixTemplate.endsWith("/") && !root)) {
        throw new IllegalArgumentException(
            "context prefix must start with '/' and not end with it but was \""
                + prefixTemplate
                + '"');
      }
      String inner = root ? prefix : prefix + prefixTemplate;
      content.accept(new Builder(routes, templates, inner, true));
      return this;
    }

    /**
     * What answers requests that no template matches, in place of 404.
     *
     * @throws IllegalStateException in a context, as it is for the whole router
     */
    public Builder notFound(Handler handler) {
      checkNotInContext("notFound");
      notFound = Objects.requireNonNull(handler, "handler");
      return this;
    }

    /**
     * Makes the responses of what this router refuses by itself, in place of short texts. Called
     * where a handler that never waits is, so it must not wait; the response should have the status
     * and headers of the refusal.
     *
     * @throws IllegalStateException in a context, as it is for the whole router
     */
    public Builder refusals(BiFunction<? super Request, ? super Refusal, Response> answer) {
      checkNotInContext("refusals");
      refusals = Objects.requireNonNull(answer, "answer");
      return this;
    }

    /**
     * The router with the routes so far.
     *
     * @throws IllegalStateException in a context, which has only some of the routes
     */
    public Router build() {
      checkNotInContext("build");
      return new Router(this);
    }

    /** Adds a route, unless there is one already that it could never be told apart from. */
    private Builder add(@Nullable Method method, String relative, Handler handler) {
      String template = whole(relative);
      Objects.requireNonNull(handler, "handler");
      Route route =
          new Route(method, template, new PathTemplateParser(template).segments(), handler);
      String other = templates.putIfAbsent(route.shape(), template);
      if (other != null) {
        throw new IllegalArgumentException(
            "two routes for "
                + (method == null ? "any method" : method.name())
                + " match the same paths: \""
                + other
                + "\" and \""
                + template
                + "\"");
      }
      routes.add(route);
      return this;
    }

    private String whole(String template) {
      if (inContext && (template.isEmpty() || template.equals("/"))) {
        return prefix.isEmpty() ? "/" : prefix;
      }
      return template.startsWith("/") ? prefix + template : template;
    }

    private void checkNotInContext(String method) {
      if (inContext) {
        throw new IllegalStateException(
            method + " must not be called in context \"" + prefix + '"');
      }
    }
  }
}
