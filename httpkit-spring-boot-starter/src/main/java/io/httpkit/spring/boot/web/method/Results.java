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
import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
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
  ResultWriter writer(Method method, MethodParameter returned, List<MediaType> produces) {
    return writer(method, declared(returned), returned, produces);
  }

  /** What is returned in the end, also where it comes later. */
  private static ResolvableType declared(MethodParameter returned) {
    ResolvableType type = ResolvableType.forMethodParameter(returned);
    Class<?> raw = type.resolve(Object.class);
    if (CompletionStage.class.isAssignableFrom(raw)) {
      return type.as(CompletionStage.class).getGeneric();
    }
    return ReactiveTypes.isSingle(raw) ? type.getGeneric() : type;
  }

  private ResultWriter writer(
      Method method, ResolvableType type, MethodParameter returned, List<MediaType> produces) {
    for (ResultResolver resolver : resolvers) {
      ResultWriter found = resolver.resolve(type, returned);
      if (found != null) {
        return found;
      }
    }
    Class<?> raw = type.resolve(Object.class);
    if (HttpEntity.class.isAssignableFrom(raw)) {
      ResolvableType body = type.as(HttpEntity.class).getGeneric();
      return entity(writer(method, body, returned, produces));
    }
    if (streams.isStream(raw)) {
      return streams.writer(type, produces);
    }
    checkWritable(method, raw, type);
    return (value, request) -> write(value, type, produces, request);
  }

  private void checkWritable(Method method, Class<?> raw, ResolvableType type) {
    boolean isKnown =
        raw == void.class
            || raw == Void.class
            || raw == Object.class
            || raw == Response.class
            || ErrorResponse.class.isAssignableFrom(raw)
            || Resource.class.isAssignableFrom(raw);
    if (!isKnown && !writer.canWrite(type)) {
      throw new HandlerMethodException(
          method,
          "returns " + type + ", which no message converter writes",
          "Return a type that can be written as JSON, a String, a byte[], a ResponseEntity or a"
              + " Response, or add a bean of type HttpMessageConverter or ResultResolver.");
    }
  }

  private Response write(
      @Nullable Object value, ResolvableType type, List<MediaType> produces, Request request)
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
      return resource(resource, produces);
    }
    if (value instanceof HttpEntity<?> entity) {
      return entity((body, asked) -> write(body, anyOf(body), produces, asked))
          .write(entity, request);
    }
    if (streams.isStream(value.getClass())) {
      return streams.writer(ResolvableType.forInstance(value), produces).write(value, request);
    }
    return writer.write(value, concrete(type, value), produces, request);
  }

  /** Of a type that says nothing, that of the value says more. */
  private static ResolvableType concrete(ResolvableType type, Object value) {
    Class<?> raw = type.resolve(Object.class);
    return raw == Object.class ? ResolvableType.forClass(value.getClass()) : type;
  }

  private static ResolvableType anyOf(@Nullable Object value) {
    return value == null
        ? ResolvableType.forClass(Object.class)
        : ResolvableType.forClass(value.getClass());
  }

  private ResultWriter entity(ResultWriter body) {
    return (value, request) -> {
      if (value == null) {
        return Response.of(Status.OK);
      }
      HttpEntity<?> entity = (HttpEntity<?>) value;
      Response response = entityBody(entity, body, request);
      Headers headers = SpringHeaders.of(entity.getHeaders());
      for (int i = 0; i < headers.size(); i++) {
        String name = headers.name(i);
        response = response.withHeader(name, headers.all(name));
      }
      return entity instanceof ResponseEntity<?> full
          ? response.withStatus(Statuses.of(full.getStatusCode().value()))
          : response;
    };
  }

  /** A type that the entity has decided on is not negotiated. */
  private Response entityBody(HttpEntity<?> entity, ResultWriter body, Request request)
      throws Exception {
    Object value = entity.getBody();
    MediaType decided = entity.getHeaders().getContentType();
    if (value == null) {
      return Response.of(Status.OK);
    }
    if (decided != null && decided.isConcrete() && isMessage(value)) {
      return writer.writeAs(value, anyOf(value), decided, Headers.empty());
    }
    return body.write(value, request);
  }

  private boolean isMessage(Object value) {
    return !(value instanceof Resource
        || value instanceof Response
        || value instanceof ProblemDetail
        || value instanceof ErrorResponse
        || streams.isStream(value.getClass()));
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
        Headers.of(HttpHeaders.CONTENT_TYPE, Objects.requireNonNull(type).toString()),
        length < 0 ? Body.of(stream) : Body.of(stream, length));
  }
}
