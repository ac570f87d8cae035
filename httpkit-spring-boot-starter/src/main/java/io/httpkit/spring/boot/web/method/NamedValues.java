package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.web.ArgumentResolver;
import io.httpkit.spring.boot.web.ArgumentSource;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ValueConstants;

/**
 * Parameters that get one named value of the request, converted to their type:
 * {@code @PathVariable}, {@code @RequestParam}, {@code @RequestHeader}, {@code @CookieValue},
 * {@code @RequestAttribute}, and simple types without an annotation, which are request parameters
 * that may be missing.
 */
final class NamedValues implements ArgumentResolver {
  private static final TypeDescriptor TEXT = TypeDescriptor.valueOf(String.class);

  private final ConversionService conversion;
  private final UnaryOperator<String> placeholders;

  NamedValues(ConversionService conversion, UnaryOperator<String> placeholders) {
    this.conversion = conversion;
    this.placeholders = placeholders;
  }

  /** Where a value is found: null when it is missing, else a String, a List or any object. */
  private interface Finder {
    @Nullable Object find(Request request, String name);
  }

  /**
   * What an annotation says.
   *
   * @param what how clients know it
   */
  private record Declaration(
      String what, String name, boolean required, @Nullable String otherwise, Finder finder) {}

  @Override
  public @Nullable ArgumentSource resolve(MethodParameter parameter) {
    Declaration declared = declaration(parameter);
    if (declared == null) {
      return null;
    }
    boolean optional = parameter.getParameterType() == Optional.class;
    MethodParameter value = parameter.nestedIfOptional();
    Class<?> type = value.getNestedParameterType();
    boolean required =
        declared.required() && !parameter.isOptional() && declared.otherwise() == null;
    if (!required && type.isPrimitive() && declared.otherwise() == null) {
      throw new HandlerMethodException(
          Objects.requireNonNull((Method) parameter.getExecutable()),
          "has the parameter " + declared.name() + ", which may be missing but is a " + type,
          "Give it a defaultValue, or make it an object type.");
    }
    TypeDescriptor target = target(value, type);
    if (!parameter.hasParameterAnnotation(RequestAttribute.class)
        && !conversion.canConvert(TEXT, target)) {
      throw new HandlerMethodException(
          Objects.requireNonNull((Method) parameter.getExecutable()),
          "has the parameter "
              + declared.name()
              + " of type "
              + parameter.getGenericParameterType().getTypeName()
              + ", which text cannot become",
          "Change its type, or add a bean of type Converter from String to it.");
    }
    Convert convert = new Convert(conversion, declared, target);
    return optional ? wrapped(declared, convert) : plain(declared, convert, required);
  }

  private static TypeDescriptor target(MethodParameter value, Class<?> type) {
    TypeDescriptor declared = new TypeDescriptor(value);
    return declared.getType() == type ? declared : TypeDescriptor.valueOf(type);
  }

  private static ArgumentSource plain(Declaration declared, Convert convert, boolean required) {
    String name = declared.name();
    return request -> {
      Object found = declared.finder().find(request, name);
      if (found == null && required) {
        throw BadRequests.missing(declared.what(), name);
      }
      Object raw = found == null ? declared.otherwise() : found;
      return raw == null ? null : convert.apply(raw);
    };
  }

  private static ArgumentSource wrapped(Declaration declared, Convert convert) {
    return request -> {
      Object found = declared.finder().find(request, declared.name());
      Object raw = found == null ? declared.otherwise() : found;
      return raw == null ? Optional.empty() : Optional.ofNullable(convert.apply(raw));
    };
  }

  /** Converts one value, as a rule not at all. */
  private record Convert(
      ConversionService conversion, Declaration declared, TypeDescriptor target) {
    @Nullable Object apply(Object raw) {
      Object value = raw instanceof List<?> list && list.size() == 1 ? list.get(0) : raw;
      if (target.getType() == String.class && value instanceof String) {
        return value;
      }
      try {
        TypeDescriptor source = TypeDescriptor.forObject(value);
        Object converted = conversion.convert(value, source, target);
        if (converted == null && target.isPrimitive()) {
          throw BadRequests.mismatch(declared.what(), declared.name(), value, target.getType());
        }
        return converted;
      } catch (ConversionException e) {
        throw BadRequests.mismatch(declared.what(), declared.name(), value, target.getType());
      }
    }
  }

