package io.httpkit.internal.loop;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * A count that mostly a loop adds to, which costs the loop no more than a field does. Other threads
 * may add too, and any may read.
 */
@AnyThread
public final class LoopCounter {
  private final EventLoop loop;

  /** Written by the loop only. */
  private final AtomicLong byLoop = new AtomicLong();

  private final LongAdder byOthers = new LongAdder();

  public LoopCounter(EventLoop loop) {
    this.loop = loop;
  }

  public void add(long count) {
    if (loop.isInLoop()) {
      // opaque, so that a reader of a long never sees half of it, and sees it in the end
      byLoop.setOpaque(byLoop.getPlain() + count);
    } else {
      byOthers.add(count);
    }
  }

  public long get() {
    return byLoop.getOpaque() + byOthers.sum();
  }
}
