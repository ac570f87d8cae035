package io.httpkit.spring.boot.web.method;

import io.httpkit.spring.boot.diagnostics.ExplainedFailure;
import io.httpkit.spring.boot.diagnostics.SetProperties;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.MethodParameter;
import org.springframework.util.ClassUtils;

/** An annotated method or class cannot be a handler as it is written. Stops the start. */
public final class HandlerMethodException extends RuntimeException implements ExplainedFailure {
  private static final long serialVersionUID = 1L;

  private final String description;
  private final String action;

  /**
   * Names the method.
   *
   * @param problem what is wrong, a sentence that goes on from the name of the method
   * @param action what to write instead
   */
  HandlerMethodException(Method method, String problem, String action, @Nullable Throwable cause) {
    this("method", name(method), problem, action, cause);
  }

  /** Names the class, where it is not one of its methods that is wrong. */
  HandlerMethodException(Class<?> type, String problem, String action, @Nullable Throwable cause) {
    this("class", type.getName(), problem, action, cause);
  }

  private HandlerMethodException(
      String kind, String name, String problem, String action, @Nullable Throwable cause) {
    super(name + " " + problem, cause);
    this.description = "The %s%n%n    %s%n%n%s.".formatted(kind, name, problem);
    this.action = action;
  }

  HandlerMethodException(Method method, String problem, String action) {
    this(method, problem, action, null);
  }

  /** Names the method of a parameter. */
  HandlerMethodException(MethodParameter parameter, String problem, String action) {
    this(Objects.requireNonNull(parameter.getMethod()), problem, action);
  }

  /** {@code com.example.Rooms.room(String, int)}. */
  static String name(Method method) {
    return ClassUtils.getQualifiedMethodName(method)
        + Arrays.stream(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", ", "(", ")"));
  }

  @Override
  public FailureAnalysis explain(SetProperties properties) {
    return new FailureAnalysis(description, action, this);
  }
}
