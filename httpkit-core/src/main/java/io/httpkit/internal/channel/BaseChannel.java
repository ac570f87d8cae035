package io.httpkit.internal.channel;

import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.CloseStatus;
import io.httpkit.channel.ServerSentEvent;
import io.httpkit.channel.SharedMessage;
import io.httpkit.channel.SlowReader;
import io.httpkit.http.Body;
import io.httpkit.http.ResponseMessage;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.WriteQueue;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A channel without what carries it: its life, the order of what is sent, and what is done about a
 * slow reader. What carries it takes the pieces of a stream that is sent.
 */
@AnyThread
public abstract class BaseChannel extends TellingChannel implements StreamPump.Sink {
  private static final int NORMAL = CloseStatus.Kind.NORMAL.code();
  private static final long RETRY_NANOS = 100_000_000;

  private final ChannelOptions options;
  private final Connection connection;

  // Guarded by the lock
  private @Nullable Pending pending;

  /** Was pending when the channel was closed; to be dropped without the lock. */
  private @Nullable Pending dropped;

  private boolean awaitsDrain;

  /** Whether all that was sent is in the queue of the connection, and the end behind it. */
  private boolean isEnded;

  /** Changes when there may be room for what {@link SlowReader#WAIT} has waiting. */
  private long roomsMade;

  protected BaseChannel(
      ChannelHost host, ChannelOptions options, Connection connection, ChannelListener listener) {
    super(host, listener);
    this.options = options;
    this.connection = connection;
  }

  // ---- what carries the channel. All are called under the lock

  /**
   * Puts it into the queue of the connection.
   *
   * @param isLast whether nothing comes behind it
   */
  protected abstract void write(Outgoing item, boolean isLast);

  /** Puts the end into the queue of the connection. */
  protected abstract void writeEnd(int code, String reason);

  /** Refuses what cannot be sent over this kind of channel now. */
  protected void check(Outgoing item) {}

  /** Ends at once, as the listener failed or the peer reads too slowly. */
  protected abstract void writeFailure(CloseStatus status);

  // ---- for what carries the channel

  protected final ChannelOptions options() {
    return options;
  }

  protected final Connection connection() {
    return connection;
  }

  /** Under the lock: whether anything may still be written. */
  protected final boolean isWriting() {
    return state == State.OPEN || state == State.ENDING;
  }

  /** Under the lock: whether it is not closed, if it is open yet. */
  protected final boolean isAlive() {
    return state.compareTo(State.CLOSED) < 0;
  }

  /** The channel is open. What comes from now on waits until the listener is told so. */
  public final void open() {
    host().onOpen(this);
    synchronized (lock()) {
      if (state == State.OPENING) {
        state = State.OPEN;
      }
    }
  }

  /**
   * Tells the listener that the channel is open, and then what has come. Once, behind {@link
   * #open}.
   *
   * @param here whether the listener may be called on this thread
   */
  public final void tellOpen(boolean here) {
    if (!beginTelling(here)) {
      overloaded();
    }
  }

  /** No worker can be had for what has come. */
  protected final void overloaded() {
    fail(CloseStatus.of(CloseStatus.Kind.TRY_AGAIN_LATER, overloadedReason()));
  }

  /** What the peer is told when no worker can be had. */
  protected String overloadedReason() {
    return "Server overloaded";
  }

  /** The kind of an end that the application asked for. */
  protected CloseStatus.Kind ownClose() {
    return CloseStatus.Kind.SERVER_CLOSE;
  }

  @Override
  public final void fail(CloseStatus status) {
    synchronized (lock()) {
      cut(status);
    }
    announce();
  }

  /** Under the lock. To be followed by {@link #announce} without it. */
  protected final void cut(CloseStatus status) {
    if (isAlive()) {
      writeFailure(status);
      closed(status);
    }
  }

  /** Takes nothing more, and ends with this status once a stream that is being sent has ended. */
  protected final void finish(CloseStatus status) {
    synchronized (lock()) {
      if (pending == null) {
        cut(status);
      } else if (state == State.OPEN) {
        closeStatus = status;
        endBehindPending(NORMAL, "");
      }
    }
    announce();
  }

  /** The channel is not opened after all; whoever has begun to listen is told, but no listener. */
  public final void refuse(CloseStatus status) {
    synchronized (lock()) {
      if (!isAnnounced()) {
        state = State.CLOSED;
        closeStatus = status;
      }
    }
    announceClose(status, true);
  }

  /** Nothing can be sent any more: the peer has closed, or is gone. */
  public final void lost(CloseStatus status) {
    synchronized (lock()) {
      if (isAlive()) {
        closed(status);
      }
    }
    announce();
  }

