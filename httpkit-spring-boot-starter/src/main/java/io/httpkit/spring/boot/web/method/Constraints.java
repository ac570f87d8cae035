package io.httpkit.spring.boot.web.method;

import jakarta.validation.Constraint;
import jakarta.validation.Valid;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.validation.annotation.Validated;

/** Where constraints of Jakarta Validation are declared, and the groups they are checked in. */
final class Constraints {
  private Constraints() {}

  static boolean areOf(MethodParameter parameter) {
    return areIn(parameter.getParameterAnnotations())
        || areOfElements(parameter.getParameter().getAnnotatedType());
  }

  /** Of what the method returns, or of its parameters together. */
  static boolean areOf(Method method) {
    MergedAnnotations all = MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY);
    return all.isPresent(Constraint.class) || areOfContent(method);
  }

  /** Of what is in the result, rather than of the result as such. */
  static boolean areOfContent(Method method) {
    return MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).isPresent(Valid.class)
        || areOfElements(method.getAnnotatedReturnType());
  }

  /** Of a container: {@code List<@NotBlank String>}. */
  private static boolean areOfElements(AnnotatedType type) {
    if (type instanceof AnnotatedParameterizedType container) {
      for (AnnotatedType element : container.getAnnotatedActualTypeArguments()) {
        if (areIn(element.getAnnotations()) || areOfElements(element)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Those that {@code @Validated} of the parameter names; null without it. */
  static Class<?> @Nullable [] groups(MethodParameter parameter) {
    MergedAnnotation<Validated> declared =
        MergedAnnotations.from(parameter.getParameterAnnotations()).get(Validated.class);
    return declared.isPresent() ? declared.getClassArray("value") : null;
  }

  /** Those that {@code @Validated} of the method names, or else that of its class. */
  static Class<?>[] groups(Method method) {
    Validated own = AnnotatedElementUtils.findMergedAnnotation(method, Validated.class);
    Validated declared =
        own != null
            ? own
            : AnnotatedElementUtils.findMergedAnnotation(
                method.getDeclaringClass(), Validated.class);
    return declared == null ? new Class<?>[0] : declared.value();
  }

  private static boolean areIn(Annotation[] annotations) {
    for (Annotation annotation : annotations) {
      MergedAnnotations all = MergedAnnotations.from(annotation);
      if (all.isPresent(Valid.class) || all.isPresent(Constraint.class)) {
        return true;
      }
    }
    return false;
  }
}
