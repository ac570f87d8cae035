package io.httpkit.internal.codec.websocket;

/** One of the two ends of a WebSocket. */
public enum Role {
  /** The end that asked for the WebSocket: it masks what it sends. RFC 6455 §5.1. */
  CLIENT,
  /** The end that was asked: it never masks. */
  SERVER;

  /** The end on the other side. */
  public Role peer() {
    return this == CLIENT ? SERVER : CLIENT;
  }

  /** Whether frames of this end are masked. */
  boolean masks() {
    return this == CLIENT;
  }
}