  /** Under the lock: nothing more is sent. To be followed by {@link #announce} without it. */
  protected final void closed(CloseStatus status) {
    if (closeStatus == null) {
      closeStatus = status;
    }
    isEnded = status.kind() == ownClose();
    if (isAlive()) {
      state = State.CLOSED;
    }
    dropped = pending;
    pending = null;
    lock().notifyAll();
  }

  /**
   * Tells everyone that the channel is closed, if it is and they do not know. Who holds the lock
   * leaves it to whoever gives it back.
   */
  protected final void announce() {
    if (state != State.CLOSED || Thread.holdsLock(lock())) {
      return;
    }
    CloseStatus status;
    Pending unsent;
    synchronized (lock()) {
      status = closeStatus;
      unsent = dropped;
      dropped = null;
    }
    if (unsent != null) {
      unsent.drop();
    }
    if (status != null) {
      announceClose(status, false);
    }
  }

  // ---- sending

  /** Does what takes long of putting it on the wire, before the lock is taken. */
  protected Outgoing prepare(Outgoing item) {
    return item;
  }

  private boolean send(Outgoing given, boolean closeAfterSend) {
    Outgoing item = prepare(given);
    boolean taken = false;
    try {
      synchronized (lock()) {
        if (state == State.OPEN && hasRoomFor(item, mayWaitFor(given))) {
          check(item);
          put(item, closeAfterSend);
          taken = !isGone();
        }
      }
    } finally {
      if (!taken) {
        item.drop();
      }
      announce();
    }
    return taken;
  }

  private boolean isGone() {
    return closeStatus != null && closeStatus.kind() != ownClose();
  }

  private boolean hasRoomFor(Outgoing item, boolean mayWait) {
    while (true) {
      long queued = queuedLocked();
      if (queued == 0 || queued + item.size() <= options.maxQueuedBytes()) {
        return true;
      }
      if (options.slowReader() == SlowReader.CLOSE) {
        cut(CloseStatus.of(CloseStatus.Kind.TRY_AGAIN_LATER, "too slow a reader"));
        return false;
      }
      if (options.slowReader() == SlowReader.DROP || !mayWait) {
        awaitDrain();
        return false;
      }
      if (!awaitRoom()) {
        return false;
      }
    }
  }

  private boolean mayWaitFor(Outgoing item) {
    return !(item instanceof Outgoing.Shared) && !connection.io().loop().isInLoop();
  }

