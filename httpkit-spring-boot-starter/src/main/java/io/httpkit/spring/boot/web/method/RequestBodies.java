package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.web.ArgumentResolver;
import io.httpkit.spring.boot.web.ArgumentSource;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.stream.BaseStream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpEntity;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestPart;

/** {@code @RequestBody}: the body, read by the message converter for its type. */
final class RequestBodies implements ArgumentResolver {
  private final MessageReader reader;

  RequestBodies(MessageReader reader) {
    this.reader = reader;
  }

  @Override
  public @Nullable ArgumentSource resolve(MethodParameter parameter) {
    if (parameter.hasParameterAnnotation(RequestPart.class)) {
      throw new HandlerMethodException(
          parameter,
          "has the @RequestPart "
              + parameter.getParameterName()
              + ", and the parts of a body are not read here",
          "Take the body as InputStream or byte[], or add a bean of type ArgumentResolver.");
    }
    RequestBody body = parameter.getParameterAnnotation(RequestBody.class);
    if (body == null) {
      return parameter.getParameterType() == HttpEntity.class ? entity(parameter) : null;
    }
    boolean optional = parameter.isOptional() && parameter.getParameterType() == Optional.class;
    ResolvableType type =
        ResolvableType.forMethodParameter(optional ? parameter.nested() : parameter);
    checkIsThere(parameter, type);
    if (optional) {
      return request -> Optional.ofNullable(read(request, type));
    }
    if (!body.required() || parameter.isOptional()) {
      return request -> read(request, type);
    }
    return request -> required(request, read(request, type));
  }

  private ArgumentSource entity(MethodParameter parameter) {
    ResolvableType type = ResolvableType.forMethodParameter(parameter).getGeneric();
    checkIsThere(parameter, type);
    return request ->
        new HttpEntity<>(read(request, type), RequestValues.headers(request.headers()));
  }

  /** A body is there as a whole when the method is called, and nothing of it comes later. */
  private static void checkIsThere(MethodParameter parameter, ResolvableType type) {
    Class<?> raw = type.resolve(Object.class);
    if (Future.class.isAssignableFrom(raw) || comesLater(raw)) {
      throw new HandlerMethodException(
          parameter,
          "has the parameter %s, a body of type %s, and a body is there before the method is called"
              .formatted(
                  parameter.getParameterName(), parameter.getGenericParameterType().getTypeName()),
          "Take the type itself in place of a "
              + raw.getSimpleName()
              + ", a List of it for many, or an InputStream to read piece by piece.");
    }
  }

  /** Whether what is in a value of this type comes when it is asked for, or when it is there. */
  static boolean comesLater(Class<?> type) {
    return CompletionStage.class.isAssignableFrom(type)
        || Flow.Publisher.class.isAssignableFrom(type)
        || BaseStream.class.isAssignableFrom(type)
        || ReactiveTypes.isSingle(type)
        || ReactiveTypes.isMulti(type);
  }

  private @Nullable Object read(Request request, ResolvableType type) throws Exception {
    return request.bodyLength() == 0 ? empty(type) : reader.read(request, type);
  }

  /** Text and bytes can be empty, other things cannot be made of nothing. */
  private static @Nullable Object empty(ResolvableType type) {
    Class<?> raw = type.resolve(Object.class);
    return raw == String.class ? "" : raw == byte[].class ? new byte[0] : null;
  }

  private static Object required(Request request, @Nullable Object value) {
    if (value == null) {
      throw BadRequests.refusal(
          request.bodyLength() == 0 ? "The request has no body." : "The body is null.");
    }
    return value;
  }
}
