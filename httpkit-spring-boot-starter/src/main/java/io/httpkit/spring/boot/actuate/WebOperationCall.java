package io.httpkit.spring.boot.actuate;

import io.httpkit.server.Request;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationArgumentResolver;
import org.springframework.boot.actuate.endpoint.ProducibleOperationArgumentResolver;
import org.springframework.boot.actuate.endpoint.web.WebOperation;
import org.springframework.boot.actuate.endpoint.web.WebServerNamespace;
import org.springframework.http.MediaType;

/** An operation of an endpoint, with the arguments it takes from a request. */
final class WebOperationCall implements EndpointOperation {
  /**
   * What all calls of a server share.
   *
   * @param namespace which of the servers of an application this is
   */
  record Setting(WebServerNamespace namespace, EndpointSecurity security, EndpointJson json) {}

  private final WebOperation operation;
  private final Setting setting;
  private final Function<Request, String[]> remainingSegments;
  private final List<MediaType> consumes;
  private final List<MediaType> produces;

  /**
   * A call.
   *
   * @param remainingSegments finds what the operation's variable for the rest of the path is to be
   */
  WebOperationCall(
      WebOperation operation, Setting setting, Function<Request, String[]> remainingSegments) {
    this.operation = operation;
    this.setting = setting;
    this.remainingSegments = remainingSegments;
    this.consumes = types(operation.getRequestPredicate().getConsumes());
    this.produces = types(operation.getRequestPredicate().getProduces());
  }

  private static List<MediaType> types(Collection<String> names) {
    return names.stream().map(MediaType::parseMediaType).toList();
  }

  @Override
  public List<MediaType> consumes() {
    return consumes;
  }

  @Override
  public List<MediaType> produces() {
    return produces;
  }

  @Override
  public @Nullable Object invoke(Request request) {
    InvocationContext context =
        new InvocationContext(
            setting.security().securityContext(request),
            arguments(request),
            OperationArgumentResolver.of(WebServerNamespace.class, setting::namespace),
            new ProducibleOperationArgumentResolver(() -> request.headers().all("Accept")));
    return operation.invoke(context);
  }

  /** Later ones replace earlier ones of the same name. */
  @SuppressWarnings("NullAway") // arguments may be null, which the context's constructor omits
  private Map<String, Object> arguments(Request request) {
    Map<String, Object> arguments = new LinkedHashMap<>(request.pathVariables());
    String rest = operation.getRequestPredicate().getMatchAllRemainingPathSegmentsVariable();
    if (rest != null) {
      arguments.put(rest, remainingSegments.apply(request));
    }
    if (!consumes.isEmpty()) {
      arguments.putAll(setting.json().readArguments(request.bytes()));
    }
    for (String name : request.query().names()) {
      List<String> values = request.query().all(name);
      arguments.put(name, values.size() == 1 ? values.get(0) : values);
    }
    return arguments;
  }
}
