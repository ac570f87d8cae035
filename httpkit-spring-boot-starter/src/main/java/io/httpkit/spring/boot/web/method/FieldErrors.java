package io.httpkit.spring.boot.web.method;

import io.httpkit.spring.boot.web.InvalidArgumentsException.InvalidValue;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.validation.Errors;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/** What Spring's binder finds to be wrong, in the form in which clients are told. */
final class FieldErrors {
  private static final String MISMATCH = "has no value of the right kind";

  private FieldErrors() {}

  /** The errors of one object. That a value could not be converted is said without its type. */
  static List<InvalidValue> of(Errors object) {
    return object.getAllErrors().stream().map(FieldErrors::of).toList();
  }

  private static InvalidValue of(ObjectError error) {
    FieldError field = error instanceof FieldError of ? of : null;
    boolean isMismatch = field != null && field.isBindingFailure();
    return new InvalidValue(
        field == null ? null : field.getField(),
        isMismatch ? MISMATCH : message(error.getDefaultMessage()));
  }

  private static String message(@Nullable String message) {
    return message == null ? "is not valid" : message;
  }
}