  /** Waits until there may be room; false if the channel is closed meanwhile. */
  private boolean awaitRoom() {
    long before = roomsMade;
    if (pending == null) {
      connection.output().whenWritten(this::makeRoom, this::makeRoom);
    }
    try {
      while (roomsMade == before && state == State.OPEN) {
        lock().wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    return state == State.OPEN;
  }

  private void makeRoom() {
    synchronized (lock()) {
      roomsMade++;
      lock().notifyAll();
    }
  }

  private void put(Outgoing item, boolean closeAfterSend) {
    if (pending != null) {
      pending.add(item);
    } else {
      write(item, closeAfterSend);
    }
    if (closeAfterSend) {
      endBehindPending(NORMAL, "");
    } else if (state == State.OPEN && !isWritableLocked()) {
      awaitDrain();
    }
  }

  private void endBehindPending(int code, String reason) {
    if (pending == null) {
      end(code, reason);
    } else {
      state = State.ENDING;
      pending.add(new Outgoing.Step(() -> end(code, reason), () -> {}));
      lock().notifyAll();
    }
  }

  private void end(int code, String reason) {
    if (isAlive()) {
      writeEnd(code, reason);
      int told = isWebSocket() ? code : CloseStatus.Kind.SERVER_CLOSE.code();
      closed(new CloseStatus(ownClose(), told, reason));
    }
  }

  /**
   * Under the lock: what is sent from now on waits until this stream is sent.
   *
   * @param length that the stream has at least, of which no more is sent; negative for all
   */
  protected final void pump(InputStream stream, long length) {
    pending = new Pending();
    new StreamPump(stream, length, connection.output(), host().workers(), this).start();
  }

  /** What is sent cannot be completed, which leaves nothing but to close. */
  @Override
  public final void fail(Throwable cause) {
    host().onError(this, cause);
    fail(CloseStatus.of(CloseStatus.Kind.INTERNAL_SERVER_ERROR, ""));
  }

  @Override
  public final void gone() {}

  /** The stream is sent: goes on with what waits behind it. */
  @Override
  public void end() {
    synchronized (lock()) {
      Pending behind = pending;
      pending = null;
      if (behind != null) {
        writeBehind(behind);
      }
      makeRoom();
      if (awaitsDrain && pending == null && isAlive()) {
        watchOutput();
      }
    }
    announce();
  }

  /** Until the next stream, or the end, behind which there may be marks. */
  private void writeBehind(Pending behind) {
    while (isWriting() || isEnded) {
      Outgoing next = behind.poll();
      if (next == null) {
        return;
      }
      if (next instanceof Outgoing.Step step) {
        step.run();
      } else {
        write(next, false);
      }
      if (pending != null) {
        pending = behind;
        return;
      }
    }
    dropped = behind;
  }

  private void awaitDrain() {
    if (!awaitsDrain) {
      awaitsDrain = true;
      if (pending == null) {
        watchOutput();
      }
    }
  }

  /** Of little that is queued, and is too much all the same, only the end is worth waiting for. */
  private void watchOutput() {
    WriteQueue output = connection.output();
    if (output.isWritable()) {
      output.whenWritten(this::drained, this::drained);
    } else {
      output.onDrain(this::drained);
    }
  }

  /** On the loop. */
  private void drained() {
    synchronized (lock()) {
      awaitsDrain = false;
      if (state != State.OPEN) {
        return;
      }
      if (!isWritableLocked()) {
        awaitDrain();
        return;
      }
    }
    if (!tell(0, some -> some.onDrain(this))) {
      // who waits for this waits for ever if it is never told
      connection.io().loop().schedule(RETRY_NANOS, this::drained);
    }
  }

  @Override
  public final boolean send(String text, boolean closeAfterSend) {
    return send(Outgoing.text(text), closeAfterSend);
  }

  @Override
  public final boolean send(ByteBuffer bytes, boolean closeAfterSend) {
    return send(new Outgoing.Bytes(bytes.duplicate(), false), closeAfterSend);
  }

  @Override
  public final boolean send(InputStream stream, boolean closeAfterSend) {
    return send(new Outgoing.Content(Body.of(stream)), closeAfterSend);
  }

  @Override
  public final boolean send(Path file, boolean closeAfterSend) {
    return send(new Outgoing.Content(Body.of(file)), closeAfterSend);
  }

  @Override
  public final boolean send(ServerSentEvent event, boolean closeAfterSend) {
    return send(new Outgoing.Event(event), closeAfterSend);
  }

  @Override
  public final boolean send(ResponseMessage response, boolean closeAfterSend) {
    return send(new Outgoing.Content(response), closeAfterSend);
  }

  @Override
  public final boolean send(SharedMessage message, boolean closeAfterSend) {
    return send(new Outgoing.Shared(message), closeAfterSend);
  }

  @Override
  public final CompletionStage<Void> flushed() {
    CompletableFuture<Void> flushed = new CompletableFuture<>();
    Runnable lost =
        () -> flushed.completeExceptionally(new CancellationException("the channel was closed"));
    // when all that is queued then is with the system
    Runnable mark = () -> connection.output().whenWritten(() -> flushed.complete(null), lost);
    synchronized (lock()) {
      if (pending != null) {
        pending.add(new Outgoing.Step(mark, lost));
      } else if (isWriting() || isEnded) {
        mark.run();
      } else {
        lost.run();
      }
    }
    return flushed;
  }

  // ---- state

  @Override
  public final boolean isOpen() {
    return state == State.OPEN;
  }

  @Override
  public final @Nullable SocketAddress remoteAddress() {
    return connection.remoteAddress();
  }

  @Override
  public final long queuedBytes() {
    synchronized (lock()) {
      return queuedLocked();
    }
  }

  private long queuedLocked() {
    return connection.output().queuedBytes() + (pending == null ? 0 : pending.bytes());
  }

  @Override
  public final boolean isWritable() {
    synchronized (lock()) {
      return isWritableLocked();
    }
  }

  private boolean isWritableLocked() {
    long queued = connection.output().queuedBytes();
    return state == State.OPEN
        && pending == null
        && queued <= WriteQueue.HIGH_WATER_MARK
        && queued < options.maxQueuedBytes();
  }

  @Override
  public final boolean close(int code, String reason) {
    boolean closes;
    checkClose(code, reason);
    synchronized (lock()) {
      closes = state == State.OPEN;
      if (closes) {
        endBehindPending(code, reason);
      }
    }
    announce();
    return closes;
  }

  /** Refuses a code or reason that must not be sent. */
  protected void checkClose(int code, String reason) {}
}
