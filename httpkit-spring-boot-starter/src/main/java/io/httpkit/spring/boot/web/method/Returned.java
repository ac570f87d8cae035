package io.httpkit.spring.boot.web.method;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;

/**
 * What a handler method returns.
 *
 * @param produces what it says it produces; empty if it does not say
 * @param failures answers what its results come to before anything of them is sent
 * @param onWorker whether it returns on a worker, which may wait, and not perhaps on an event loop
 */
record Returned(
    MethodParameter parameter, List<MediaType> produces, Failures failures, boolean onWorker) {
  /** The type that is returned in the end, also where it comes later. */
  ResolvableType type() {
    ResolvableType type = ResolvableType.forMethodParameter(parameter);
    Class<?> raw = type.resolve(Object.class);
    if (isStage(raw)) {
      return type.as(CompletionStage.class).getGeneric();
    }
    return ReactiveTypes.isSingle(raw) ? type.getGeneric() : type;
  }

  Method method() {
    return Objects.requireNonNull((Method) parameter.getExecutable());
  }

  /** Whether the thread that writes it may wait: what comes later may come on any. */
  boolean mayWait() {
    Class<?> raw = parameter.getParameterType();
    return onWorker && !isStage(raw) && !ReactiveTypes.isSingle(raw);
  }

  private static boolean isStage(Class<?> type) {
    return CompletionStage.class.isAssignableFrom(type);
  }
}
