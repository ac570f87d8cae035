package io.httpkit.spring.boot.web.method;

import java.math.BigInteger;
import java.util.Arrays;
import org.springframework.http.HttpStatus;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.util.ClassUtils;
import org.springframework.web.server.ResponseStatusException;

/** Refusals of a request whose values are missing or of the wrong kind. */
final class BadRequests {
  private static final boolean HAS_JACKSON =
      ClassUtils.isPresent(
          "tools.jackson.core.JacksonException", BadRequests.class.getClassLoader());
  private static final int SHOWN = 100;

  private BadRequests() {}

  static ResponseStatusException missing(ValueKind what, String name) {
    return refusal("The " + what + " '" + name + "' is missing.");
  }

  /** Of a value that cannot be converted; it is shown to the one who sent it. */
  static ResponseStatusException mismatch(
      ValueKind what, String name, Object value, Class<?> type) {
    return refusal(
        "The "
            + what
            + " '"
            + name
            + "' must be "
            + kind(type)
            + ", but is '"
            + shown(value)
            + "'.");
  }

  static ResponseStatusException refusal(String reason) {
    return new ResponseStatusException(HttpStatus.BAD_REQUEST, reason);
  }

  /** What is wrong with a body that a message converter could not read. */
  static String describe(HttpMessageNotReadableException unreadable) {
    String known = HAS_JACKSON ? UnreadableBody.describe(unreadable.getCause()) : null;
    return known == null ? "The body cannot be read." : known;
  }

  private static String shown(Object value) {
    String text = value instanceof Object[] all ? Arrays.toString(all) : value.toString();
    return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
  }

  private static String kind(Class<?> type) {
    if (type.isEnum()) {
      return "one of " + Arrays.toString(type.getEnumConstants());
    }
    Class<?> boxed = ClassUtils.resolvePrimitiveIfNecessary(type);
    if (boxed == Integer.class
        || boxed == Long.class
        || boxed == Short.class
        || boxed == Byte.class
        || boxed == BigInteger.class) {
      return "a whole number";
    }
    if (Number.class.isAssignableFrom(boxed)) {
      return "a number";
    }
    return "a " + type.getSimpleName();
  }
}
