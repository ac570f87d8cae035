package io.httpkit.internal.net;

import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.loop.Registration;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Accepts connections and deals them out. Pauses when it may not or cannot: when the owner has
 * enough, or the system gives no more file descriptors.
 */
@LoopConfined
public final class Acceptor extends Registration {
  /** Who takes the connections. All methods are called on the acceptor's loop. */
  @LoopConfined
  public interface Owner {
    /** Takes a connection that is non-blocking and has no delay. */
    void onAccepted(SocketChannel channel);

    /** Whether another connection may be accepted. */
    boolean hasRoom();

    /** Nothing is accepted for now; told once until {@link #onResumed}. */
    void onPaused(@Nullable Throwable cause);

    void onResumed();
  }

  private static final int BATCH = 64;
  private static final long RETRY_NANOS = 100_000_000;
  private static final long CALM_NANOS = 1_000_000_000;

  private final EventLoop loop;
  private final ServerSocketChannel channel;
  private final Owner owner;

  /** Made at once, as without file descriptors it may not be possible to load what makes it. */
  private final Runnable retry = this::retry;

  private boolean paused;
  private int pauses;

  public Acceptor(EventLoop loop, ServerSocketChannel channel, Owner owner) {
    this.loop = loop;
    this.channel = channel;
    this.owner = owner;
  }

  /** Begins to accept. */
  public void open() throws IOException {
    channel.configureBlocking(false);
    loop.register(channel, this);
    acceptInterest(true);
  }

  @Override
  protected void onReadable() {
    if (!owner.hasRoom()) {
      pause(null);
      return;
    }
    for (int i = 0; i < BATCH; i++) {
      if (!acceptOne() || !owner.hasRoom()) {
        return;
      }
    }
  }

  /** Accepts a connection; false if there is none, or none can be accepted. */
  private boolean acceptOne() {
    SocketChannel accepted;
    try {
      accepted = channel.accept();
    } catch (IOException e) {
      pause(e);
      return false;
    }
    if (accepted == null) {
      return false;
    }
    try {
      accepted.configureBlocking(false);
      if (accepted.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY)) {
        accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      owner.onAccepted(accepted);
    } catch (IOException e) {
      closeQuietly(accepted);
    } catch (RuntimeException | Error e) {
      closeQuietly(accepted);
      throw e;
    }
    return true;
  }

  private void pause(@Nullable Throwable cause) {
    pauses++;
    loop.schedule(RETRY_NANOS, retry);
    acceptInterest(false);
    if (!paused) {
      paused = true;
      owner.onPaused(cause);
    }
  }

  private void retry() {
    if (!channel.isOpen()) {
      return;
    }
    int before = pauses;
    acceptInterest(true);
    onReadable();
    if (pauses == before) {
      loop.schedule(CALM_NANOS, () -> resumed(before));
    }
  }

  /** Said only after a calm while, as at a limit each close lets one more in. */
  private void resumed(int before) {
    if (paused && pauses == before) {
      paused = false;
      owner.onResumed();
    }
  }

  @Override
  protected void onFailure(Throwable cause) {
    loop.report(cause);
  }

  /** Accepts no more and frees the address. */
  public void close() {
    deregister();
    closeQuietly(channel);
  }

  private static void closeQuietly(java.nio.channels.Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // there is nothing more to do with it
    }
  }
}
