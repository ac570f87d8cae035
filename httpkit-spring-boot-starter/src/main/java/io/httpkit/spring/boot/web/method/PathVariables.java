package io.httpkit.spring.boot.web.method;

import java.lang.reflect.Method;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.AnnotatedMethod;
import org.springframework.web.bind.annotation.PathVariable;

/** The variables that templates of paths have, and that methods want. */
final class PathVariables {
  /** {@code {name}}, {@code {name:regex}} or {@code {*rest}}. */
  private static final Pattern VARIABLE = Pattern.compile("\\{\\*?([^}:]+)");

  private PathVariables() {}

  /**
   * Sees to it that a method wants no variable that one of its templates does not have, as no
   * request could ever give it.
   *
   * @param placeholders replaces {@code ${...}} in names
   */
  static void check(Method method, List<String> templates, UnaryOperator<String> placeholders) {
    for (MethodParameter parameter : new AnnotatedMethod(method).getMethodParameters()) {
      parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
      String name = wanted(parameter, placeholders);
      if (name != null) {
        templates.forEach(template -> check(method, name, template));
      }
    }
  }

  /** The variable that a parameter cannot do without; null for none. */
  private static @Nullable String wanted(
      MethodParameter parameter, UnaryOperator<String> placeholders) {
    PathVariable variable = parameter.getParameterAnnotation(PathVariable.class);
    boolean isMap = Map.class.isAssignableFrom(parameter.getParameterType());
    if (variable == null || isMap || !variable.required() || parameter.isOptional()) {
      return null;
    }
    return variable.name().isEmpty()
        ? parameter.getParameterName()
        : placeholders.apply(variable.name());
  }

  private static void check(Method method, String name, String template) {
    if (!names(template).contains(name)) {
      throw new HandlerMethodException(
          method,
          "wants the path variable " + name + ", which \"" + template + "\" does not have",
          "Write {" + name + "} in the path, or name a variable that is there in @PathVariable.");
    }
  }

  private static Set<String> names(String template) {
    Set<String> names = new HashSet<>();
    Matcher variable = VARIABLE.matcher(template);
    while (variable.find()) {
      names.add(variable.group(1));
    }
    return names;
  }
}
