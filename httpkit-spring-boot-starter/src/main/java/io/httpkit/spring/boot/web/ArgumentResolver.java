package io.httpkit.spring.boot.web;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;

/**
 * A bean that knows where the values of some parameters come from. All such beans are asked in
 * their order, before what is built in.
 */
@FunctionalInterface
public interface ArgumentResolver {
  /**
   * Where the value of this parameter comes from. Asked once for each parameter, when the
   * application starts.
   *
   * @return null if this resolver does not know
   */
  @Nullable ArgumentSource resolve(MethodParameter parameter);
}
