package io.httpkit.internal.net;

import io.httpkit.internal.net.Backlog.Bytes;
import io.httpkit.internal.net.Backlog.Mark;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Writes for a queue whose connection has a stage: each piece is turned and then written. What the
 * socket does not take of it waits in the backlog, before all that is still to be turned, so that
 * it counts as queued. Guarded by the queue.
 */
final class RecordWriter {
  /** As many bytes as a record takes are not worth to be copied together with others. */
  private static final int RECORD_BYTES = 16 * 1024;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final Connection connection;
  private ByteStage stage;

  RecordWriter(Connection connection, ByteStage stage) {
    this.connection = connection;
    this.stage = stage;
  }

  /** What is behind it goes through the next stage, what is before it through this one. */
  Mark switchTo(ByteStage next) {
    return mark(() -> stage = next);
  }

  /** Has the stage say in the next {@link #notice} that nothing more comes. */
  Mark end() {
    return mark(() -> stage.endOutbound());
  }

  private static Mark mark(Runnable whenWritten) {
    return new Mark(Runnable::run, whenWritten, () -> {});
  }

  /** Has the stage say what it wants to say: no bytes, behind which that goes too. */
  static Bytes notice() {
    return new Bytes(NOTHING);
  }

  /** Writes this buffer while nothing waits; false if the socket did not take all, or enough. */
  boolean send(WriteQueue queue, ByteBuffer plain) throws IOException {
    StageBuffers buffers = connection.io().borrowStageBuffers();
    try {
      int enough = plain.remaining() - WriteQueue.MAX_BYTES_AT_ONCE;
      while (plain.hasRemaining()) {
        if (plain.remaining() < enough) {
          return false;
        }
        ByteBuffer wire = buffers.wrapped();
        stage.outbound(plain, wire);
        if (connection.write(wire.flip()) < wire.limit()) {
          keep(queue.backlog(), wire);
          return false;
        }
      }
      return true;
    } finally {
      connection.io().giveBack(buffers);
    }
  }

  /** Writes what comes first; false if the socket did not take all. */
  boolean sendFirst(Backlog waiting) throws IOException {
    Backlog.Item first = waiting.items.getFirst();
    if (first instanceof Bytes bytes && bytes.isWire) {
      return sendWire(waiting, bytes.buffer);
    }
    if (first instanceof Mark) {
      waiting.removeFirst();
      return true;
    }
    StageBuffers buffers = connection.io().borrowStageBuffers();
    try {
      ByteBuffer wire = buffers.wrapped();
      wrapFirst(waiting, first, buffers, wire);
      int sent = connection.write(wire.flip());
      if (sent < wire.limit()) {
        keep(waiting, wire);
        return false;
      }
      return true;
    } finally {
      connection.io().giveBack(buffers);
    }
  }

  private boolean sendWire(Backlog waiting, ByteBuffer wire) throws IOException {
    waiting.progress(connection.write(wire), now());
    if (wire.hasRemaining()) {
      return false;
    }
    waiting.removeFirst();
    return true;
  }

  private void wrapFirst(Backlog waiting, Backlog.Item first, StageBuffers buffers, ByteBuffer wire)
      throws IOException {
    if (first instanceof FileRegion region) {
      wrapRegion(waiting, region, buffers.collected(), wire);
    } else if (isForItself(waiting, first.remaining())) {
      wrapBytes(waiting, ((Bytes) first).buffer, wire);
    } else {
      wrapCollected(waiting, buffers.collected(), wire);
    }
  }

  private static boolean isForItself(Backlog waiting, long length) {
    return length >= RECORD_BYTES || length == 0 || waiting.items.size() == 1;
  }

  private void wrapRegion(Backlog waiting, FileRegion region, ByteBuffer collected, ByteBuffer wire)
      throws IOException {
    region.read(collected);
    stage.outbound(collected.flip(), wire);
    region.advance(collected.position());
    waiting.progress(collected.position(), now());
    if (region.remaining() == 0) {
      waiting.removeFirst();
    }
  }

  private void wrapBytes(Backlog waiting, ByteBuffer plain, ByteBuffer wire) throws IOException {
    int before = plain.remaining();
    stage.outbound(plain, wire);
    waiting.progress(before - plain.remaining(), now());
    if (!plain.hasRemaining()) {
      waiting.removeFirst();
    }
  }

  /** Puts small buffers together, to have one record of them and not many. */
  private void wrapCollected(Backlog waiting, ByteBuffer collected, ByteBuffer wire)
      throws IOException {
    waiting.copyTo(collected);
    stage.outbound(collected.flip(), wire);
    waiting.advance(collected.position());
    waiting.progress(collected.position(), now());
  }

  private static void keep(Backlog waiting, ByteBuffer wire) {
    ByteBuffer copy = ByteBuffer.allocate(wire.remaining()).put(wire).flip();
    Bytes rest = new Bytes(copy);
    rest.isWire = true;
    waiting.addFirst(rest);
  }

  private long now() {
    return connection.io().loop().nanoTime();
  }
}
