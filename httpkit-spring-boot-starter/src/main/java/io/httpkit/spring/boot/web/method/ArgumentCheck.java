package io.httpkit.spring.boot.web.method;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;

/** Looks at the arguments of a method before it is called. */
@FunctionalInterface
interface ArgumentCheck {
  ArgumentCheck NONE = (bean, method, parameters, arguments) -> {};

  /**
   * Checks them.
   *
   * @throws Exception that says what is wrong with them
   */
  void check(Object bean, Method method, MethodParameter[] parameters, @Nullable Object[] arguments)
      throws Exception;
}
