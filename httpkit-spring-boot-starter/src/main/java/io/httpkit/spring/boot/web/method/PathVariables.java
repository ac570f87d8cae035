package io.httpkit.spring.boot.web.method;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.PathVariable;

/** The variables that templates of paths have, and that methods want. */
final class PathVariables {
  private PathVariables() {}

  /**
   * Sees to it that a method wants no variable that one of its templates does not have, as no
   * request could ever give it.
   *
   * @param placeholders replaces {@code ${...}} in names
   */
  static void check(Invocable method, List<String> templates, UnaryOperator<String> placeholders) {
    for (MethodParameter parameter : method.getMethodParameters()) {
      String name = wanted(parameter, placeholders);
      if (name != null) {
        templates.forEach(template -> check(parameter, name, template));
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

  /** It may stand there as {@code {name}}, {@code {name:regex}} or {@code {*name}}. */
  private static void check(MethodParameter parameter, String name, String template) {
    if (!Pattern.compile("\\{\\*?" + Pattern.quote(name) + "[}:]").matcher(template).find()) {
      throw new HandlerMethodException(
          parameter,
          "wants the path variable " + name + ", which \"" + template + "\" does not have",
          "Write {" + name + "} in the path, or name a variable that is there in @PathVariable.");
    }
  }
}
