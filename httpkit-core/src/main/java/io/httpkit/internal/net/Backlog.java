package io.httpkit.internal.net;

import io.httpkit.internal.loop.EventLoop;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link WriteQueue} holds while the peer does not take it. Guarded by the queue. A queue
 * has none while nothing waits, as idle connections are many.
 */
final class Backlog {
  /** Something that waits. */
  interface Item {
    long remaining();

    /** Called when it has been sent. */
    default void sent() {
      release();
    }

    /** Called when it never will be sent, and else too unless {@link #sent} does other things. */
    default void release() {}
  }

  /** Nothing; tells that all before it has been sent. */
  record Mark(EventLoop loop, Runnable written, Runnable lost) implements Item {
    @Override
    public long remaining() {
      return 0;
    }

    @Override
    public void sent() {
      loop.execute(written);
    }

    @Override
    public void release() {
      loop.execute(lost);
    }
  }

  /** Bytes, consumed by moving the position of the buffer. */
  static final class Bytes implements Item {
    final ByteBuffer buffer;

    Bytes(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public long remaining() {
      return buffer.remaining();
    }
  }

  /** Bytes of the wire: what the stage made and the socket did not take. */
  record Wrapped(ByteBuffer buffer) implements Item {
    @Override
    public long remaining() {
      return buffer.remaining();
    }
  }

  /** What is behind it goes through this stage, what is before it does not. */
  record StageChange(ByteStage stage) implements Item {
    @Override
    public long remaining() {
      return 0;
    }
  }

  /** Has the stage say something of its own. */
  enum Notice implements Item {
    /** Whatever it wants to say. */
    ANY,
    /** That nothing more comes. */
    END;

    @Override
    public long remaining() {
      return 0;
    }
  }

  final ArrayDeque<Item> items = new ArrayDeque<>(2);
  long bytes;
  long progressNanos;
  @Nullable Runnable onDrain;

  void addFirst(Item item) {
    items.addFirst(item);
    bytes += item.remaining();
  }

  void addLast(Item item) {
    items.addLast(item);
    bytes += item.remaining();
  }

  void removeFirst() {
    items.removeFirst().sent();
  }

  /** Copies as many of the first bytes as fit. */
  void copyTo(ByteBuffer out) {
    for (Item item : items) {
      if (!(item instanceof Bytes some) || !out.hasRemaining()) {
        return;
      }
      int length = Math.min(some.buffer.remaining(), out.remaining());
      out.put(out.position(), some.buffer, some.buffer.position(), length);
      out.position(out.position() + length);
    }
  }

  /** Removes the first bytes, which were sent. */
  void advance(int sent) {
    int left = sent;
    while (left > 0) {
      ByteBuffer buffer = ((Bytes) items.getFirst()).buffer;
      int step = Math.min(left, buffer.remaining());
      buffer.position(buffer.position() + step);
      left -= step;
      if (!buffer.hasRemaining()) {
        items.removeFirst();
      }
    }
  }

  /** Bytes have left the queue. */
  void progress(long sent, long nowNanos) {
    bytes -= sent;
    if (sent > 0) {
      progressNanos = nowNanos;
    }
  }

  /** What was written before there was a stage is for the wire as it is. */
  void takeAsWrapped() {
    for (int i = items.size(); i > 0; i--) {
      Item item = items.removeFirst();
      items.addLast(item instanceof Bytes some ? new Wrapped(some.buffer) : item);
    }
  }

  void release() {
    items.forEach(Item::release);
    items.clear();
    bytes = 0;
  }
}
