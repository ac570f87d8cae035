package io.httpkit.channel;

import io.httpkit.http.ResponseMessage;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The way to a peer that is sent something when there is something to say, not when it asks: over a
 * WebSocket, or over HTTP as a long poll, a stream, or server-sent events. The two ends of a
 * WebSocket have the same channel, whether server or client; over HTTP only a server has one.
 *
 * <p>A channel belongs to one exchange. Once closed it stays closed, whatever its connection does
 * next. All methods may be called by any thread; what several threads send is never interleaved.
 *
 * <p>Of a response over HTTP the first thing that is sent carries status and headers. A {@code
 * String} is then a piece of the body, over a WebSocket a text message, and as a server-sent event
 * the data of an event. Bytes, streams and files are pieces of the body or a binary message; they
 * cannot be sent as events. A response for which nobody gave a {@code Content-Type} is {@code
 * text/html; charset=utf-8}: what others wrote has to be escaped then, or sent in a response with
 * another type.
 *
 * <p>The methods that send return at once, but for {@link SlowReader#WAIT}. They return whether the
 * data was written or queued; if not the channel is closed, or the message was dropped because the
 * peer reads too slowly.
 */
public interface AsyncChannel {
  boolean isOpen();

  /** Whether this is a WebSocket; else it is a response over HTTP. */
  boolean isWebSocket();

  /** Whether this is a stream of server-sent events over HTTP. */
  boolean isEventStream();

  /** The subprotocol that was agreed on. WebSocket only. RFC 6455 §1.9. */
  Optional<String> subprotocol();

  /** The address of the peer's end of the connection; null when it has none. */
  @Nullable SocketAddress remoteAddress();

  // ---- sending

  /**
   * Whether a channel is closed behind what is sent when nothing is said of it: true for a response
   * over HTTP, so that one send answers a long poll; false for a WebSocket and for events.
   */
  default boolean closesAfterSend() {
    return !isWebSocket() && !isEventStream();
  }

  /** Sends text, with the default of {@link #closesAfterSend}. */
  default boolean send(String text) {
    return send(text, closesAfterSend());
  }

  /** Sends text, in UTF-8. */
  boolean send(String text, boolean closeAfterSend);

  /** Sends bytes, with the default of {@link #closesAfterSend}. */
  default boolean send(byte[] bytes) {
    return send(ByteBuffer.wrap(bytes));
  }

  /** Sends bytes; not copied, so do not change them. */
  default boolean send(byte[] bytes, boolean closeAfterSend) {
    return send(ByteBuffer.wrap(bytes), closeAfterSend);
  }

  /** Sends what remains in the buffer, with the default of {@link #closesAfterSend}. */
  default boolean send(ByteBuffer bytes) {
    return send(bytes, closesAfterSend());
  }

  /** Sends what remains in the buffer; not copied, so do not change it. */
  boolean send(ByteBuffer bytes, boolean closeAfterSend);

  /** Sends what the stream gives, with the default of {@link #closesAfterSend}. */
  default boolean send(InputStream stream) {
    return send(stream, closesAfterSend());
  }

  /**
   * Sends what the stream gives, as the peer takes it; read on a worker and closed in any case.
   * Over a WebSocket it is one binary message in fragments. What is sent meanwhile comes behind it.
   */
  boolean send(InputStream stream, boolean closeAfterSend);

  /** Sends the content of a file, with the default of {@link #closesAfterSend}. */
  default boolean send(Path file) {
    return send(file, closesAfterSend());
  }

  /** Sends the content of a file, as the peer takes it. */
  boolean send(Path file, boolean closeAfterSend);

  /** Sends an event, with the default of {@link #closesAfterSend} of a stream of events: false. */
  default boolean send(ServerSentEvent event) {
    return send(event, false);
  }

  /**
   * Sends an event. Sent first over HTTP it makes the response a stream of events; over a WebSocket
   * its data is a text message.
   *
   * @throws IllegalStateException if the response has begun as something else
   */
  boolean send(ServerSentEvent event, boolean closeAfterSend);

  /** Sends a response, with the default of {@link #closesAfterSend}. */
  default boolean send(ResponseMessage response) {
    return send(response, closesAfterSend());
  }

  /**
   * Sends the body of a response. Its status and headers count if nothing was sent before over
   * HTTP; else they are ignored.
   */
  boolean send(ResponseMessage response, boolean closeAfterSend);

  /** Sends a message that is sent to others too. Never waits for a slow reader. */
  default boolean send(SharedMessage message) {
    return send(message, closesAfterSend());
  }

  /** Sends a message that is sent to others too. Never waits for a slow reader. */
  boolean send(SharedMessage message, boolean closeAfterSend);

  /** Sends any of these, with the default that its type has. Null sends nothing. */
  default boolean send(@Nullable Object data) {
    return sendAny(data, null);
  }

  /**
   * Sends any of these: {@code String, byte[], ByteBuffer, InputStream, Path, ServerSentEvent,
   * ResponseMessage, SharedMessage}. Null sends nothing.
   *
   * @throws IllegalArgumentException if it is none of them
   */
  default boolean send(@Nullable Object data, boolean closeAfterSend) {
    return sendAny(data, closeAfterSend);
  }

  /**
   * Chooses the method that sends it.
   *
   * @param close whether to close behind it; null for the default
   */
  private boolean sendAny(@Nullable Object data, @Nullable Boolean close) {
    boolean closes = close != null ? close : closesAfterSend();
    if (data instanceof String text) {
      return send(text, closes);
    } else if (data instanceof byte[] bytes) {
      return send(bytes, closes);
    } else if (data instanceof ByteBuffer buffer) {
      return send(buffer, closes);
    } else if (data instanceof InputStream stream) {
      return send(stream, closes);
    } else if (data instanceof Path file) {
      return send(file, closes);
    } else if (data instanceof ServerSentEvent event) {
      return close == null ? send(event) : send(event, closes);
    } else if (data instanceof ResponseMessage response) {
      return send(response, closes);
    } else if (data instanceof SharedMessage message) {
      return send(message, closes);
    } else if (data == null) {
      return closes ? close() : isOpen();
    }
    throw new IllegalArgumentException(
        "cannot send a "
            + data.getClass().getName()
            + ", only String, byte[], ByteBuffer, InputStream, Path, ServerSentEvent,"
            + " ResponseMessage and SharedMessage");
  }

  /**
   * Sends a ping. WebSocket only; over HTTP this does nothing.
   *
   * @param payload of at most 125 bytes
   */
  boolean ping(byte[] payload);

  /** Sends a pong that answers no ping. WebSocket only; over HTTP this does nothing. */
  boolean pong(byte[] payload);

  /**
   * Completes when all that was sent so far is with the system, fails when it never will be. On the
   * event loop, so what follows must not wait.
   */
  CompletionStage<Void> flushed();

  // ---- back-pressure

  /** The bytes that were sent and are waiting for the peer to take them. */
  long queuedBytes();

  /** Whether little enough is queued that it makes sense to send more. */
  boolean isWritable();

  /** What to do when the channel is writable again after it was not; see {@link #isWritable}. */
  void onDrain(Runnable action);

  // ---- the end

  /**
   * Closes the channel: ends the response, a WebSocket with 1000. A response that was not begun is
   * an empty one.
   *
   * @return whether this call closed it
   */
  default boolean close() {
    return close(CloseStatus.Kind.NORMAL.code(), "");
  }

  /**
   * Closes the channel. What was sent before still goes out, and a WebSocket waits for the peer to
   * close too, for {@link ChannelOptions#closeTimeout} at most; a client then also waits for the
   * server to close the connection. RFC 6455 §7.1.1.
   *
   * @param code of a WebSocket, which is told it: 1000 to 1014 but for those that are reserved, or
   *     3000 to 4999. RFC 6455 §7.4
   * @param reason for people, of at most 123 bytes in UTF-8
   * @return whether this call closed it
   */
  boolean close(int code, String reason);

  /** Has a listener told when the channel is closed; at once, if it is. */
  void addCloseListener(CloseListener listener);

  /** Takes back {@link #addCloseListener}. */
  void removeCloseListener(CloseListener listener);

  // ---- handlers, in place of a ChannelListener. Each may be set once

  /**
   * What to do with a message, {@code String} or {@code byte[]}. WebSocket only.
   *
   * @throws IllegalStateException if it was set before
   */
  void onReceive(Consumer<Object> action);

  /**
   * What to do when a ping has come.
   *
   * @throws IllegalStateException if it was set before
   */
  void onPing(Consumer<byte[]> action);

  /**
   * What to do when a pong has come.
   *
   * @throws IllegalStateException if it was set before
   */
  void onPong(Consumer<byte[]> action);

  /**
   * What to do when the channel is closed; at once, if it is.
   *
   * @throws IllegalStateException if it was set before
   */
  void onClose(Consumer<CloseStatus> action);
}
