package io.httpkit.internal.net;

import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.loop.LoopCounter;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An event loop and what all its connections share: buffers, so that none needs its own while it is
 * idle, the time for which they may stand still, and counts of the bytes of the wire.
 */
public final class IoLoop {
  static final int INPUT_BYTES = 64 * 1024;

  /** As much as a socket may take: the kernel works less for one large write than for several. */
  private static final int OUTPUT_BYTES = 1024 * 1024;

  /** No more threads than this keep the buffers that they have wrapped in. */
  private static final int SPARE_STAGE_BUFFERS = 8;

  private final EventLoop loop;
  private final long writeNanos;
  private final long lingerNanos;

  // Any thread
  private final LoopCounter opened;
  private final LoopCounter received;
  private final LoopCounter sent;
  private final Queue<WriteQueue> gathering = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean flushes = new AtomicBoolean();

  /**
   * For threads that are not the loop's. They are not kept by thread, as virtual threads are many
   * and come once.
   */
  private final Queue<StageBuffers> spareStageBuffers =
      new ArrayBlockingQueue<>(SPARE_STAGE_BUFFERS);

  /** Volatile: written by the loop in each tick, read by any thread. */
  private volatile long queued;

  // Loop only
  private long tickNanos;
  private long queuedInTick;
  private final ByteBuffer input = ByteBuffer.allocateDirect(INPUT_BYTES);
  private final ByteBuffer output = ByteBuffer.allocateDirect(OUTPUT_BYTES);
  private final TurnOutput turnOutput;
  private final StageBuffers stageBuffers = new StageBuffers();

  /** For stages within others, whose input is what the others have made. */
  private final StageBuffers innerStageBuffers =
      new StageBuffers(INPUT_BYTES + StageBuffers.MAX_RECORD_BYTES);

  /**
   * @param writeNanos how long a peer may take no byte of those that wait for it
   * @param lingerNanos between the last byte written and the close, while the peer still sends
   */
  public IoLoop(EventLoop loop, long writeNanos, long lingerNanos) {
    this.loop = loop;
    this.writeNanos = writeNanos;
    this.lingerNanos = lingerNanos;
    this.opened = new LoopCounter(loop);
    this.received = new LoopCounter(loop);
    this.sent = new LoopCounter(loop);
    this.turnOutput = new TurnOutput(loop::report);
    loop.afterInput(this::writeCollected);
  }

  public EventLoop loop() {
    return loop;
  }

  long writeNanos() {
    return writeNanos;
  }

  long lingerNanos() {
    return lingerNanos;
  }

  // ---- what its connections have moved. Any thread

  void addOpened() {
    opened.add(1);
  }

  void addReceived(long bytes) {
    received.add(bytes);
  }

  void addSent(long bytes) {
    sent.add(bytes);
  }

  /** Of one connection, in the tick of this time. The sum of a tick is known with the next. */
  @LoopConfined
  void addQueued(long bytes, long nowNanos) {
    if (nowNanos != tickNanos) {
      queued = queuedInTick;
      queuedInTick = 0;
      tickNanos = nowNanos;
    }
    queuedInTick += bytes;
  }

  /** Connections that were opened. */
  public long opened() {
    return opened.get();
  }

  /** Bytes that were read. */
  public long received() {
    return received.get();
  }

  /** Bytes that the system took. */
  public long sent() {
    return sent.get();
  }

  /** Bytes that waited for peers to take them, a tick or two ago. */
  public long queued() {
    return loop.load().get() == 0 ? 0 : queued;
  }

  // ---- writing

  /** Has the queue written in a turn of the loop, with all others of which this is asked. */
  @AnyThread
  void flushSoon(WriteQueue queue) {
    gathering.add(queue);
    if (!flushes.get() && flushes.compareAndSet(false, true)) {
      loop.execute(this::flush);
    }
  }

  private void flush() {
    flushes.set(false);
    for (WriteQueue queue = gathering.poll(); queue != null; queue = gathering.poll()) {
      try {
        queue.flush();
      } catch (RuntimeException | Error e) {
        // the others are to be written all the same
        loop.report(e);
      }
    }
  }

  // ---- buffers

  /** Where the bytes of one read go; they are gone after the next. */
  @LoopConfined
  ByteBuffer input() {
    return input;
  }

  /** From which the socket is written to. */
  @LoopConfined
  ByteBuffer output() {
    return output;
  }

  /** Collects small answers of the connections whose input is being delivered. */
  @LoopConfined
  TurnOutput turnOutput() {
    return turnOutput;
  }

  /** Writes what connections have answered in this turn so far. */
  @LoopConfined
  public void writeCollected() {
    turnOutput.flush();
  }

  /** In which the stages of this loop work. */
  @LoopConfined
  StageBuffers stageBuffers() {
    return stageBuffers;
  }

  /** In which those work that are within another one. */
  @LoopConfined
  StageBuffers innerStageBuffers() {
    return innerStageBuffers;
  }

  /** Those of the loop for the loop, for another thread some that it has to give back. */
  @AnyThread
  StageBuffers borrowStageBuffers() {
    return loop.isInLoop() ? stageBuffers : spareStageBuffers();
  }

  /** As {@link #borrowStageBuffers}, besides those. */
  @AnyThread
  StageBuffers borrowInnerStageBuffers() {
    return loop.isInLoop() ? innerStageBuffers : spareStageBuffers();
  }

  private StageBuffers spareStageBuffers() {
    StageBuffers spare = spareStageBuffers.poll();
    return spare != null ? spare : new StageBuffers();
  }

  @AnyThread
  void giveBack(StageBuffers borrowed) {
    if (!loop.isInLoop()) {
      boolean unused = spareStageBuffers.offer(borrowed);
    }
  }
}
