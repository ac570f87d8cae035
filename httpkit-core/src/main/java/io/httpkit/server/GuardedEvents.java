package io.httpkit.server;

import io.httpkit.http.Status;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Events whose listener cannot hurt the server: what it throws is dropped. */
record GuardedEvents(ServerEvents events) implements ServerEvents {
  /** Guards the listener, unless there is none. */
  static ServerEvents of(ServerEvents events) {
    return events == ServerEvents.NONE ? events : new GuardedEvents(events);
  }

  private static void guarded(Runnable call) {
    try {
      call.run();
    } catch (RuntimeException | Error e) {
      // a listener has no say in what the server does
    }
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
    guarded(() -> events.onAcceptPaused(cause));
  }

  @Override
  public void onAcceptResumed() {
    guarded(events::onAcceptResumed);
  }

  @Override
  public void onLoopError(Throwable error) {
    guarded(() -> events.onLoopError(error));
  }
}
