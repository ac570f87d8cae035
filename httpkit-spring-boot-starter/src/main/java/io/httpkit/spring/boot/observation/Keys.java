package io.httpkit.spring.boot.observation;

import io.httpkit.http.Status;
import io.micrometer.common.KeyValue;
import org.jspecify.annotations.Nullable;

/** Keys that requests of the server and of the client have. */
final class Keys {
  static final String UNKNOWN = "UNKNOWN";

  private static final KeyValue NO_EXCEPTION = KeyValue.of("exception", KeyValue.NONE_VALUE);
  private static final KeyValue OUTCOME_UNKNOWN = KeyValue.of("outcome", UNKNOWN);

  private Keys() {}

  /** The simple name of its class. */
  static KeyValue exception(@Nullable Throwable error) {
    if (error == null) {
      return NO_EXCEPTION;
    }
    String simple = error.getClass().getSimpleName();
    return KeyValue.of("exception", simple.isEmpty() ? error.getClass().getName() : simple);
  }

  static KeyValue status(@Nullable Status status, String otherwise) {
    return KeyValue.of("status", status == null ? otherwise : Integer.toString(status.code()));
  }

  static KeyValue outcome(@Nullable Status status) {
    if (status == null) {
      return OUTCOME_UNKNOWN;
    }
    return switch (status.code() / 100) {
      case 1 -> KeyValue.of("outcome", "INFORMATIONAL");
      case 2 -> KeyValue.of("outcome", "SUCCESS");
      case 3 -> KeyValue.of("outcome", "REDIRECTION");
      case 4 -> KeyValue.of("outcome", "CLIENT_ERROR");
      case 5 -> KeyValue.of("outcome", "SERVER_ERROR");
      default -> OUTCOME_UNKNOWN;
    };
  }
}
