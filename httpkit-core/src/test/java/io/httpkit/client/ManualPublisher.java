package io.httpkit.client;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Publishes what a test says, when it says so. */
final class ManualPublisher implements Flow.Publisher<ByteBuffer>, Flow.Subscription {
  private static final long BOUND_SECONDS = 20;
  private static final String CANCEL = "cancel";

  /** What the subscriber wants, in order: {@code request 1}, {@code cancel}. */
  final BlockingQueue<String> wishes = new LinkedBlockingQueue<>();

  private final BlockingQueue<Flow.Subscriber<? super ByteBuffer>> subscribers =
      new LinkedBlockingQueue<>();

  private Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> newSubscriber) {
    newSubscriber.onSubscribe(this);
    subscribers.add(newSubscriber);
  }

  @Override
  public void request(long count) {
    wishes.add("request " + count);
  }

  @Override
  public void cancel() {
    wishes.add(CANCEL);
  }

  /** Whether somebody has subscribed by now. */
  boolean isSubscribed() {
    return subscriber != null || !subscribers.isEmpty();
  }

  /** The subscriber; waits for it. */
  private Flow.Subscriber<? super ByteBuffer> subscriber() throws InterruptedException {
    Flow.Subscriber<? super ByteBuffer> known = subscriber;
    if (known == null) {
      known = subscribers.poll(BOUND_SECONDS, TimeUnit.SECONDS);
      if (known == null) {
        throw new AssertionError("nobody subscribes");
      }
      subscriber = known;
    }
    return known;
  }

  /** Waits until something is wanted. */
  String wish() throws InterruptedException {
    String wish = wishes.poll(BOUND_SECONDS, TimeUnit.SECONDS);
    if (wish == null) {
      throw new AssertionError("nothing is wanted");
    }
    return wish;
  }

  /** Waits until the subscriber has cancelled. */
  void awaitCancel() throws InterruptedException {
    while (!wish().equals(CANCEL)) {
      // what it wanted before
    }
  }

  ManualPublisher next(String text) throws InterruptedException {
    return next(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  ManualPublisher next(byte[] bytes) throws InterruptedException {
    subscriber().onNext(ByteBuffer.wrap(bytes));
    return this;
  }

  void complete() throws InterruptedException {
    subscriber().onComplete();
  }

  void fail(Throwable cause) throws InterruptedException {
    subscriber().onError(cause);
  }
}
