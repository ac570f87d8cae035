package io.httpkit.client;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a client, for metrics and logs. Each method is called on the thread on which it
 * happens, often the event loop: it must not wait. What it throws is ignored.
 */
public interface ClientEvents {
  /** Nobody listens. */
  ClientEvents NONE = new ClientEvents() {};

  /**
   * A connection was made, with all handshakes.
   *
   * @param origin {@code https://example.com:443}
   * @param nanos since the connection was asked for
   */
  default void onConnect(String origin, @Nullable SocketAddress remote, long nanos) {}

  /** No connection could be made. */
  default void onConnectFailure(String origin, Throwable cause) {}

  /** A connection was closed. */
  default void onClose(String origin) {}

  /** A request is on its way over a connection; again for each redirect and each retry. */
  default void onRequest(ClientRequest request) {}

  /**
   * A response is complete, or its head if its body is streamed.
   *
   * @param nanos since the request was sent by the application
   */
  default void onResponse(ClientRequest request, ClientResponse response, long nanos) {}

  /** A request failed. */
  default void onFailure(ClientRequest request, Throwable cause, long nanos) {}

  /** A request that got no response for this cause is sent again: see {@link RetryPolicy}. */
  default void onRetry(ClientRequest request, Throwable cause) {}

  /** A redirect is followed. */
  default void onRedirect(ClientRequest request, String location) {}

  /** A callback of the application threw. */
  default void onCallbackError(Throwable error) {}

  /** A fault of this library; the connection it concerned is closed, the event loop goes on. */
  default void onLoopError(Throwable error) {}
}
