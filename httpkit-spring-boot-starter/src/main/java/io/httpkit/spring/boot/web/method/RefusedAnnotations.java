package io.httpkit.spring.boot.web.method;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.InitBinder;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.SessionAttributes;

/**
 * Annotations of Spring MVC that mean nothing here. To let them pass would be to do less than was
 * asked for without a word: to bind what was not to be bound, or to keep out whom they let in.
 */
final class RefusedAnnotations {
  private static final String NO_MODEL =
      "Make the object in the handler methods, or in a bean of type ArgumentResolver, which gives it"
          + " to parameters. There is neither a model nor a session here.";

  private static final String NO_BINDER =
      "Bind to a record or class that has only what clients may set, and add beans of type"
          + " Converter, Formatter or jakarta.validation.Validator for the rest.";
  private static final String NO_CORS =
      "Answer preflight requests and set the headers Access-Control-* in a bean of type"
          + " HttpKitInterceptor.";
  private static final List<Class<? extends Annotation>> REFUSED =
      List.of(InitBinder.class, ModelAttribute.class, SessionAttributes.class, CrossOrigin.class);

  private RefusedAnnotations() {}

  /**
   * Looks at a class of handler methods, or of advice for them.
   *
   * @throws HandlerMethodException if it, or one of its methods, has one of them
   */
  static void check(Class<?> type) {
    Class<? extends Annotation> ofClass = find(type);
    if (ofClass != null) {
      throw new HandlerMethodException(type, problem(ofClass), action(ofClass), null);
    }
    MethodIntrospector.MetadataLookup<Class<? extends Annotation>> lookup =
        RefusedAnnotations::find;
    MethodIntrospector.selectMethods(type, lookup)
        .forEach(
            (method, found) -> {
              throw new HandlerMethodException(method, problem(found), action(found));
            });
  }

  private static @Nullable Class<? extends Annotation> find(AnnotatedElement element) {
    for (Class<? extends Annotation> each : REFUSED) {
      if (AnnotatedElementUtils.hasAnnotation(element, each)) {
        return each;
      }
    }
    return null;
  }

  private static String problem(Class<? extends Annotation> annotation) {
    return "has @" + annotation.getSimpleName() + ", which is not known here";
  }

  /** What to write instead. */
  private static String action(Class<? extends Annotation> annotation) {
    if (annotation == InitBinder.class) {
      return NO_BINDER;
    }
    return annotation == CrossOrigin.class ? NO_CORS : NO_MODEL;
  }
}
