package io.httpkit.benchmarks.clients;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/** One request at a time, the next as soon as the last is done, until the load has ended. */
final class Slot implements LongConsumer {
  private final GetLoad load;
  private final Getter client;

  /** Requests that are to be started; whoever makes it more than 0 starts them. */
  private final AtomicInteger due = new AtomicInteger();

  Slot(GetLoad load, Getter client) {
    this.load = load;
    this.client = client;
  }

  /** A loop, as a client may be done before {@code get} returns: the stack stays flat. */
  void next() {
    if (due.getAndIncrement() > 0) {
      return;
    }
    do {
      if (load.hasEnded()) {
        load.slotEnded();
        return;
      }
      client.get(this);
    } while (due.decrementAndGet() > 0);
  }

  @Override
  public void accept(long bytes) {
    load.count(bytes);
    next();
  }
}
