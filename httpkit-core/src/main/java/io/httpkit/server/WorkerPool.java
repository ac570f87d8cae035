package io.httpkit.server;

import io.httpkit.server.ServerConfig.Workers;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Where handlers run that may block, and how many may wait there. */
final class WorkerPool implements Executor {
  private final Executor executor;

  /** What {@link #end} shuts down; null if it is the application's. */
  private final @Nullable ExecutorService owned;

  private WorkerPool(Executor executor, @Nullable ExecutorService owned) {
    this.executor = executor;
    this.owned = owned;
  }

  static WorkerPool of(Workers workers) {
    if (workers instanceof Workers.Platform platform) {
      ExecutorService pool = platform(platform);
      return new WorkerPool(pool, pool);
    }
    if (workers instanceof Workers.Virtual virtual) {
      ExecutorService threads =
          Executors.newCachedThreadPool(VirtualThreads.factory(virtual.namePrefix()));
      return new WorkerPool(bounded(virtual, threads), threads);
    }
    return new WorkerPool(((Workers.Given) workers).executor(), null);
  }

  private static ExecutorService platform(Workers.Platform workers) {
    return new ThreadPoolExecutor(
        workers.threads(),
        workers.threads(),
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(workers.queueSize()),
        named(workers.namePrefix()));
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private static Executor bounded(Workers.Virtual workers, Executor threads) {
    Semaphore permits = new Semaphore(workers.queueSize());
    return task -> {
      if (!permits.tryAcquire()) {
        throw new RejectedExecutionException("more than " + workers.queueSize() + " in flight");
      }
      threads.execute(
          () -> {
            try {
              task.run();
            } finally {
              permits.release();
            }
          });
    };
  }

  /**
   * Runs the task, later.
   *
   * @throws RejectedExecutionException if as many as allowed are waiting already
   */
  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  /** Waits for what runs until the grace is over, then interrupts it. */
  void end(Duration grace) throws InterruptedException {
    if (owned == null) {
      return;
    }
    owned.shutdown();
    if (!owned.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS)) {
      owned.shutdownNow();
    }
  }
}
