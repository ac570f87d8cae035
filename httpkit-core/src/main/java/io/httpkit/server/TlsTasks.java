package io.httpkit.server;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Computes the signatures of handshakes, so that event loops do not wait for them, and nor do they
 * for handlers that take long. Has threads only while there is something to compute. No connection
 * has more than one task, so there are no more of them than connections.
 */
final class TlsTasks implements Executor {
  private static final int IDLE_SECONDS = 5;

  private final ThreadPoolExecutor threads;

  TlsTasks(int size) {
    AtomicInteger count = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            size,
            size,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> new Thread(task, "http-kit-tls-" + count.incrementAndGet()));
    threads.allowCoreThreadTimeOut(true);
  }

  @Override
  public void execute(Runnable task) {
    threads.execute(task);
  }

  /** Takes no more tasks; those that wait are dropped. */
  void close() {
    threads.shutdownNow();
  }
}
