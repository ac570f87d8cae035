package io.httpkit.internal.worker;

import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.loop.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed number of named threads and a bounded queue.
 *
 * <p>Waking a thread costs more than a short handler. So a loop hands over all requests of a turn
 * and then wakes as many threads as it takes to be done with the queue in {@link #TARGET_NANOS},
 * judging by what handlers took lately: for short handlers one or two, for slow ones one for each
 * request. If that was too few, the loop wakes twice as many each {@link #RECHECK_NANOS}.
 */
final class PlatformWorkers implements WorkerPool {
  private static final long TARGET_NANOS = 50_000;
  private static final long RECHECK_NANOS = 1_000_000;
  private static final int AVERAGE_OVER = 8;

  private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();

  /** Tasks that wait or run. */
  private final AtomicInteger present = new AtomicInteger();

  private final int maxThreads;
  private final int maxPresent;
  private final String namePrefix;

  /** Volatile, as each thread adds to it; an update that is lost does no harm. */
  private volatile long averageNanos = TARGET_NANOS;

  /** For sleeping and waking; held for a few instructions. */
  private final Object lock = new Object();

  // Guarded by lock
  private final ArrayDeque<Worker> asleep = new ArrayDeque<>();
  private final List<Worker> workers = new ArrayList<>();

  /** Set under the lock, as threads end by it; volatile, as tasks are taken without the lock. */
  private volatile boolean ending;

  PlatformWorkers(int threads, int queueSize, String namePrefix) {
    this.maxThreads = threads;
    this.maxPresent = (int) Math.min(Integer.MAX_VALUE, (long) threads + queueSize);
    this.namePrefix = namePrefix;
  }

  @Override
  public void execute(Runnable task) {
    add(task);
    wake(1);
  }

  private void add(Runnable task) {
    if (present.incrementAndGet() > maxPresent) {
      present.decrementAndGet();
      throw new RejectedExecutionException("as many tasks as allowed are waiting");
    }
    waiting.incrementAndGet();
    queue.add(task);
    // looked at behind the queue, which the last thread looks at behind this: one of the two sees
    if (ending && queue.remove(task)) {
      waiting.decrementAndGet();
      present.decrementAndGet();
      throw new RejectedExecutionException("the workers are shut down");
    }
  }

  @Override
  public int threads() {
    synchronized (lock) {
      return workers.size();
    }
  }

  @Override
  public int busy() {
    return Math.max(0, Math.min(threads(), present.get() - queued()));
  }

  @Override
  public int queued() {
    return waiting.get();
  }

  @Override
  public Executor forLoop(EventLoop loop) {
    return new Gathering(loop);
  }

  /** Wakes so many threads, or starts them. */
  private void wake(int count) {
    synchronized (lock) {
      for (int i = 0; i < count; i++) {
        Worker sleeper = asleep.pollFirst();
        if (sleeper != null) {
          sleeper.wake();
        } else if (workers.size() < maxThreads && !ending) {
          startWorker();
        } else {
          return;
        }
      }
    }
  }

  /** Under the lock. */
  private void startWorker() {
    Worker worker = new Worker(namePrefix + (workers.size() + 1));
    // first, as a thread that cannot be started does not count
    worker.thread.start();
    workers.add(worker);
  }

  private boolean canWakeMore() {
    synchronized (lock) {
      return !asleep.isEmpty() || workers.size() < maxThreads;
    }
  }

  /** Wakes as many as are missing to be done with the queue in time. */
  private void wakeForQueue() {
    long wanted = Math.min(waiting.get(), 1 + waiting.get() * averageNanos / TARGET_NANOS);
    int awake;
    synchronized (lock) {
      awake = workers.size() - asleep.size();
    }
    if (wanted > awake) {
      wake((int) Math.min(wanted - awake, maxThreads));
    }
  }

  @Override
  public void shutdown() {
    synchronized (lock) {
      ending = true;
      asleep.forEach(Worker::wake);
      asleep.clear();
      if (workers.isEmpty() && !queue.isEmpty()) {
        startWorker();
      }
    }
  }

  @Override
  public boolean await(Duration time) throws InterruptedException {
    long deadline = Ticker.SYSTEM.nanoTime() + time.toNanos();
    for (Worker worker : workers()) {
      long millis = TimeUnit.NANOSECONDS.toMillis(deadline - Ticker.SYSTEM.nanoTime());
      worker.thread.join(Math.max(1, millis));
      if (worker.thread.isAlive()) {
        return false;
      }
    }
    return true;
  }

  @Override
  public List<Runnable> interrupt() {
    List<Runnable> left = new ArrayList<>();
    for (Runnable task = queue.poll(); task != null; task = queue.poll()) {
      waiting.decrementAndGet();
      present.decrementAndGet();
      left.add(task);
    }
    workers().forEach(worker -> worker.thread.interrupt());
    return left;
  }

  private List<Worker> workers() {
    synchronized (lock) {
      return List.copyOf(workers);
    }
  }

  /** What a loop hands over; it wakes threads at the end of its turn. */
  @LoopConfined
  private final class Gathering implements Executor {
    private final EventLoop loop;
    private boolean flushPending;
    private boolean recheckPending;
    private int moreAtRecheck;

    Gathering(EventLoop loop) {
      this.loop = loop;
    }

    @Override
    public void execute(Runnable task) {
      if (!loop.isInLoop()) {
        PlatformWorkers.this.execute(task);
        return;
      }
      add(task);
      if (!flushPending) {
        flushPending = true;
        loop.execute(this::flush);
      }
    }

    private void flush() {
      flushPending = false;
      wakeForQueue();
      recheckLater(1);
    }

    private void recheckLater(int more) {
      if (!recheckPending && waiting.get() > 0 && canWakeMore()) {
        recheckPending = true;
        moreAtRecheck = more;
        loop.schedule(RECHECK_NANOS, this::recheck);
      }
    }

    /** What waited all this time waits behind handlers that are slower than was thought. */
    private void recheck() {
      recheckPending = false;
      if (waiting.get() > 0) {
        wake(Math.min(moreAtRecheck, waiting.get()));
        recheckLater(Math.min(2 * moreAtRecheck, maxThreads));
      }
    }
  }

  /** One thread. */
  private final class Worker implements Runnable {
    private final Thread thread;

    /** Volatile: set by who wakes, read by this thread. */
    private volatile boolean awake = true;

    Worker(String name) {
      thread = new Thread(this, name);
      thread.setDaemon(true);
    }

    @Override
    public void run() {
      long now = Ticker.SYSTEM.nanoTime();
      while (true) {
        Runnable task = queue.poll();
        if (task != null) {
          waiting.decrementAndGet();
          now = run(task, now);
        } else if (sleep()) {
          now = Ticker.SYSTEM.nanoTime();
        } else {
          return;
        }
      }
    }

    /** Runs the task and returns the time. */
    private long run(Runnable task, long startNanos) {
      try {
        task.run();
      } catch (Throwable t) {
        report(t);
      } finally {
        present.decrementAndGet();
        // what interrupted this task is not meant for the next
        boolean unused = Thread.interrupted();
      }
      long now = Ticker.SYSTEM.nanoTime();
      long average = averageNanos;
      averageNanos = average + (now - startNanos - average) / AVERAGE_OVER;
      return now;
    }

    /** As for every thread whose task throws, but the thread goes on. */
    private void report(Throwable thrown) {
      try {
        thread.getUncaughtExceptionHandler().uncaughtException(thread, thrown);
      } catch (Throwable t) {
        // a handler of exceptions that throws has nobody to tell
      }
    }

    /** Waits for a task; false if there will be none. */
    private boolean sleep() {
      awake = false;
      synchronized (lock) {
        if (ending) {
          return !queue.isEmpty();
        }
        asleep.addFirst(this);
      }
      // a task that came before this thread was seen asleep has woken nobody
      if (!queue.isEmpty() && stayAwake()) {
        return true;
      }
      while (!awake) {
        LockSupport.park(PlatformWorkers.this);
        boolean unused = Thread.interrupted();
      }
      return true;
    }

    private boolean stayAwake() {
      synchronized (lock) {
        return asleep.remove(this);
      }
    }

    void wake() {
      awake = true;
      LockSupport.unpark(thread);
    }
  }
}
