package io.httpkit.internal.net;

import io.httpkit.internal.loop.LoopConfined;
import java.nio.ByteBuffer;

/**
 * Turns the bytes of the wire into those of the protocol. Passive: it has no socket, blocks nobody
 * and schedules nothing.
 */
@LoopConfined
public interface ByteStage {
  /** Changes nothing. */
  ByteStage PLAINTEXT = wire -> wire;

  /** The bytes for the protocol; valid until the next call. */
  ByteBuffer inbound(ByteBuffer wire);
}
