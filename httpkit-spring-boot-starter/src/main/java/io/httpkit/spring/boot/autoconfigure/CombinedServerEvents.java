package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.CloseStatus;
import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.ServerEvents;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Tells several listeners, one after the other; each is told even if one before it throws. */
final class CombinedServerEvents implements ServerEvents {
  private final List<ServerEvents> listeners;

  private CombinedServerEvents(List<ServerEvents> listeners) {
    this.listeners = listeners;
  }

  /** One listener in place of these. */
  static ServerEvents of(List<ServerEvents> listeners) {
    return switch (listeners.size()) {
      case 0 -> NONE;
      case 1 -> listeners.get(0);
      default -> new CombinedServerEvents(List.copyOf(listeners));
    };
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
    tell(listener -> listener.onChannelError(channel, error));
  }

  @Override
  public void onClose(@Nullable SocketAddress remote) {
    tell(listener -> listener.onClose(remote));
  }

  @Override
  public void onAcceptPaused(@Nullable Throwable cause) {
    tell(listener -> listener.onAcceptPaused(cause));
  }

  @Override
  public void onAcceptResumed() {
    tell(ServerEvents::onAcceptResumed);
  }

  @Override
  public void onLoopError(Throwable error) {
    tell(listener -> listener.onLoopError(error));
  }

  private void tell(Consumer<ServerEvents> event) {
    Listeners.tell(listeners, event);
  }
}
