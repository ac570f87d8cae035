package io.httpkit.internal.net;

import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.loop.LoopCounter;

/** What the connections of a loop have moved, as bytes of the wire. */
@AnyThread
public final class IoCounters {
  private final EventLoop loop;
  private final LoopCounter opened;
  private final LoopCounter received;
  private final LoopCounter sent;

  /** Volatile: written by the loop in each tick, read by any thread. */
  private volatile long queued;

  // Loop only
  private long tickNanos;
  private long queuedInTick;

  IoCounters(EventLoop loop) {
    this.loop = loop;
    this.opened = new LoopCounter(loop);
    this.received = new LoopCounter(loop);
    this.sent = new LoopCounter(loop);
  }

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
}
