package io.httpkit.spring.boot.actuate;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.web.EndpointMediaTypes;
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
    EndpointJson json,
    @Nullable EndpointCors cors) {
  /** Routes for a server; none yet. */
  public EndpointRoutes routesOn(WebServerNamespace namespace) {
    return new EndpointRoutes(this, namespace);
  }
}
