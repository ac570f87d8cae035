package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import java.lang.annotation.Annotation;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.CookieValue;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestAttribute;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;

/** Where a value with a name can be in a request, and which annotation asks for it. */
enum ValueKind {
  PATH_VARIABLE(
      "path variable", PathVariable.class, (request, name) -> request.pathVariables().get(name)),
  PARAMETER(
      "parameter",
      RequestParam.class,
      (request, name) -> present(RequestValues.parameters(request, name))),
  HEADER("header", RequestHeader.class, (request, name) -> present(request.headers().all(name))),
  COOKIE("cookie", CookieValue.class, (request, name) -> request.cookies().get(name)),
  ATTRIBUTE("attribute", RequestAttribute.class, Request::attribute);

  private final String text;
  private final Class<? extends Annotation> annotation;

  @SuppressWarnings("ImmutableEnumChecker") // none of these functions has a state
  private final BiFunction<Request, String, @Nullable Object> finding;

  ValueKind(
      String text,
      Class<? extends Annotation> annotation,
      BiFunction<Request, String, @Nullable Object> finding) {
    this.text = text;
    this.annotation = annotation;
    this.finding = finding;
  }

  /** Has {@code name} and {@code required}, and {@code defaultValue} where there can be one. */
  Class<? extends Annotation> annotation() {
    return annotation;
  }

  /** The value: null when it is missing, a String or a List of them; an attribute is anything. */
  @Nullable Object find(Request request, String name) {
    return finding.apply(request, name);
  }

  private static @Nullable Object present(List<String> values) {
    return values.isEmpty() ? null : values;
  }

  /** How clients know it. */
  @Override
  public String toString() {
    return text;
  }
}
