package io.httpkit.internal.net;

import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.net.Backlog.Bytes;
import io.httpkit.internal.net.Backlog.Item;
import io.httpkit.internal.net.Backlog.Mark;
import java.io.IOException;
import java.nio.ByteBuffer;
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
 *
 *            writeSoon               the loop's turn
 *   READY ───────────▶ GATHERING ─────────────────▶ WRITING ─▶ READY, GATHERING, BLOCKED
 *
 *   READY, BLOCKED ── finish ──▶ FINISHING     any ── close ──▶ CLOSED
 * </pre>
 *
 * <p>The lock, this queue's monitor, is held for one attempt to write, which never blocks and is
 * bounded: a peer that takes bytes as fast as they come does not keep a thread. What was gathered
 * is written without it, as those who gather for many queues must not wait for each.
 */
@AnyThread
public final class WriteQueue {
  private enum State {
    /** Nothing waits: the next writer writes to the socket. */
    READY,
    /**
     * The loop has collected answers in its {@link TurnOutput}. They precede what other threads
     * have queued since.
     */
    CORKED,
    /** Something waits for the loop to write it, together with what comes until then. */
    GATHERING,
    /** The loop writes what was gathered, without the lock, so that others can queue meanwhile. */
    WRITING,
    /** The socket is full; writers queue, and the loop goes on when there is room. */
    BLOCKED,
    /** Nothing more is accepted; the connection is told when all is written. */
    FINISHING,
    CLOSED
  }

  /** A writer with a choice should wait when more than this many bytes are queued. */
  public static final int HIGH_WATER_MARK = 64 * 1024;

  private static final int LOW_WATER_MARK = 16 * 1024;

  /** Gathered for the loop to write; whoever adds more writes it. */
  private static final int MAX_GATHERED = 16 * 1024;

  /** Written in one attempt; then others have their turn. */
  static final int MAX_BYTES_AT_ONCE = 1024 * 1024;

  /** Other threads have no direct buffer, so the JDK copies what it is given: give it pieces. */
  private static final int PIECE_BYTES = 256 * 1024;

  private final Connection connection;

  // Guarded by this
  private State state = State.READY;

  /** Writes in place of this queue when the connection has a stage. */
  private @Nullable RecordWriter records;

  /** Whether all had been written when the connection was closed. */
  private boolean isComplete;

  /** Volatile too, so that it takes no lock to see that nothing waits. */
  private volatile @Nullable Backlog backlog;

  WriteQueue(Connection connection) {
    this.connection = connection;
  }

  /**
   * A heap buffer with room for {@code size} bytes, to be filled and given to {@link #commit}
   * before anything else is written. Setting its position back to what it was takes back what was
   * put.
   */
  public ByteBuffer begin(int size) {
    if (!connection.isInDelivery()) {
      return ByteBuffer.allocate(size);
    }
    TurnOutput turn = connection.io().turnOutput();
    turn.makeRoom(this, size);
    synchronized (this) {
      if (state == State.CORKED && !turn.isLast(this)) {
        uncorkLocked();
      }
      boolean mayCollect = (state == State.READY || state == State.CORKED) && !hasItems();
      if (!mayCollect || !turn.hasRoom(size)) {
        return ByteBuffer.allocate(size);
      }
      if (state == State.READY) {
        state = State.CORKED;
        turn.add(this);
      }
      return turn.collected();
    }
  }

  /**
   * Writes what was put into a buffer of {@link #begin}.
   *
   * @return false if the connection takes nothing more
   */
  public boolean commit(ByteBuffer buffer) {
    return connection.io().turnOutput().isCollected(buffer) || write(buffer.flip());
  }

  /**
   * Writes what remains in the buffer, or queues it; not copied, so it must not change.
   *
   * @return false if the connection takes nothing more
   */
  public boolean write(ByteBuffer buffer) {
    synchronized (this) {
      if (isEnding()) {
        return false;
      }
      if (state == State.READY) {
        send(buffer);
      }
      if (buffer.hasRemaining() && state != State.CLOSED) {
        enqueue(new Bytes(buffer));
      }
      return state != State.CLOSED;
    }
  }

