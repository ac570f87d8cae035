package io.httpkit.timer;

import java.util.TreeSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that wait, and the thread that runs them. The thread is made when there is a task to
 * wait for, and ends when there was none for some time. It survives whatever a task throws.
 *
 * <p>Time is in nanoseconds since this was made. So it is not negative, and a deadline can be
 * compared with any other; one that is too far away for a {@code long} is as far as there is.
 */
final class TimerRunner {
  /** In place of a time at which the thread looks: it is about to. */
  private static final long AWAKE = Long.MIN_VALUE;

  private final String name;
  private final long keepAliveNanos;
  private final LongSupplier ticker;
  private final long originNanos;
  private final Consumer<? super Throwable> onError;

  // Any thread adds and cancels while the timer's own takes what is due; hence the lock, for all
  // that is below
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final TreeSet<TimerTask> waiting = new TreeSet<>();
  private long added;
  private @Nullable Thread thread;

  /** When the thread that waits will look at the tasks, even if nobody wakes it. */
  private long looksAtNanos = AWAKE;

  /** Since when no task waits, if none does. */
  private long idleSinceNanos;

  TimerRunner(
      String name, long keepAliveNanos, LongSupplier ticker, Consumer<? super Throwable> onError) {
    this.name = name;
    this.keepAliveNanos = keepAliveNanos;
    this.ticker = ticker;
    this.originNanos = ticker.getAsLong();
    this.onError = onError;
  }

  private long now() {
    return ticker.getAsLong() - originNanos;
  }

  /** Of two that are not negative. */
  private static long plus(long nanos, long moreNanos) {
    long sum = nanos + moreNanos;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  // ---- any thread

  /** A task that is due in so many nanoseconds, once it is {@link #start started}. */
  TimerTask task(long delayNanos, Runnable action) {
    return new TimerTask(this, plus(now(), Math.max(0, delayNanos)), action);
  }

  /** Lets the task wait for its time, unless it is cancelled already. */
  void start(TimerTask task) {
    lock.lock();
    try {
      if (!task.isWaiting()) {
        return;
      }
      task.setSequence(++added);
      waiting.add(task);
      if (thread == null) {
        startThread(task);
      } else {
        lookBy(task.deadlineNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Keeps the task from running; false if it has begun or was cancelled before. */
  boolean cancel(TimerTask task) {
    if (!task.isWaiting()) {
      return false;
    }
    lock.lock();
    try {
      if (!task.drop()) {
        return false;
      }
      waiting.remove(task);
      if (waiting.isEmpty()) {
        idleSinceNanos = now();
        lookBy(idleEnd());
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** How many tasks wait. */
  int pending() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Has the thread look at the clock again. For tests, which move it. */
  void lookAgain() {
    lock.lock();
    try {
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the thread if it would look too late. Under the lock. */
  private void lookBy(long nanos) {
    if (nanos < looksAtNanos) {
      looksAtNanos = AWAKE;
      changed.signal();
    }
  }

  private long idleEnd() {
    return plus(idleSinceNanos, keepAliveNanos);
  }

  /** Under the lock, for which the new thread then waits. */
  private void startThread(TimerTask task) {
    Thread started = newThread();
    try {
      started.start();
    } catch (Throwable t) {
      waiting.remove(task);
      throw t;
    }
    thread = started;
  }

  /** A thread with nothing of the thread that happens to need it first. */
  private Thread newThread() {
    Thread made = new Thread(null, this::runAll, name, 0, false);
    made.setDaemon(true);
    made.setContextClassLoader(TimerRunner.class.getClassLoader());
    return made;
  }

  // ---- the timer's thread

  private void runAll() {
    boolean more = true;
    while (more) {
      try {
        more = runNext();
      } catch (Throwable t) {
        report(t);
      }
    }
  }

  /** Runs one task when it is due; false if this thread is not needed any more. */
  private boolean runNext() {
    TimerTask next = awaitNext();
    if (next == null) {
      return false;
    }
    try {
      next.run();
    } finally {
      clearInterrupt();
    }
    return true;
  }

  /** The next task, when it is due; null when there was none for so long that the thread ends. */
  private @Nullable TimerTask awaitNext() {
    lock.lock();
    try {
      idleSinceNanos = now();
      while (true) {
        long now = now();
        TimerTask first = waiting.isEmpty() ? null : waiting.first();
        if (first != null && first.deadlineNanos() <= now) {
          first.begin();
          waiting.remove(first);
          return first;
        }
        if (first == null && idleEnd() <= now) {
          thread = null;
          return null;
        }
        await(now, first == null ? idleEnd() : first.deadlineNanos());
      }
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("WaitNotInLoop") // the loop is that of awaitNext
  private void await(long now, long untilNanos) {
    looksAtNanos = untilNanos;
    try {
      long unused = changed.awaitNanos(untilNanos - now);
    } catch (InterruptedException e) {
      // nobody has to tell this thread to end, so it just looks again
    } finally {
      looksAtNanos = AWAKE;
    }
  }

  /** An interruption that was meant for one task is not left to the next. */
  private static void clearInterrupt() {
    boolean unused = Thread.interrupted();
  }

  private void report(Throwable error) {
    try {
      onError.accept(error);
    } catch (Throwable t) {
      // who is told of faults must not be one
    }
  }
}
