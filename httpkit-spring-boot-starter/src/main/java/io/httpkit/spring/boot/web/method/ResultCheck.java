package io.httpkit.spring.boot.web.method;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Looks at what a method returned. */
@FunctionalInterface
interface ResultCheck {
  ResultCheck NONE = (bean, method, result) -> {};

  /**
   * Checks it.
   *
   * @throws RuntimeException that says what is wrong with it, for the application's log
   */
  void check(Object bean, Method method, @Nullable Object result);
}