  private @Nullable Declaration declaration(MethodParameter parameter) {
    PathVariable path = parameter.getParameterAnnotation(PathVariable.class);
    if (path != null && !isMap(parameter)) {
      return declare(
          "path variable", parameter, path.name(), path.required(), null, NamedValues::variable);
    }
    RequestParam param = parameter.getParameterAnnotation(RequestParam.class);
    if (param != null && !(isMap(parameter) && param.name().isEmpty())) {
      return declare(
          "parameter",
          parameter,
          param.name(),
          param.required(),
          param.defaultValue(),
          NamedValues::parameter);
    }
    RequestHeader header = parameter.getParameterAnnotation(RequestHeader.class);
    if (header != null && !isMap(parameter) && !isHeaders(parameter)) {
      return declare(
          "header",
          parameter,
          header.name(),
          header.required(),
          header.defaultValue(),
          NamedValues::header);
    }
    CookieValue cookie = parameter.getParameterAnnotation(CookieValue.class);
    if (cookie != null) {
      return declare(
          "cookie",
          parameter,
          cookie.name(),
          cookie.required(),
          cookie.defaultValue(),
          (request, name) -> request.cookies().get(name));
    }
    RequestAttribute attribute = parameter.getParameterAnnotation(RequestAttribute.class);
    if (attribute != null) {
      return declare(
          "attribute",
          parameter,
          attribute.name(),
          attribute.required(),
          null,
          (request, name) -> request.attribute(name));
    }
    return unannotated(parameter);
  }

  private @Nullable Declaration unannotated(MethodParameter parameter) {
    Class<?> type = parameter.nestedIfOptional().getNestedParameterType();
    if (parameter.getParameterAnnotations().length > 0 && hasOwn(parameter)) {
      return null;
    }
    if (!BeanUtils.isSimpleProperty(type) || type == Locale.class) {
      return null;
    }
    return declare("parameter", parameter, "", type.isPrimitive(), null, NamedValues::parameter);
  }

  /** Whether an annotation says that the value comes from elsewhere. */
  private static boolean hasOwn(MethodParameter parameter) {
    for (Annotation annotation : parameter.getParameterAnnotations()) {
      if (annotation.annotationType().getPackageName().startsWith("org.springframework.web")) {
        return true;
      }
    }
    return false;
  }

  private Declaration declare(
      String what,
      MethodParameter parameter,
      String name,
      boolean required,
      @Nullable String defaultValue,
      Finder finder) {
    String known = name.isEmpty() ? parameter.getParameterName() : placeholders.apply(name);
    if (known == null) {
      throw new HandlerMethodException(
          Objects.requireNonNull((Method) parameter.getExecutable()),
          "has a " + what + " without a name as parameter " + parameter.getParameterIndex(),
          "Compile with -parameters, or name it in its annotation.");
    }
    String otherwise =
        defaultValue == null || ValueConstants.DEFAULT_NONE.equals(defaultValue)
            ? null
            : placeholders.apply(defaultValue);
    return new Declaration(what, known, required, otherwise, finder);
  }

  private static boolean isMap(MethodParameter parameter) {
    return Map.class.isAssignableFrom(parameter.getParameterType());
  }

  private static boolean isHeaders(MethodParameter parameter) {
    return parameter.getParameterType() == HttpHeaders.class;
  }

  private static @Nullable Object variable(Request request, String name) {
    return request.pathVariables().get(name);
  }

  private static @Nullable Object parameter(Request request, String name) {
    List<String> values = RequestValues.parameters(request, name);
    return values.isEmpty() ? null : values;
  }

  private static @Nullable Object header(Request request, String name) {
    List<String> values = request.headers().all(name);
    return values.isEmpty() ? null : values;
  }
}
