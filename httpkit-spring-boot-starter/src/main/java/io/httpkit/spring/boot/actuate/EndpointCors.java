package io.httpkit.spring.boot.actuate;

import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.util.CollectionUtils;
import org.springframework.util.StringUtils;
import org.springframework.web.cors.CorsConfiguration;

/** Lets pages of other origins call endpoints, as far as they are allowed to. Fetch §3.3. */
public final class EndpointCors {
  private static final String VARY =
      String.join(
          ", ",
          HttpHeaders.ORIGIN,
          HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD,
          HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);

  private final CorsConfiguration allowed;

  /**
   * Allows what this allows.
   *
   * @throws IllegalArgumentException if it allows credentials to all origins
   */
  public EndpointCors(CorsConfiguration allowed) {
    allowed.validateAllowCredentials();
    this.allowed = allowed;
  }

  /** The handler, for those whose origin may call it; for others 403. */
  Handler around(Handler handler) {
    return request -> {
      String origin = foreignOrigin(request);
      if (origin == null) {
        return vary(handler.handle(request));
      }
      String permitted = allowed.checkOrigin(origin);
      if (permitted == null || methods(request.method().name()) == null) {
        return refused();
      }
      Response response = permit(handler.handle(request), permitted);
      return withList(
          response, HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, allowed.getExposedHeaders());
    };
  }

  /** Answers OPTIONS at a path that has these methods. */
  Handler preflight(Collection<Method> methods) {
    Response options = Response.noContent().withHeader(HttpHeaders.ALLOW, allow(methods));
    return Handler.nonBlocking(
        request -> {
          String origin = foreignOrigin(request);
          String method = request.header(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD).orElse(null);
          return origin == null || method == null
              ? vary(options)
              : preflight(request, origin, method);
        });
  }

  private static String allow(Collection<Method> methods) {
    TreeSet<String> names = new TreeSet<>();
    methods.forEach(method -> names.add(method.name()));
    if (methods.contains(Method.GET)) {
      names.add(Method.HEAD.name());
    }
    names.add(Method.OPTIONS.name());
    return String.join(", ", names);
  }

  private Response preflight(Request request, String origin, String method) {
    String permitted = allowed.checkOrigin(origin);
    List<String> methods = methods(method);
    List<String> headers = allowed.checkHeaders(requestedHeaders(request));
    if (permitted == null || methods == null || headers == null) {
      return refused();
    }
    Response response = permit(Response.of(Status.OK), permitted);
    response = withList(response, HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, methods);
    response = withList(response, HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, headers);
    Long maxAge = allowed.getMaxAge();
    return maxAge == null
        ? response
        : response.withHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, maxAge.toString());
  }

  private static List<String> requestedHeaders(Request request) {
    return request
        .header(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS)
        .map(names -> List.of(StringUtils.tokenizeToStringArray(names, ",")))
        .orElse(List.of());
  }

  /** The methods that are allowed if this one is; else null. */
  private @Nullable List<String> methods(String method) {
    List<HttpMethod> methods = allowed.checkHttpMethod(HttpMethod.valueOf(method));
    return methods == null ? null : methods.stream().map(HttpMethod::name).toList();
  }

  /** Where the page that asks comes from; null if that is this server, or nobody says. */
  private static @Nullable String foreignOrigin(Request request) {
    String own = request.scheme() + "://" + request.header("Host").orElse("");
    return request
        .header(HttpHeaders.ORIGIN)
        .filter(origin -> !origin.equalsIgnoreCase(own))
        .orElse(null);
  }

  private static Response refused() {
    return vary(Response.text("Invalid CORS request").withStatus(Status.FORBIDDEN));
  }

  private Response permit(Response response, String origin) {
    Response permitted = vary(response).withHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    return Boolean.TRUE.equals(allowed.getAllowCredentials())
        ? permitted.withHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true")
        : permitted;
  }

  /** What a cache keeps for one origin must not be given to another. */
  private static Response vary(Response response) {
    return response.withHeader(HttpHeaders.VARY, VARY);
  }

  private static Response withList(Response response, String name, @Nullable List<String> values) {
    return CollectionUtils.isEmpty(values)
        ? response
        : response.withHeader(name, String.join(", ", values));
  }
}
