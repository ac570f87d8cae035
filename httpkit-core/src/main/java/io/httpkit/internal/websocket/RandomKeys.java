package io.httpkit.internal.websocket;

import io.httpkit.internal.loop.AnyThread;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Random;

/**
 * The keys of a client: one of 4 bytes to mask each frame, one of 16 for each handshake. Nobody who
 * sees some can tell the next, or who chooses what is sent could choose what is on the wire. RFC
 * 6455 §5.3 and §10.3.
 *
 * <p>Drawn by the thousand: {@link SecureRandom} may take a lock of the whole process, and costs
 * more for each call than for each byte. Shared by all WebSockets of a client, so that none has
 * bytes of its own.
 */
@AnyThread
public final class RandomKeys {
  private static final int MASK_BYTES = 4;
  private static final int HANDSHAKE_BYTES = 16;
  private static final int DRAWN_BYTES = 4 * 1024;

  private final Random random;

  // Guarded by this
  private final ByteBuffer drawn = ByteBuffer.allocate(DRAWN_BYTES).limit(0);

  public RandomKeys() {
    this(new SecureRandom());
  }

  /** For tests: keys that can be told. */
  RandomKeys(Random random) {
    this.random = random;
  }

  /** The key of a frame. */
  synchronized int mask() {
    if (drawn.remaining() < MASK_BYTES) {
      random.nextBytes(drawn.clear().array());
    }
    return drawn.getInt();
  }

  /** The bytes of the key of a handshake. */
  public byte[] handshake() {
    byte[] bytes = new byte[HANDSHAKE_BYTES];
    random.nextBytes(bytes);
    return bytes;
  }
}
