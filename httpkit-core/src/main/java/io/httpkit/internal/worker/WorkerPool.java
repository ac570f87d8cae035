package io.httpkit.internal.worker;

import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Where application code runs that may block. */
@AnyThread
public interface WorkerPool extends Executor {
  /**
   * Named platform threads.
   *
   * @param queueSize tasks that may wait for one
   */
  static WorkerPool platform(int threads, int queueSize, String namePrefix) {
    return new PlatformWorkers(threads, queueSize, namePrefix);
  }

  /**
   * A virtual thread for each task, and no more than {@code limit} at once.
   *
   * @throws IllegalStateException on a JVM before 21
   */
  static WorkerPool virtual(int limit, String namePrefix) {
    return new VirtualWorkers(limit, namePrefix);
  }

  /** An executor of the application, which the application ends. */
  static WorkerPool given(Executor executor) {
    return new GivenWorkers(executor);
  }

  /**
   * What a pool has to do at one time.
   *
   * @param maxThreads as many as it may have
   * @param threads as many as it has
   * @param busy those that run a task
   * @param queued tasks that wait
   * @param queueSize tasks that may wait
   */
  record Load(int maxThreads, int threads, int busy, int queued, int queueSize) {
    /** Nothing is known. */
    static final Load UNKNOWN = new Load(0, 0, 0, 0, 0);
  }

  /** What it has to do now. Its numbers may be of slightly different times. */
  Load load();

  /**
   * Runs the task, soon.
   *
   * @throws RejectedExecutionException if as many as allowed are waiting already, or it is shut
   *     down
   */
  @Override
  void execute(Runnable task);

  /** The same pool for use by this loop only, which may gather what it hands over in one turn. */
  default Executor forLoop(EventLoop loop) {
    return this;
  }

  /** Takes no more tasks and ends when the others are done. */
  void shutdown();

  /** Waits until it has ended, or the time is over; tells whether it has. */
  boolean await(Duration time) throws InterruptedException;

  /** Interrupts the tasks that run, and returns those that waited and will not be run. */
  List<Runnable> interrupt();

  /** A virtual thread for each task, and no more than a number at once. */
  final class VirtualWorkers implements WorkerPool {
    private final ExecutorService threads;
    private final Semaphore permits;
    private final int limit;

    VirtualWorkers(int limit, String namePrefix) {
      this.threads = VirtualThreads.executor(namePrefix);
      this.limit = limit;
      this.permits = new Semaphore(limit);
    }

    @Override
    public void execute(Runnable task) {
      if (!permits.tryAcquire()) {
        throw new RejectedExecutionException("more than " + limit + " tasks at once");
      }
      try {
        threads.execute(() -> runAndRelease(task));
      } catch (RejectedExecutionException e) {
        permits.release();
        throw e;
      }
    }

    @Override
    public Load load() {
      int busy = Math.max(0, limit - permits.availablePermits());
      return new Load(limit, busy, busy, 0, 0);
    }

    private void runAndRelease(Runnable task) {
      try {
        task.run();
      } finally {
        permits.release();
      }
    }

    @Override
    public void shutdown() {
      threads.shutdown();
    }

    @Override
    public boolean await(Duration time) throws InterruptedException {
      return threads.awaitTermination(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public List<Runnable> interrupt() {
      return threads.shutdownNow();
    }
  }

  /** The application's executor, which the application ends. */
  record GivenWorkers(Executor executor) implements WorkerPool {
    @Override
    public void execute(Runnable task) {
      executor.execute(task);
    }

    /** Whoever made it can ask it. */
    @Override
    public Load load() {
      return Load.UNKNOWN;
    }

    @Override
    public void shutdown() {}

    @Override
    public boolean await(Duration time) {
      return true;
    }

    @Override
    public List<Runnable> interrupt() {
      return List.of();
    }
  }
}
