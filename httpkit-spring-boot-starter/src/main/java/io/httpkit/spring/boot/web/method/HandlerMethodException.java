package io.httpkit.spring.boot.web.method;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.util.ClassUtils;

/** An annotated method cannot be a handler as it is written. Stops the start. */
public final class HandlerMethodException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String method;
  private final String problem;
  private final String action;

  /**
   * Names the method.
   *
   * @param problem what is wrong, a sentence that goes on from the name of the method
   * @param action what to write instead
   */
  HandlerMethodException(Method method, String problem, String action, @Nullable Throwable cause) {
    super(name(method) + " " + problem, cause);
    this.method = name(method);
    this.problem = problem;
    this.action = action;
  }

  HandlerMethodException(Method method, String problem, String action) {
    this(method, problem, action, null);
  }

  /** {@code com.example.Rooms.room(String, int)}. */
  static String name(Method method) {
    return ClassUtils.getQualifiedMethodName(method)
        + Arrays.stream(method.getParameterTypes())
            .map(Class::getSimpleName)
            .collect(Collectors.joining(", ", "(", ")"));
  }

  String method() {
    return method;
  }

  String problem() {
    return problem;
  }

  String action() {
    return action;
  }
}
