package io.httpkit.spring.boot.web.method;

import jakarta.validation.Constraint;
import jakarta.validation.Valid;
import jakarta.validation.Validator;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.MethodValidationAdapter;
import org.springframework.validation.method.MethodValidationResult;

/** Checks arguments that have constraints by Jakarta Validation. */
final class BeanValidation {
  private final MethodValidationAdapter adapter;

  BeanValidation(Validator validator) {
    this.adapter = new MethodValidationAdapter(validator);
  }

  /** The check for a method with these parameters. */
  ArgumentCheck check(Method method, MethodParameter[] parameters) {
    boolean constrained = false;
    for (MethodParameter parameter : parameters) {
      constrained |= isConstrained(parameter);
    }
    if (!constrained) {
      return ArgumentCheck.NONE;
    }
    Class<?>[] groups = groups(method);
    return (bean, called, all, arguments) -> validate(bean, called, all, arguments, groups);
  }

  private static boolean isConstrained(MethodParameter parameter) {
    return isConstrained(parameter.getParameterAnnotations())
        || hasConstrainedElements(parameter.getParameter().getAnnotatedType());
  }

  /** Of a container: {@code List<@NotBlank String>}. */
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
      if (all.isPresent(Valid.class)
          || all.isPresent(Validated.class)
          || all.isPresent(Constraint.class)) {
        return true;
      }
    }
    return false;
  }

  /** Those that {@code @Validated} of the method names, or else that of its class. */
  private static Class<?>[] groups(Method method) {
    Validated own = AnnotatedElementUtils.findMergedAnnotation(method, Validated.class);
    Validated declared =
        own != null
            ? own
            : AnnotatedElementUtils.findMergedAnnotation(
                method.getDeclaringClass(), Validated.class);
    return declared == null ? new Class<?>[0] : declared.value();
  }

  /** Spring takes arguments that are null, but does not say so. */
  @SuppressWarnings("NullAway")
  private void validate(
      Object bean,
      Method method,
      MethodParameter[] parameters,
      @Nullable Object[] arguments,
      Class<?>[] groups) {
    MethodValidationResult result =
        adapter.validateArguments(bean, method, parameters, arguments, groups);
    if (result.hasErrors()) {
      throw new InvalidArgumentsException(FieldErrors.of(result));
    }
  }
}
