package io.httpkit.client;

import io.httpkit.internal.loop.AnyThread;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Calls of a listener, made in order and never two at once, whichever threads bring them. */
@AnyThread
final class ListenerCalls {
  // Guarded by this
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean running;

  /**
   * Puts a call behind all others.
   *
   * @return whether it takes a {@link #run}; else a thread is at it already, maybe this one
   */
  synchronized boolean add(Runnable call) {
    waiting.add(call);
    boolean takesRun = !running;
    running = true;
    return takesRun;
  }

  /** Makes all calls, those too that come meanwhile. They must not throw. */
  void run() {
    for (Runnable call = next(); call != null; call = next()) {
      call.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable call = waiting.poll();
    running = call != null;
    return call;
  }
}
