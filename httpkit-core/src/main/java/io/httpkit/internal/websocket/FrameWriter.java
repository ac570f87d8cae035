package io.httpkit.internal.websocket;

import io.httpkit.internal.codec.websocket.FrameEncoder;
import io.httpkit.internal.codec.websocket.Opcode;
import io.httpkit.internal.codec.websocket.Role;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.net.WriteQueue;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Puts frames on the wire: those of a client masked, each with a key of its own, in a copy, as the
 * bytes belong to who sends them. RFC 6455 §5.
 */
@AnyThread
final class FrameWriter {
  /** Up to this size a payload is copied behind its header, which saves a write. */
  private static final int INLINE = 32 * 1024;

  /** Of a server. */
  static final FrameWriter UNMASKED = new FrameWriter(null);

  private final @Nullable RandomKeys keys;

  private FrameWriter(@Nullable RandomKeys keys) {
    this.keys = keys;
  }

  /** Of a client. */
  static FrameWriter masked(RandomKeys keys) {
    return new FrameWriter(keys);
  }

  /** Whose frames these are. */
  Role role() {
    return keys == null ? Role.SERVER : Role.CLIENT;
  }

  /** Whether it takes so long to make a frame of this that it is better done without a lock. */
  boolean takesLong(long payloadBytes) {
    return keys != null && payloadBytes > INLINE;
  }

  /**
   * Writes a frame, or queues it. Under the channel's lock, so that header and payload stay
   * together.
   *
   * @return false if the connection takes nothing more
   */
  boolean write(
      WriteQueue output,
      Opcode opcode,
      boolean fin,
      boolean compressed,
      byte[] bytes,
      int offset,
      int length) {
    if (length <= INLINE) {
      ByteBuffer out = output.begin(sizeOf(length));
      put(out, opcode, fin, compressed, bytes, offset, length);
      return output.commit(out);
    }
    if (keys != null) {
      return output.write(frame(opcode, fin, compressed, bytes, offset, length));
    }
    ByteBuffer out = output.begin(sizeOf(length) - length);
    FrameEncoder.header(out, opcode, fin, compressed, length);
    return output.commit(out) && output.write(ByteBuffer.wrap(bytes, offset, length));
  }

  /** A frame that is ready for the wire; not for two connections if it is masked. */
  ByteBuffer frame(
      Opcode opcode, boolean fin, boolean compressed, byte[] bytes, int offset, int length) {
    ByteBuffer frame = ByteBuffer.allocate(sizeOf(length));
    put(frame, opcode, fin, compressed, bytes, offset, length);
    return frame.flip();
  }

  private int sizeOf(int length) {
    return FrameEncoder.headerBytes(length, keys != null) + length;
  }

  private void put(
      ByteBuffer out,
      Opcode opcode,
      boolean fin,
      boolean compressed,
      byte[] bytes,
      int offset,
      int length) {
    if (keys == null) {
      FrameEncoder.header(out, opcode, fin, compressed, length);
      out.put(bytes, offset, length);
      return;
    }
    int mask = keys.mask();
    FrameEncoder.header(out, opcode, fin, compressed, length, mask);
    int at = out.arrayOffset() + out.position();
    out.put(bytes, offset, length);
    FrameEncoder.mask(out.array(), at, length, mask);
  }
}
