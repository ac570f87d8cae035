package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.web.ResultWriter;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpEntity;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** Writes entities: their body as another writer does, with their headers and status. */
final class EntityWriter implements ResultWriter {
  private final ResultWriter body;
  private final Decided decided;

  /** Writes a body in a type that is not negotiated any more. */
  interface Decided {
    /** The response; null if the type makes no difference for this value. */
    @Nullable Response write(Object value, MediaType mediaType, Request request) throws IOException;
  }

  EntityWriter(ResultWriter body, Decided decided) {
    this.body = body;
    this.decided = decided;
  }

  @Override
  public Response write(@Nullable Object value, Request request) throws Exception {
    if (value == null) {
      return Response.of(Status.OK);
    }
    HttpEntity<?> entity = (HttpEntity<?>) value;
    Response response = body(entity, request);
    Headers headers = SpringHeaders.of(entity.getHeaders());
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      response = response.withHeader(name, headers.all(name));
    }
    return entity instanceof ResponseEntity<?> full
        ? response.withStatus(Statuses.of(full.getStatusCode().value()))
        : response;
  }

  private Response body(HttpEntity<?> entity, Request request) throws Exception {
    Object value = entity.getBody();
    if (value == null) {
      return Response.of(Status.OK);
    }
    MediaType mediaType = entity.getHeaders().getContentType();
    Response written =
        mediaType != null && mediaType.isConcrete()
            ? decided.write(value, mediaType, request)
            : null;
    return written != null ? written : body.write(value, request);
  }
}
