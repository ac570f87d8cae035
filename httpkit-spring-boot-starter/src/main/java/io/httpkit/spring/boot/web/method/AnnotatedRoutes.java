package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Method;
import io.httpkit.server.Handler;
import io.httpkit.server.Router;
import io.httpkit.spring.boot.server.RouterCustomizer;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.MethodIntrospector;

/** Finds the annotated methods of all beans and makes them routes, without making the beans. */
final class AnnotatedRoutes implements RouterCustomizer {
  private final ConfigurableListableBeanFactory beans;
  private final List<Class<? extends Annotation>> stereotypes;
  private final HandlerMethods methods;
  private final Problems problems;
  private final UnaryOperator<String> placeholders;

  AnnotatedRoutes(
      ConfigurableListableBeanFactory beans,
      List<Class<? extends Annotation>> stereotypes,
      HandlerMethods methods,
      Problems problems,
      UnaryOperator<String> placeholders) {
    this.beans = beans;
    this.stereotypes = stereotypes;
    this.methods = methods;
    this.problems = problems;
    this.placeholders = placeholders;
  }

  /**
   * A place in the router.
   *
   * @param method null for all methods
   */
  private record Place(@Nullable Method method, String template) {
    @Override
    public String toString() {
      return (method == null ? "" : method + " ") + template;
    }
  }

  @Override
  public void customize(Router.Builder routes) {
    Map<Place, List<MethodHandler>> places = new LinkedHashMap<>();
    ErrorMethodsFactory errors = new ErrorMethodsFactory(beans, methods, problems);
    for (String name : controllers()) {
      BeanSource bean = BeanSource.of(beans, name);
      if (bean != null) {
        collect(bean, errors.of(bean), places);
      }
    }
    places.forEach((place, handlers) -> add(routes, place, handlers));
  }

  private Set<String> controllers() {
    Set<String> names = new LinkedHashSet<>();
    for (Class<? extends Annotation> stereotype : stereotypes) {
      names.addAll(List.of(beans.getBeanNamesForAnnotation(stereotype)));
    }
    return names;
  }

  private void collect(
      BeanSource bean, ErrorMethods errors, Map<Place, List<MethodHandler>> places) {
    RefusedAnnotations.check(bean.userType());
    mappings(bean.userType())
        .forEach(
            (method, mapping) -> {
              MethodHandler handler = methods.handler(method, bean, mapping.conditions(), errors);
              NamedValues.checkPathVariables(
                  handler.invocable(), mapping.templates(), placeholders);
              places(mapping)
                  .forEach(
                      place ->
                          places.computeIfAbsent(place, unused -> new ArrayList<>()).add(handler));
            });
  }

  private Map<java.lang.reflect.Method, RouteMapping> mappings(Class<?> type) {
    MethodIntrospector.MetadataLookup<RouteMapping> lookup =
        method -> RouteMapping.of(method, type, placeholders);
    return MethodIntrospector.selectMethods(type, lookup);
  }

  private static List<Place> places(RouteMapping mapping) {
    Set<Method> all = mapping.methods();
    List<Place> places = new ArrayList<>();
    for (String template : mapping.templates()) {
      if (all.isEmpty()) {
        places.add(new Place(null, template));
      }
      all.forEach(method -> places.add(new Place(method, template)));
    }
    return places;
  }

  private void add(Router.Builder routes, Place place, List<MethodHandler> handlers) {
    checkDifferent(place, handlers);
    boolean isOnly = handlers.size() == 1 && handlers.get(0).conditions().isEmpty();
    Handler handler = isOnly ? handlers.get(0) : new RouteVariants(handlers, problems);
    try {
      if (place.method() == null) {
        routes.any(place.template(), handler);
      } else {
        routes.route(place.method(), place.template(), handler);
      }
    } catch (IllegalArgumentException e) {
      throw new HandlerMethodException(
          handlers.get(0).invocable().getMethod(),
          "cannot be mapped to " + place + ": " + e.getMessage(),
          "Change the path of its mapping.",
          e);
    }
  }

  private static void checkDifferent(Place place, List<MethodHandler> handlers) {
    for (int i = 0; i < handlers.size(); i++) {
      for (int j = i + 1; j < handlers.size(); j++) {
        MethodHandler one = handlers.get(i);
        MethodHandler other = handlers.get(j);
        if (one.conditions().isSameAs(other.conditions())) {
          throw new HandlerMethodException(
              other.invocable().getMethod(),
              "is mapped to "
                  + place
                  + " like "
                  + HandlerMethodException.name(one.invocable().getMethod())
                  + ", and nothing tells their requests apart",
              "Change the path or method of one of them, or give them different consumes,"
                  + " produces, params or headers.");
        }
      }
    }
  }
}
