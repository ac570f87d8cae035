package io.httpkit.spring.boot.support;

import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.ServerEvents;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Lets a test wait until requests have ended, which clients may see before the server has told all
 * its listeners. As a bean without an order it is told last.
 */
public final class Ended implements ServerEvents {
  private final Semaphore ended = new Semaphore(0);

  @Override
  public void onResponse(@Nullable Request request, Status status, long bodyBytes, long nanos) {
    ended.release();
  }

  @Override
  public void onAborted(Request request, @Nullable Status status) {
    ended.release();
  }

  /** Waits until so many more have. */
  public void await(int count) throws InterruptedException {
    if (!ended.tryAcquire(count, Http.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("requests have not ended within " + Http.LIMIT);
    }
  }
}
