package io.httpkit.server;

import io.httpkit.http.Status;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
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

  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      // a listener has no say in what the server does
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
  public void onRequest(Request request) {
    guarded(() -> events.onRequest(request));
  }

  @Override
  public void onResponse(@Nullable Request request, Status status, long bodyBytes, long nanos) {
    guarded(() -> events.onResponse(request, status, bodyBytes, nanos));
  }

  @Override
  public void onError(Request request, Throwable error) {
    Log.LOGGER.log(Level.WARNING, request + " failed", error);
    guarded(() -> events.onError(request, error));
  }

  @Override
  public void onRejected(Request request) {
    guarded(() -> events.onRejected(request));
  }

  @Override
  public void onClose(@Nullable SocketAddress remote) {
    guarded(() -> events.onClose(remote));
  }

  @Override
  public void onAcceptPaused(@Nullable Throwable cause) {
    Log.LOGGER.log(Level.WARNING, "accepting pauses: " + reason(cause));
    guarded(() -> events.onAcceptPaused(cause));
  }

  @Override
  public void onAcceptResumed() {
    Log.LOGGER.log(Level.INFO, "accepting again");
    guarded(events::onAcceptResumed);
  }

  @Override
  public void onLoopError(Throwable error) {
    Log.LOGGER.log(Level.ERROR, "fault in an event loop", error);
    guarded(() -> events.onLoopError(error));
  }
}
