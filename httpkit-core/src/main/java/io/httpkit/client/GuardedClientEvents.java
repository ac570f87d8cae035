package io.httpkit.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Tells the application's listeners, one after the other, whose failures are theirs alone, and logs
 * faults of our own.
 */
final class GuardedClientEvents implements ClientEvents {
  private static final class Log {
    static final Logger LOGGER = System.getLogger("io.httpkit.client");
  }

  private final List<ClientEvents> listeners;

  GuardedClientEvents(List<ClientEvents> listeners) {
    this.listeners = listeners;
  }

  private void tell(Consumer<ClientEvents> event) {
    for (ClientEvents listener : listeners) {
      try {
        event.accept(listener);
      } catch (RuntimeException | Error e) {
        // who is told of what happens must not change it
      }
    }
  }

  @Override
  public void onConnect(String origin, @Nullable SocketAddress remote, long nanos) {
    tell(some -> some.onConnect(origin, remote, nanos));
  }

  @Override
  public void onConnectFailure(String origin, Throwable cause) {
    tell(some -> some.onConnectFailure(origin, cause));
  }

  @Override
  public void onClose(String origin) {
    tell(some -> some.onClose(origin));
  }

  @Override
  public void onRequest(ClientRequest request) {
    tell(some -> some.onRequest(request));
  }

  @Override
  public void onResponse(ClientRequest request, ClientResponse response, long nanos) {
    tell(some -> some.onResponse(request, response, nanos));
  }

  @Override
  public void onFailure(ClientRequest request, Throwable cause, long nanos) {
    tell(some -> some.onFailure(request, cause, nanos));
  }

  @Override
  public void onRetry(ClientRequest request, Throwable cause) {
    tell(some -> some.onRetry(request, cause));
  }

  @Override
  public void onRedirect(ClientRequest request, String location) {
    tell(some -> some.onRedirect(request, location));
  }

  @Override
  public void onCallbackError(Throwable error) {
    Log.LOGGER.log(Level.WARNING, "a callback threw", error);
    tell(some -> some.onCallbackError(error));
  }

  @Override
  public void onLoopError(Throwable error) {
    Log.LOGGER.log(Level.ERROR, "fault in an event loop", error);
    tell(some -> some.onLoopError(error));
  }
}
