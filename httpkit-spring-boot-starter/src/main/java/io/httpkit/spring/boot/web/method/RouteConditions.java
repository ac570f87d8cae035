package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.spring.boot.server.AcceptHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.RequestMapping;

/**
 * What a request must be like, besides its path and method, to be taken by a handler method.
 *
 * @param consumes types of the body, one of which it must have; empty for any
 * @param produces types of the response, one of which the client must accept; empty for any
 */
record RouteConditions(
    List<MediaTypeExpression> consumes,
    List<MediaType> produces,
    List<ValueCondition> params,
    List<ValueCondition> headers) {
  static final RouteConditions NONE =
      new RouteConditions(List.of(), List.of(), List.of(), List.of());

  /** A media type that is wanted, or not. */
  record MediaTypeExpression(MediaType type, boolean negated) {
    static MediaTypeExpression parse(String text) {
      boolean negated = text.startsWith("!");
      return new MediaTypeExpression(
          MediaType.parseMediaType(negated ? text.substring(1) : text), negated);
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

  /**
   * Types of the method replace those of its class, other conditions add to them.
   *
   * @throws InvalidMediaTypeException if they are not media types
   */
  static RouteConditions of(RequestMapping own, @Nullable RequestMapping outer) {
    List<ValueCondition> params = new ArrayList<>();
    List<ValueCondition> headers = new ArrayList<>();
    List<String> consumes = new ArrayList<>();
    List<String> produces = new ArrayList<>();
    if (outer != null) {
      consumes.addAll(own.consumes().length > 0 ? List.of() : List.of(outer.consumes()));
      produces.addAll(own.produces().length > 0 ? List.of() : List.of(outer.produces()));
      addAll(params, outer.params());
      addAll(headers, outer.headers());
    }
    consumes.addAll(List.of(own.consumes()));
    produces.addAll(List.of(own.produces()));
    addAll(params, own.params());
    addAll(headers, own.headers());
    return new RouteConditions(
        consumes.stream().map(MediaTypeExpression::parse).toList(),
        produces.stream().map(RouteConditions::produced).toList(),
        List.copyOf(params),
        List.copyOf(headers));
  }

  /** An exclamation mark could be part of a name, and is never meant so. */
  private static MediaType produced(String text) {
    if (text.startsWith("!")) {
      throw new InvalidMediaTypeException(text, "what is not produced cannot be said");
    }
    return MediaType.parseMediaType(text);
  }

  private static void addAll(List<ValueCondition> conditions, String[] texts) {
    Arrays.stream(texts).map(ValueCondition::parse).forEach(conditions::add);
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

  /** How many conditions there are besides the types. */
  int count() {
    return params.size() + headers.size();
  }
}