  /**
   * As {@link #write(ByteBuffer)}, but leaves it to the loop to write, soon and once for all that
   * comes until then. For what is sent to many at a time, often.
   */
  public boolean writeSoon(ByteBuffer buffer) {
    synchronized (this) {
      if (isEnding()) {
        return false;
      }
      backlog().addLast(new Bytes(buffer));
      if (state == State.READY) {
        state = State.GATHERING;
        connection.io().flushSoon(this);
      } else if (state == State.GATHERING && backlog().bytes > MAX_GATHERED) {
        drain();
      }
      return state != State.CLOSED;
    }
  }

  /** Writes what was gathered. */
  @LoopConfined
  void flush() {
    ByteBuffer output = connection.io().output();
    synchronized (this) {
      if (state != State.GATHERING) {
        return;
      }
      if (records != null) {
        drain();
        return;
      }
      backlog().copyTo(output.clear());
      if (output.flip().remaining() == 0) {
        // a file, or a mark
        drain();
        return;
      }
      state = State.WRITING;
    }
    int offered = output.remaining();
    try {
      int sent = connection.write(output);
      flushed(sent, sent == offered);
    } catch (IOException e) {
      fail(e);
    }
  }

  private synchronized void flushed(int sent, boolean all) {
    if (state != State.WRITING) {
      return;
    }
    Backlog waiting = backlog();
    waiting.advance(sent);
    progress(waiting, sent);
    if (!all) {
      block();
    } else if (hasItems()) {
      state = State.GATHERING;
      connection.io().flushSoon(this);
    } else {
      state = State.READY;
    }
    signal();
  }

  /** As {@link #write(ByteBuffer)}. A region that is not taken is released. */
  public boolean write(FileRegion region) {
    synchronized (this) {
      if (!isEnding()) {
        enqueue(region);
        return true;
      }
    }
    region.release();
    return false;
  }

  /** Whether no more is queued than {@link #HIGH_WATER_MARK}. */
  public boolean isWritable() {
    return queuedBytes() <= HIGH_WATER_MARK;
  }

  /** The bytes that wait for the peer to take them. */
  public long queuedBytes() {
    if (backlog == null) {
      return 0;
    }
    synchronized (this) {
      return backlog == null ? 0 : backlog.bytes;
    }
  }

  /**
   * Has the task run once, on the loop, when little enough is queued that writing makes sense
   * again, or the connection is closed. Replaces an earlier one.
   */
  public synchronized void onDrain(Runnable task) {
    backlog().onDrain = task;
    signal();
  }

  /**
   * Has one of the two run once, on the loop: when all that is queued now is with the system, or
   * when it never will be.
   */
  public synchronized void whenWritten(Runnable written, Runnable lost) {
    if (state == State.CLOSED && !isComplete) {
      connection.io().loop().execute(lost);
    } else if (state != State.CORKED && !hasItems()) {
      connection.io().loop().execute(written);
    } else {
      enqueue(new Mark(connection.io().loop(), written, lost));
    }
  }

  /** Has what is written from now on go through the stage. What waits does not. */
  @LoopConfined
  synchronized void secure(ByteStage stage) {
    if (isEnding()) {
      return;
    }
    if (state == State.CORKED) {
      uncorkLocked();
    }
    if (records != null) {
      enqueue(records.switchTo(stage));
      return;
    }
    if (backlog != null) {
      backlog.takeAsWire();
    }
    records = new RecordWriter(connection, stage);
  }

  /** Has the stage say what it wants to say. */
  @LoopConfined
  synchronized void sendNotice() {
    if (records != null && !isEnding()) {
      enqueue(RecordWriter.notice());
    }
  }

