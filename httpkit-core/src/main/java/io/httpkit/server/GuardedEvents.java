package io.httpkit.server;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.CloseStatus;
import io.httpkit.http.Status;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Logs what somebody has to see, and tells the application's listener, which cannot hurt the
 * server: what it throws is dropped.
 */
record GuardedEvents(ServerEvents events) implements ServerEvents {
  /** Loaded when there is something to log, as that takes longer than to start the server. */
  private static final class Log {
    static final System.Logger LOGGER = System.getLogger("io.httpkit.server");
  }

  /** Loads the logger while it can be loaded; what is slow about it comes when nobody waits. */
  static void prepare() {
    guarded(() -> Log.LOGGER.isLoggable(Level.WARNING));
  }

  /** Without file descriptors, a logger that is not loaded yet may not be. */
  private static void log(Level level, String message, @Nullable Throwable thrown) {
    guarded(() -> Log.LOGGER.log(level, message, thrown));
  }

  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      // neither a logger nor a listener has a say in what the server does
    }
  }

  private static String reason(@Nullable Throwable cause) {
    return cause == null ? "as many connections as allowed" : cause.toString();
  }

  @Override
  public void onAccept(@Nullable SocketAddress remote) {
    guarded(() -> events.onAccept(remote));
  }

  @Override
  public void onTlsHandshake(@Nullable SocketAddress remote, SSLSession session) {
    guarded(() -> events.onTlsHandshake(remote, session));
  }

  @Override
  public void onTlsFailure(@Nullable SocketAddress remote, Throwable cause) {
    guarded(() -> events.onTlsFailure(remote, cause));
  }

  @Override
  public void onRequest(Request request) {
    guarded(() -> events.onRequest(request));
  }

  @Override
  public void onResponse(@Nullable Request request, Status status, long bodyBytes, long nanos) {
    guarded(() -> events.onResponse(request, status, bodyBytes, nanos));
  }

  @Override
  public void onAborted(Request request, @Nullable Status status) {
    guarded(() -> events.onAborted(request, status));
  }

  @Override
  public void onError(Request request, Throwable error) {
    log(Level.WARNING, request + " failed", error);
    guarded(() -> events.onError(request, error));
  }

  @Override
  public void onRejected(Request request) {
    guarded(() -> events.onRejected(request));
  }

  @Override
  public void onChannelOpen(AsyncChannel channel) {
    guarded(() -> events.onChannelOpen(channel));
  }

  @Override
  public void onChannelClose(AsyncChannel channel, CloseStatus status) {
    guarded(() -> events.onChannelClose(channel, status));
  }

  @Override
  public void onChannelError(AsyncChannel channel, Throwable error) {
    log(Level.WARNING, channel + " failed", error);
    guarded(() -> events.onChannelError(channel, error));
  }

  @Override
  public void onClose(@Nullable SocketAddress remote) {
    guarded(() -> events.onClose(remote));
  }

  @Override
  public void onAcceptPaused(@Nullable Throwable cause) {
    log(Level.WARNING, "accepting pauses: " + reason(cause), null);
    guarded(() -> events.onAcceptPaused(cause));
  }

  @Override
  public void onAcceptResumed() {
    log(Level.INFO, "accepting again", null);
    guarded(events::onAcceptResumed);
  }

  @Override
  public void onLoopError(Throwable error) {
    log(Level.ERROR, "fault in an event loop", error);
    guarded(() -> events.onLoopError(error));
  }
}
