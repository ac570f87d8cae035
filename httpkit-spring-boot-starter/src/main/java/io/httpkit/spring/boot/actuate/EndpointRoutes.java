package io.httpkit.spring.boot.actuate;

import io.httpkit.http.Method;
import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.EndpointLinksResolver;
import org.springframework.boot.actuate.endpoint.web.EndpointMapping;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointHttpMethod;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.actuate.endpoint.web.WebOperationRequestPredicate;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;

/**
 * The routes of endpoints on one server. Which there are is to be said before they are given to a
 * router.
 */
public final class EndpointRoutes implements RouterCustomizer {
  private final ExposedEndpoints exposed;
  private final Collection<ExposableWebEndpoint> endpoints;
  private final WebServerNamespace namespace;
  private final Map<String, Map<Method, List<EndpointOperation>>> operations =
      new LinkedHashMap<>();

  EndpointRoutes(ExposedEndpoints exposed, WebServerNamespace namespace) {
    this.exposed = exposed;
    this.endpoints = exposed.endpoints().getEndpoints();
    this.namespace = namespace;
  }

  /**
   * All operations of all endpoints.
   *
   * @param basePath what their paths begin with; may be empty
   */
  public EndpointRoutes operations(String basePath) {
    EndpointMapping mapping = new EndpointMapping(basePath);
    for (ExposableWebEndpoint endpoint : endpoints) {
      for (WebOperation operation : endpoint.getOperations()) {
        String path = mapping.createSubPath(operation.getRequestPredicate().getPath());
        add(path, operation, request -> EndpointOperation.segmentsBehind(path, request.path()));
      }
    }
    return this;
  }

  /**
   * The paths that endpoints have on this server beside their own, such as {@code /livez} of a
   * group of the health endpoint. The endpoint is told which of them was asked for.
   *
   * @param basePath what they begin with; may be empty
   */
  public EndpointRoutes additionalPaths(String basePath) {
    EndpointMapping mapping = new EndpointMapping(basePath);
    for (ExposableWebEndpoint endpoint : endpoints) {
      for (String path : endpoint.getAdditionalPaths(namespace)) {
        endpoint.getOperations().stream()
            .filter(EndpointRoutes::readsAnyPath)
            .forEach(operation -> add(mapping.createSubPath(path), operation, named(path)));
      }
    }
    return this;
  }

  private static boolean readsAnyPath(WebOperation operation) {
    WebOperationRequestPredicate predicate = operation.getRequestPredicate();
    return predicate.getHttpMethod() == WebEndpointHttpMethod.GET
        && predicate.getMatchAllRemainingPathSegmentsVariable() != null;
  }

  private static Function<Request, String[]> named(String path) {
    String[] segments = {path.startsWith("/") ? path.substring(1) : path};
    return request -> segments.clone();
  }

  /** A page that says where the endpoints are. */
  public EndpointRoutes links(String basePath) {
    String path = new EndpointMapping(basePath).getPath();
    EndpointLinksResolver links = new EndpointLinksResolver(endpoints, path);
    add(
        path,
        Method.GET,
        new EndpointOperation(
            List.of(),
            exposed.types().getProduced(),
            request ->
                Optional.of(
                    OperationResponseBody.of(Map.of("_links", links.resolveLinks(url(request)))))));
    return this;
  }

  /** A client of HTTP/1.0 need not say to which host it came; it gets links without. */
  private static String url(Request request) {
    return request
        .header("Host")
        .map(host -> request.scheme() + "://" + host + request.path())
        .orElse(request.path());
  }

  private void add(String path, WebOperation operation, Function<Request, String[]> remaining) {
    add(
        path,
        Method.valueOf(operation.getRequestPredicate().getHttpMethod().name()),
        EndpointOperation.of(operation, exposed, namespace, remaining));
  }

  private void add(String path, Method method, EndpointOperation operation) {
    operations
        .computeIfAbsent(path.isEmpty() ? "/" : path, unused -> new EnumMap<>(Method.class))
        .computeIfAbsent(method, unused -> new ArrayList<>())
        .add(operation);
  }

  @Override
  public void customize(Router.Builder routes) {
    operations.forEach(
        (path, methods) -> {
          methods.forEach((method, those) -> routes.route(method, path, handler(those)));
          EndpointCors cors = exposed.cors();
          if (cors != null) {
            routes.options(path, cors.preflight(methods.keySet()));
          }
        });
  }

  private Handler handler(List<EndpointOperation> those) {
    Handler handler = new EndpointHandler(those, exposed.content());
    EndpointCors cors = exposed.cors();
    return cors == null ? handler : cors.around(handler);
  }
}
