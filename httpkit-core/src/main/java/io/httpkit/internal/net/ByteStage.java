package io.httpkit.internal.net;

import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.LoopConfined;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSession;

/**
 * Turns the bytes of the wire into those of the protocol, and back. Passive: it has no socket,
 * blocks nobody and schedules nothing. A plaintext connection has none.
 *
 * <p>One thread at a time turns what comes in, the loop's; one at a time, which may be another,
 * what goes out: the one that writes to the queue.
 */
public interface ByteStage {
  /**
   * Takes all of these bytes.
   *
   * @return the bytes for the protocol; valid until any stage of this loop is called again
   */
  @LoopConfined
  ByteBuffer inbound(ByteBuffer wire) throws IOException;

  /** Whether nothing more comes, as was said. */
  @LoopConfined
  boolean hasEnded();

  /** Whether it was the peer who said so; somebody in between may have cut what it sent. */
  @LoopConfined
  default boolean hasPeerEnded() {
    return hasEnded();
  }

  /** Whether what came in asks for something to go out, besides what the protocol writes. */
  @LoopConfined
  boolean wantsOutbound();

  /** Turns as many of these bytes as fit, behind what the stage itself has to say. */
  void outbound(ByteBuffer plain, ByteBuffer wire) throws IOException;

  /** The protocol writes nothing more; the next {@link #outbound} says so to the peer. */
  void endOutbound();

  /** What was negotiated with the peer. */
  @AnyThread
  SSLSession session();
}
