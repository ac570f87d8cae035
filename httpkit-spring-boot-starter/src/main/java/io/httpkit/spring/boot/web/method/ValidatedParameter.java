package io.httpkit.spring.boot.web.method;

import jakarta.validation.Validator;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A parameter that is {@code @Validated}: what is given for it is checked like what is
 * {@code @Valid}, in groups of its own. Of a container, the elements are.
 */
final class ValidatedParameter {
  private final Validator validator;
  private final int index;
  private final Class<?>[] groups;

  ValidatedParameter(Validator validator, int index, Class<?>[] groups) {
    this.validator = validator;
    this.index = index;
    this.groups = groups;
  }

  /** Adds what is wrong with the argument for it. */
  void check(@Nullable Object[] arguments, Violations violations) {
    check("", arguments[index], violations);
  }

  private void check(String path, @Nullable Object value, Violations violations) {
    if (value instanceof Optional<?> optional) {
      check(path, optional.orElse(null), violations);
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> check(path + "[" + key + "]", each, violations));
    } else if (value instanceof Iterable<?> elements) {
      checkEach(path, elements, violations);
    } else if (value instanceof Object[] elements) {
      checkEach(path, Arrays.asList(elements), violations);
    } else if (value != null) {
      violations.addAll(path, validator.validate(value, groups));
    }
  }

  private void checkEach(String path, Iterable<?> elements, Violations violations) {
    int i = 0;
    for (Object each : elements) {
      check(path + "[" + i++ + "]", each, violations);
    }
  }
}
