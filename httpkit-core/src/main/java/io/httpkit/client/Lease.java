package io.httpkit.client;

import io.httpkit.client.RetryPolicy.Progress;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.loop.TimerQueue;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A call's wish for a connection, from when none was free until it has one. Used once. Lets go of
 * the call then, and of its timers, so that nothing is kept of a request that is over.
 */
final class Lease implements Call.Stage {
  private final AtomicReference<@Nullable Call> wanting;
  private final ConnectionPool pool;
  private final PoolKey key;
  private final RequestOptions options;
  private final boolean isFresh;

  /** What cancels its timers, each on its loop. */
  private final Queue<Runnable> cancellings = new ConcurrentLinkedQueue<>();

  /** Its place among all that wait. Guarded by the lock of the pool. */
  private long turn;

  /** Whether a connection is being made for it. Guarded by the lock of the pool. */
  private boolean isDialed;

  /**
   * @param isFresh whether only a connection will do that was not used before
   */
  Lease(Call call, ConnectionPool pool, PoolKey key, RequestOptions options, boolean isFresh) {
    this.wanting = new AtomicReference<>(call);
    this.pool = pool;
    this.key = key;
    this.options = options;
    this.isFresh = isFresh;
  }

  PoolKey key() {
    return key;
  }

  /** How the connection is to be made. */
  RequestOptions options() {
    return options;
  }

  boolean isFresh() {
    return isFresh;
  }

  /** Whoever waits with a lower one came earlier. For the pool. */
  long turn() {
    return turn;
  }

  void turn(long value) {
    turn = value;
  }

  /** Whether a connection is being made for it. For the pool. */
  boolean isDialed() {
    return isDialed;
  }

  void isDialed(boolean value) {
    isDialed = value;
  }

  /** Who wants it; null if nobody does any more. */
  @Nullable Call call() {
    return wanting.get();
  }

  private @Nullable Call end() {
    Call call = wanting.getAndSet(null);
    cancelTimers();
    return call;
  }

  /** Has the task run after so long, unless the lease is over by then. */
  @LoopConfined
  void schedule(EventLoop loop, long delayNanos, Runnable task) {
    TimerQueue.Timer timer = loop.schedule(delayNanos, task);
    cancellings.add(() -> loop.execute(timer::cancel));
    if (wanting.get() == null) {
      // its end may have come before the timer
      cancelTimers();
    }
  }

  private void cancelTimers() {
    Runnable next = cancellings.poll();
    while (next != null) {
      next.run();
      next = cancellings.poll();
    }
  }

  /** Gives it a connection; false if it wants none any more. */
  boolean grant(Http1ClientProtocol connection) {
    Call call = end();
    if (call == null) {
      return false;
    }
    call.onLeased(connection);
    return true;
  }

  /** There will be no connection. */
  void fail(ClientException cause) {
    Call call = end();
    if (call != null) {
      boolean unused = pool.withdraw(this);
      call.onUnanswered(Progress.NOT_SENT, cause);
    }
  }

  /** All of the call's time is over. */
  void onTotalTimeout() {
    Call call = wanting.get();
    if (call != null) {
      fail(call.totalTimeout());
    }
  }

  /** Fails it with this if it is still not its turn. */
  void stopWaiting(ClientException cause) {
    if (pool.withdraw(this)) {
      fail(cause);
    }
  }

  /** Nobody wants a connection any more. */
  @Override
  public void abort(ClientException cause) {
    if (end() != null) {
      boolean unused = pool.withdraw(this);
    }
  }
}
