package io.httpkit.internal.worker;

import java.lang.reflect.InvocationTargetException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A virtual thread for each task, and no more than a number at once. Only where the JVM has them,
 * which this library is not compiled against.
 */
final class VirtualWorkers implements WorkerPool {
  private final ExecutorService threads;
  private final Semaphore permits;
  private final int limit;

  /**
   * Names each thread with the prefix and a number that counts up.
   *
   * @throws IllegalStateException on a JVM before 21
   */
  VirtualWorkers(int limit, String namePrefix) {
    this.threads = threads(namePrefix);
    this.limit = limit;
    this.permits = new Semaphore(limit);
  }

  private static ExecutorService threads(String prefix) {
    try {
      Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
      Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
      builder = type.getMethod("name", String.class, long.class).invoke(builder, prefix, 1L);
      Object factory = type.getMethod("factory").invoke(builder);
      return (ExecutorService)
          Executors.class
              .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
              .invoke(null, factory);
    } catch (NoSuchMethodException | ClassNotFoundException e) {
      throw new IllegalStateException(
          "virtual threads need Java 21 or newer, this is " + Runtime.version().feature(), e);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("virtual threads cannot be made", e);
    }
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

  private void runAndRelease(Runnable task) {
    try {
      task.run();
    } finally {
      permits.release();
    }
  }

  @Override
  public int threads() {
    return busy();
  }

  @Override
  public int busy() {
    return Math.max(0, limit - permits.availablePermits());
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
