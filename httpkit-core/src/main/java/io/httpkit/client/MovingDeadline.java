package io.httpkit.client;

import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.loop.TimerQueue;
import org.jspecify.annotations.Nullable;

/**
 * A deadline that is moved for each request and rarely reached. Moving it further away is a write
 * to a field: the timer that is set looks at the field when it is due, and is set again.
 */
final class MovingDeadline {
  private final EventLoop loop;
  private final Runnable onReached;

  // Volatile: written by any thread, read by the loop
  private volatile long dueNanos;

  // Volatile: written by the loop, read by any thread
  private volatile boolean armed;
  private volatile long armedNanos;

  /** Loop only. */
  private TimerQueue.@Nullable Timer timer;

  /**
   * @param onReached called on the loop; it moves the deadline, or ends what has it
   */
  MovingDeadline(EventLoop loop, Runnable onReached) {
    this.loop = loop;
    this.onReached = onReached;
  }

  /** Moves the deadline to this ticker time. */
  @AnyThread
  void set(long nanos) {
    dueNanos = nanos;
    if (!armed || nanos - armedNanos < 0) {
      if (loop.isInLoop()) {
        arm();
      } else {
        loop.execute(this::arm);
      }
    }
  }

  @LoopConfined
  private void arm() {
    long due = dueNanos;
    if (armed && due - armedNanos >= 0) {
      return;
    }
    cancel();
    armedNanos = due;
    armed = true;
    timer = loop.schedule(Math.max(0, due - loop.nanoTime()), this::onTimer);
  }

  private void onTimer() {
    armed = false;
    if (loop.nanoTime() - dueNanos >= 0) {
      onReached.run();
    } else {
      arm();
    }
  }

  /** Lets go of the timer. */
  @LoopConfined
  void cancel() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
