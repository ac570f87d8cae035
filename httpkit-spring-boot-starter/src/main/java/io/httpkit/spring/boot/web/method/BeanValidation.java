package io.httpkit.spring.boot.web.method;

import jakarta.validation.Constraint;
import jakarta.validation.Valid;
import jakarta.validation.Validator;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.MethodValidationAdapter;

/**
 * Checks arguments that have constraints by Jakarta Validation, and those that are
 * {@code @Validated}, of which it knows nothing by itself.
 */
final class BeanValidation {
  private final Validator validator;
  private final MethodValidationAdapter adapter;

  BeanValidation(Validator validator) {
    this.validator = validator;
    this.adapter = new MethodValidationAdapter(validator);
  }

  /** The check for a method with these parameters. */
  ArgumentCheck check(Method method, MethodParameter[] parameters) {
    boolean constrained = false;
    List<ValidatedParameter> validated = new ArrayList<>();
    for (int i = 0; i < parameters.length; i++) {
      constrained |= isConstrained(parameters[i]);
      Class<?>[] groups = ownGroups(parameters[i]);
      if (groups != null) {
        validated.add(new ValidatedParameter(validator, i, groups));
      }
    }
    if (constrained && Modifier.isStatic(method.getModifiers())) {
      throw new HandlerMethodException(
          method,
          "is static, and Jakarta Validation does not look at the constraints of static methods",
          "Do without static.");
    }
    return constrained || !validated.isEmpty()
        ? check(constrained, groups(method), validated)
        : ArgumentCheck.NONE;
  }

  /** Spring takes arguments that are null, but does not say so. */
  @SuppressWarnings("NullAway")
  private ArgumentCheck check(
      boolean isConstrained, Class<?>[] groups, List<ValidatedParameter> validated) {
    return (bean, method, parameters, arguments) -> {
      Violations violations = new Violations(parameters);
      if (isConstrained) {
        violations.addAll(adapter.invokeValidatorForArguments(bean, method, arguments, groups));
      }
      for (ValidatedParameter parameter : validated) {
        parameter.check(arguments, violations);
      }
      violations.throwIfAny();
    };
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
      if (all.isPresent(Valid.class) || all.isPresent(Constraint.class)) {
        return true;
      }
    }
    return false;
  }

  /** Those that {@code @Validated} of the parameter names; null without it. */
  private static Class<?> @Nullable [] ownGroups(MethodParameter parameter) {
    MergedAnnotation<Validated> declared =
        MergedAnnotations.from(parameter.getParameterAnnotations()).get(Validated.class);
    return declared.isPresent() ? declared.getClassArray("value") : null;
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
}
