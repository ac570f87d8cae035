package io.httpkit.spring.boot.web.method;

import io.httpkit.spring.boot.web.method.NamedValue.Kind;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ValueConstants;

/** Which named values the annotations of parameters ask for. */
final class NamedAnnotations {
  private static final String NONE = ValueConstants.DEFAULT_NONE;

  private static final List<Row<?>> ROWS =
      List.of(
          new Row<>(
              PathVariable.class,
              Kind.PATH_VARIABLE,
              path -> new Said(path.name(), path.required(), NONE)),
          new Row<>(
              RequestParam.class,
              Kind.PARAMETER,
              param -> new Said(param.name(), param.required(), param.defaultValue())),
          new Row<>(
              RequestHeader.class,
              Kind.HEADER,
              header -> new Said(header.name(), header.required(), header.defaultValue())),
          new Row<>(
              CookieValue.class,
              Kind.COOKIE,
              cookie -> new Said(cookie.name(), cookie.required(), cookie.defaultValue())),
          new Row<>(
              RequestAttribute.class,
              Kind.ATTRIBUTE,
              attribute -> new Said(attribute.name(), attribute.required(), NONE)));

  /**
   * What an annotation says.
   *
   * @param name empty for that of the parameter
   */
  record Said(String name, boolean required, String defaultValue) {}

  /** What a parameter asks for. */
  record Asked(Kind kind, Said said) {}

  private record Row<A extends Annotation>(
      Class<A> annotation, Kind kind, Function<A, Said> reading) {
    @Nullable Asked read(MethodParameter parameter) {
      A found = parameter.getParameterAnnotation(annotation);
      return found == null ? null : new Asked(kind, reading.apply(found));
    }
  }

  private NamedAnnotations() {}

  /** What this parameter asks for; null if that is not one named value. */
  static @Nullable Asked read(MethodParameter parameter) {
    for (Row<?> row : ROWS) {
      Asked asked = row.read(parameter);
      if (asked != null) {
        return isForAll(parameter, asked) ? null : asked;
      }
    }
    return isSimple(parameter)
        ? new Asked(Kind.PARAMETER, new Said("", parameter.getParameterType().isPrimitive(), NONE))
        : null;
  }

  /** Whether all values are asked for rather than the one of a name. */
  private static boolean isForAll(MethodParameter parameter, Asked asked) {
    Class<?> type = parameter.getParameterType();
    boolean isMap = Map.class.isAssignableFrom(type);
    return switch (asked.kind()) {
      case PATH_VARIABLE -> isMap;
      case PARAMETER -> isMap && asked.said().name().isEmpty();
      case HEADER -> isMap || type == HttpHeaders.class;
      case COOKIE, ATTRIBUTE -> false;
    };
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
}
