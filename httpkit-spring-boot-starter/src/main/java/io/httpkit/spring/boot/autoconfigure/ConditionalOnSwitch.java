package io.httpkit.spring.boot.autoconfigure;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.context.annotation.Conditional;

/**
 * Matches if a property is true. One that is neither true nor false stops the start; Boot's own
 * {@code @ConditionalOnBooleanProperty} takes it for false.
 */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@Conditional(OnSwitch.class)
@interface ConditionalOnSwitch {
  /** The whole name of the property. */
  String value();

  /** What it is if it is not set. */
  boolean otherwise();
}
