package io.httpkit.server;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.CloseStatus;
import io.httpkit.http.Status;
import java.net.SocketAddress;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What happens in a server, for metrics and logs. Each method is called on the thread on which it
 * happens, often the event loop: it must not wait. What it throws is ignored.
 *
 * <p>Errors, and that accepting pauses, are logged besides, to the system logger {@code
 * io.httpkit.server}.
 */
public interface ServerEvents {
  /** Nobody listens. */
  ServerEvents NONE = new ServerEvents() {};

  /** A connection was accepted. Of a client without an address, {@code remote} is null. */
  default void onAccept(@Nullable SocketAddress remote) {}

  /** TLS is negotiated with a client, whose requests can come now. */
  default void onTlsHandshake(@Nullable SocketAddress remote, SSLSession session) {}

  /**
   * TLS is not negotiated: the cause says why, for example that the client shows no certificate,
   * takes too long, or speaks plaintext. Also told, by a server of plaintext, of clients that speak
   * TLS.
   */
  default void onTlsFailure(@Nullable SocketAddress remote, Throwable cause) {}

  /** The head of a request is complete; its body may still be on the way. */
  default void onRequest(Request request) {}

  /**
   * A response was written, or queued to be written as the peer takes it. Of a peer that broke HTTP
   * there is no request.
   *
   * @param bodyBytes the bytes of the body, without those of head and framing
   * @param nanos since the head of the request was complete
   */
  default void onResponse(@Nullable Request request, Status status, long bodyBytes, long nanos) {}

  /**
   * A request will get no response, or not all of one: its client is gone, or the server was
   * stopped. For each {@link #onRequest} there is either this or {@link #onResponse}, once.
   *
   * @param status of the response whose beginning was sent; null if nothing was
   */
  default void onAborted(Request request, @Nullable Status status) {}

  /** A handler threw, or a response could not be sent as it was given. */
  default void onError(Request request, Throwable error) {}

  /** A request was answered 503, because as many as allowed wait for a worker. */
  default void onRejected(Request request) {}

  /** A channel was opened: a WebSocket, a stream of events, or a response that is to come. */
  default void onChannelOpen(AsyncChannel channel) {}

  /** A channel was closed. */
  default void onChannelClose(AsyncChannel channel, CloseStatus status) {}

  /** A channel's listener threw, or a stream that was sent could not be read. */
  default void onChannelError(AsyncChannel channel, Throwable error) {}

  /** A connection was closed. */
  default void onClose(@Nullable SocketAddress remote) {}

  /**
   * No connections are accepted for now: {@code cause} says why, for example that no file
   * descriptor is left; it is null when there are as many connections as allowed. Called once until
   * {@link #onAcceptResumed}.
   */
  default void onAcceptPaused(@Nullable Throwable cause) {}

  /** Connections are accepted again. */
  default void onAcceptResumed() {}

  /** A fault of this library; the connection it concerned is closed, the event loop goes on. */
  default void onLoopError(Throwable error) {}
}
