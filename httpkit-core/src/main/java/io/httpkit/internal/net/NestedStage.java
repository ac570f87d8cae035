package io.httpkit.internal.net;

import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.LoopConfined;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSession;

/**
 * A stage within another one: TLS with a server, through a proxy with which TLS is spoken too. What
 * the inner stage makes is for the outer one what a protocol writes. The peer is the inner's.
 *
 * <p>Between the two no bytes wait: the inner makes only as much at a time as the outer has room
 * for.
 */
final class NestedStage implements ByteStage {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final IoLoop io;
  private final ByteStage outer;
  private final ByteStage inner;

  /** Whether the outer ends as soon as the inner has said that it does. Of whoever writes. */
  private boolean isEnding;

  NestedStage(IoLoop io, ByteStage outer, ByteStage inner) {
    this.io = io;
    this.outer = outer;
    this.inner = inner;
  }

  /** For bytes that have come through the outer stage already. */
  ByteStage inner() {
    return inner;
  }

  @Override
  @LoopConfined
  public ByteBuffer inbound(ByteBuffer wire) throws IOException {
    return inner.inbound(outer.inbound(wire));
  }

  /** Behind the end of the outer stage nothing comes for the inner one, whatever it has said. */
  @Override
  @LoopConfined
  public boolean hasEnded() {
    return inner.hasEnded() || outer.hasEnded();
  }

  @Override
  @LoopConfined
  public boolean hasPeerEnded() {
    return inner.hasPeerEnded();
  }

  @Override
  @LoopConfined
  public boolean wantsOutbound() {
    return outer.wantsOutbound() || inner.wantsOutbound();
  }

  @Override
  public void outbound(ByteBuffer plain, ByteBuffer wire) throws IOException {
    StageBuffers buffers = io.borrowInnerStageBuffers();
    try {
      ByteBuffer between = buffers.wrappedToBeWrapped();
      inner.outbound(plain, between);
      outer.outbound(between.flip(), wire);
      if (between.hasRemaining()) {
        throw new IOException("no room for " + between.remaining() + " bytes of the inner stage");
      }
    } finally {
      io.giveBack(buffers);
    }
    if (isEnding && !plain.hasRemaining()) {
      outer.endOutbound();
      outer.outbound(NOTHING, wire);
    }
  }

  @Override
  public void endOutbound() {
    inner.endOutbound();
    isEnding = true;
  }

  @Override
  @AnyThread
  public SSLSession session() {
    return inner.session();
  }
}
