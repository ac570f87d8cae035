package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.client.ClientEvents;
import io.httpkit.client.ClientRequest;
import io.httpkit.client.ClientResponse;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells several listeners, one after the other; each is told even if one before it throws. */
final class CombinedClientEvents implements ClientEvents {
  private final List<ClientEvents> listeners;

  private CombinedClientEvents(List<ClientEvents> listeners) {
    this.listeners = listeners;
  }

  /** One listener in place of these. */
  static ClientEvents of(List<ClientEvents> listeners) {
    return switch (listeners.size()) {
      case 0 -> NONE;
      case 1 -> listeners.get(0);
      default -> new CombinedClientEvents(List.copyOf(listeners));
    };
  }

  @Override
  public void onConnect(String origin, @Nullable SocketAddress remote, long nanos) {
    tell(listener -> listener.onConnect(origin, remote, nanos));
  }

  @Override
  public void onConnectFailure(String origin, Throwable cause) {
    tell(listener -> listener.onConnectFailure(origin, cause));
  }

  @Override
  public void onClose(String origin) {
    tell(listener -> listener.onClose(origin));
  }

  @Override
  public void onRequest(ClientRequest request) {
    tell(listener -> listener.onRequest(request));
  }

  @Override
  public void onResponse(ClientRequest request, ClientResponse response, long nanos) {
    tell(listener -> listener.onResponse(request, response, nanos));
  }

  @Override
  public void onFailure(ClientRequest request, Throwable cause, long nanos) {
    tell(listener -> listener.onFailure(request, cause, nanos));
  }

  @Override
  public void onRetry(ClientRequest request, Throwable cause) {
    tell(listener -> listener.onRetry(request, cause));
  }

  @Override
  public void onRedirect(ClientRequest request, String location) {
    tell(listener -> listener.onRedirect(request, location));
  }

  @Override
  public void onCallbackError(Throwable error) {
    tell(listener -> listener.onCallbackError(error));
  }

  @Override
  public void onLoopError(Throwable error) {
    tell(listener -> listener.onLoopError(error));
  }

  private void tell(Consumer<ClientEvents> event) {
    Listeners.tell(listeners, event);
  }
}
