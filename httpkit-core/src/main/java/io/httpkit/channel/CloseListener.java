package io.httpkit.channel;

/** Is told that a channel is closed. */
@FunctionalInterface
public interface CloseListener {
  /** The channel is closed. Called at most once for each channel, and must not wait. */
  void onClosed(AsyncChannel channel, CloseStatus status);
}
