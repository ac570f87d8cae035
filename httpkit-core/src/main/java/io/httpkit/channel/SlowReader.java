package io.httpkit.channel;

/** What is done when a peer does not read what it is sent, and as much as allowed is queued. */
public enum SlowReader {
  /**
   * {@link AsyncChannel#send} waits until there is room or the channel is closed. Only on threads
   * that may wait: on an event loop, and when broadcasting, the message is dropped. Not for what is
   * sent by tasks of a timer, which would all be late.
   */
  WAIT,
  /** The message is dropped, {@link AsyncChannel#send} returns false. */
  DROP,
  /** The channel is closed, a WebSocket with 1013. */
  CLOSE
}
