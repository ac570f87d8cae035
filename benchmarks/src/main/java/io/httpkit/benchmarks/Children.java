package io.httpkit.benchmarks;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The processes that were started and have not ended. They end with this JVM unless it is killed.
 */
final class Children implements AutoCloseable {
  private static final int END_SECONDS = 10;

  private final Set<Process> running = ConcurrentHashMap.newKeySet();

  /** Volatile, as the thread that ends this JVM sets it. */
  private volatile boolean closed;

  Children() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::close, "kill-children"));
  }

  Process start(ProcessBuilder command) throws IOException {
    Process process = command.start();
    running.add(process);
    if (closed) {
      close();
    }
    return process;
  }

  /** Kills the process, which may be stopped, and waits until it is gone. */
  void end(Process process) throws InterruptedException {
    process.destroyForcibly();
    if (process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      running.remove(process);
    }
  }

  /** Kills all that run, and all that are started from now on. */
  @Override
  public void close() {
    closed = true;
    running.forEach(Process::destroyForcibly);
  }
}
