package io.httpkit.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A future of a client: it must not be waited for where that could wait for ever, and whoever
 * completes it from outside, by cancelling it or with a time-out, gives up what it stands for.
 */
final class ClientFuture<T extends @Nullable Object> extends CompletableFuture<T> {
  private final Object executor;
  private final AtomicReference<@Nullable Runnable> whenGivenUp;

  /**
   * @param engine that completes it; callbacks that run where its own do must not wait for this
   * @param whenGivenUp called if it is completed from outside
   */
  ClientFuture(ClientEngine engine, Runnable whenGivenUp) {
    this(engine.callbackExecutor(), whenGivenUp);
  }

  private ClientFuture(Object executor, @Nullable Runnable whenGivenUp) {
    this.executor = executor;
    this.whenGivenUp = new AtomicReference<>(whenGivenUp);
  }

  /** Completes it from inside; false if it was completed, and nobody will ever see the value. */
  boolean finish(T value) {
    whenGivenUp.setPlain(null);
    return super.complete(value);
  }

  /** Completes it from inside. */
  void fail(Throwable cause) {
    whenGivenUp.setPlain(null);
    super.completeExceptionally(cause);
  }

  private void giveUp() {
    Runnable told = whenGivenUp.getAndSet(null);
    if (told != null) {
      told.run();
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    giveUp();
    return cancelled;
  }

  @Override
  public boolean complete(T value) {
    boolean first = super.complete(value);
    giveUp();
    return first;
  }

  @Override
  public boolean completeExceptionally(Throwable cause) {
    boolean first = super.completeExceptionally(cause);
    giveUp();
    return first;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new ClientFuture<>(executor, null);
  }

  private void mayWait() {
    if (!isDone()) {
      CallbackGuard.mayWait(executor);
    }
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    mayWait();
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    mayWait();
    return super.get(timeout, unit);
  }

  @Override
  public T join() {
    mayWait();
    return super.join();
  }
}
