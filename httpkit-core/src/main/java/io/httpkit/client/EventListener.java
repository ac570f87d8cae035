package io.httpkit.client;

import io.httpkit.channel.ServerSentEvent;

/**
 * Application code that is told what comes over an {@link EventSource}. Its methods are called in
 * order and never two at once, where callbacks of the client run. What they throw is told to {@link
 * ClientEvents#onCallbackError}.
 */
@FunctionalInterface
public interface EventListener {
  /** An event has come. */
  void onEvent(ServerSentEvent event);

  /** The stream is open; again whenever it is opened again. */
  default void onOpen(ClientResponse response) {}

  /**
   * The stream broke off, or could not be opened. It is asked for again, unless it is closed: see
   * {@link #onClosed}.
   */
  default void onFailure(Throwable cause) {}

  /**
   * No more comes: it was closed, the server has said that it is over, or the client was stopped,
   * of which {@link #onFailure} tells first. Called once, last.
   */
  default void onClosed() {}
}
