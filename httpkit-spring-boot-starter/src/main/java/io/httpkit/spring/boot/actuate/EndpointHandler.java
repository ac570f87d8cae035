package io.httpkit.spring.boot.actuate;

import io.httpkit.http.Status;
import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * Answers the requests of one path and method with that of its operations whose types fit. Runs on
 * workers, as operations wait for other systems.
 */
final class EndpointHandler implements Handler {
  private final List<EndpointOperation> operations;
  private final EndpointAnswers answers;

  EndpointHandler(List<EndpointOperation> operations, EndpointAnswers answers) {
    this.operations = jsonFirst(operations);
    this.answers = answers;
  }

  /**
   * Those that answer with JSON before others, as who accepts anything is to get that. Methods of a
   * class, and so operations, come in any order.
   */
  static List<EndpointOperation> jsonFirst(List<EndpointOperation> operations) {
    List<EndpointOperation> sorted = new ArrayList<>(operations);
    sorted.sort(Comparator.comparing(operation -> !producesJson(operation)));
    return List.copyOf(sorted);
  }

  private static boolean producesJson(EndpointOperation operation) {
    return operation.produces().stream().anyMatch(MediaType.APPLICATION_JSON::isCompatibleWith);
  }

  @Override
  public Response handle(Request request) throws Exception {
    try {
      return answer(request);
    } catch (InvalidEndpointRequestException e) {
      return refused(Status.BAD_REQUEST, e.getReason());
    }
  }

  private Response answer(Request request) throws Exception {
    List<EndpointOperation> consuming =
        operations.stream().filter(operation -> understands(operation, request)).toList();
    if (consuming.isEmpty()) {
      return refused(Status.UNSUPPORTED_MEDIA_TYPE, "Unsupported Content-Type");
    }
    AcceptedTypes.Choice choice = AcceptedTypes.of(request).choose(consuming);
    if (choice == null) {
      return refused(Status.NOT_ACCEPTABLE, "Nothing of the types in Accept");
    }
    return answers.of(choice.operation().invoke(request), request.method(), choice.type());
  }

  /** A body whose type is not said may be anything. RFC 9110 §8.3. */
  private static boolean understands(EndpointOperation operation, Request request) {
    if (operation.consumes().isEmpty()) {
      return true;
    }
    String header = request.header("Content-Type").orElse(MediaType.APPLICATION_OCTET_STREAM_VALUE);
    try {
      MediaType type = MediaType.parseMediaType(header);
      return operation.consumes().stream().anyMatch(consumed -> consumed.includes(type));
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }

  private static Response refused(Status status, @Nullable String reason) {
    return Response.text(reason == null ? status.reason() : reason).withStatus(status);
  }
}
