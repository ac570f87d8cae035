package io.httpkit.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Takes a body, and asks for a piece only when it has taken the one before. */
final class OneByOne implements Flow.Subscriber<ByteBuffer> {
  /** All of the body. */
  final CompletableFuture<byte[]> whole = new CompletableFuture<>();

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private Flow.@Nullable Subscription subscription;
  private boolean isAsked;

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription = newSubscription;
    ask();
  }

  private void ask() {
    isAsked = true;
    if (subscription != null) {
      subscription.request(1);
    }
  }

  @Override
  public void onNext(ByteBuffer piece) {
    if (!isAsked) {
      whole.completeExceptionally(new AssertionError("a piece that nobody has asked for"));
    }
    isAsked = false;
    byte[] taken = new byte[piece.remaining()];
    piece.get(taken);
    bytes.writeBytes(taken);
    ask();
  }

  @Override
  public void onError(Throwable cause) {
    whole.completeExceptionally(cause);
  }

  @Override
  public void onComplete() {
    whole.complete(bytes.toByteArray());
  }
}
