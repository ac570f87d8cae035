package io.httpkit.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * What happened, in order, from any thread.
 *
 * @param <E> an event
 */
public final class EventLog<E> {
  private static final Duration BOUND = Duration.ofSeconds(20);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();
  private final List<E> events = new ArrayList<>();

  public void add(E event) {
    lock.lock();
    try {
      events.add(event);
      added.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** All that happened so far. */
  public List<E> all() {
    lock.lock();
    try {
      return List.copyOf(events);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all that happened is like this, with a limit that only a broken build reaches.
   *
   * @param what is waited for, for the message
   */
  public void await(Predicate<List<E>> condition, String what) throws InterruptedException {
    long nanos = BOUND.toNanos();
    if (!lock.tryLock(nanos, TimeUnit.NANOSECONDS)) {
      throw new AssertionError("events are locked");
    }
    try {
      while (!condition.test(events)) {
        if (nanos <= 0) {
          throw new AssertionError("waited for " + what + " but there was " + events);
        }
        nanos = added.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }
}
