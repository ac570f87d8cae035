package io.httpkit.spring.boot.web.method;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.validation.Errors;
import org.springframework.validation.FieldError;
import org.springframework.validation.ObjectError;

/** What is wrong with arguments, in the form in which clients are told. */
final class FieldErrors {
  private static final String MISMATCH = "has no value of the right kind";

  private FieldErrors() {}

  /** Validators tell them in any order, and the same request is to get the same answer. */
  static List<Map<String, String>> sorted(List<Map<String, String>> errors) {
    errors.sort(
        Comparator.comparing((Map<String, String> error) -> error.getOrDefault("field", ""))
            .thenComparing(error -> error.getOrDefault("message", "")));
    return errors;
  }

  /** The errors of one object. That a value could not be converted is said without its type. */
  static List<Map<String, String>> of(Errors object) {
    List<Map<String, String>> errors = new ArrayList<>();
    for (ObjectError error : object.getAllErrors()) {
      String field = error instanceof FieldError fieldError ? fieldError.getField() : null;
      boolean isMismatch = error instanceof FieldError fieldError && fieldError.isBindingFailure();
      errors.add(error(field, isMismatch ? MISMATCH : error.getDefaultMessage()));
    }
    return sorted(errors);
  }

  /**
   * One error.
   *
   * @param field null if it is of the whole object
   */
  static Map<String, String> error(@Nullable String field, @Nullable String message) {
    Map<String, String> error = new LinkedHashMap<>();
    if (field != null) {
      error.put("field", field);
    }
    error.put("message", message == null ? "is not valid" : message);
    return error;
  }
}
