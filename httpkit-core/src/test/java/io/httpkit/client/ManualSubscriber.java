package io.httpkit.client;

import java.nio.ByteBuffer;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Takes a body when a test says so. What it is told may be made to throw. */
final class ManualSubscriber implements Flow.Subscriber<ByteBuffer> {
  enum Signal {
    SUBSCRIBE,
    NEXT,
    ERROR,
    COMPLETE
  }

  private static final long BOUND_SECONDS = 20;

  final BlockingQueue<ByteBuffer> pieces = new LinkedBlockingQueue<>();

  /** Completes, or fails, with the body. */
  final CompletableFuture<Void> end = new CompletableFuture<>();

  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();

  /** What is done with each signal, after it was taken note of. */
  interface Reaction {
    void to(Signal signal, Flow.Subscription subscription);
  }

  private final Reaction reaction;

  ManualSubscriber() {
    this((signal, subscription) -> {});
  }

  ManualSubscriber(Reaction reaction) {
    this.reaction = reaction;
  }

  Flow.Subscription subscription() throws InterruptedException {
    return Outcome.of(subscription);
  }

  void request(long count) throws InterruptedException {
    subscription().request(count);
  }

  /** Waits for the next piece; how long it is. */
  int next() throws InterruptedException {
    ByteBuffer piece = pieces.poll(BOUND_SECONDS, TimeUnit.SECONDS);
    if (piece == null) {
      throw new AssertionError("no piece comes");
    }
    return piece.remaining();
  }

  @Override
  public void onSubscribe(Flow.Subscription made) {
    subscription.complete(made);
    reaction.to(Signal.SUBSCRIBE, made);
  }

  @Override
  public void onNext(ByteBuffer piece) {
    pieces.add(piece);
    reaction.to(Signal.NEXT, subscription.join());
  }

  @Override
  public void onError(Throwable failure) {
    if (!end.completeExceptionally(failure)) {
      throw new AssertionError("ended twice", failure);
    }
    reaction.to(Signal.ERROR, subscription.join());
  }

  @Override
  public void onComplete() {
    if (!end.complete(null)) {
      throw new AssertionError("ended twice");
    }
    reaction.to(Signal.COMPLETE, subscription.join());
  }
}
