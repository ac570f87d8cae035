package io.httpkit.internal.net;

import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.LoopConfined;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The bytes on their way to the peer, in order: the one place where threads meet. Any thread may
 * write; the thread that finds nothing waiting writes to the socket at once, so that an answer made
 * by a worker needs no turn of the loop. Only when the socket is full is the loop asked to go on.
 *
 * <p>While the loop delivers input, what it answers is collected ({@link #begin}) and leaves in one
 * write behind the delivery.
 *
 * <pre>
 *            begin                    socket full
 *   READY ───────────▶ CORKED    READY ──────────▶ BLOCKED
 *     ▲                  │          ▲                 │
 *     └──── uncork ──────┘          └── all written ──┘
 * </pre>
 *
 * <p>The lock, this queue's monitor, is held for one attempt to write, which never blocks.
 */
@AnyThread
public final class WriteQueue {
  /** Something in the queue. */
  interface Item {
    long remaining();

    /** Called when it has been sent, or never will be. */
    default void release() {}
  }

  private static final class Bytes implements Item {
    private final ByteBuffer buffer;

    Bytes(ByteBuffer buffer) {
      this.buffer = buffer;
    }

    @Override
    public long remaining() {
      return buffer.remaining();
    }
  }

  private enum Flow {
    /** Nothing waits: the next writer writes to the socket. */
    READY,
    /** The loop has collected answers, which precede what other threads have queued since. */
    CORKED,
    /** The socket is full; writers queue, and the loop goes on when there is room. */
    BLOCKED
  }

  private enum End {
    OPEN,
    /** Nothing more is accepted; the connection is told when all is written. */
    FINISHING,
    CLOSED
  }

  /** A writer with a choice should wait when more than this many bytes are queued. */
  public static final int HIGH_WATER_MARK = 64 * 1024;

  private static final int LOW_WATER_MARK = 16 * 1024;

  /** Other threads have no direct buffer, so the JDK copies what it is given: give it pieces. */
  private static final int PIECE_BYTES = 64 * 1024;

  private final Connection connection;
  private final SocketChannel channel;

  // Guarded by this
  private Flow flow = Flow.READY;
  private End end = End.OPEN;
  private @Nullable ArrayDeque<Item> pending;
  private @Nullable Runnable onDrain;
  private long queuedBytes;
  private long progressNanos;

  WriteQueue(Connection connection, SocketChannel channel) {
    this.connection = connection;
    this.channel = channel;
  }

  /**
   * A heap buffer with room for {@code size} bytes, to be filled and given to {@link #commit}
   * before anything else is written. Setting its position back to what it was takes back what was
   * put.
   */
  public ByteBuffer begin(int size) {
    IoLoop io = connection.io();
    if (!io.loop().isInLoop() || io.delivering() != this) {
      return ByteBuffer.allocate(size);
    }
    ByteBuffer staging = io.staging();
    synchronized (this) {
      if (flow == Flow.CORKED && staging.remaining() < size) {
        uncorkLocked();
      }
      boolean mustQueue = flow == Flow.BLOCKED || pending != null || end != End.OPEN;
      if (mustQueue || staging.remaining() < size) {
        return ByteBuffer.allocate(size);
      }
      flow = Flow.CORKED;
      return staging;
    }
  }

  /**
   * Writes what was put into a buffer of {@link #begin}.
   *
   * @return false if the connection takes nothing more
   */
  public boolean commit(ByteBuffer buffer) {
    return connection.io().isStaging(buffer) || write(buffer.flip());
  }

  /**
   * Writes what remains in the buffer, or queues it; not copied, so it must not change.
   *
   * @return false if the connection takes nothing more
   */
  public boolean write(ByteBuffer buffer) {
    synchronized (this) {
      if (end != End.OPEN) {
        return false;
      }
      if (flow == Flow.READY) {
        send(buffer);
      }
      if (buffer.hasRemaining()) {
        enqueue(new Bytes(buffer));
      }
      return true;
    }
  }

  /** As {@link #write(ByteBuffer)}. A region that is not taken is released. */
  public boolean write(FileRegion region) {
    synchronized (this) {
      if (end == End.OPEN) {
        enqueue(region);
        return true;
      }
    }
    region.release();
    return false;
  }

  /** Whether no more is queued than {@link #HIGH_WATER_MARK}. */
  public synchronized boolean isWritable() {
    return queuedBytes <= HIGH_WATER_MARK;
  }

  /** The bytes that wait for the peer to take them. */
  public synchronized long queuedBytes() {
    return queuedBytes;
  }

  /**
   * Has the task run once, on the loop, when little enough is queued that writing makes sense
   * again, or the connection is closed. Replaces an earlier one.
   */
  public synchronized void onDrain(Runnable task) {
    onDrain = task;
    signal();
  }

  /** Accepts nothing more and tells the connection when all is written. */
  synchronized void finish() {
    if (end == End.OPEN) {
      end = End.FINISHING;
      signal();
    }
  }

  /** Ends the collecting and writes what was collected. */
  @LoopConfined
  void uncork() {
    synchronized (this) {
      if (flow == Flow.CORKED) {
        uncorkLocked();
      }
    }
  }

  /** Goes on writing; true if nothing waits any more. */
  @LoopConfined
  synchronized boolean onWritable() {
    if (end != End.CLOSED) {
      drain();
    }
    return flow != Flow.BLOCKED;
  }

  /** Whether the peer has not taken a byte of those that wait for so long. */
  synchronized boolean isStalled(long nowNanos, long timeoutNanos) {
    return flow == Flow.BLOCKED && nowNanos - progressNanos > timeoutNanos;
  }

  /** Drops what waits. */
  synchronized void close() {
    end = End.CLOSED;
    if (pending != null) {
      pending.forEach(Item::release);
      pending = null;
    }
    queuedBytes = 0;
    signal();
  }

  private void uncorkLocked() {
    flow = Flow.READY;
    ByteBuffer staging = connection.io().staging().flip();
    if (end != End.CLOSED && pending == null) {
      send(staging);
    }
    if (end != End.CLOSED && staging.hasRemaining()) {
      Bytes staged = new Bytes(staging);
      queue().addFirst(staged);
      queuedBytes += staging.remaining();
      drain();
      if (pending != null && pending.peekFirst() == staged) {
        pending.pollFirst();
        pending.addFirst(new Bytes(copy(staging)));
      }
    }
    staging.clear();
    signal();
  }

  private static ByteBuffer copy(ByteBuffer buffer) {
    return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
  }

  private void enqueue(Item item) {
    queue().add(item);
    queuedBytes += item.remaining();
    if (flow == Flow.CORKED && connection.io().loop().isInLoop()) {
      uncorkLocked();
    } else if (flow == Flow.READY) {
      drain();
    }
  }

  private ArrayDeque<Item> queue() {
    ArrayDeque<Item> queue = pending;
    if (queue == null) {
      queue = new ArrayDeque<>(2);
      pending = queue;
    }
    return queue;
  }

  /** Writes this buffer while nothing else waits. */
  private void send(ByteBuffer buffer) {
    try {
      if (!transmit(buffer)) {
        block();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void drain() {
    try {
      while (pending != null) {
        if (!sendFirst(pending)) {
          block();
          return;
        }
        if (pending.isEmpty()) {
          pending = null;
        }
      }
      flow = Flow.READY;
    } catch (IOException e) {
      fail(e);
    } finally {
      signal();
    }
  }

  /** Sends what is first in the queue; false if the socket did not take all of it. */
  private boolean sendFirst(ArrayDeque<Item> queue) throws IOException {
    Item first = queue.getFirst();
    if (first instanceof FileRegion region) {
      return sendFile(queue, region);
    }
    IoLoop io = connection.io();
    if (io.loop().isInLoop()) {
      return sendGathered(queue, io.output());
    }
    ByteBuffer buffer = ((Bytes) first).buffer;
    int before = buffer.remaining();
    boolean all = transmit(buffer);
    sent(before - buffer.remaining());
    if (all) {
      queue.removeFirst();
    }
    return all;
  }

  private boolean sendFile(ArrayDeque<Item> queue, FileRegion region) throws IOException {
    long sent = region.transferTo(channel);
    sent(sent);
    if (region.remaining() == 0) {
      queue.removeFirst();
      region.release();
      return true;
    }
    return sent > 0;
  }

  /** Sends as many buffers as fit into {@code output} with one write. */
  private boolean sendGathered(ArrayDeque<Item> queue, ByteBuffer output) throws IOException {
    output.clear();
    for (Item item : queue) {
      if (!(item instanceof Bytes bytes) || !output.hasRemaining()) {
        break;
      }
      ByteBuffer buffer = bytes.buffer;
      int length = Math.min(buffer.remaining(), output.remaining());
      output.put(output.position(), buffer, buffer.position(), length);
      output.position(output.position() + length);
    }
    int offered = output.flip().remaining();
    int written = channel.write(output);
    sent(written);
    advance(queue, written);
    return written == offered;
  }

  private static void advance(ArrayDeque<Item> queue, int written) {
    int left = written;
    while (left > 0) {
      ByteBuffer buffer = ((Bytes) queue.getFirst()).buffer;
      int step = Math.min(left, buffer.remaining());
      buffer.position(buffer.position() + step);
      left -= step;
      if (!buffer.hasRemaining()) {
        queue.removeFirst();
      }
    }
  }

  private void sent(long bytes) {
    queuedBytes -= bytes;
    if (bytes > 0) {
      progressNanos = connection.io().loop().nanoTime();
    }
  }

  /** Writes to the socket; false if it did not take all. */
  private boolean transmit(ByteBuffer buffer) throws IOException {
    IoLoop io = connection.io();
    ByteBuffer output = io.loop().isInLoop() ? io.output() : null;
    while (buffer.hasRemaining()) {
      int offered = Math.min(buffer.remaining(), PIECE_BYTES);
      int written =
          output == null ? writePiece(buffer, offered) : writeThrough(output, buffer, offered);
      if (written < offered) {
        return false;
      }
    }
    return true;
  }

  private int writePiece(ByteBuffer buffer, int length) throws IOException {
    int limit = buffer.limit();
    buffer.limit(buffer.position() + length);
    try {
      return channel.write(buffer);
    } finally {
      buffer.limit(limit);
    }
  }

  private int writeThrough(ByteBuffer output, ByteBuffer buffer, int length) throws IOException {
    output.clear().put(0, buffer, buffer.position(), length).limit(length);
    int written = channel.write(output);
    buffer.position(buffer.position() + written);
    return written;
  }

  private void block() {
    if (flow != Flow.BLOCKED) {
      flow = Flow.BLOCKED;
      progressNanos = connection.io().loop().nanoTime();
      connection.wantWrite();
    }
  }

  private void fail(IOException cause) {
    close();
    connection.abort(cause);
  }

  /** Tells those who wait for the queue to be short, or empty. */
  private void signal() {
    if (onDrain != null && (queuedBytes <= LOW_WATER_MARK || end == End.CLOSED)) {
      connection.io().loop().execute(onDrain);
      onDrain = null;
    }
    if (end == End.FINISHING && pending == null && flow == Flow.READY) {
      connection.io().loop().execute(connection::onFlushed);
    }
  }
}
