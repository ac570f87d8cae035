package io.httpkit.timer;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs tasks once, at a later time, and bounds the time of other work. Any thread may call its
 * methods.
 *
 * <p>All tasks of a timer run on one thread, in the order of their times; tasks of the same time in
 * the order in which they were scheduled. <em>Tasks must be short and must not wait</em>: while one
 * runs, the others are late. The same goes for what depends on the futures given here, unless it is
 * attached with one of their {@code Async} methods.
 *
 * <p>The thread is a daemon. It is made when there is a task to wait for, and ends when there was
 * none for some time, so that a timer needs no closing.
 *
 * <p>A delay is counted from the call on. One that is negative is none; one of more than 292 years
 * is without end.
 */
public final class Timer {
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(60);

  /** A timer for everybody. */
  public static final Timer DEFAULT = new Timer("http-kit-timer");

  private final TimerRunner runner;

  /** A task that waits for its time, runs, or did. */
  public interface Task {
    /**
     * Keeps the task from running, and lets go of it. Any thread.
     *
     * @return true only if this call kept it from running; false if it has begun, has run, or was
     *     cancelled before
     */
    boolean cancel();

    /** Whether it has run, even if it threw, or was cancelled. Any thread. */
    boolean isDone();

    /** Whether it was cancelled. Any thread. */
    boolean isCancelled();
  }

  /**
   * A timer whose thread ends when it was idle for 60 seconds, and which logs what tasks throw, as
   * {@code io.httpkit.timer}.
   *
   * @param name of the thread
   */
  public Timer(String name) {
    this(name, KEEP_ALIVE, error -> log("a task of " + name, error));
  }

  /** The logger is loaded when there is something to log. */
  private static void log(String message, Throwable error) {
    System.getLogger("io.httpkit.timer").log(Level.ERROR, message, error);
  }

  /**
   * A timer.
   *
   * @param name of the thread
   * @param keepAlive how long the thread waits for another task before it ends
   * @param onError told on the timer's thread what a task threw; what it throws itself is dropped
   * @throws IllegalArgumentException if {@code keepAlive} is negative
   */
  public Timer(String name, Duration keepAlive, Consumer<? super Throwable> onError) {
    this(name, keepAlive, onError, System::nanoTime);
  }

  Timer(String name, Duration keepAlive, Consumer<? super Throwable> onError, LongSupplier ticker) {
    if (keepAlive.isNegative()) {
      throw new IllegalArgumentException("keepAlive must not be negative but was " + keepAlive);
    }
    runner = new TimerRunner(name, nanos(keepAlive), ticker, onError);
  }

  /** As many as there are when they are too many. */
  private static long nanos(Duration duration) {
    return TimeUnit.NANOSECONDS.convert(duration);
  }

  // ---- tasks

  /**
   * Runs the task once, after a time. What it throws is reported and hurts no other task.
   *
   * @param millis the time, in milliseconds
   */
  public Task schedule(long millis, Runnable task) {
    return start(TimeUnit.MILLISECONDS.toNanos(millis), task);
  }

  /** Runs the task once, after a time. What it throws is reported and hurts no other task. */
  public Task schedule(Duration delay, Runnable task) {
    return start(nanos(delay), task);
  }

  private TimerTask start(long delayNanos, Runnable task) {
    TimerTask waiting = runner.task(delayNanos, Objects.requireNonNull(task, "task"));
    runner.start(waiting);
    return waiting;
  }

  /**
   * Calls the task once, after a time.
   *
   * @return what it returns or throws; completed on the timer's thread. To cancel it, or to
   *     complete it otherwise, before that time keeps the task from being called
   */
  public <T> CompletableFuture<T> call(Duration delay, Callable<? extends T> task) {
    Objects.requireNonNull(task, "task");
    CompletableFuture<T> result = new CompletableFuture<>();
    TimerTask waiting = runner.task(nanos(delay), () -> complete(result, task));
    cancelWith(result, waiting);
    runner.start(waiting);
    return result;
  }

  private static void cancelWith(CompletableFuture<?> result, Task waiting) {
    var unused = result.whenComplete((value, error) -> waiting.cancel());
  }

  private static <T> void complete(CompletableFuture<T> result, Callable<? extends T> task) {
    try {
      result.complete(task.call());
    } catch (Throwable t) {
      result.completeExceptionally(t);
    }
  }

  // ---- time-outs

  /**
   * The result of the work, or of {@code onTimeout} if the work takes longer than it may. Whichever
   * comes first wins, the other is dropped: {@code onTimeout} is called only if the time is over
   * first. Work that is complete already wins even if it has no time.
   *
   * <p>The work itself is not ended by this.
   *
   * @param onTimeout called on the timer's thread; what it throws is the result
   * @return completed by who completes the work, or on the timer's thread. To cancel it, or to
   *     complete it otherwise, ends the waiting
   */
  public <T> CompletableFuture<T> withTimeout(
      Duration timeout, Supplier<? extends T> onTimeout, CompletionStage<? extends T> work) {
    Objects.requireNonNull(onTimeout, "onTimeout");
    CompletableFuture<T> result = new CompletableFuture<>();
    TimerTask waiting = runner.task(nanos(timeout), () -> complete(result, onTimeout::get));
    cancelWith(result, waiting);
    work.whenComplete(
        (value, error) -> {
          if (waiting.cancel()) {
            complete(result, value, error);
          }
        });
    runner.start(waiting);
    return result;
  }

  private static <T> void complete(
      CompletableFuture<T> result, T value, @Nullable Throwable error) {
    if (error == null) {
      result.complete(value);
    } else {
      result.completeExceptionally(error);
    }
  }

  /**
   * A callback that is called exactly once: with the first value that it is given, or if there is
   * none in time, with that of {@code onTimeout}. Whichever comes first wins, the other is dropped,
   * and so is every further value.
   *
   * @param onTimeout called on the timer's thread, and only if the time is over first. If it throws
   *     that is reported, and the callback is not called
   * @param callback called by who calls what is returned, or on the timer's thread
   * @return what to call in place of {@code callback}; by any thread
   */
  public <T> Consumer<T> withTimeout(
      Duration timeout, Supplier<? extends T> onTimeout, Consumer<? super T> callback) {
    Objects.requireNonNull(onTimeout, "onTimeout");
    Objects.requireNonNull(callback, "callback");
    Task waiting = schedule(timeout, () -> callback.accept(onTimeout.get()));
    return value -> {
      if (waiting.cancel()) {
        callback.accept(value);
      }
    };
  }

  // ---- state

  /** How many tasks wait for their time. Any thread. */
  public int pending() {
    return runner.pending();
  }

  /** Has the thread look at the clock again. For tests, which move it. */
  void lookAgain() {
    runner.lookAgain();
  }
}
