package io.httpkit.internal.loop;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/**
 * Something that has a place in a loop's selector: says what is wanted of its channel and is told
 * when that is possible. What its methods throw closes only its own channel.
 *
 * <p>A base class and not a field of its owner, because every idle connection has one.
 */
@LoopConfined
public abstract class Registration {
  /** Null before the channel is registered; nothing is wanted then. */
  private @Nullable SelectionKey key;

  /** There is something to read or to accept, or the outcome of connecting is known. */
  protected abstract void onReadable() throws Exception;

  /** There is room to write. */
  protected void onWritable() throws Exception {}

  /** Called about once in each tick of the loop, for time-outs. */
  protected void onTick(long nowNanos) throws Exception {}

  /** Something that this threw, or that broke its channel. It should close the channel. */
  protected abstract void onFailure(Throwable cause);

  /** Whether to be told that there is something to read. */
  protected final void readInterest(boolean wanted) {
    interest(SelectionKey.OP_READ, wanted);
  }

  /** Whether to be told that there is room to write. */
  protected final void writeInterest(boolean wanted) {
    interest(SelectionKey.OP_WRITE, wanted);
  }

  /** Whether to be told that there is a connection to accept. */
  protected final void acceptInterest(boolean wanted) {
    interest(SelectionKey.OP_ACCEPT, wanted);
  }

  /** Whether to be told that the outcome of connecting is known. */
  protected final void connectInterest(boolean wanted) {
    interest(SelectionKey.OP_CONNECT, wanted);
  }

  private void interest(int op, boolean wanted) {
    if (key == null || !key.isValid()) {
      return;
    }
    int now = key.interestOps();
    int next = wanted ? now | op : now & ~op;
    if (next != now) {
      key.interestOps(next);
    }
  }

  /** Leaves the selector, if it is in one. */
  protected final void deregister() {
    if (key != null) {
      key.cancel();
    }
  }

  void registered(SelectionKey registered) {
    key = registered;
  }

  void ready(SelectionKey selected) {
    try {
      int ready = selected.readyOps();
      if ((ready & SelectionKey.OP_WRITE) != 0) {
        onWritable();
      }
      if ((ready & ~SelectionKey.OP_WRITE) != 0 && selected.isValid()) {
        onReadable();
      }
    } catch (CancelledKeyException e) {
      // closed by an earlier event of the same turn
    } catch (Throwable t) {
      onFailure(t);
    }
  }

  void tick(long nowNanos) {
    try {
      onTick(nowNanos);
    } catch (Throwable t) {
      onFailure(t);
    }
  }
}