  /** Accepts nothing more and tells the connection when all is written. */
  @LoopConfined
  synchronized void finish() {
    if (state == State.CLOSED) {
      // it has failed: there is nothing to wait for
      connection.io().loop().execute(connection::onFlushed);
    }
    if (isEnding()) {
      return;
    }
    if (state == State.CORKED) {
      uncorkLocked();
    }
    if (state == State.GATHERING) {
      drain();
    }
    if (records != null && state != State.CLOSED) {
      enqueue(records.end());
      enqueue(RecordWriter.notice());
    }
    if (state != State.CLOSED) {
      state = State.FINISHING;
      signal();
    }
  }

  /** Ends the collecting and writes what was collected. */
  @LoopConfined
  synchronized void uncork() {
    if (state == State.CORKED) {
      uncorkLocked();
    }
  }

  /** Writes what was collected, which is this. */
  @LoopConfined
  synchronized void uncork(ByteBuffer collected) {
    if (state == State.CORKED) {
      uncorkLocked(collected);
    }
  }

  /** Whether what was collected is turned into something else before it is written. */
  @LoopConfined
  @SuppressWarnings("GuardedBy") // only the loop sets it
  boolean wantsArray() {
    return records != null;
  }

  /** Goes on writing; true if nothing waits any more. */
  @LoopConfined
  synchronized boolean onWritable() {
    drain();
    return !hasItems();
  }

  /** Whether the socket has to say when it has room. */
  synchronized boolean isBlocked() {
    return hasItems();
  }

  /** Whether it takes nothing more. Waits for a write that is going on, which may have failed. */
  public synchronized boolean isClosed() {
    return state == State.CLOSED;
  }

  /** Whether the peer has not taken a byte of those that wait for so long. */
  boolean isStalled(long nowNanos, long timeoutNanos) {
    if (backlog == null) {
      return false;
    }
    synchronized (this) {
      return hasItems() && nowNanos - backlog().progressNanos > timeoutNanos;
    }
  }

  /** Drops what waits. */
  synchronized void close() {
    if (state == State.CORKED) {
      connection.io().turnOutput().drop(this);
    }
    isComplete = state == State.FINISHING && !hasItems();
    state = State.CLOSED;
    if (backlog != null) {
      backlog.release();
    }
    signal();
  }

  private boolean isEnding() {
    return state == State.FINISHING || state == State.CLOSED;
  }

  private boolean hasItems() {
    return backlog != null && !backlog.items.isEmpty();
  }

  Backlog backlog() {
    Backlog some = backlog;
    if (some == null) {
      some = new Backlog();
      some.progressNanos = connection.io().loop().nanoTime();
      backlog = some;
    }
    return some;
  }

  private void uncorkLocked() {
    uncorkLocked(connection.io().turnOutput().take(this, records != null));
  }

  private void uncorkLocked(ByteBuffer collected) {
    state = State.READY;
    if (!hasItems()) {
      send(collected);
    }
    if (collected.hasRemaining() && state != State.CLOSED) {
      sendWithItems(collected);
    } else if (state == State.READY && hasItems()) {
      drain();
    }
    signal();
  }

  /** Sends the collected bytes and what was queued behind them; keeps a copy of what is left. */
  private void sendWithItems(ByteBuffer collected) {
    Backlog waiting = backlog();
    Bytes staged = new Bytes(collected);
    waiting.addFirst(staged);
    if (state == State.READY) {
      drain();
    }
    if (waiting.items.peekFirst() == staged) {
      ByteBuffer copy = ByteBuffer.allocate(collected.remaining()).put(collected).flip();
      waiting.items.removeFirst();
      waiting.items.addFirst(new Bytes(copy));
    }
  }

