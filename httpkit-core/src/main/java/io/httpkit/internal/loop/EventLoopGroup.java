package io.httpkit.internal.loop;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Several event loops, each on a thread of its own, and a clock: a loop without connections, which
 * has the timers that never end. Thanks to it the others mostly have none, and wait without a
 * time-out.
 */
public final class EventLoopGroup {
  private final List<EventLoop> loops = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final EventLoop clock;
  private final long tickNanos;
  private int last;

  /**
   * Opens the loops, without starting their threads.
   *
   * @param namePrefix what the names of the threads begin with
   * @param tickNanos how often registrations look at their deadlines
   */
  public EventLoopGroup(
      int size, String namePrefix, Ticker ticker, long tickNanos, Consumer<Throwable> onError)
      throws IOException {
    this.tickNanos = tickNanos;
    try {
      for (int i = 1; i <= size; i++) {
        EventLoop loop = new EventLoop(ticker, onError);
        loops.add(loop);
        threads.add(thread(loop, namePrefix + i, false));
      }
      clock = new EventLoop(ticker, onError);
      threads.add(thread(clock, namePrefix + "clock", true));
    } catch (IOException e) {
      loops.forEach(EventLoop::end);
      throw e;
    }
    clock.schedule(tickNanos, this::tick);
  }

  private static Thread thread(EventLoop loop, String name, boolean daemon) {
    Thread thread = new Thread(loop::run, name);
    thread.setDaemon(daemon);
    return thread;
  }

  private void tick() {
    clock.schedule(tickNanos, this::tick);
    loops.forEach(EventLoop::tickSoon);
  }

  /**
   * Starts all threads.
   *
   * @param daemon whether the JVM may end while the loops run
   */
  public void start(boolean daemon) {
    for (Thread thread : threads) {
      thread.setDaemon(daemon || thread.isDaemon());
      thread.start();
    }
  }

  @AnyThread
  public List<EventLoop> loops() {
    return Collections.unmodifiableList(loops);
  }

  /** For timers that are there as long as the group, whose tasks are short. */
  @AnyThread
  public EventLoop clock() {
    return clock;
  }

  /**
   * Deals a connection to the loop that has the fewest, in turn where they have the same, and
   * counts it there. Any thread; the lock is held for the choice.
   */
  @AnyThread
  public synchronized EventLoop next() {
    int best = (last + 1) % loops.size();
    for (int i = 2; i <= loops.size(); i++) {
      int candidate = (last + i) % loops.size();
      if (loops.get(candidate).load().get() < loops.get(best).load().get()) {
        best = candidate;
      }
    }
    last = best;
    EventLoop loop = loops.get(best);
    loop.load().incrementAndGet();
    return loop;
  }

  /** The connections of all loops. */
  @AnyThread
  public int load() {
    int load = 0;
    for (EventLoop loop : loops) {
      load += loop.load().get();
    }
    return load;
  }

  /** Ends all loops. */
  @AnyThread
  public void close() {
    loops.forEach(EventLoop::close);
    clock.close();
  }

  /** Waits until all threads have ended. */
  @AnyThread
  public void join() throws InterruptedException {
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
