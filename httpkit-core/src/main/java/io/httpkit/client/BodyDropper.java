package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.internal.loop.LoopConfined;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** Drops a body that nobody wants. */
@LoopConfined
final class BodyDropper implements BodySink {
  /** More than this is not worth keeping the connection for. */
  private static final long MAX_BYTES = 64 * 1024;

  private final Runnable then;
  private final Consumer<ClientException> onFailure;
  private long allowance;

  /** Goes on in any case, and gives up the connection if much comes. */
  BodyDropper(Runnable then) {
    this(MAX_BYTES, then, failure -> then.run());
  }

  BodyDropper(long limit, Runnable then, Consumer<ClientException> onFailure) {
    this.allowance = limit;
    this.then = then;
    this.onFailure = onFailure;
  }

  @Override
  public boolean onContent(ByteBuffer bytes) throws ClientException {
    allowance -= bytes.remaining();
    if (allowance < 0) {
      throw new ClientException(Kind.TOO_LARGE, "a body that nobody wants is too large to drop");
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
