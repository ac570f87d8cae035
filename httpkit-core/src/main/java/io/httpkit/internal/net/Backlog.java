package io.httpkit.internal.net;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
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

  /** Nothing; has one of two things done: when all before it has been sent, or never will be. */
  static final class Mark implements Item {
    private final Executor executor;
    private final Runnable written;
    private final Runnable lost;

    Mark(Executor executor, Runnable written, Runnable lost) {
      this.executor = executor;
      this.written = written;
      this.lost = lost;
    }

    @Override
    public long remaining() {
      return 0;
    }

    @Override
    public void sent() {
      executor.execute(written);
    }

    @Override
    public void release() {
      executor.execute(lost);
    }
  }

  /** Bytes, consumed by moving the position of the buffer. */
  static final class Bytes implements Item {
    final ByteBuffer buffer;

    /**
     * Whether no stage is to turn them: they were written before there was one, or it made them.
     */
    boolean isWire;

    Bytes(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public long remaining() {
      return buffer.remaining();
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
  void takeAsWire() {
    for (Item item : items) {
      if (item instanceof Bytes some) {
        some.isWire = true;
      }
    }
  }

  void release() {
    items.forEach(Item::release);
    items.clear();
    bytes = 0;
  }
}
