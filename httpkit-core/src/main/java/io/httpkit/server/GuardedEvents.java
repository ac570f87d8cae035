package io.httpkit.server;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.CloseStatus;
import io.httpkit.http.Status;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Logs what somebody has to see, and tells the application's listeners, one after the other. They
 * can hurt neither the server nor each other: what one throws is dropped.
 */
final class GuardedEvents implements ServerEvents {
  private final List<ServerEvents> listeners;

  /** Loaded when there is something to log, as that takes longer than to start the server. */
  private volatile @Nullable Logger logger;

  GuardedEvents(List<ServerEvents> listeners) {
    this.listeners = listeners;
  }

  private void tell(Consumer<ServerEvents> event) {
    for (ServerEvents listener : listeners) {
      try {
        event.accept(listener);
      } catch (Throwable e) {
        // a listener has no say in what the server does
      }
    }
  }

  /** Loads the logger while it can be loaded; what is slow about it comes when nobody waits. */
  void prepareLogger() {
    try {
      boolean unused = logger().isLoggable(Level.WARNING);
    } catch (Throwable e) {
      // as when there is something to log
    }
  }

  /** Without file descriptors, a logger that is not loaded yet may not be. */
  private void log(Level level, String message, @Nullable Throwable thrown) {
    try {
      logger().log(level, message, thrown);
    } catch (Throwable e) {
      // nor has a logger
    }
  }

  private Logger logger() {
    Logger known = logger;
    if (known == null) {
      known = System.getLogger("io.httpkit.server");
      logger = known;
    }
    return known;
  }

  @Override
  public void onAccept(@Nullable SocketAddress remote) {
    tell(listener -> listener.onAccept(remote));
  }

  @Override
  public void onTlsHandshake(@Nullable SocketAddress remote, SSLSession session) {
    tell(listener -> listener.onTlsHandshake(remote, session));
  }

  @Override
  public void onTlsFailure(@Nullable SocketAddress remote, Throwable cause) {
    tell(listener -> listener.onTlsFailure(remote, cause));
  }

  @Override
  public void onRequest(Request request) {
    tell(listener -> listener.onRequest(request));
  }

  @Override
  public void onResponse(@Nullable Request request, Status status, long bodyBytes, long nanos) {
    tell(listener -> listener.onResponse(request, status, bodyBytes, nanos));
  }

  @Override
  public void onAborted(Request request, @Nullable Status status) {
    tell(listener -> listener.onAborted(request, status));
  }

  @Override
  public void onError(Request request, Throwable error) {
    log(Level.WARNING, request + " failed", error);
    tell(listener -> listener.onError(request, error));
  }

  @Override
  public void onRejected(Request request) {
    tell(listener -> listener.onRejected(request));
  }

  @Override
  public void onChannelOpen(AsyncChannel channel) {
    tell(listener -> listener.onChannelOpen(channel));
  }

  @Override
  public void onChannelClose(AsyncChannel channel, CloseStatus status) {
    tell(listener -> listener.onChannelClose(channel, status));
  }

  @Override
  public void onChannelError(AsyncChannel channel, Throwable error) {
    log(Level.WARNING, channel + " failed", error);
    tell(listener -> listener.onChannelError(channel, error));
  }

  @Override
  public void onClose(@Nullable SocketAddress remote) {
    tell(listener -> listener.onClose(remote));
  }

  @Override
  public void onAcceptPaused(@Nullable Throwable cause) {
    String reason = cause == null ? "as many connections as allowed" : cause.toString();
    log(Level.WARNING, "accepting pauses: " + reason, null);
    tell(listener -> listener.onAcceptPaused(cause));
  }

  @Override
  public void onAcceptResumed() {
    log(Level.INFO, "accepting again", null);
    tell(ServerEvents::onAcceptResumed);
  }

  @Override
  public void onLoopError(Throwable error) {
    log(Level.ERROR, "fault in an event loop", error);
    tell(listener -> listener.onLoopError(error));
  }
}
