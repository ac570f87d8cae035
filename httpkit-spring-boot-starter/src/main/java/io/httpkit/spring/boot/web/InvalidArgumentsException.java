package io.httpkit.spring.boot.web;

import java.io.Serializable;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * The request has values that a handler method does not allow: constraints of Jakarta Validation do
 * not hold, or parameters cannot become the properties of a record or class. Thrown before the
 * method is called.
 *
 * <p>It is answered with 400 and a problem that lists the values as {@code errors}, unless an
 * {@link org.springframework.web.bind.annotation.ExceptionHandler @ExceptionHandler} method takes
 * it. Applications may throw it too.
 */
public final class InvalidArgumentsException extends ErrorResponseException {
  private static final long serialVersionUID = 1L;

  private final InvalidValue[] errors;

  /**
   * A value that is not allowed.
   *
   * @param field where it is, such as {@code name} or {@code items[1].name}; the name of the
   *     parameter where it is the parameter itself; null if it is the object as a whole
   * @param message why, for the client to read
   */
  public record InvalidValue(@Nullable String field, String message) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** With these values, in the order of their fields: the same request gets the same answer. */
  public InvalidArgumentsException(Collection<InvalidValue> errors) {
    this(sorted(errors));
  }

  private InvalidArgumentsException(InvalidValue[] errors) {
    super(HttpStatus.BAD_REQUEST, problem(errors), null);
    this.errors = errors;
  }

  private static InvalidValue[] sorted(Collection<InvalidValue> errors) {
    return errors.stream()
        .sorted(
            Comparator.comparing((InvalidValue error) -> error.field() == null ? "" : error.field())
                .thenComparing(InvalidValue::message))
        .toArray(InvalidValue[]::new);
  }

  private static ProblemDetail problem(InvalidValue[] errors) {
    ProblemDetail problem =
        ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, "Some values are not valid.");
    problem.setProperty(
        "errors", List.of(errors).stream().map(InvalidArgumentsException::members).toList());
    return problem;
  }

  private static Map<String, String> members(InvalidValue error) {
    Map<String, String> members = new LinkedHashMap<>();
    if (error.field() != null) {
      members.put("field", error.field());
    }
    members.put("message", error.message());
    return members;
  }

  /** The values, in the order of their fields. */
  public List<InvalidValue> errors() {
    return List.of(errors);
  }
}
