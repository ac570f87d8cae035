package io.httpkit.internal.websocket;

/** What the client's end of a WebSocket needs of the client that it belongs to. */
public interface WebSocketClientHost extends WebSocketHost {
  /** Keys for all threads. */
  RandomKeys keys();
}
