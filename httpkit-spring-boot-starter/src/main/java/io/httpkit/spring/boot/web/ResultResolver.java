package io.httpkit.spring.boot.web;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.ResolvableType;

/**
 * A bean that knows how to answer with some types. All such beans are asked in their order, before
 * what is built in.
 */
@FunctionalInterface
public interface ResultResolver {
  /**
   * How values of this type become responses. Asked once for each method, when the application
   * starts.
   *
   * @param type what is returned, or what a {@code CompletionStage} that is returned completes with
   * @param returned the method's result, for its annotations
   * @return null if this resolver does not know
   */
  @Nullable ResultWriter resolve(ResolvableType type, MethodParameter returned);
}
