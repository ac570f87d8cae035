package io.httpkit.spring.boot.web.method;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validator;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.stream.BaseStream;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.http.HttpEntity;
import org.springframework.validation.annotation.Validated;
import org.springframework.validation.beanvalidation.MethodValidationAdapter;

/**
 * Checks arguments and results that have constraints by Jakarta Validation, and arguments that are
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
    boolean constrained = Constraints.areOf(method);
    List<ValidatedParameter> validated = new ArrayList<>();
    for (int i = 0; i < parameters.length; i++) {
      constrained |= Constraints.areOf(parameters[i]);
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

  /**
   * The check of what a method returns. To break a constraint is an error of the method.
   *
   * @throws HandlerMethodException if nothing would be checked
   */
  ResultCheck resultCheck(Method method) {
    if (Constraints.areOfContent(method) && isOpaque(method.getReturnType())) {
      throw new HandlerMethodException(
          method,
          "returns "
              + method.getGenericReturnType().getTypeName()
              + ", and constraints of what is in it are not checked",
          "Check it where it is made, or return the value itself.");
    }
    Class<?>[] groups = groups(method);
    return Constraints.areOf(method)
        ? (bean, called, result) -> check(bean, called, result, groups)
        : ResultCheck.NONE;
  }

  /** Whether Jakarta Validation does not look into it. */
  private static boolean isOpaque(Class<?> type) {
    return HttpEntity.class.isAssignableFrom(type)
        || CompletionStage.class.isAssignableFrom(type)
        || Flow.Publisher.class.isAssignableFrom(type)
        || BaseStream.class.isAssignableFrom(type)
        || ReactiveTypes.isSingle(type)
        || ReactiveTypes.isMulti(type);
  }

  /** Spring takes a result that is null, but does not say so. */
  @SuppressWarnings("NullAway")
  private void check(Object bean, Method method, @Nullable Object result, Class<?>[] groups) {
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
