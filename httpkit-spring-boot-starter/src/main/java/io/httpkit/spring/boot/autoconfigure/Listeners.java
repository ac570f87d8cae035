package io.httpkit.spring.boot.autoconfigure;

import java.util.List;
import java.util.function.Consumer;

/** Tells several listeners, one after the other; each is told even if one before it throws. */
final class Listeners {
  private Listeners() {}

  /** What was thrown first is thrown in the end, the others are attached to it. */
  static <T> void tell(List<T> listeners, Consumer<T> event) {
    Throwable first = null;
    for (T listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException | Error e) {
        if (first == null) {
          first = e;
        } else if (first != e) {
          first.addSuppressed(e);
        }
      }
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException exception) {
      throw exception;
    }
  }
}
