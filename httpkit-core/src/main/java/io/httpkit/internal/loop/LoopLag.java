package io.httpkit.internal.loop;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How long a loop takes to come to what it is asked to do. Measured by its ticks, so that it costs
 * nothing between them.
 */
final class LoopLag {
  private static final long WINDOW_NANOS = 60_000_000_000L;
  private static final long NONE = Long.MIN_VALUE;

  // Any thread
  /** When the tick was asked for that is still to come. */
  private final AtomicLong askedNanos = new AtomicLong(NONE);

  /** Volatile: written by the loop, read by any thread. */
  private volatile long worstNanos;

  // Loop only
  private long windowStartNanos;
  private long worstOfWindow;

  LoopLag(long nowNanos) {
    windowStartNanos = nowNanos;
  }

  /** A tick is asked for; false if the loop is still to come to the last one. */
  @AnyThread
  boolean ask(long nowNanos) {
    return askedNanos.compareAndSet(NONE, nowNanos);
  }

  /** The loop has come to the tick. */
  @LoopConfined
  void answer(long nowNanos) {
    long lag = nowNanos - askedNanos.getAndSet(NONE);
    long worstBefore = worstNanos;
    if (nowNanos - windowStartNanos >= WINDOW_NANOS) {
      windowStartNanos = nowNanos;
      worstBefore = worstOfWindow;
      worstOfWindow = 0;
    }
    worstOfWindow = Math.max(worstOfWindow, lag);
    worstNanos = Math.max(worstBefore, lag);
  }

  /** The longest of the last minute or two; also what has not ended yet. */
  @AnyThread
  long nanos(long nowNanos) {
    long asked = askedNanos.get();
    return asked == NONE ? worstNanos : Math.max(worstNanos, nowNanos - asked);
  }
}
