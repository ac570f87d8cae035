package io.httpkit.internal.channel;

import io.httpkit.internal.loop.AnyThread;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Runs what happens to a channel in order and never two at once, on an executor that runs many; and
 * nothing before it is opened. What is run must not throw.
 */
@AnyThread
final class Inbox {
  private static final int FULL_BYTES = 64 * 1024;
  private static final int FULL_TASKS = 256;

  /** Something to run. */
  private final class Entry implements Runnable {
    private final Runnable task;
    private final int bytes;

    /** Tells what the executor refused from what it ran, at once, and that threw. */
    private volatile boolean begun;

    Entry(Runnable task, int bytes) {
      this.task = task;
      this.bytes = bytes;
    }

    @Override
    public void run() {
      begun = true;
      Inbox.this.run(task);
    }
  }

  private final Executor executor;

  // Guarded by this
  /** From the start, so that nothing runs before {@link #begin}. */
  private boolean running = true;

  /** Null while nothing waits, as idle channels are many; volatile, so that it is seen unlocked. */
  private volatile @Nullable ArrayDeque<Entry> waiting;

  private int bytes;
  private @Nullable Runnable onRoom;

  Inbox(Executor executor) {
    this.executor = executor;
  }

  /**
   * Runs this task before all others. To be called once.
   *
   * @param here whether to run it on this thread
   * @return false if the executor takes no more, and the task will not run
   */
  boolean begin(Runnable task, boolean here) {
    if (!here) {
      return start(task);
    }
    run(task);
    return true;
  }

  /**
   * Runs the task behind those before it.
   *
   * @param size of the memory it holds, in bytes
   * @return false if the executor takes no more, and the task will not run
   */
  boolean add(Runnable task, int size) {
    synchronized (this) {
      if (running) {
        put(task, size);
        return true;
      }
      running = true;
    }
    return start(task);
  }

  private boolean start(Runnable task) {
    Entry start = new Entry(task, 0);
    try {
      executor.execute(start);
      return true;
    } catch (RuntimeException | Error e) {
      if (start.begun) {
        return true;
      }
      skip();
      return false;
    }
  }

  /** What was not taken is not run; but what came meanwhile is. */
  private void skip() {
    Entry next = next();
    if (next != null) {
      run(next.task);
    }
  }

  /** As {@link #add}, but if the executor takes no more the task runs here: it must be run. */
  void addLast(Runnable task) {
    if (add(task, 0)) {
      return;
    }
    synchronized (this) {
      if (running) {
        put(task, 0);
        return;
      }
      running = true;
    }
    run(task);
  }

  private void put(Runnable task, int size) {
    if (waiting == null) {
      waiting = new ArrayDeque<>(4);
    }
    waiting.add(new Entry(task, size));
    bytes += size;
  }

  private void run(Runnable first) {
    first.run();
    for (Entry next = next(); next != null; next = next()) {
      next.task.run();
    }
  }

  /** The next, or null when there is none and this is idle again. */
  private @Nullable Entry next() {
    Entry next;
    Runnable told = null;
    synchronized (this) {
      next = waiting == null ? null : waiting.poll();
      if (next == null) {
        running = false;
        waiting = null;
        told = onRoom;
        onRoom = null;
      } else {
        bytes -= next.bytes;
      }
    }
    if (told != null) {
      told.run();
    }
    return next;
  }

  /**
   * Whether so much waits that no more should be added for now. Then the action is called once
   * nothing waits.
   */
  boolean isFull(Runnable whenEmpty) {
    if (waiting == null) {
      return false;
    }
    synchronized (this) {
      if (bytes < FULL_BYTES && (waiting == null || waiting.size() < FULL_TASKS)) {
        return false;
      }
      onRoom = whenEmpty;
      return true;
    }
  }
}
