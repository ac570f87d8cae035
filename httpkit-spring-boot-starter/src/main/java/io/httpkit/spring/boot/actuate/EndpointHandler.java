package io.httpkit.spring.boot.actuate;

import io.httpkit.http.Status;
import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.server.AcceptHeader;
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
  private final EndpointContent content;

  EndpointHandler(List<EndpointOperation> operations, EndpointContent content) {
    this.operations = jsonFirst(operations);
    this.content = content;
  }

  /**
   * Those that answer with JSON before others, as who accepts anything is to get that. Methods of a
   * class, and so operations, come in any order.
   */
  static List<EndpointOperation> jsonFirst(List<EndpointOperation> operations) {
    List<EndpointOperation> sorted = new ArrayList<>(operations);
    sorted.sort(Comparator.comparing(operation -> !operation.producesJson()));
    return List.copyOf(sorted);
  }

  @Override
  public Response handle(Request request) throws Exception {
    try {
      return answer(request);
    } catch (InvalidEndpointRequestException e) {
      return refused(Status.BAD_REQUEST, e.getReason());
    }
  }

  /** Of the first operation that has what the client likes best. */
  private Response answer(Request request) throws Exception {
    List<EndpointOperation> consuming =
        operations.stream().filter(operation -> operation.understands(request)).toList();
    if (consuming.isEmpty()) {
      return refused(Status.UNSUPPORTED_MEDIA_TYPE, "Unsupported Content-Type");
    }
    for (MediaType accepted : accepted(request)) {
      for (EndpointOperation operation : consuming) {
        if (operation.produces().isEmpty()) {
          return content.answer(operation, request, null);
        }
        for (MediaType produced : operation.produces()) {
          if (accepted.isCompatibleWith(produced)) {
            return content.answer(operation, request, produced);
          }
        }
      }
    }
    return refused(Status.NOT_ACCEPTABLE, "Nothing of the types in Accept");
  }

  private static List<MediaType> accepted(Request request) {
    try {
      return AcceptHeader.of(request).types();
    } catch (InvalidMediaTypeException e) {
      throw new InvalidEndpointRequestException(e.getMessage(), "Malformed Accept header", e);
    }
  }

  private static Response refused(Status status, @Nullable String reason) {
    return Response.text(reason == null ? status.reason() : reason).withStatus(status);
  }
}
