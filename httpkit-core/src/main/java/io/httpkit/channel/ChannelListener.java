package io.httpkit.channel;

import java.nio.ByteBuffer;

/**
 * Application code that is told what happens to a channel. One listener may serve any number of
 * channels.
 *
 * <p>The methods of one channel are called in order and never two at once, on a worker thread; on
 * the event loop only if {@link #isNonBlocking} says so. What they throw closes the channel, a
 * WebSocket with 1011, and is reported to {@link #onError}.
 */
public interface ChannelListener {
  /**
   * Before the handshake of a WebSocket is answered, or anything is sent: the channel is not open
   * yet. What this throws is answered 500, or with the status of a {@code BadMessageException}, and
   * the channel is never opened. Called where the handler's answer was given, so that it must not
   * wait if that was on an event loop.
   */
  default void onInit(AsyncChannel channel) throws Exception {}

  /** The channel is open. */
  default void onOpen(AsyncChannel channel) throws Exception {}

  /** A text message has come. WebSocket only. */
  default void onText(AsyncChannel channel, String text) throws Exception {}

  /** A binary message has come. WebSocket only. */
  default void onBinary(AsyncChannel channel, byte[] bytes) throws Exception {}

  /**
   * A piece of a message has come. Instead of the whole message, and only if {@link
   * ChannelOptions#streamsMessages}: then a message may be of any size.
   *
   * @param bytes of a text message a part of its UTF-8, which may end within a character
   * @param isText whether the message is text
   * @param isLast whether the message is complete
   */
  default void onPart(AsyncChannel channel, ByteBuffer bytes, boolean isText, boolean isLast)
      throws Exception {}

  /** A ping has come, and is answered as soon as the peer reads. WebSocket only. */
  default void onPing(AsyncChannel channel, byte[] payload) throws Exception {}

  /** A pong has come. WebSocket only. */
  default void onPong(AsyncChannel channel, byte[] payload) throws Exception {}

  /** So little is queued again that it makes sense to send; see {@link AsyncChannel#isWritable}. */
  default void onDrain(AsyncChannel channel) throws Exception {}

  /** The channel is closed. Called exactly once for each channel that was opened, last. */
  default void onClose(AsyncChannel channel, CloseStatus status) throws Exception {}

  /** A method of this listener threw; the channel is being closed. */
  default void onError(AsyncChannel channel, Throwable error) {}

  /** Whether none of these methods ever waits, so that they may be called on the event loop. */
  default boolean isNonBlocking() {
    return false;
  }
}
