package io.httpkit.internal.websocket;

import io.httpkit.internal.channel.ChannelHost;
import io.httpkit.internal.codec.websocket.InflaterSource;
import io.httpkit.internal.net.Connection;

/** What a WebSocket needs of the server or client that it belongs to. */
public interface WebSocketHost extends ChannelHost {
  /** Inflaters for the loop that the WebSocket belongs to. */
  InflaterSource inflaters();

  /** Deflaters for all threads. */
  DeflaterPool deflaters();

  /** Whether no WebSocket is to stay open. */
  boolean isDraining();

  /** A message has come completely. Called on the loop. */
  default void onMessageReceived() {}

  /** A message is sent, or queued. */
  default void onMessageSent() {}

  /** The connection of a WebSocket is closed. Called on its loop. */
  void onConnectionClosed(Connection connection);
}
