package io.httpkit.internal.loop;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.LongAdder;

/**
 * A count that mostly a loop adds to, which costs the loop no more than a field does. Other threads
 * may add too, and any may read.
 */
@AnyThread
public final class LoopCounter {
  private static final VarHandle BY_LOOP;

  static {
    try {
      BY_LOOP = MethodHandles.lookup().findVarHandle(LoopCounter.class, "byLoop", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final EventLoop loop;
  private final LongAdder byOthers = new LongAdder();

  /** Written by the loop only. */
  private long byLoop;

  public LoopCounter(EventLoop loop) {
    this.loop = loop;
  }

  public void add(long count) {
    if (loop.isInLoop()) {
      // opaque, so that a reader of a long never sees half of it, and sees it in the end
      BY_LOOP.setOpaque(this, byLoop + count);
    } else {
      byOthers.add(count);
    }
  }

  public long get() {
    return (long) BY_LOOP.getOpaque(this) + byOthers.sum();
  }
}
