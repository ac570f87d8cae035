package io.httpkit.timer;

import org.jspecify.annotations.Nullable;

/**
 * What a timer runs once. It keeps the action only while it may still have to run it. The first of
 * two is the first to run.
 */
final class TimerTask implements Timer.Task, Comparable<TimerTask> {
  private enum State {
    WAITING,
    RUNNING,
    /** It has run, whether or not it threw. */
    RAN,
    CANCELLED
  }

  private final TimerRunner runner;
  private final long deadlineNanos;

  // Changed under the lock of the runner, but for the step from RUNNING to RAN
  private volatile State state = State.WAITING;
  private @Nullable Runnable action;

  /** Counts up from 1 on; 0 of a task that does not wait for its time yet. Under the lock. */
  private long sequence;

  /**
   * A task that waits, but is nowhere yet.
   *
   * @param deadlineNanos when it is due, in the time of the runner
   */
  TimerTask(TimerRunner runner, long deadlineNanos, Runnable action) {
    this.runner = runner;
    this.deadlineNanos = deadlineNanos;
    this.action = action;
  }

  @Override
  public boolean cancel() {
    return runner.cancel(this);
  }

  @Override
  public boolean isDone() {
    State current = state;
    return current == State.RAN || current == State.CANCELLED;
  }

  @Override
  public boolean isCancelled() {
    return state == State.CANCELLED;
  }

  boolean isWaiting() {
    return state == State.WAITING;
  }

  /** Keeps it from running; false if it is too late for that. Under the lock. */
  boolean drop() {
    if (state != State.WAITING) {
      return false;
    }
    state = State.CANCELLED;
    action = null;
    return true;
  }

  /** From here on it cannot be cancelled. Under the lock. */
  void begin() {
    state = State.RUNNING;
  }

  /** Runs it, after {@link #begin}. What it throws, this throws. */
  void run() {
    Runnable due = action;
    action = null;
    try {
      if (due != null) {
        due.run();
      }
    } finally {
      state = State.RAN;
    }
  }

  long deadlineNanos() {
    return deadlineNanos;
  }

  void setSequence(long newSequence) {
    sequence = newSequence;
  }

  /** Tasks of one time run as they were added. */
  @Override
  public int compareTo(TimerTask other) {
    return deadlineNanos == other.deadlineNanos
        ? Long.compare(sequence, other.sequence)
        : Long.compare(deadlineNanos, other.deadlineNanos);
  }
}
