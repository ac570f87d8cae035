package io.httpkit.internal.loop;

import java.util.concurrent.atomic.AtomicLong;

/** Time that stands still until a test moves it. */
public final class FakeTicker implements Ticker {
  private final AtomicLong nanos;

  public FakeTicker(long nanos) {
    this.nanos = new AtomicLong(nanos);
  }

  public void advance(long byNanos) {
    nanos.addAndGet(byNanos);
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }
}
