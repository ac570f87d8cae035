package io.httpkit.spring.boot.actuate;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.web.EndpointMapping;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebEndpointsSupplier;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;

/**
 * The endpoints that are exposed over HTTP, and what their handlers need.
 *
 * @param endpoints asked when routes are made; it creates the beans of all endpoints
 * @param types what the page of links is offered as
 * @param security on whose behalf endpoints are called
 * @param cors which pages of other origins may call endpoints; null for none
 */
public record ExposedEndpoints(
    WebEndpointsSupplier endpoints,
    EndpointMediaTypes types,
    EndpointSecurity security,
    EndpointContent content,
    @Nullable EndpointCors cors) {
  /** Routes for a server; none yet. */
  public EndpointRoutes routesOn(WebServerNamespace namespace) {
    return new EndpointRoutes(this, namespace);
  }

  /**
   * The paths at and below which all endpoints are.
   *
   * @param basePath what they begin with; if it is empty or the root, each endpoint has a path for
   *     itself
   */
  public Set<String> paths(String basePath) {
    EndpointMapping mapping = new EndpointMapping(basePath);
    if (!mapping.getPath().isEmpty()) {
      return Set.of(mapping.getPath());
    }
    Set<String> paths = new LinkedHashSet<>();
    for (ExposableWebEndpoint endpoint : endpoints.getEndpoints()) {
      paths.add(mapping.createSubPath(endpoint.getRootPath()));
    }
    return paths;
  }

  /** Those that endpoints have on a server beside their own, such as {@code /livez}. */
  public Set<String> additionalPaths(WebServerNamespace namespace) {
    EndpointMapping mapping = new EndpointMapping("");
    Set<String> paths = new LinkedHashSet<>();
    for (ExposableWebEndpoint endpoint : endpoints.getEndpoints()) {
      for (String path : endpoint.getAdditionalPaths(namespace)) {
        paths.add(mapping.createSubPath(path));
      }
    }
    return paths;
  }
}
