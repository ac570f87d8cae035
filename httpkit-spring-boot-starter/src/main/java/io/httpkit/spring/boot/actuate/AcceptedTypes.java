package io.httpkit.spring.boot.actuate;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.server.AcceptHeader;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** The types a client accepts. RFC 9110 §12.5.1. */
final class AcceptedTypes {
  /**
   * What is chosen.
   *
   * @param type what it is to answer with; null if the operation does not say
   */
  record Choice(EndpointOperation operation, @Nullable MediaType type) {}

  private final List<MediaType> types;

  private AcceptedTypes(List<MediaType> types) {
    this.types = types;
  }

  /**
   * Those of a request; all if it does not say.
   *
   * @throws InvalidEndpointRequestException if they are malformed
   */
  static AcceptedTypes of(Request request) {
    try {
      return new AcceptedTypes(AcceptHeader.types(request));
    } catch (InvalidMediaTypeException e) {
      throw new InvalidEndpointRequestException(e.getMessage(), "Malformed Accept header", e);
    }
  }

  /** The first operation that has what the client likes best; null if none has what it accepts. */
  @Nullable Choice choose(List<EndpointOperation> operations) {
    for (MediaType accepted : types) {
      for (EndpointOperation operation : operations) {
        if (operation.produces().isEmpty()) {
          return new Choice(operation, null);
        }
        for (MediaType produced : operation.produces()) {
          if (accepted.isCompatibleWith(produced)) {
            return new Choice(operation, produced);
          }
        }
      }
    }
    return null;
  }
}
