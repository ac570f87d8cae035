package io.httpkit.spring.boot.actuate;

import io.httpkit.server.Request;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.util.StringUtils;

/**
 * Finds the decoded segments of a path that {@code {*name}} at the end of a template takes. One
 * that has a slash in it is refused, as Boot's endpoints do not expect it.
 */
final class RemainingSegments implements Function<Request, String[]> {
  private final int before;

  /** For requests that match this template. */
  RemainingSegments(String template) {
    this.before = StringUtils.countOccurrencesOf(template, "/");
  }

  /**
   * The segments; none if the path ends before.
   *
   * @throws InvalidEndpointRequestException if one has an encoded slash
   */
  @Override
  public String[] apply(Request request) {
    String path = request.path();
    int start = 0;
    for (int i = 0; i < before; i++) {
      int slash = path.indexOf('/', start);
      if (slash < 0) {
        return new String[0];
      }
      start = slash + 1;
    }
    return decoded(path.substring(start));
  }

  private static String[] decoded(String segments) {
    return Arrays.stream(segments.split("/", -1))
        .filter(segment -> !segment.isEmpty())
        .map(RemainingSegments::decode)
        .toArray(String[]::new);
  }

  private static String decode(String segment) {
    String decoded = StringUtils.uriDecode(segment, StandardCharsets.UTF_8);
    if (decoded.indexOf('/') >= 0) {
      throw new InvalidEndpointRequestException(
          "encoded slash", "A segment of the path must not contain a slash");
    }
    return decoded;
  }
}
