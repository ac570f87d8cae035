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
 *   LISTENING ── announceClose ─▶ ANNOUNCED ── in its turn ─▶ TOLD
 * </pre>
 *
 * <p>A base class and not a field of the channel, because every idle channel has one.
 */
@AnyThread
abstract class TellingChannel implements AsyncChannel {
  private enum Audience {
    LISTENING,
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
  private volatile Audience audience = Audience.LISTENING;

  // Guarded by the lock
  /** From the announcement on. */
  private @Nullable CloseStatus announced;

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
    if (audience != Audience.TOLD) {
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
    return audience != Audience.LISTENING;
  }

  /** Tells everyone that the channel is closed. */
  final void announceClose(CloseStatus status) {
    List<CloseListener> told = takeCloseListeners(status);
    if (told == null) {
      return;
    }
    host.onClose(this, status);
    for (CloseListener each : told) {
      announceTo(each, status);
    }
    inbox.addLast(() -> tellListener(status));
  }

  /** Tells the close listeners alone: for the others the channel was never there. */
  final void announceRefusal(CloseStatus status) {
    List<CloseListener> told = takeCloseListeners(status);
    if (told != null) {
      for (CloseListener each : told) {
        announceTo(each, status);
      }
    }
  }

  /** Those to tell, for the first who asks; null for all others. */
  private @Nullable List<CloseListener> takeCloseListeners(CloseStatus status) {
    synchronized (lock) {
      if (isAnnounced()) {
        return null;
      }
      audience = Audience.ANNOUNCED;
      announced = status;
      List<CloseListener> told = closeListeners == null ? List.of() : closeListeners;
      closeListeners = null;
      return told;
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
      audience = Audience.TOLD;
      told = listener;
    }
    call(told, some -> some.onClose(this, status));
  }

  @Override
  public final void addCloseListener(CloseListener added) {
    CloseStatus status;
    synchronized (lock) {
      status = announced;
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

  private void callbacks(Consumer<Callbacks> change) {
    synchronized (lock) {
      Callbacks callbacks = listener instanceof Callbacks some ? some : new Callbacks(listener);
      change.accept(callbacks);
      listener = callbacks;
    }
  }

  @Override
  public final void onReceive(Consumer<Object> action) {
    callbacks(some -> some.receive(action));
  }

  @Override
  public final void onPing(Consumer<byte[]> action) {
    callbacks(some -> some.ping(action));
  }

  @Override
  public final void onPong(Consumer<byte[]> action) {
    callbacks(some -> some.pong(action));
  }

  @Override
  public final void onDrain(Runnable action) {
    callbacks(some -> some.drain(action));
  }

  @Override
  public final void onClose(Consumer<CloseStatus> action) {
    CloseStatus status;
    synchronized (lock) {
      if (hasCloseAction) {
        throw new IllegalStateException("onClose of this channel is set already");
      }
      hasCloseAction = true;
      if (audience != Audience.TOLD) {
        callbacks(some -> some.close(action));
        return;
      }
      status = announced;
    }
    if (status != null) {
      action.accept(status);
    }
  }
}
