package io.httpkit.http;

import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Where application code runs that may block: handlers of a server, callbacks of a client. A
 * request that is refused there is answered 503.
 *
 * @param kind of threads
 * @param threads as many as there may be; 0 unless they are platform threads
 * @param queueSize tasks that may wait for a thread, or with virtual threads run at once, before
 *     others are refused; 0 for an executor of the application
 * @param namePrefix what the names of threads begin with; empty for an executor of the application
 * @param executor that of the application, used as it is and never shut down; else null
 */
public record Workers(
    Kind kind, int threads, int queueSize, String namePrefix, @Nullable Executor executor) {
  /** What runs the code. */
  public enum Kind {
    /** Named platform threads. */
    PLATFORM,
    /** A virtual thread for each task. Needs Java 21. */
    VIRTUAL,
    /** An executor of the application. */
    GIVEN
  }

  /** Checks what goes with the kind, and keeps nothing else. */
  public Workers {
    boolean isGiven = kind == Kind.GIVEN;
    threads = kind == Kind.PLATFORM ? threads : 0;
    queueSize = isGiven ? 0 : queueSize;
    namePrefix = isGiven ? "" : namePrefix;
    executor = isGiven ? Objects.requireNonNull(executor, "executor") : null;
    if (kind == Kind.PLATFORM) {
      atLeastOne("threads", threads);
    }
    if (!isGiven) {
      atLeastOne("queueSize", queueSize);
    }
  }

  /** Platform threads, with a queue. */
  public static Workers platform(int threads, int queueSize, String namePrefix) {
    return new Workers(Kind.PLATFORM, threads, queueSize, namePrefix, null);
  }

  /** A virtual thread for each task, and no more than {@code queueSize} at once. */
  public static Workers virtual(int queueSize, String namePrefix) {
    return new Workers(Kind.VIRTUAL, 0, queueSize, namePrefix, null);
  }

  /** The application's executor. */
  public static Workers given(Executor executor) {
    return new Workers(Kind.GIVEN, 0, 0, "", executor);
  }

  private static void atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 but was " + value);
    }
  }
}
