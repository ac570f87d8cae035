package io.httpkit.internal.loop;

import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** Tasks of one event loop that are due at a later time, the earliest first. */
@LoopConfined
public final class TimerQueue {
  /** So few that were cancelled may stay until their time. */
  private static final int FEW = 64;

  /** By difference, as ticker time may overflow. */
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>((one, other) -> Long.signum(one.deadlineNanos - other.deadlineNanos));

  /** Those in the queue that were cancelled. */
  private int cancelled;

  /** A task that waits for its time. */
  public final class Timer {
    private final long deadlineNanos;
    private @Nullable Runnable task;

    Timer(long deadlineNanos, Runnable task) {
      this.deadlineNanos = deadlineNanos;
      this.task = task;
    }

    /** Keeps the task from running. Not on another thread than that of the loop. */
    public void cancel() {
      if (task != null) {
        task = null;
        cancelled++;
        sweep();
      }
    }

    private void run() {
      Runnable due = task;
      task = null;
      if (due != null) {
        due.run();
      }
    }
  }

  Timer add(long deadlineNanos, Runnable task) {
    Timer timer = new Timer(deadlineNanos, task);
    timers.add(timer);
    return timer;
  }

  /** Nanoseconds until the earliest timer, at least 0; {@code Long.MAX_VALUE} without any. */
  long nanosUntilNext(long nowNanos) {
    Timer next = timers.peek();
    return next == null ? Long.MAX_VALUE : Math.max(0, next.deadlineNanos - nowNanos);
  }

  /** Runs one due task; false if none is due. */
  boolean runOne(long nowNanos) {
    Timer next = timers.peek();
    if (next == null || next.deadlineNanos - nowNanos > 0) {
      return false;
    }
    timers.remove();
    if (next.task == null) {
      cancelled--;
    }
    next.run();
    return true;
  }

  /** When most were cancelled all of those go at once, which costs each of them little. */
  private void sweep() {
    if (cancelled > FEW && cancelled > timers.size() / 2) {
      timers.removeIf(timer -> timer.task == null);
      cancelled = 0;
    }
  }
}
