package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.server.AcceptHeader;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMapping;

/** What a request must be like, besides its path and method, to be taken by a handler method. */
final class RouteConditions {
  private final List<MediaTypeExpression> consumes;
  private final List<MediaType> produces;
  private final List<ValueCondition> params;
  private final List<ValueCondition> headers;

  /** A media type that is wanted, or not. */
  record MediaTypeExpression(MediaType type, boolean negated) {
    static MediaTypeExpression parse(String text) {
      boolean negated = text.startsWith("!");
      return new MediaTypeExpression(
          MediaType.parseMediaType(negated ? text.substring(1) : text), negated);
    }

    /** Those that a condition on a header names. */
    static List<MediaTypeExpression> of(ValueCondition header) {
      return MediaType.parseMediaTypes(header.value()).stream()
          .map(type -> new MediaTypeExpression(type, header.negated()))
          .toList();
    }

    boolean matches(MediaType other) {
      return type.includes(other) != negated;
    }
  }

  /** {@code name}, {@code !name}, {@code name=value} or {@code name!=value}. */
  record ValueCondition(String name, @Nullable String value, boolean negated) {
    static ValueCondition parse(String text) {
      int equals = text.indexOf('=');
      if (equals < 0) {
        boolean negated = text.startsWith("!");
        return new ValueCondition(negated ? text.substring(1) : text, null, negated);
      }
      boolean negated = equals > 0 && text.charAt(equals - 1) == '!';
      return new ValueCondition(
          text.substring(0, negated ? equals - 1 : equals), text.substring(equals + 1), negated);
    }

    /** Whether it asks for types in this header, rather than for the header. */
    boolean isOfTypes(String header) {
      return value != null && name.equalsIgnoreCase(header);
    }

    boolean matches(List<String> values) {
      boolean found = value == null ? !values.isEmpty() : values.contains(value);
      return found != negated;
    }

    @Override
    public String toString() {
      String equals = negated ? "!=" : "=";
      return value == null ? (negated ? "!" : "") + name : name + equals + value;
    }
  }

  private RouteConditions(
      List<MediaTypeExpression> consumes,
      List<MediaType> produces,
      List<ValueCondition> params,
      List<ValueCondition> headers) {
    this.consumes = consumes;
    this.produces = produces;
    this.params = params;
    this.headers = headers;
  }

  /**
   * Types of the method replace those of its class, other conditions add to them. A type that is
   * asked for in a header is one like those of {@code consumes} and {@code produces}.
   *
   * @throws InvalidMediaTypeException if they are not media types
   */
  static RouteConditions of(RequestMapping own, @Nullable RequestMapping outer) {
    RouteConditions inner = of(own);
    return outer == null ? inner : inner.within(of(outer));
  }

  private static RouteConditions of(RequestMapping mapping) {
    List<MediaTypeExpression> consumes = parsed(mapping.consumes(), MediaTypeExpression::parse);
    List<MediaTypeExpression> produces = parsed(mapping.produces(), MediaTypeExpression::parse);
    List<ValueCondition> headers = new ArrayList<>();
    for (ValueCondition header : parsed(mapping.headers(), ValueCondition::parse)) {
      if (header.isOfTypes(HttpHeaders.CONTENT_TYPE)) {
        consumes.addAll(MediaTypeExpression.of(header));
      } else if (header.isOfTypes(HttpHeaders.ACCEPT)) {
        produces.addAll(MediaTypeExpression.of(header));
      } else {
        headers.add(header);
      }
    }
    return new RouteConditions(
        consumes,
        produces.stream().map(RouteConditions::produced).toList(),
        parsed(mapping.params(), ValueCondition::parse),
        headers);
  }

  private static MediaType produced(MediaTypeExpression expression) {
    if (expression.negated()) {
      throw new InvalidMediaTypeException(
          "!" + expression.type(), "what is not produced cannot be said");
    }
    return expression.type();
  }

  private static <T> List<T> parsed(String[] texts, Function<String, T> parsing) {
    List<T> all = new ArrayList<>();
    for (String text : texts) {
      all.add(parsing.apply(text));
    }
    return all;
  }

  private RouteConditions within(RouteConditions outer) {
    return new RouteConditions(
        consumes.isEmpty() ? outer.consumes : consumes,
        produces.isEmpty() ? outer.produces : produces,
        both(outer.params, params),
        both(outer.headers, headers));
  }

  private static List<ValueCondition> both(List<ValueCondition> one, List<ValueCondition> other) {
    return Stream.concat(one.stream(), other.stream()).toList();
  }

  /** Types of the body, one of which it must have; empty for any. */
  List<MediaTypeExpression> consumes() {
    return consumes;
  }

  /** Types of the response, one of which the client must accept; empty for any. */
  List<MediaType> produces() {
    return produces;
  }

  List<ValueCondition> params() {
    return params;
  }

  List<ValueCondition> headers() {
    return headers;
  }

  boolean isEmpty() {
    return consumes.isEmpty() && produces.isEmpty() && params.isEmpty() && headers.isEmpty();
  }

  boolean paramsMatch(Request request) {
    for (ValueCondition condition : params) {
      if (!condition.matches(RequestValues.parameters(request, condition.name()))) {
        return false;
      }
    }
    return true;
  }

  boolean headersMatch(Request request) {
    for (ValueCondition condition : headers) {
      if (!condition.matches(request.headers().all(condition.name()))) {
        return false;
      }
    }
    return true;
  }

  /** A body that is not there is of any type. */
  boolean consumes(Request request) {
    if (consumes.isEmpty() || request.bodyLength() == 0) {
      return true;
    }
    MediaType given = RequestValues.contentType(request);
    MediaType type = given == null ? MediaType.APPLICATION_OCTET_STREAM : given;
    return consumes.stream().anyMatch(expression -> expression.matches(type));
  }

  boolean produces(AcceptHeader accepted) {
    return produces.isEmpty() || quality(accepted) >= 0;
  }

  /** The place of the first type in the client's list that this can produce; -1 for none. */
  int quality(AcceptHeader accepted) {
    List<MediaType> types = accepted.types();
    for (int i = 0; i < types.size(); i++) {
      MediaType type = types.get(i);
      if (produces.stream().anyMatch(produced -> accepted.matches(type, produced))) {
        return i;
      }
    }
    return -1;
  }

  /** Whether they mean the same, in whatever order they are written. */
  boolean isSameAs(RouteConditions other) {
    return unordered().equals(other.unordered());
  }

  private List<Set<?>> unordered() {
    return List.of(
        Set.copyOf(consumes), Set.copyOf(produces), Set.copyOf(params), Set.copyOf(headers));
  }
}
