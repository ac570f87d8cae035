package io.httpkit.spring.boot.actuate;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.server.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.util.ClassUtils;
import org.springframework.util.MimeType;

/** Makes responses of what operations return. */
final class EndpointAnswers {
  private static final MimeType PLAIN = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

  private static final boolean HAS_PUBLISHERS =
      ClassUtils.isPresent("org.reactivestreams.Publisher", EndpointAnswers.class.getClassLoader());

  private final EndpointJson json;

  EndpointAnswers(EndpointJson json) {
    this.json = json;
  }

  /**
   * The response.
   *
   * @param method of the request: nothing is 404 where something was to be read, else 204
   * @param type what the client accepts of what the operation offers; null if it does not matter
   * @throws IOException if the resource that was returned cannot be read
   */
  Response of(@Nullable Object result, Method method, @Nullable MimeType type) throws IOException {
    Object known = HAS_PUBLISHERS ? PublishedResult.await(result) : result;
    if (known instanceof WebEndpointResponse<?> response) {
      MimeType own = response.getContentType();
      Status status = Status.of(response.getStatus());
      Object body = response.getBody();
      return body == null ? Response.of(status) : of(status, body, own == null ? type : own);
    }
    if (known == null) {
      boolean reading = method == Method.GET || method == Method.HEAD;
      return Response.of(reading ? Status.NOT_FOUND : Status.NO_CONTENT);
    }
    return of(Status.OK, known, type);
  }

  private Response of(Status status, Object body, @Nullable MimeType type) throws IOException {
    if (body instanceof Resource resource) {
      return of(status, resource(resource), type, MediaType.APPLICATION_OCTET_STREAM);
    }
    if (body instanceof byte[] bytes) {
      return of(status, Body.of(bytes), type, MediaType.APPLICATION_OCTET_STREAM);
    }
    if (body instanceof CharSequence text) {
      return of(status, Body.of(text.toString()), type, PLAIN);
    }
    return of(status, Body.of(json.write(body)), type, MediaType.APPLICATION_JSON);
  }

  private static Response of(
      Status status, Body body, @Nullable MimeType type, MimeType otherwise) {
    MimeType contentType = type == null ? otherwise : type;
    return Response.of(status, Headers.of("Content-Type", contentType.toString()), body);
  }

  /** Read as the client takes it; a heap dump deletes its file when its stream is closed. */
  private static Body resource(Resource resource) throws IOException {
    return resource.isFile()
        ? Body.of(resource.getFile().toPath())
        : Body.of(resource.getInputStream(), resource.contentLength());
  }
}
