package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.util.Collection;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.util.StringUtils;

/** Refuses that an endpoint takes the root of the port that the application is on. */
final class RootPathCheck {
  private static final String ROOT = "/";

  private RootPathCheck() {}

  /**
   * Checks endpoints that are served on the application's port.
   *
   * @throws InvalidHttpKitPropertyException if there is one at the root
   */
  static void check(String basePath, Collection<ExposableWebEndpoint> endpoints) {
    if (StringUtils.hasText(basePath) && !basePath.equals(ROOT)) {
      return;
    }
    for (ExposableWebEndpoint endpoint : endpoints) {
      if (isAtRoot(endpoint)) {
        throw new InvalidHttpKitPropertyException(
            "management.endpoints.web.base-path",
            ROOT,
            "the endpoint "
                + endpoint.getEndpointId()
                + " would take the root of the application's port; give the endpoints another path"
                + " or, with management.server.port, another port");
      }
    }
  }

  private static boolean isAtRoot(ExposableWebEndpoint endpoint) {
    return endpoint.getRootPath().equals(ROOT)
        || endpoint.getAdditionalPaths(WebServerNamespace.SERVER).contains(ROOT);
  }
}
