package io.httpkit.client;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Gives a body that is there to one subscriber: in one piece, or in none if it is empty. */
final class SinglePiece implements Flow.Subscription {
  private final Flow.Subscriber<? super ByteBuffer> subscriber;
  private final AtomicReference<@Nullable ByteBuffer> left;

  private SinglePiece(Flow.Subscriber<? super ByteBuffer> subscriber, ByteBuffer piece) {
    this.subscriber = subscriber;
    this.left = new AtomicReference<>(piece);
  }

  /** Gives it to each who subscribes. */
  static Flow.Publisher<ByteBuffer> publisher(ByteBuffer piece) {
    return subscriber -> subscriber.onSubscribe(new SinglePiece(subscriber, piece.duplicate()));
  }

  @Override
  public void request(long count) {
    ByteBuffer next = left.getAndSet(null);
    if (next == null) {
      return;
    }
    if (count <= 0) {
      subscriber.onError(BodyPipe.badDemand(count));
      return;
    }
    if (next.hasRemaining()) {
      subscriber.onNext(next);
    }
    subscriber.onComplete();
  }

  @Override
  public void cancel() {
    left.set(null);
  }
}
