package io.httpkit.client;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through all interceptors. They may send it several times, or others, and
 * chain what comes of that: whoever cancels the response gives up all that was sent.
 */
final class Interception {
  private final ClientEngine engine;
  private final ClientFuture<ClientResponse> response;
  private final Object lock = new Object();

  // Guarded by lock
  private final List<CompletableFuture<ClientResponse>> sent = new ArrayList<>(1);
  private boolean givenUp;

  Interception(ClientEngine engine) {
    this.engine = engine;
    this.response = new ClientFuture<>(engine, this::giveUp);
  }

  CompletableFuture<ClientResponse> start(ClientRequest request) {
    engine.begun(this);
    CompletionStage<ClientResponse> unused =
        response.whenComplete((given, failure) -> engine.over(this));
    if (response.isDone()) {
      return response;
    }
    try {
      unused = intercept(request, 0).whenComplete(this::complete);
    } catch (RuntimeException | Error e) {
      response.fail(e);
    }
    return response;
  }

  private CompletionStage<ClientResponse> intercept(ClientRequest request, int index) {
    List<Interceptor> all = engine.config().interceptors();
    return index == all.size()
        ? send(request)
        : all.get(index).intercept(request, next -> intercept(next, index + 1));
  }

  private CompletionStage<ClientResponse> send(ClientRequest request) {
    CompletableFuture<ClientResponse> begun = new Call(engine, request, null).start();
    boolean unwanted;
    synchronized (lock) {
      unwanted = givenUp;
      sent.add(begun);
    }
    if (unwanted) {
      begun.cancel(false);
    }
    return begun;
  }

  /** The client is stopped, and does not wait for an interceptor. */
  void stop() {
    response.fail(ClientException.stopped());
  }

  private void giveUp() {
    List<CompletableFuture<ClientResponse>> all;
    synchronized (lock) {
      givenUp = true;
      all = List.copyOf(sent);
    }
    all.forEach(begun -> begun.cancel(false));
  }

  private void complete(@Nullable ClientResponse given, @Nullable Throwable failure) {
    if (given != null) {
      if (!response.finish(given)) {
        given.close();
      }
    } else if (failure instanceof CompletionException wrapper && wrapper.getCause() != null) {
      response.fail(wrapper.getCause());
    } else {
      response.fail(
          failure != null ? failure : new NullPointerException("an interceptor gave no response"));
    }
  }
}
