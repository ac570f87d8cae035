package io.httpkit.spring.boot.web.method;

import io.httpkit.spring.boot.web.ArgumentResolver;
import io.httpkit.spring.boot.web.ArgumentSource;
import io.httpkit.spring.boot.web.method.NamedAnnotations.Asked;
import java.lang.reflect.Method;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;
import org.springframework.web.bind.annotation.ValueConstants;

/**
 * Parameters that get one named value of the request, converted to their type:
 * {@code @PathVariable}, {@code @RequestParam}, {@code @RequestHeader}, {@code @CookieValue},
 * {@code @RequestAttribute}, and simple types without an annotation, which are request parameters
 * that may be missing.
 */
final class NamedValues implements ArgumentResolver {
  private final ConversionService conversion;
  private final UnaryOperator<String> placeholders;

  NamedValues(ConversionService conversion, UnaryOperator<String> placeholders) {
    this.conversion = conversion;
    this.placeholders = placeholders;
  }

  @Override
  public @Nullable ArgumentSource resolve(MethodParameter parameter) {
    Asked asked = NamedAnnotations.read(parameter);
    if (asked == null) {
      return null;
    }
    NamedValue named = named(parameter, asked);
    MethodParameter value = parameter.nestedIfOptional();
    Class<?> type = value.getNestedParameterType();
    checkMayBeMissing(parameter, named, type);
    TextConversion converted = new TextConversion(conversion, named, target(value, type));
    checkConvertible(parameter, converted);
    return parameter.getParameterType() == Optional.class
        ? request -> Optional.ofNullable(converted.apply(named.find(request)))
        : request -> converted.apply(named.find(request));
  }

  private NamedValue named(MethodParameter parameter, Asked asked) {
    String said = asked.said().name();
    String name = said.isEmpty() ? parameter.getParameterName() : placeholders.apply(said);
    if (name == null) {
      throw new HandlerMethodException(
          method(parameter),
          "has a " + asked.kind() + " without a name as parameter " + parameter.getParameterIndex(),
          "Compile with -parameters, or name it in its annotation.");
    }
    String defaultValue = asked.said().defaultValue();
    String otherwise =
        defaultValue.equals(ValueConstants.DEFAULT_NONE) ? null : placeholders.apply(defaultValue);
    boolean required = asked.said().required() && !parameter.isOptional() && otherwise == null;
    return new NamedValue(asked.kind(), name, required, otherwise);
  }

  private static TypeDescriptor target(MethodParameter value, Class<?> type) {
    TypeDescriptor declared = new TypeDescriptor(value);
    return declared.getType() == type ? declared : TypeDescriptor.valueOf(type);
  }

  private static void checkMayBeMissing(
      MethodParameter parameter, NamedValue named, Class<?> type) {
    if (!named.required() && named.otherwise() == null && type.isPrimitive()) {
      throw new HandlerMethodException(
          method(parameter),
          "has the parameter " + named.name() + ", which may be missing but is a " + type,
          "Give it a defaultValue, or make it an object type.");
    }
  }

  private static void checkConvertible(MethodParameter parameter, TextConversion converted) {
    NamedValue named = converted.named();
    if (named.kind() != NamedValue.Kind.ATTRIBUTE && !converted.isPossible()) {
      throw new HandlerMethodException(
          method(parameter),
          "has the parameter "
              + named.name()
              + " of type "
              + parameter.getGenericParameterType().getTypeName()
              + ", which text cannot become",
          "Change its type, or add a bean of type Converter from String to it.");
    }
  }

  private static Method method(MethodParameter parameter) {
    return Objects.requireNonNull((Method) parameter.getExecutable());
  }
}
