package io.httpkit.spring.boot.actuate;

import io.httpkit.server.Request;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationArgumentResolver;
import org.springframework.boot.actuate.endpoint.ProducibleOperationArgumentResolver;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.actuate.endpoint.web.WebOperationRequestPredicate;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.util.StringUtils;

/** Calls an operation of an endpoint with the arguments it takes from a request. */
final class WebOperationCall implements Function<Request, @Nullable Object> {
  private final WebOperation operation;
  private final ExposedEndpoints exposed;
  private final WebServerNamespace namespace;
  private final Function<Request, String[]> remainingSegments;

  /**
   * A call.
   *
   * @param namespace which of the servers of an application this is
   * @param remainingSegments finds what the operation's variable for the rest of the path is to be
   */
  WebOperationCall(
      WebOperation operation,
      ExposedEndpoints exposed,
      WebServerNamespace namespace,
      Function<Request, String[]> remainingSegments) {
    this.operation = operation;
    this.exposed = exposed;
    this.namespace = namespace;
    this.remainingSegments = remainingSegments;
  }

  @Override
  public @Nullable Object apply(Request request) {
    InvocationContext context =
        new InvocationContext(
            exposed.security().securityContext(request),
            arguments(request),
            OperationArgumentResolver.of(WebServerNamespace.class, () -> namespace),
            new ProducibleOperationArgumentResolver(() -> request.headers().all("Accept")));
    return operation.invoke(context);
  }

  /** Later ones replace earlier ones of the same name. */
  @SuppressWarnings("NullAway") // arguments may be null, which the context's constructor omits
  private Map<String, Object> arguments(Request request) {
    Map<String, Object> arguments = new LinkedHashMap<>(request.pathVariables());
    WebOperationRequestPredicate predicate = operation.getRequestPredicate();
    String rest = predicate.getMatchAllRemainingPathSegmentsVariable();
    if (rest != null) {
      arguments.put(rest, remainingSegments.apply(request));
    }
    if (!predicate.getConsumes().isEmpty()) {
      arguments.putAll(exposed.content().arguments(request));
    }
    for (String name : request.query().names()) {
      List<String> values = request.query().all(name);
      arguments.put(name, values.size() == 1 ? values.get(0) : values);
    }
    return arguments;
  }

  /**
   * The decoded segments of a path that {@code {*name}} at the end of a template takes; none if the
   * path ends before.
   *
   * @throws InvalidEndpointRequestException if one has an encoded slash, which Boot's endpoints do
   *     not expect
   */
  static String[] segmentsBehind(String template, String path) {
    int start = 0;
    for (int i = StringUtils.countOccurrencesOf(template, "/"); i > 0; i--) {
      int slash = path.indexOf('/', start);
      if (slash < 0) {
        return new String[0];
      }
      start = slash + 1;
    }
    return Arrays.stream(path.substring(start).split("/", -1))
        .filter(segment -> !segment.isEmpty())
        .map(WebOperationCall::decode)
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
