package io.httpkit.server;

import io.httpkit.internal.loop.EventLoop;
import io.httpkit.server.ServerConfig.Workers;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Where handlers run that may block. Any thread. */
interface WorkerPool extends Executor {
  static WorkerPool of(Workers workers) {
    if (workers instanceof Workers.Platform platform) {
      return new PlatformWorkers(platform);
    }
    if (workers instanceof Workers.Virtual virtual) {
      return new VirtualWorkers(virtual);
    }
    return new GivenWorkers(((Workers.Given) workers).executor());
  }

  /**
   * Runs the task, soon.
   *
   * @throws RejectedExecutionException if as many as allowed are waiting already
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

  /** Drops the tasks that wait and interrupts those that run. */
  void interrupt();

  /** A virtual thread for each task, and no more than a number at once. */
  final class VirtualWorkers implements WorkerPool {
    private final ExecutorService threads;
    private final Semaphore permits;
    private final int limit;

    VirtualWorkers(Workers.Virtual workers) {
      this.threads = VirtualThreads.executor(workers.namePrefix());
      this.limit = workers.queueSize();
      this.permits = new Semaphore(limit);
    }

    @Override
    public void execute(Runnable task) {
      if (!permits.tryAcquire()) {
        throw new RejectedExecutionException("more than " + limit + " requests in flight");
      }
      try {
        threads.execute(() -> runAndRelease(task));
      } catch (RejectedExecutionException e) {
        permits.release();
        throw e;
      }
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
    public void interrupt() {
      threads.shutdownNow();
    }
  }

  /** The application's executor, which the application ends. */
  record GivenWorkers(Executor executor) implements WorkerPool {
    @Override
    public void execute(Runnable task) {
      executor.execute(task);
    }

    @Override
    public void shutdown() {}

    @Override
    public boolean await(Duration time) {
      return true;
    }

    @Override
    public void interrupt() {}
  }
}
