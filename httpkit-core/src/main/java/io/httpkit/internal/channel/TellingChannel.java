package io.httpkit.internal.channel;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.internal.loop.AnyThread;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The half of a channel that tells what happens: its listener everything, in order and never two
 * things at once; the close listeners that it is closed, as soon as it is.
 *
 * <pre>
 *   OPENING ─▶ OPEN ─▶ ENDING ─▶ CLOSED ── announceClose ─▶ ANNOUNCED ── in its turn ─▶ TOLD
 * </pre>
 *
 * <p>A base class and not a field of the channel, because every idle channel has one.
 */
@AnyThread
abstract class TellingChannel implements AsyncChannel {
  enum State {
    /** Nothing can be sent yet. */
    OPENING,
    OPEN,
    /** Nothing more is taken; what was sent is on its way. */
    ENDING,
    /** Nobody knows yet. */
    CLOSED,
    /** The close listeners are told. */
    ANNOUNCED,
    /**
     * The listener is told: an action that is registered from now on is run by who registers it.
     */
    TOLD
  }

  /** A method of a listener. */
  @FunctionalInterface
  protected interface Call {
    void run(ChannelListener listener) throws Exception;
  }

  private final ChannelHost host;
  private final Inbox inbox;
  private final Object lock = new Object();

  // Written under the lock; volatile, so that it takes no lock to read them
  private volatile ChannelListener listener;
  volatile State state = State.OPENING;

  // Guarded by the lock
  /** When it is closed, or known before. */
  @Nullable CloseStatus closeStatus;

  private @Nullable List<CloseListener> closeListeners;
  private boolean hasCloseAction;

  TellingChannel(ChannelHost host, ChannelListener listener) {
    this.host = host;
    this.listener = listener;
    this.inbox = new Inbox(host.executorFor(listener));
  }

  protected final ChannelHost host() {
    return host;
  }

  /** Held for an attempt to write, never while a listener runs. */
  protected final Object lock() {
    return lock;
  }

  /** Ends the channel with a status of our own making. */
  public abstract void fail(CloseStatus status);

  // ---- the listener

  /**
   * Before anything is sent.
   *
   * @throws Exception what the listener throws
   */
  public final void init() throws Exception {
    listener.onInit(this);
  }

  /** Tells that the channel is open, before all else; false if no worker can be had for it. */
  final boolean beginTelling(boolean here) {
    return inbox.begin(() -> call(some -> some.onOpen(this)), here);
  }

  /**
   * Tells the listener what has come, in its turn.
   *
   * @param size of the memory it holds until then, in bytes
   * @return false if no worker can be had for it
   */
  protected final boolean tell(int size, Call call) {
    return inbox.add(() -> call(call), size);
  }

  /** Whether more has come than the listener can follow; if so the action is called later. */
  protected final boolean isListenerBehind(Runnable onCaughtUp) {
    return inbox.isFull(onCaughtUp);
  }

  /** What has come while the channel was being closed may be behind that it is. */
  private void call(Call call) {
    if (state != State.TOLD) {
      call(listener, call);
    }
  }

  private void call(ChannelListener told, Call call) {
    try {
      call.run(told);
    } catch (Throwable t) {
      host.onError(this, t);
      tellError(told, t);
      fail(CloseStatus.of(CloseStatus.Kind.INTERNAL_SERVER_ERROR, ""));
    }
  }

  private void tellError(ChannelListener told, Throwable thrown) {
    try {
      told.onError(this, thrown);
    } catch (RuntimeException | Error e) {
      host.onError(this, e);
    }
  }

  // ---- the end

  final boolean isAnnounced() {
    return state.compareTo(State.ANNOUNCED) >= 0;
  }

  /**
   * Tells that the channel is closed, if nobody else does.
   *
   * @param isRefused whether the close listeners alone are told: for the others the channel was
   *     never there
   */
  final void announceClose(CloseStatus status, boolean isRefused) {
    List<CloseListener> told;
    synchronized (lock) {
      if (state != State.CLOSED) {
        return;
      }
      state = State.ANNOUNCED;
      told = closeListeners == null ? List.of() : closeListeners;
      closeListeners = null;
    }
    if (!isRefused) {
      host.onClose(this, status);
    }
    for (CloseListener each : told) {
      announceTo(each, status);
    }
    if (!isRefused) {
      inbox.addLast(() -> tellListener(status));
    }
  }

  private void announceTo(CloseListener each, CloseStatus status) {
    try {
      each.onClosed(this, status);
    } catch (RuntimeException | Error e) {
      host.onError(this, e);
    }
  }

  private void tellListener(CloseStatus status) {
    ChannelListener told;
    synchronized (lock) {
      state = State.TOLD;
      told = listener;
    }
    call(told, some -> some.onClose(this, status));
  }

  @Override
  public final void addCloseListener(CloseListener added) {
    CloseStatus status;
    synchronized (lock) {
      status = isAnnounced() ? closeStatus : null;
      if (status == null) {
        if (closeListeners == null) {
          closeListeners = new ArrayList<>(1);
        }
        closeListeners.add(added);
        return;
      }
    }
    announceTo(added, status);
  }

  @Override
  public final void removeCloseListener(CloseListener removed) {
    synchronized (lock) {
      if (closeListeners != null) {
        closeListeners.remove(removed);
      }
    }
  }

  // ---- single callbacks

  private Callbacks callbacks() {
    synchronized (lock) {
      Callbacks callbacks = listener instanceof Callbacks some ? some : new Callbacks(listener);
      listener = callbacks;
      return callbacks;
    }
  }

  @Override
  public final void onReceive(Consumer<Object> action) {
    callbacks().receive(action);
  }

  @Override
  public final void onPing(Consumer<byte[]> action) {
    callbacks().ping(action);
  }

  @Override
  public final void onPong(Consumer<byte[]> action) {
    callbacks().pong(action);
  }

  @Override
  public final void onDrain(Runnable action) {
    callbacks().drain(action);
  }

  @Override
  public final void onClose(Consumer<CloseStatus> action) {
    CloseStatus status;
    synchronized (lock) {
      if (hasCloseAction) {
        throw new IllegalStateException("onClose of this channel is set already");
      }
      hasCloseAction = true;
      if (state != State.TOLD) {
        callbacks().close(action);
        return;
      }
      status = closeStatus;
    }
    if (status != null) {
      action.accept(status);
    }
  }
}
