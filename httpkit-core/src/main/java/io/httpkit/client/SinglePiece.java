package io.httpkit.client;

import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A body that is there, as a publisher of one piece, or of none if it is empty. */
record SinglePiece(ByteBuffer piece) implements Flow.Publisher<ByteBuffer> {
  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    AtomicReference<@Nullable ByteBuffer> left = new AtomicReference<>(piece.duplicate());
    subscriber.onSubscribe(
        new Flow.Subscription() {
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
        });
  }
}