  private void enqueue(Item item) {
    backlog().addLast(item);
    if (state == State.CORKED && connection.io().loop().isInLoop()) {
      uncorkLocked();
    } else if (state == State.READY || state == State.GATHERING) {
      drain();
    }
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
      long enough = backlog().bytes - MAX_BYTES_AT_ONCE;
      while (hasItems()) {
        if (backlog().bytes < enough || !sendFirst(backlog())) {
          block();
          return;
        }
      }
      if (state == State.BLOCKED || state == State.GATHERING) {
        state = State.READY;
      }
    } catch (IOException e) {
      fail(e);
    } finally {
      signal();
    }
  }

  /** Sends what is first in the queue; false if the socket did not take all of it. */
  private boolean sendFirst(Backlog waiting) throws IOException {
    if (records != null) {
      return records.sendFirst(waiting);
    }
    Item first = waiting.items.getFirst();
    if (first instanceof FileRegion region) {
      long sent = connection.write(region);
      progress(waiting, sent);
      if (region.remaining() == 0) {
        waiting.removeFirst();
        return true;
      }
      return sent > 0;
    }
    if (first instanceof Mark) {
      waiting.removeFirst();
      return true;
    }
    IoLoop io = connection.io();
    if (io.loop().isInLoop()) {
      return sendGathered(waiting, io.output());
    }
    ByteBuffer buffer = ((Bytes) first).buffer;
    int before = buffer.remaining();
    boolean all = transmit(buffer);
    progress(waiting, before - buffer.remaining());
    if (all) {
      waiting.removeFirst();
    }
    return all;
  }

  /** Sends as many buffers as fit into {@code output} with one write. */
  private boolean sendGathered(Backlog waiting, ByteBuffer output) throws IOException {
    waiting.copyTo(output.clear());
    int offered = output.flip().remaining();
    int sent = connection.write(output);
    waiting.advance(sent);
    progress(waiting, sent);
    return sent == offered;
  }

  private void progress(Backlog waiting, long sent) {
    waiting.progress(sent, connection.io().loop().nanoTime());
  }

  /** Writes to the socket; false if it did not take all, or enough for now. */
  private boolean transmit(ByteBuffer buffer) throws IOException {
    if (records != null) {
      return records.send(this, buffer);
    }
    if (buffer.isDirect() && buffer.remaining() <= TurnOutput.BYTES) {
      // the socket takes it as it is
      connection.write(buffer);
      return !buffer.hasRemaining();
    }
    IoLoop io = connection.io();
    ByteBuffer output = io.loop().isInLoop() ? io.output() : null;
    int enough = buffer.remaining() - MAX_BYTES_AT_ONCE;
    while (buffer.hasRemaining()) {
      if (buffer.remaining() < enough) {
        return false;
      }
      int offered = Math.min(buffer.remaining(), output == null ? PIECE_BYTES : output.capacity());
      int sent = output == null ? sendPiece(buffer, offered) : sendThrough(output, buffer, offered);
      if (sent < offered) {
        return false;
      }
    }
    return true;
  }

  private int sendPiece(ByteBuffer buffer, int length) throws IOException {
    int limit = buffer.limit();
    buffer.limit(buffer.position() + length);
    try {
      return connection.write(buffer);
    } finally {
      buffer.limit(limit);
    }
  }

  private int sendThrough(ByteBuffer output, ByteBuffer buffer, int length) throws IOException {
    output.clear().put(0, buffer, buffer.position(), length).limit(length);
    int sent = connection.write(output);
    buffer.position(buffer.position() + sent);
    return sent;
  }

  private void block() {
    if (state != State.FINISHING) {
      state = State.BLOCKED;
    }
    connection.wantWrite();
  }

  private void fail(IOException cause) {
    // first, so that the connection knows it before whoever waits for room
    connection.outputFailed(cause);
    close();
  }

  /** Tells those who wait for the queue to be short, or empty, and lets go of an empty backlog. */
  private void signal() {
    Backlog some = backlog;
    if (some != null && (some.bytes <= LOW_WATER_MARK || state == State.CLOSED)) {
      if (some.onDrain != null) {
        connection.io().loop().execute(some.onDrain);
        some.onDrain = null;
      }
      if (some.items.isEmpty()) {
        backlog = null;
      }
    }
    if (state == State.FINISHING && backlog == null) {
      connection.io().loop().execute(connection::onFlushed);
    }
  }
}
