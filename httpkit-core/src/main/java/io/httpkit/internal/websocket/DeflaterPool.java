package io.httpkit.internal.websocket;

import io.httpkit.internal.loop.AnyThread;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.Deflater;

/** Deflaters to borrow for a message: each holds 256 KiB that no idle channel should have. */
@AnyThread
public final class DeflaterPool implements AutoCloseable {
  private static final int MAX_IDLE = 8;

  private final ConcurrentLinkedQueue<Deflater> idle = new ConcurrentLinkedQueue<>();
  private final AtomicInteger count = new AtomicInteger();

  Deflater take() {
    Deflater some = idle.poll();
    if (some == null) {
      return create();
    }
    count.decrementAndGet();
    some.reset();
    return some;
  }

  /** A deflater for whoever ends it. */
  static Deflater create() {
    return new Deflater(Deflater.DEFAULT_COMPRESSION, true);
  }

  void give(Deflater deflater) {
    if (count.incrementAndGet() > MAX_IDLE) {
      count.decrementAndGet();
      deflater.end();
    } else {
      idle.add(deflater);
    }
  }

  /** Ends all that are not borrowed. */
  @Override
  public void close() {
    for (Deflater some = idle.poll(); some != null; some = idle.poll()) {
      count.decrementAndGet();
      some.end();
    }
  }
}
