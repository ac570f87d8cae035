package io.httpkit.internal.worker;

import io.httpkit.http.Workers;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Where application code runs that may block. An executor of the application is a pool of which
 * nothing is known, and which the application ends.
 */
@AnyThread
public interface WorkerPool extends Executor {
  /**
   * The pool of this configuration.
   *
   * @throws IllegalStateException if it is of virtual threads, on a JVM before 21
   */
  static WorkerPool of(Workers workers) {
    Executor given = workers.executor();
    if (given != null) {
      return given::execute;
    }
    return workers.kind() == Workers.Kind.VIRTUAL
        ? new VirtualWorkers(workers.queueSize(), workers.namePrefix())
        : new PlatformWorkers(workers.threads(), workers.queueSize(), workers.namePrefix());
  }

  /** As many threads as it has. */
  default int threads() {
    return 0;
  }

  /** Those that run a task. */
  default int busy() {
    return 0;
  }

  /** Tasks that wait. */
  default int queued() {
    return 0;
  }

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
  default void shutdown() {}

  /** Waits until it has ended, or the time is over; tells whether it has. */
  default boolean await(Duration time) throws InterruptedException {
    return true;
  }

  /** Interrupts the tasks that run, and returns those that waited and will not be run. */
  default List<Runnable> interrupt() {
    return List.of();
  }
}
