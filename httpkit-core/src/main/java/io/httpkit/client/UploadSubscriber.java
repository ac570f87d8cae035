package io.httpkit.client;

import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.net.WriteQueue;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Sends what a publisher gives, and asks for the next piece only when the peer takes more. */
@AnyThread
final class UploadSubscriber implements Flow.Subscriber<ByteBuffer> {
  private final RequestSender sender;
  private final WriteQueue output;
  private long promised;
  private final AtomicReference<Flow.@Nullable Subscription> subscription = new AtomicReference<>();

  /**
   * @param length in bytes that was announced, negative if none was
   */
  UploadSubscriber(RequestSender sender, WriteQueue output, long length) {
    this.sender = sender;
    this.output = output;
    this.promised = length;
  }

  /** Wants nothing more, also if it is not subscribed yet. On any thread. */
  void cancel() {
    Flow.Subscription last = subscription.getAndSet(NoSubscription.INSTANCE);
    if (last != null) {
      last.cancel();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    if (subscription.compareAndSet(null, given)) {
      given.request(1);
    } else {
      given.cancel();
    }
  }

  private Flow.Subscription subscription() {
    Flow.Subscription known = subscription.get();
    if (known == null) {
      throw new IllegalStateException("a publisher must give a subscription first");
    }
    return known;
  }

  /** The piece is copied, as it is the publisher's again when this returns. */
  @Override
  public void onNext(ByteBuffer piece) {
    int length = piece.remaining();
    if (promised >= 0 && length > promised) {
      cancel();
      sender.fail(new IllegalStateException("the body is longer than announced"));
      return;
    }
    promised = promised < 0 ? promised : promised - length;
    ByteBuffer copy = ByteBuffer.allocate(length).put(piece.duplicate()).flip();
    if (length > 0 && !sender.write(copy)) {
      cancel();
    } else if (output.isWritable()) {
      subscription().request(1);
    } else {
      sender.askForMore(() -> subscription().request(1));
    }
  }

  @Override
  public void onError(Throwable cause) {
    sender.fail(cause);
  }

  @Override
  public void onComplete() {
    if (promised > 0) {
      sender.fail(new EOFException("the body ended " + promised + " bytes before its length"));
    } else {
      sender.end();
    }
  }
}
