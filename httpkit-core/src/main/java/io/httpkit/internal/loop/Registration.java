package io.httpkit.internal.loop;

import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import org.jspecify.annotations.Nullable;

/** A channel's place in a loop's selector, and what is wanted of it. */
@LoopConfined
public final class Registration {
  /** Told of readiness. What it throws closes only its own channel. */
  @LoopConfined
  public interface Handler {
    /** There is something to read, or to accept. */
    void onReadable() throws Exception;

    /** There is room to write. */
    default void onWritable() throws Exception {}

    /** Called about once in each tick of the loop, for time-outs. */
    default void onTick(long nowNanos) throws Exception {}

    /**
     * Something that this handler threw, or that broke its channel. It should close the channel.
     */
    void onFailure(Throwable cause);
  }

  private final @Nullable SelectionKey key;

  Registration(SelectionKey key) {
    this.key = key;
  }

  private Registration() {
    this.key = null;
  }

  /** A registration with no selector behind it, for channels that live in memory. */
  public static Registration detached() {
    return new Registration();
  }

  /** Whether to be told that there is something to read. */
  public void readInterest(boolean wanted) {
    interest(SelectionKey.OP_READ, wanted);
  }

  /** Whether to be told that there is room to write. */
  public void writeInterest(boolean wanted) {
    interest(SelectionKey.OP_WRITE, wanted);
  }

  /** Whether to be told that there is a connection to accept. */
  public void acceptInterest(boolean wanted) {
    interest(SelectionKey.OP_ACCEPT, wanted);
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

  /** Leaves the selector. */
  public void cancel() {
    if (key != null) {
      key.cancel();
    }
  }

  static void dispatch(SelectionKey key) {
    Handler handler = (Handler) key.attachment();
    try {
      int ready = key.readyOps();
      if ((ready & SelectionKey.OP_WRITE) != 0) {
        handler.onWritable();
      }
      if ((ready & ~SelectionKey.OP_WRITE) != 0 && key.isValid()) {
        handler.onReadable();
      }
    } catch (CancelledKeyException e) {
      // closed by an earlier event of the same turn
    } catch (Throwable t) {
      handler.onFailure(t);
    }
  }
}
