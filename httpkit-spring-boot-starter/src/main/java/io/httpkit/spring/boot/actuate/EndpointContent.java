package io.httpkit.spring.boot.actuate;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.util.ClassUtils;
import org.springframework.util.MimeType;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads arguments from bodies of requests, and makes responses of what operations return. */
public final class EndpointContent {
  private static final MimeType PLAIN = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

  private static final boolean HAS_PUBLISHERS =
      ClassUtils.isPresent("org.reactivestreams.Publisher", EndpointContent.class.getClassLoader());

  private final JsonMapper endpoints;
  private final JsonMapper application;

  /**
   * Reads and writes JSON with these.
   *
   * @param endpoints for what Boot's endpoints return, so that settings of the application do not
   *     change its form
   * @param application for all else
   */
  public EndpointContent(JsonMapper endpoints, JsonMapper application) {
    this.endpoints = endpoints;
    this.application = application;
  }

  /**
   * The arguments in the body of a request; none if it is empty.
   *
   * @throws InvalidEndpointRequestException if it is not an object of simple values
   */
  Map<String, @Nullable String> arguments(Request request) {
    byte[] body = request.bytes();
    if (body.length == 0) {
      return Map.of();
    }
    try {
      Map<String, @Nullable String> arguments =
          application.readerForMapOf(String.class).readValue(body);
      return arguments == null ? Map.of() : arguments;
    } catch (JacksonException e) {
      throw new InvalidEndpointRequestException(
          "malformed arguments", "The body must be a JSON object of simple values", e);
    }
  }

  /**
   * The response of an operation: nothing is 404 where something was to be read, else 204.
   *
   * @param type what the client accepts of what the operation offers; null if it does not matter
   * @throws IOException if the resource that was returned cannot be read
   */
  Response answer(EndpointOperation operation, Request request, @Nullable MimeType type)
      throws IOException {
    Object result = operation.invoke(request);
    Object known = HAS_PUBLISHERS ? PublishedResult.await(result) : result;
    if (known instanceof WebEndpointResponse<?> response) {
      MimeType own = response.getContentType();
      Status status = Status.of(response.getStatus());
      Object body = response.getBody();
      return body == null ? Response.of(status) : of(status, body, own == null ? type : own);
    }
    if (known == null) {
      boolean reading = request.method() == Method.GET || request.method() == Method.HEAD;
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
    JsonMapper mapper = body instanceof OperationResponseBody ? endpoints : application;
    return of(status, Body.of(mapper.writeValueAsBytes(body)), type, MediaType.APPLICATION_JSON);
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
