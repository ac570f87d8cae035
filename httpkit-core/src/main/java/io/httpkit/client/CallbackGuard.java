package io.httpkit.client;

import org.jspecify.annotations.Nullable;

/**
 * Knows what this thread is needed for: whether it is a loop of a client, or on which executors the
 * callbacks run that it is in. To wait there for a response could wait for ever, as it may take
 * such a thread to complete it. Which client it is of does not matter: two may share an executor,
 * and a loop that waits keeps all that it serves waiting.
 *
 * <p>It sees who waits for a future of a client, or for one that was derived from it. It does not
 * see who waits for what {@code CompletableFuture.allOf} or {@code anyOf} give, which are ordinary
 * futures even if all they are made of is a client's; nor a task of a shared executor that is no
 * callback of a client. There it has to be {@code allOf(...).thenCompose(...)}, or {@code thenRun}.
 */
final class CallbackGuard {
  /**
   * A callback that this thread is in.
   *
   * @param executor where it runs
   * @param outer in which it was called; null: in none
   */
  private record Frame(Object executor, @Nullable Frame outer) {}

  private static final Object LOOP = new Object();
  private static final ThreadLocal<@Nullable Frame> INNERMOST = new ThreadLocal<>();

  private CallbackGuard() {}

  /** From now on this thread is a loop of a client, whatever it runs. */
  static void enterLoop() {
    INNERMOST.set(new Frame(LOOP, null));
  }

  /** Runs a task that may call callbacks, which run on this executor. */
  static void run(Object executor, Runnable task) {
    Frame before = INNERMOST.get();
    INNERMOST.set(new Frame(executor, before));
    try {
      task.run();
    } finally {
      INNERMOST.set(before);
    }
  }

  /**
   * Before a thread waits for a response.
   *
   * @param executor where the callbacks run that are told of it
   * @throws IllegalStateException if this thread must not
   */
  static void mayWait(Object executor) {
    if (isIn(LOOP)) {
      throw new IllegalStateException(
          "deadlock-guard: an event loop of an HTTP client must not wait for a response, as all that"
              + " it serves would wait too; chain it with thenCompose instead");
    }
    if (isIn(executor)) {
      throw new IllegalStateException(
          "deadlock-guard: a callback of an HTTP client must not wait for a response that is told"
              + " on the same executor, which may need this very thread; chain it with thenCompose"
              + " instead");
    }
  }

  /** Identity is the question. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isIn(Object executor) {
    for (Frame frame = INNERMOST.get(); frame != null; frame = frame.outer) {
      if (frame.executor == executor) {
        return true;
      }
    }
    return false;
  }
}
