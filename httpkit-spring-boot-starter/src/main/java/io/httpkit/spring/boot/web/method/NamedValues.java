package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.web.ArgumentResolver;
import io.httpkit.spring.boot.web.ArgumentSource;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.http.HttpHeaders;
import org.springframework.util.LinkedMultiValueMap;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ValueConstants;

/**
 * Parameters that get one named value of the request, converted to their type:
 * {@code @PathVariable}, {@code @RequestParam}, {@code @RequestHeader}, {@code @CookieValue},
 * {@code @RequestAttribute}, and simple types without an annotation, which are request parameters
 * that may be missing. Maps get all path variables, all parameters or all headers.
 */
final class NamedValues implements ArgumentResolver {
  private static final TypeDescriptor TEXT = TypeDescriptor.valueOf(String.class);

  private final ConversionService conversion;
  private final UnaryOperator<String> placeholders;

  NamedValues(ConversionService conversion, UnaryOperator<String> placeholders) {
    this.conversion = conversion;
    this.placeholders = placeholders;
  }

  @Override
  public @Nullable ArgumentSource resolve(MethodParameter parameter) {
    if (parameter.getParameterType() == HttpHeaders.class) {
      return request -> RequestValues.headers(request.headers());
    }
    for (ValueKind kind : ValueKind.values()) {
      Annotation declared = parameter.getParameterAnnotation(kind.annotation());
      if (declared != null) {
        return declared(parameter, kind, MergedAnnotation.from(declared));
      }
    }
    return isSimple(parameter)
        ? one(
            parameter,
            ValueKind.PARAMETER,
            "",
            parameter.getParameterType().isPrimitive(),
            ValueConstants.DEFAULT_NONE)
        : null;
  }

  private @Nullable ArgumentSource declared(
      MethodParameter parameter, ValueKind kind, MergedAnnotation<?> said) {
    Class<?> type = parameter.getParameterType();
    String name = said.getString("name");
    if (Map.class.isAssignableFrom(type)) {
      ArgumentSource all = all(kind, type);
      if (all != null) {
        return all;
      }
      if (isForAll(kind, name)) {
        return null;
      }
    }
    return one(
        parameter,
        kind,
        name,
        said.getBoolean("required"),
        said.getValue("defaultValue", String.class).orElse(ValueConstants.DEFAULT_NONE));
  }

  /** All values of a kind, as a map of this type; null if they are not given as such. */
  private static @Nullable ArgumentSource all(ValueKind kind, Class<?> type) {
    boolean isMulti = type != Map.class;
    if (!type.isAssignableFrom(LinkedMultiValueMap.class)) {
      return null;
    }
    if (kind == ValueKind.PARAMETER) {
      return isMulti
          ? RequestValues::allParameters
          : request -> RequestValues.allParameters(request).toSingleValueMap();
    }
    if (kind == ValueKind.HEADER) {
      return isMulti
          ? RequestValues::allHeaders
          : request -> RequestValues.allHeaders(request).toSingleValueMap();
    }
    return kind == ValueKind.PATH_VARIABLE && !isMulti ? Request::pathVariables : null;
  }

  /** Whether a map is to have all values rather than to be made of the one of a name. */
  private static boolean isForAll(ValueKind kind, String name) {
    return kind == ValueKind.PATH_VARIABLE
        || kind == ValueKind.HEADER
        || (kind == ValueKind.PARAMETER && name.isEmpty());
  }

  /** Whether its type alone makes it a request parameter. */
  private static boolean isSimple(MethodParameter parameter) {
    Class<?> type = parameter.nestedIfOptional().getNestedParameterType();
    return BeanUtils.isSimpleProperty(type) && type != Locale.class && !isOtherwiseSaid(parameter);
  }

  /** Whether an annotation says that the value comes from elsewhere. */
  private static boolean isOtherwiseSaid(MethodParameter parameter) {
    for (Annotation annotation : parameter.getParameterAnnotations()) {
      if (annotation.annotationType().getPackageName().startsWith("org.springframework.web")) {
        return true;
      }
    }
    return false;
  }

  /**
   * The value of a name.
   *
   * @param said its name; empty for that of the parameter
   */
  private ArgumentSource one(
      MethodParameter parameter, ValueKind kind, String said, boolean required, String standIn) {
    MethodParameter value = parameter.nestedIfOptional();
    String name = said.isEmpty() ? ownName(parameter, kind) : placeholders.apply(said);
    String otherwise =
        standIn.equals(ValueConstants.DEFAULT_NONE) ? null : placeholders.apply(standIn);
    NamedValue named =
        new NamedValue(
            kind,
            name,
            required && !parameter.isOptional() && otherwise == null,
            otherwise,
            target(value, value.getNestedParameterType()),
            conversion);
    checkMayBeMissing(parameter, named);
    checkConvertible(parameter, named);
    return parameter.getParameterType() == Optional.class
        ? request -> Optional.ofNullable(named.get(request))
        : named;
  }

  private static String ownName(MethodParameter parameter, ValueKind kind) {
    String name = parameter.getParameterName();
    if (name == null) {
      throw new HandlerMethodException(
          parameter,
          "has a " + kind + " without a name as parameter " + parameter.getParameterIndex(),
          "Compile with -parameters, or name it in its annotation.");
    }
    return name;
  }

  private static TypeDescriptor target(MethodParameter value, Class<?> type) {
    TypeDescriptor declared = new TypeDescriptor(value);
    return declared.getType() == type ? declared : TypeDescriptor.valueOf(type);
  }

  private static void checkMayBeMissing(MethodParameter parameter, NamedValue named) {
    if (!named.required() && named.otherwise() == null && named.target().isPrimitive()) {
      throw new HandlerMethodException(
          parameter,
          "has the parameter "
              + named.name()
              + ", which may be missing but is a "
              + named.target().getType(),
          "Give it a defaultValue, or make it an object type.");
    }
  }

  private void checkConvertible(MethodParameter parameter, NamedValue named) {
    if (named.kind() != ValueKind.ATTRIBUTE && !conversion.canConvert(TEXT, named.target())) {
      throw new HandlerMethodException(
          parameter,
          "has the parameter "
              + named.name()
              + " of type "
              + parameter.getGenericParameterType().getTypeName()
              + ", which text cannot become",
          "Change its type, or add a bean of type Converter from String to it.");
    }
  }

  /**
   * Sees to it that a method wants no variable that one of its templates does not have, as no
   * request could ever give it.
   *
   * @param placeholders replaces {@code ${...}} in names
   */
  static void checkPathVariables(
      Invocable method, List<String> templates, UnaryOperator<String> placeholders) {
    for (MethodParameter parameter : method.getMethodParameters()) {
      String name = wanted(parameter, placeholders);
      if (name != null) {
        templates.forEach(template -> checkIsIn(template, name, parameter));
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
  private static void checkIsIn(String template, String name, MethodParameter parameter) {
    boolean isThere =
        name.indexOf(':') < 0
            && name.indexOf('}') < 0
            && Pattern.compile("\\{\\*?+" + Pattern.quote(name) + "[}:]").matcher(template).find();
    if (!isThere) {
      throw new HandlerMethodException(
          parameter,
          "wants the path variable " + name + ", which \"" + template + "\" does not have",
          "Write {" + name + "} in the path, or name a variable that is there in @PathVariable.");
    }
  }
}
