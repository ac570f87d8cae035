package io.httpkit.spring.boot.actuate;

import io.httpkit.server.Request;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationArgumentResolver;
import org.springframework.boot.actuate.endpoint.ProducibleOperationArgumentResolver;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.actuate.endpoint.web.WebOperationRequestPredicate;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.util.StringUtils;

/** Something that can be asked for at a path; one of several there if they differ in types. */
final class EndpointOperation {
  private final List<MediaType> consumes;
  private final List<MediaType> produces;
  private final Function<Request, Optional<Object>> call;

  /**
   * An operation.
   *
   * @param consumes types of request bodies it understands; none if it takes no body
   * @param produces types it answers with, the preferred first; none if it answers with nothing
   * @param call does it; what it returns is what {@link EndpointContent} makes a response of
   */
  EndpointOperation(
      Collection<String> consumes,
      Collection<String> produces,
      Function<Request, Optional<Object>> call) {
    this.consumes = MediaType.parseMediaTypes(List.copyOf(consumes));
    this.produces = MediaType.parseMediaTypes(List.copyOf(produces));
    this.call = call;
  }

  /**
   * One of Boot's, with the arguments it takes from a request.
   *
   * @param namespace which of the servers of an application this is
   * @param remainingSegments finds what the operation's variable for the rest of the path is to be
   */
  static EndpointOperation of(
      WebOperation operation,
      ExposedEndpoints exposed,
      WebServerNamespace namespace,
      Function<Request, String[]> remainingSegments) {
    WebOperationRequestPredicate predicate = operation.getRequestPredicate();
    OperationArgumentResolver server =
        OperationArgumentResolver.of(WebServerNamespace.class, () -> namespace);
    return new EndpointOperation(
        predicate.getConsumes(),
        predicate.getProduces(),
        request -> {
          InvocationContext context =
              new InvocationContext(
                  exposed.security().securityContext(request),
                  arguments(predicate, request, exposed.content(), remainingSegments),
                  server,
                  new ProducibleOperationArgumentResolver(() -> request.headers().all("Accept")));
          return Optional.ofNullable(operation.invoke(context));
        });
  }

  List<MediaType> produces() {
    return produces;
  }

  boolean producesJson() {
    return produces.stream().anyMatch(MediaType.APPLICATION_JSON::isCompatibleWith);
  }

  /** A body whose type is not said may be anything. RFC 9110 §8.3. */
  boolean understands(Request request) {
    if (consumes.isEmpty()) {
      return true;
    }
    String header = request.header("Content-Type").orElse(MediaType.APPLICATION_OCTET_STREAM_VALUE);
    try {
      MediaType type = MediaType.parseMediaType(header);
      return consumes.stream().anyMatch(consumed -> consumed.includes(type));
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }

  @Nullable Object invoke(Request request) {
    return call.apply(request).orElse(null);
  }

  /** Later ones replace earlier ones of the same name. */
  @SuppressWarnings("NullAway") // arguments may be null, which the context's constructor omits
  private static Map<String, Object> arguments(
      WebOperationRequestPredicate predicate,
      Request request,
      EndpointContent content,
      Function<Request, String[]> remainingSegments) {
    Map<String, Object> arguments = new LinkedHashMap<>(request.pathVariables());
    String rest = predicate.getMatchAllRemainingPathSegmentsVariable();
    if (rest != null) {
      arguments.put(rest, remainingSegments.apply(request));
    }
    if (!predicate.getConsumes().isEmpty()) {
      arguments.putAll(content.arguments(request));
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
        .map(EndpointOperation::decode)
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
