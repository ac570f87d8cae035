package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.internal.loop.LoopConfined;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Drops a body that nobody wants. */
@LoopConfined
final class BodyDropper implements BodySink {
  /** More than this is not worth keeping the connection for. */
  private static final long MAX_BYTES = 64 * 1024;

  private final Runnable then;
  private final Consumer<ClientException> onFailure;
  private final Supplier<ClientException> tooLarge;
  private long allowance;

  /** Goes on in any case, and gives up the connection if much comes. */
  BodyDropper(Runnable then) {
    this.allowance = MAX_BYTES;
    this.then = then;
    this.onFailure = failure -> then.run();
    this.tooLarge =
        () -> new ClientException(Kind.TOO_LARGE, "a body that nobody wants is too large to drop");
  }

  /** Answers without the body behind its end, unless it is larger than this. */
  BodyDropper(long limit, CallAnswer answer) {
    this.allowance = limit;
    this.then = answer::completeEmpty;
    this.onFailure = answer::fail;
    this.tooLarge = () -> BodyCollector.tooLarge(limit, answer.url());
  }

  @Override
  public boolean onContent(ByteBuffer bytes) throws ClientException {
    allowance -= bytes.remaining();
    if (allowance < 0) {
      throw tooLarge.get();
    }
    return true;
  }

  @Override
  public void complete() {
    then.run();
  }

  @Override
  public void fail(ClientException cause) {
    onFailure.accept(cause);
  }
}
