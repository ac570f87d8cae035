package io.httpkit.spring.boot.web.method;

import java.util.List;
import java.util.concurrent.CompletionStage;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;

/**
 * What a handler method returns.
 *
 * @param produces what it says it produces; empty if it does not say
 * @param failures answers what its results come to before anything of them is sent
 */
record Returned(MethodParameter parameter, List<MediaType> produces, Failures failures) {
  /** The type that is returned in the end, also where it comes later. */
  ResolvableType type() {
    ResolvableType type = ResolvableType.forMethodParameter(parameter);
    Class<?> raw = type.resolve(Object.class);
    if (CompletionStage.class.isAssignableFrom(raw)) {
      return type.as(CompletionStage.class).getGeneric();
    }
    return ReactiveTypes.isSingle(raw) ? type.getGeneric() : type;
  }
}
