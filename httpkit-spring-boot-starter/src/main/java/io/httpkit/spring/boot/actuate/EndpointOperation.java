package io.httpkit.spring.boot.actuate;

import io.httpkit.server.Request;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/** Something that can be asked for at a path; one of several there if they differ in types. */
final class EndpointOperation {
  private final List<MediaType> consumes;
  private final List<MediaType> produces;
  private final Function<Request, @Nullable Object> call;

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
      Function<Request, @Nullable Object> call) {
    this.consumes = MediaType.parseMediaTypes(List.copyOf(consumes));
    this.produces = MediaType.parseMediaTypes(List.copyOf(produces));
    this.call = call;
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
    return call.apply(request);
  }
}
