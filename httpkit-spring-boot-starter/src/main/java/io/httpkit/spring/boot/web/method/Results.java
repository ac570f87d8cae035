package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.web.ResultResolver;
import io.httpkit.spring.boot.web.ResultWriter;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;

/** How the values that handler methods return become responses. */
final class Results {
  private static final ResolvableType ANY = ResolvableType.forClass(Object.class);

  private final List<ResultResolver> resolvers;
  private final StreamResults streams;
  private final MessageWriter writer;
  private final Problems problems;

  Results(
      List<ResultResolver> resolvers,
      StreamResults streams,
      MessageWriter writer,
      Problems problems) {
    this.resolvers = resolvers;
    this.streams = streams;
    this.writer = writer;
    this.problems = problems;
  }

  /**
   * The writer for what a method returns.
   *
   * @throws HandlerMethodException if nothing can write it
   */
  ResultWriter writer(Returned returned) {
    return writer(returned.type(), returned);
  }

  private ResultWriter writer(ResolvableType type, Returned returned) {
    for (ResultResolver resolver : resolvers) {
      ResultWriter found = resolver.resolve(type, returned.parameter());
      if (found != null) {
        return found;
      }
    }
    Class<?> raw = type.resolve(Object.class);
    if (HttpEntity.class.isAssignableFrom(raw)) {
      ResolvableType body = type.as(HttpEntity.class).getGeneric();
      ResultWriter bodies = writer(body, returned);
      return (value, request) -> entity((HttpEntity<?>) value, body, bodies, returned, request);
    }
    if (streams.isStream(raw)) {
      return streams.writer(type, returned);
    }
    checkIsResult(raw, returned);
    checkWritable(raw, type, returned);
    return (value, request) -> write(value, type, returned, request);
  }

  private static void checkIsResult(Class<?> raw, Returned returned) {
    String instead = RefusedResults.insteadOf(raw);
    if (instead != null) {
      throw new HandlerMethodException(
          returned.method(),
          "returns "
              + returned.parameter().getGenericParameterType().getTypeName()
              + ", and nothing is answered with a "
              + raw.getSimpleName()
              + " there",
          instead);
    }
  }

  private void checkWritable(Class<?> raw, ResolvableType type, Returned returned) {
    boolean isKnown =
        raw == void.class
            || raw == Void.class
            || raw == Object.class
            || raw == Response.class
            || ErrorResponse.class.isAssignableFrom(raw)
            || Resource.class.isAssignableFrom(raw)
            || InputStream.class.isAssignableFrom(raw);
    if (!isKnown && !writer.canWrite(type)) {
      throw new HandlerMethodException(
          returned.method(),
          "returns " + type + ", which no message converter writes",
          "Return a type that can be written as JSON, a String, a byte[], a ResponseEntity or a"
              + " Response, or add a bean of type HttpMessageConverter or ResultResolver.");
    }
  }

  /** What a value is decides here, as its declared type may say less. */
  private Response write(
      @Nullable Object value, ResolvableType type, Returned returned, Request request)
      throws Exception {
    if (value == null) {
      return Response.of(Status.OK);
    }
    if (value instanceof Response response) {
      return response;
    }
    if (value instanceof ProblemDetail problem) {
      return problems.write(problem, HttpHeaders.EMPTY, request);
    }
    if (value instanceof ErrorResponse error) {
      return problems.write(error.getBody(), error.getHeaders(), request);
    }
    if (value instanceof Resource resource) {
      return resource(resource, returned.produces());
    }
    if (value instanceof InputStream stream) {
      return resource(new InputStreamResource(stream), returned.produces());
    }
    if (value instanceof HttpEntity<?> entity) {
      ResultWriter bodies = (inner, asked) -> write(inner, ANY, returned, asked);
      return entity(entity, ANY, bodies, returned, request);
    }
    if (streams.isStream(value.getClass())) {
      return streams.writer(ResolvableType.forInstance(value), returned).write(value, request);
    }
    if (type.resolve(Object.class) == Object.class) {
      checkIsResult(value.getClass(), returned);
    }
    return writer.write(value, type, returned.produces(), request);
  }

  /** Sent piece by piece, as the peer takes it. */
  private static Response resource(Resource resource, List<MediaType> produces) throws IOException {
    MediaType type =
        produces.isEmpty()
            ? MediaTypeFactory.getMediaType(resource).orElse(MediaType.APPLICATION_OCTET_STREAM)
            : produces.get(0);
    long length = resource instanceof InputStreamResource ? -1 : resource.contentLength();
    InputStream stream = resource.getInputStream();
    return Response.of(
        Status.OK,
        Headers.of(HttpHeaders.CONTENT_TYPE, type.toString()),
        length < 0 ? Body.of(stream) : Body.of(stream, length));
  }

  /**
   * Writes the body of an entity, with its headers and status.
   *
   * @param bodies writes what has not decided on its type
   */
  private Response entity(
      @Nullable HttpEntity<?> entity,
      ResolvableType type,
      ResultWriter bodies,
      Returned returned,
      Request request)
      throws Exception {
    if (entity == null) {
      return Response.of(Status.OK);
    }
    Object body = entity.getBody();
    MediaType mediaType = entity.getHeaders().getContentType();
    Response response;
    if (body == null) {
      response = Response.of(Status.OK);
    } else if (mediaType != null && mediaType.isConcrete()) {
      response = writeAs(body, type, mediaType, bodies, returned, request);
    } else {
      response = bodies.write(body, request);
    }
    response = Problems.with(Problems.headers(entity.getHeaders()), response);
    return entity instanceof ResponseEntity<?> full
        ? response.withStatus(Statuses.of(full.getStatusCode().value()))
        : response;
  }

  /** Writes the body of an entity that has decided on its type, where that is a question. */
  private Response writeAs(
      Object body,
      ResolvableType type,
      MediaType mediaType,
      ResultWriter bodies,
      Returned returned,
      Request request)
      throws Exception {
    if (streams.isStream(body.getClass())) {
      boolean isDeclared = streams.isStream(type.resolve(Object.class));
      ResolvableType known = isDeclared ? type : ResolvableType.forInstance(body);
      return streams.writeAs(body, known, mediaType, returned, request);
    }
    return isMessage(body)
        ? writer.writeAs(body, type, mediaType, Headers.empty())
        : bodies.write(body, request);
  }

  private static boolean isMessage(Object value) {
    return !(value instanceof Resource
        || value instanceof InputStream
        || value instanceof Response
        || value instanceof ProblemDetail
        || value instanceof ErrorResponse);
  }
}
