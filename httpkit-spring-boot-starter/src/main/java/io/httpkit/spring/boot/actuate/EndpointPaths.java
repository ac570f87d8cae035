package io.httpkit.spring.boot.actuate;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import org.springframework.boot.actuate.endpoint.web.EndpointMapping;
import org.springframework.boot.actuate.endpoint.web.ExposableWebEndpoint;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.util.StringUtils;

/** The paths of endpoints, and all that is below them, whether anything answers there or not. */
public final class EndpointPaths {
  private final Set<String> roots;

  private EndpointPaths(Set<String> roots) {
    this.roots = roots;
  }

  /**
   * The paths of all endpoints.
   *
   * @param basePath what they begin with; if it is empty or the root, each endpoint has a path for
   *     itself
   */
  public static EndpointPaths under(String basePath, ExposedEndpoints endpoints) {
    EndpointMapping mapping = new EndpointMapping(basePath);
    if (!mapping.getPath().isEmpty()) {
      return new EndpointPaths(Set.of(mapping.getPath()));
    }
    Set<String> roots = new LinkedHashSet<>();
    for (ExposableWebEndpoint endpoint : endpoints.endpoints().getEndpoints()) {
      roots.add(mapping.createSubPath(endpoint.getRootPath()));
    }
    return new EndpointPaths(roots);
  }

  /** Those that endpoints have beside their own, such as {@code /livez}. */
  public static EndpointPaths additional(WebServerNamespace namespace, ExposedEndpoints endpoints) {
    EndpointMapping mapping = new EndpointMapping("");
    Set<String> roots = new LinkedHashSet<>();
    for (ExposableWebEndpoint endpoint : endpoints.endpoints().getEndpoints()) {
      endpoint
          .getAdditionalPaths(namespace)
          .forEach(path -> roots.add(mapping.createSubPath(path)));
    }
    return new EndpointPaths(roots);
  }

  /**
   * Whether this is one of them.
   *
   * @param path as it was sent
   */
  public boolean contains(String path) {
    String decoded = decoded(path);
    return roots.stream().anyMatch(root -> decoded.equals(root) || decoded.startsWith(root + "/"));
  }

  private static String decoded(String path) {
    try {
      return StringUtils.uriDecode(path, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return path;
    }
  }
}
