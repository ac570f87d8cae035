package io.httpkit.client;

import org.jspecify.annotations.Nullable;

/**
 * Knows whether this thread is a loop of a client or is running one of its callbacks. To wait there
 * for another response of the same client could wait for ever, as it takes such a thread to
 * complete it.
 */
final class CallbackGuard {
  private static final ThreadLocal<@Nullable Object> CALLING = new ThreadLocal<>();

  private CallbackGuard() {}

  /** From now on this thread is a loop of this client, whatever it runs. */
  static void enterLoop(Object client) {
    CALLING.set(client);
  }

  /** Runs a task that may call callbacks of this client. */
  static void run(Object client, Runnable task) {
    Object before = CALLING.get();
    CALLING.set(client);
    try {
      task.run();
    } finally {
      CALLING.set(before);
    }
  }

  /**
   * Before a thread waits for this client.
   *
   * @throws IllegalStateException if this thread must not
   */
  static void mayWait(Object client) {
    if (isCalling(client)) {
      throw new IllegalStateException(
          "deadlock-guard: a callback of an HTTP client must not wait for another response of the"
              + " same client, which may need this very thread; chain it with thenCompose instead");
    }
  }

  /** Identity is the question. */
  @SuppressWarnings("ReferenceEquality")
  static boolean isCalling(Object client) {
    return CALLING.get() == client;
  }
}
