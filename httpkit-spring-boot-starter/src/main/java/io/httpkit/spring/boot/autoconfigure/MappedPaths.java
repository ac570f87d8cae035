package io.httpkit.spring.boot.autoconfigure;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMapper;
import org.springframework.util.StringUtils;

/** Paths of endpoints as {@code management.endpoints.web.path-mapping} has them. */
final class MappedPaths implements PathMapper {
  private final Map<EndpointId, String> paths = new HashMap<>();

  MappedPaths(Map<String, String> mapping) {
    mapping.forEach((id, path) -> paths.put(EndpointId.fromPropertyValue(id), path));
  }

  @Override
  public @Nullable String getRootPath(EndpointId endpoint) {
    String path = paths.get(endpoint);
    return StringUtils.hasText(path) ? path : null;
  }
}
