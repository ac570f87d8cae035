package io.httpkit.client;

import io.httpkit.client.RetryPolicy.Progress;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call's wish for a connection, from when none was free until it has one. Used once. Lets go of
 * the call then, as timers may hold the lease longer.
 */
final class Lease implements Call.Stage {
  private final AtomicReference<@Nullable Call> wanting;
  private final ConnectionPool pool;
  private final PoolKey key;
  private final RequestOptions options;
  private final boolean isFresh;

  /** Its place among all that wait. Guarded by the lock of the pool. */
  private long turn;

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

  /** Who wants it; null if nobody does any more. */
  @Nullable Call call() {
    return wanting.get();
  }

  /** Gives it a connection; false if it wants none any more. */
  boolean grant(Http1ClientProtocol connection) {
    Call call = wanting.getAndSet(null);
    if (call == null) {
      return false;
    }
    call.onLeased(connection);
    return true;
  }

  /** There will be no connection. */
  void fail(ClientException cause) {
    Call call = wanting.getAndSet(null);
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
  void stopWaiting(Supplier<ClientException> cause) {
    if (pool.withdraw(this)) {
      fail(cause.get());
    }
  }

  /** Nobody wants a connection any more. */
  @Override
  public void abort(ClientException cause) {
    if (wanting.getAndSet(null) != null) {
      boolean unused = pool.withdraw(this);
    }
  }
}
