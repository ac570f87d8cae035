package io.httpkit.spring.boot.observation;

import io.httpkit.http.Status;
import io.micrometer.common.KeyValue;
import org.jspecify.annotations.Nullable;

/** Keys that requests of the server and of the client have. */
final class Keys {
  static final String UNKNOWN = "UNKNOWN";

  private static final KeyValue NO_EXCEPTION = KeyValue.of("exception", KeyValue.NONE_VALUE);

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
    int kind = status == null ? 0 : status.code() / 100;
    return KeyValue.of(
        "outcome",
        switch (kind) {
          case 1 -> "INFORMATIONAL";
          case 2 -> "SUCCESS";
          case 3 -> "REDIRECTION";
          case 4 -> "CLIENT_ERROR";
          case 5 -> "SERVER_ERROR";
          default -> UNKNOWN;
        });
  }
}
