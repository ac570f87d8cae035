package io.httpkit.spring.boot.web.method;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Valid;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.http.HttpEntity;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.MethodValidationAdapter;

/**
 * Checks the arguments and the result of a method that have constraints by Jakarta Validation, and
 * arguments that are {@code @Validated}, of which it knows nothing by itself: what is given for one
 * is checked like what is {@code @Valid}, in groups of its own. Any thread.
 */
final class BeanValidation {
  private final MethodValidationAdapter adapter;
  private final Method method;
  private final MethodParameter[] parameters;
  private final Class<?>[] groups;
  private final boolean isResultConstrained;
  private final boolean areArgumentsConstrained;

  /** The groups of each parameter that is {@code @Validated}, by its index. */
  private final Map<Integer, Class<?>[]> validated = new LinkedHashMap<>();

  /**
   * Of a method with these parameters.
   *
   * @throws HandlerMethodException if constraints are declared where nothing would be checked
   */
  BeanValidation(MethodValidationAdapter adapter, Method method, MethodParameter[] parameters) {
    this.adapter = adapter;
    this.method = method;
    this.parameters = parameters;
    this.groups = groups(method);
    this.isResultConstrained = isConstrained(method);
    boolean constrained = isResultConstrained;
    for (int i = 0; i < parameters.length; i++) {
      constrained |= isConstrained(parameters[i]);
      Class<?>[] own = groups(parameters[i]);
      if (own != null) {
        validated.put(i, own);
      }
    }
    this.areArgumentsConstrained = constrained;
    checkCanBeChecked();
  }

  private static boolean isConstrained(MethodParameter parameter) {
    return isConstrained(parameter.getParameterAnnotations())
        || hasConstrainedElements(parameter.getParameter().getAnnotatedType());
  }

  /** Whether what the method returns is constrained, or its parameters together are. */
  private static boolean isConstrained(Method method) {
    MergedAnnotations all = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
    return all.isPresent(Constraint.class) || hasConstrainedContent(method);
  }

  /** Whether what is in the result is constrained, rather than the result as such. */
  private static boolean hasConstrainedContent(Method method) {
    return MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).isPresent(Valid.class)
        || hasConstrainedElements(method.getAnnotatedReturnType());
  }

  /** Whether it is a container of what is constrained: {@code List<@NotBlank String>}. */
  private static boolean hasConstrainedElements(AnnotatedType type) {
    if (type instanceof AnnotatedParameterizedType container) {
      for (AnnotatedType element : container.getAnnotatedActualTypeArguments()) {
        if (isConstrained(element.getAnnotations()) || hasConstrainedElements(element)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isConstrained(Annotation[] annotations) {
    for (Annotation annotation : annotations) {
      MergedAnnotations all = MergedAnnotations.from(annotation);
      if (all.isPresent(Valid.class) || all.isPresent(Constraint.class)) {
        return true;
      }
    }
    return false;
  }

  /** The groups that {@code @Validated} of the parameter names; null without it. */
  private static Class<?> @Nullable [] groups(MethodParameter parameter) {
    MergedAnnotation<Validated> declared =
        MergedAnnotations.from(parameter.getParameterAnnotations()).get(Validated.class);
    return declared.isPresent() ? declared.getClassArray("value") : null;
  }

  /** The groups that {@code @Validated} of the method names, or else that of its class. */
  private static Class<?>[] groups(Method method) {
    Validated own = AnnotatedElementUtils.findMergedAnnotation(method, Validated.class);
    Validated declared =
        own != null
            ? own
            : AnnotatedElementUtils.findMergedAnnotation(
                method.getDeclaringClass(), Validated.class);
    return declared == null ? new Class<?>[0] : declared.value();
  }

  private void checkCanBeChecked() {
    if (areArgumentsConstrained && Modifier.isStatic(method.getModifiers())) {
      throw new HandlerMethodException(
          method,
          "is static, and Jakarta Validation does not look at the constraints of static methods",
          "Do without static.");
    }
    if (hasConstrainedContent(method) && isOpaque(method.getReturnType())) {
      throw new HandlerMethodException(
          method,
          "returns "
              + method.getGenericReturnType().getTypeName()
              + ", and constraints of what is in it are not checked",
          "Check it where it is made, or return the value itself.");
    }
  }

  /** Whether Jakarta Validation does not look into it. */
  private static boolean isOpaque(Class<?> type) {
    return HttpEntity.class.isAssignableFrom(type) || RequestBodies.comesLater(type);
  }

  /**
   * Looks at the arguments before the method is called.
   *
   * @throws io.httpkit.spring.boot.web.InvalidArgumentsException with all that is wrong with them
   */
  @SuppressWarnings("NullAway") // Spring takes arguments that are null, but does not say so
  void checkArguments(Object bean, @Nullable Object[] arguments) {
    if (!areArgumentsConstrained && validated.isEmpty()) {
      return;
    }
    Violations violations = new Violations(parameters);
    if (areArgumentsConstrained) {
      violations.addAll("", adapter.invokeValidatorForArguments(bean, method, arguments, groups));
    }
    validated.forEach((index, own) -> check("", arguments[index], own, violations));
    violations.throwIfAny();
  }

  /** Of a container, the elements are checked. */
  private void check(String path, @Nullable Object value, Class<?>[] own, Violations violations) {
    if (value instanceof Optional<?> optional) {
      check(path, optional.orElse(null), own, violations);
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, each) -> check(path + "[" + key + "]", each, own, violations));
    } else if (value instanceof Iterable<?> elements) {
      checkEach(path, elements, own, violations);
    } else if (value instanceof Object[] elements) {
      checkEach(path, Arrays.asList(elements), own, violations);
    } else if (value != null) {
      violations.addAll(path, adapter.getSpringValidatorAdapter().get().validate(value, own));
    }
  }

  private void checkEach(String path, Iterable<?> elements, Class<?>[] own, Violations violations) {
    int i = 0;
    for (Object each : elements) {
      check(path + "[" + i++ + "]", each, own, violations);
    }
  }

  /**
   * Looks at what the method returned. To break a constraint is an error of the method.
   *
   * @throws IllegalStateException that says what is wrong with it, for the application's log
   */
  @SuppressWarnings("NullAway") // Spring takes a result that is null, but does not say so
  void checkResult(Object bean, @Nullable Object result) {
    if (!isResultConstrained) {
      return;
    }
    Set<ConstraintViolation<Object>> violations =
        adapter.invokeValidatorForReturnValue(bean, method, result, groups);
    if (!violations.isEmpty()) {
      throw new IllegalStateException(
          HandlerMethodException.name(method)
              + " returned what its constraints do not allow: "
              + violations.stream()
                  .map(each -> each.getPropertyPath() + " " + each.getMessage())
                  .sorted()
                  .collect(Collectors.joining(", ")));
    }
  }
}
