package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.core.env.Environment;

/**
 * Properties that conditions look at, before there is a bean of all properties. Boot's own
 * conditions take a text that is no value for one that does not match, so a slip of the pen would
 * switch something off without a word.
 */
final class EarlyProperties {
  private EarlyProperties() {}

  /** Whether a property is true. */
  static boolean isTrue(Environment environment, String property, boolean otherwise) {
    Boolean value = get(environment, property, Boolean.class, "it must be true or false");
    return value == null ? otherwise : value;
  }

  /** A port; null if the property is not set. */
  static @Nullable Integer port(Environment environment, String property) {
    return get(environment, property, Integer.class, "it must be a number");
  }

  /** What a condition on such properties says: whether it matches, and because of what. */
  static ConditionOutcome outcome(boolean matches, String condition, String found) {
    return new ConditionOutcome(matches, ConditionMessage.forCondition(condition).because(found));
  }

  private static <T> @Nullable T get(
      Environment environment, String property, Class<T> type, String allowed) {
    try {
      return Binder.get(environment).bind(property, type).orElse(null);
    } catch (BindException e) {
      ConfigurationProperty wrong = e.getProperty();
      Object value = wrong == null ? "" : wrong.getValue();
      throw new InvalidHttpKitPropertyException(property, value, allowed, e);
    }
  }
}
