package io.httpkit.spring.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.springframework.util.StringUtils;

/**
 * Paths at which and below which the router's refusals are answered as the router does it, and not
 * as problems.
 */
final class PlainRefusals {
  private final Set<String> paths;

  PlainRefusals(Set<String> paths) {
    this.paths = paths;
  }

  /**
   * Whether it is so at this path.
   *
   * @param path as it was sent
   */
  boolean at(String path) {
    String decoded = decoded(path);
    return paths.stream().anyMatch(root -> decoded.equals(root) || decoded.startsWith(root + "/"));
  }

  private static String decoded(String path) {
    try {
      return StringUtils.uriDecode(path, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return path;
    }
  }
}
