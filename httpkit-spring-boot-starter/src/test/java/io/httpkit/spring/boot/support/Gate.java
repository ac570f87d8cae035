package io.httpkit.spring.boot.support;

import io.httpkit.server.Handler;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A handler that keeps its requests until it is opened. */
public final class Gate implements Handler {
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch opened = new CountDownLatch(1);

  @Override
  public Response handle(Request request) throws InterruptedException {
    entered.countDown();
    await(opened);
    return Response.text("through the gate");
  }

  /** Waits until a request is in the handler. */
  public void awaitRequest() throws InterruptedException {
    await(entered);
  }

  /** Lets all requests pass. */
  public void open() {
    opened.countDown();
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    if (!latch.await(Http.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException("nothing happened within " + Http.LIMIT);
    }
  }
}
