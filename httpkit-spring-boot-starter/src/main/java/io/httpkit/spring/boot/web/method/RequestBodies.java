package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.web.ArgumentResolver;
import io.httpkit.spring.boot.web.ArgumentSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpEntity;
import org.springframework.web.bind.annotation.RequestBody;

/** {@code @RequestBody}: the body, read by the message converter for its type. */
final class RequestBodies implements ArgumentResolver {
  private final MessageReader reader;

  RequestBodies(MessageReader reader) {
    this.reader = reader;
  }

  @Override
  public @Nullable ArgumentSource resolve(MethodParameter parameter) {
    RequestBody body = parameter.getParameterAnnotation(RequestBody.class);
    if (body == null) {
      return parameter.getParameterType() == HttpEntity.class ? entity(parameter) : null;
    }
    boolean optional = parameter.isOptional() && parameter.getParameterType() == Optional.class;
    ResolvableType type =
        ResolvableType.forMethodParameter(optional ? parameter.nested() : parameter);
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
    return request -> new HttpEntity<>(read(request, type), RequestValues.headers(request));
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
