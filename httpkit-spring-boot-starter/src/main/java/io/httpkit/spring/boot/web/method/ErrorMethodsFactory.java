package io.httpkit.spring.boot.web.method;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.OrderComparator;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.method.ControllerAdviceBean;
import org.springframework.web.method.annotation.ExceptionHandlerMethodResolver;

/** Finds the {@code @ExceptionHandler} methods of controllers and of advice. */
final class ErrorMethodsFactory {
  private final ConfigurableListableBeanFactory beans;
  private final HandlerMethods methods;
  private final Problems problems;

  /** Those of advice, in the order in which they are asked. */
  private final Map<ControllerAdviceBean, ErrorMethods.Source> advice = new LinkedHashMap<>();

  /**
   * @throws HandlerMethodException if a method of advice cannot answer errors
   */
  ErrorMethodsFactory(
      ConfigurableListableBeanFactory beans, HandlerMethods methods, Problems problems) {
    this.beans = beans;
    this.methods = methods;
    this.problems = problems;
    advice().entrySet().stream()
        .sorted(Map.Entry.comparingByKey(OrderComparator.INSTANCE))
        .forEach(each -> add(each.getKey(), each.getValue()));
  }

  private void add(ControllerAdviceBean declared, BeanSource bean) {
    RefusedAnnotations.check(bean.userType());
    advice.put(declared, source(bean));
  }

  private Map<ControllerAdviceBean, BeanSource> advice() {
    Map<ControllerAdviceBean, BeanSource> found = new LinkedHashMap<>();
    for (String name :
        BeanFactoryUtils.beanNamesForAnnotationIncludingAncestors(beans, ControllerAdvice.class)) {
      ControllerAdvice declared = beans.findAnnotationOnBean(name, ControllerAdvice.class);
      BeanSource bean = BeanSource.of(beans, name);
      if (declared != null && bean != null) {
        found.put(new ControllerAdviceBean(name, beans, declared), bean);
      }
    }
    return found;
  }

  /** The methods for the errors of a controller: its own, then those of advice that is for it. */
  ErrorMethods of(BeanSource controller) {
    List<ErrorMethods.Source> sources = new ArrayList<>();
    sources.add(source(controller));
    advice.forEach(
        (bean, source) -> {
          if (bean.isApplicableToBeanType(controller.userType())) {
            sources.add(source);
          }
        });
    sources.removeIf(ErrorMethods.Source::isEmpty);
    return new ErrorMethods(sources, problems);
  }

  private ErrorMethods.Source source(BeanSource bean) {
    ExceptionHandlerMethodResolver resolver = resolver(bean.userType());
    Map<Method, ErrorMethod> all = new LinkedHashMap<>();
    for (Method method :
        MethodIntrospector.selectMethods(bean.userType(), ErrorMethodsFactory::isErrorMethod)) {
      all.put(method, methods.errorMethod(method, bean));
    }
    return new ErrorMethods.Source(resolver, all);
  }

  private static boolean isErrorMethod(Method method) {
    return AnnotatedElementUtils.hasAnnotation(method, ExceptionHandler.class);
  }

  private static ExceptionHandlerMethodResolver resolver(Class<?> type) {
    try {
      return new ExceptionHandlerMethodResolver(type);
    } catch (IllegalStateException | IllegalArgumentException e) {
      throw new HandlerMethodException(
          type,
          "has @ExceptionHandler methods that cannot be told apart, take no error, or produce what is"
              + " no media type: "
              + e.getMessage(),
          "Let each @ExceptionHandler name errors, and each error be named by one method only, or by"
              + " one for each media type.",
          e);
    }
  }
}
