package io.httpkit.spring.boot.web.method;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * What the annotations of a method and its class say of the requests it takes.
 *
 * @param methods empty for all
 * @param templates of paths, in the form the router knows
 */
record RouteMapping(
    Set<io.httpkit.http.Method> methods, List<String> templates, RouteConditions conditions) {

  /**
   * The mapping of a method; null if it has none.
   *
   * @param placeholders replaces {@code ${...}} in paths
   */
  static @Nullable RouteMapping of(
      java.lang.reflect.Method method, Class<?> type, UnaryOperator<String> placeholders) {
    RequestMapping own = annotation(method);
    if (own == null) {
      return null;
    }
    RequestMapping outer = annotation(type);
    checkVersion(method, own);
    if (outer != null) {
      checkVersion(method, outer);
    }
    Set<String> templates = new LinkedHashSet<>();
    for (String prefix : paths(outer)) {
      for (String path : paths(own)) {
        String template = join(placeholders.apply(prefix), placeholders.apply(path));
        check(method, template);
        templates.add(template);
      }
    }
    return new RouteMapping(
        methods(own, outer), List.copyOf(templates), conditions(method, own, outer));
  }

  private static void checkVersion(java.lang.reflect.Method method, RequestMapping mapping) {
    if (!mapping.version().isEmpty()) {
      throw new HandlerMethodException(
          method,
          "is mapped to the version \"" + mapping.version() + "\", and versions are not known here",
          "Write the version into the path, or headers = \"X-API-Version=...\" or params = ... for one"
              + " in a header or in the query.");
    }
  }

  private static RouteConditions conditions(
      java.lang.reflect.Method method, RequestMapping own, @Nullable RequestMapping outer) {
    try {
      return RouteConditions.of(own, outer);
    } catch (InvalidMediaTypeException e) {
      throw new HandlerMethodException(
          method,
          "consumes or produces \"" + e.getMediaType() + "\", which is not a media type",
          "Write a type such as application/json; consumes may begin with ! for any other.",
          e);
    }
  }

  private static @Nullable RequestMapping annotation(AnnotatedElement element) {
    return AnnotatedElementUtils.findMergedAnnotation(element, RequestMapping.class);
  }

  private static List<String> paths(@Nullable RequestMapping mapping) {
    return mapping == null || mapping.path().length == 0 ? List.of("") : List.of(mapping.path());
  }

  private static String join(String prefix, String path) {
    String start = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
    String joined = slashed(start) + slashed(path);
    return joined.isEmpty() ? "/" : joined;
  }

  private static String slashed(String path) {
    return path.isEmpty() || path.startsWith("/") ? path : "/" + path;
  }

  /** Two forms of Spring's paths mean something else here, so that they are not let pass. */
  private static void check(java.lang.reflect.Method method, String template) {
    String bare = template.replaceAll("\\{[^}]*}", "");
    if (bare.contains("**")) {
      throw new HandlerMethodException(
          method,
          "is mapped to \"" + template + "\", and ** is not known here",
          "Write {*name} in place of **, as the last segment of the path.");
    }
    if (bare.contains("?")) {
      throw new HandlerMethodException(
          method,
          "is mapped to \"" + template + "\", and ? is not known here",
          "Write {name:.} in place of ?, or params = ... for a parameter of the query.");
    }
  }

  private static Set<io.httpkit.http.Method> methods(
      RequestMapping own, @Nullable RequestMapping outer) {
    Set<io.httpkit.http.Method> methods = EnumSet.noneOf(io.httpkit.http.Method.class);
    List<RequestMapping> both = new ArrayList<>();
    both.add(own);
    if (outer != null) {
      both.add(outer);
    }
    for (RequestMapping mapping : both) {
      for (var method : mapping.method()) {
        methods.add(io.httpkit.http.Method.valueOf(method.name()));
      }
    }
    return methods;
  }
}
