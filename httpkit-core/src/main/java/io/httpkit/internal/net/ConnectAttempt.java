package io.httpkit.internal.net;

import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.loop.Registration;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import org.jspecify.annotations.Nullable;

/** An attempt to connect to one address. Has no time-out of its own. */
@LoopConfined
public final class ConnectAttempt extends Registration {
  /** Is told of the outcome, one of the two and once, but of nothing after {@link #cancel}. */
  public interface Listener {
    /** It is connected: non-blocking, without delay, and the listener's. */
    void onConnected(ConnectAttempt attempt, SocketChannel channel);

    /** It is not, and never will be. */
    void onFailed(ConnectAttempt attempt, IOException cause);
  }

  private final SocketChannel channel;
  private final SocketAddress remote;
  private final Listener listener;
  private boolean over;

  private ConnectAttempt(SocketChannel channel, SocketAddress remote, Listener listener) {
    this.channel = channel;
    this.remote = remote;
    this.listener = listener;
  }

  /**
   * Begins to connect. The listener may be told before this returns only of a success; what fails
   * at once is thrown.
   *
   * @param local the local address, null for any
   */
  public static ConnectAttempt open(
      EventLoop loop, SocketAddress remote, @Nullable SocketAddress local, Listener listener)
      throws IOException {
    loop.assertInLoop();
    boolean unix = remote instanceof UnixDomainSocketAddress;
    SocketChannel channel =
        unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    ConnectAttempt attempt = new ConnectAttempt(channel, remote, listener);
    try {
      channel.configureBlocking(false);
      if (!unix) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        if (local != null) {
          channel.bind(local);
        }
      }
      boolean connected = channel.connect(remote);
      loop.register(channel, attempt);
      if (connected) {
        loop.execute(attempt::connected);
      } else {
        attempt.connectInterest(true);
      }
      return attempt;
    } catch (IOException e) {
      attempt.cancel();
      throw e;
    } catch (UnresolvedAddressException | UnsupportedAddressTypeException e) {
      attempt.cancel();
      throw new IOException("cannot connect to an address such as " + remote, e);
    } catch (RuntimeException | Error e) {
      attempt.cancel();
      throw e;
    }
  }

  /** Where it leads. */
  public SocketAddress remote() {
    return remote;
  }

  /** It can be said now whether it is connected. */
  @Override
  protected void onReadable() throws IOException {
    if (!over && channel.finishConnect()) {
      connectInterest(false);
      connected();
    }
  }

  private void connected() {
    if (!over) {
      over = true;
      listener.onConnected(this, channel);
    }
  }

  @Override
  public void onFailure(Throwable cause) {
    if (!over) {
      cancel();
      listener.onFailed(this, cause instanceof IOException io ? io : new IOException(cause));
    }
  }

  /** Gives up, and tells nobody. */
  public void cancel() {
    over = true;
    deregister();
    try {
      channel.close();
    } catch (IOException e) {
      // it was never used
    }
  }
}
