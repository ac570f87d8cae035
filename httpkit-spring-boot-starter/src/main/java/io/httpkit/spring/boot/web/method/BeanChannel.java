package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.http.Status;
import io.httpkit.spring.boot.web.InvalidArgumentsException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the methods of a bean what happens to one channel, and sends what they return. */
final class BeanChannel implements ChannelListener {
  private static final int UNSUPPORTED = CloseStatus.Kind.UNSUPPORTED.code();
  private static final int INVALID_DATA = CloseStatus.Kind.INVALID_PAYLOAD_DATA.code();
  private static final int INTERNAL_ERROR = CloseStatus.Kind.INTERNAL_SERVER_ERROR.code();

  /** Bytes of the reason in a close frame. RFC 6455 §5.5. */
  private static final int MAX_REASON = 123;

  private final ChannelMethods methods;
  private final Map<ChannelEvent, @Nullable Object[]> arguments;
  private final Messages messages;
  private final @Nullable Status answer;
  private final boolean isNonBlocking;

  /**
   * @param arguments of the methods, from the request
   * @param answer the status of a long poll; null for a WebSocket or a stream of events
   */
  BeanChannel(
      ChannelMethods methods,
      Map<ChannelEvent, @Nullable Object[]> arguments,
      Messages messages,
      @Nullable Status answer,
      boolean isNonBlocking) {
    this.methods = methods;
    this.arguments = arguments;
    this.messages = messages;
    this.answer = answer;
    this.isNonBlocking = isNonBlocking;
  }

  @Override
  public boolean isNonBlocking() {
    return isNonBlocking;
  }

  @Override
  public void onOpen(AsyncChannel channel) throws Exception {
    call(ChannelEvent.OPEN, channel, null);
  }

  @Override
  public void onText(AsyncChannel channel, String text) throws Exception {
    if (!methods.has(ChannelEvent.TEXT)) {
      channel.close(UNSUPPORTED, "text is not taken here");
      return;
    }
    Object message;
    try {
      message = messages.read(text, methods.message());
    } catch (Exception e) {
      invalid(ChannelEvent.TEXT, channel, e);
      return;
    }
    call(ChannelEvent.TEXT, channel, message);
  }

  @Override
  public void onBinary(AsyncChannel channel, byte[] bytes) throws Exception {
    if (methods.has(ChannelEvent.BINARY)) {
      call(ChannelEvent.BINARY, channel, bytes);
    } else {
      channel.close(UNSUPPORTED, "binary messages are not taken here");
    }
  }

  @Override
  public void onPing(AsyncChannel channel, byte[] payload) throws Exception {
    call(ChannelEvent.PING, channel, payload);
  }

  @Override
  public void onClose(AsyncChannel channel, CloseStatus status) throws Exception {
    call(ChannelEvent.CLOSE, channel, status);
  }

  private void call(ChannelEvent event, AsyncChannel channel, @Nullable Object detail)
      throws Exception {
    try {
      send(event, channel, methods.call(event, arguments, channel, detail));
    } catch (InvalidArgumentsException e) {
      invalid(event, channel, e);
    } catch (Exception e) {
      failed(event, channel, e);
    }
  }

  /**
   * Sends what a method returned.
   *
   * @param cause the event that it comes from: of the last nothing can be sent, and it still is
   *     done
   */
  private void send(ChannelEvent cause, AsyncChannel channel, @Nullable Object result)
      throws Exception {
    Consumer<Throwable> failed = error -> failedLater(cause, channel, error);
    if (cause == ChannelEvent.CLOSE) {
      messages.await(result, failed);
    } else {
      messages.send(channel, answer, result, () -> {}, failed);
    }
  }

  /** What the client sent is not what is expected, and it is told so. */
  private void invalid(ChannelEvent cause, AsyncChannel channel, Exception error) throws Exception {
    if (methods.has(ChannelEvent.ERROR)) {
      failed(cause, channel, error);
    } else {
      channel.close(INVALID_DATA, reason(messages.describe(error)));
    }
  }

  /** As much of the text as fits. */
  private static String reason(String text) {
    String reason = text;
    while (reason.getBytes(StandardCharsets.UTF_8).length > MAX_REASON) {
      reason = reason.substring(0, reason.offsetByCodePoints(reason.length(), -1));
    }
    return reason;
  }

  /** Without a method for errors the caller sees to it that the channel is closed. */
  private void failed(ChannelEvent cause, AsyncChannel channel, Exception error) throws Exception {
    if (!methods.has(ChannelEvent.ERROR)) {
      throw error;
    }
    send(cause, channel, methods.call(ChannelEvent.ERROR, arguments, channel, error));
  }

  /** Of what completes later nobody catches what is thrown. */
  private void failedLater(ChannelEvent cause, AsyncChannel channel, Throwable error) {
    try {
      failed(cause, channel, error instanceof Exception e ? e : new IllegalStateException(error));
    } catch (Exception e) {
      messages.report(e);
      channel.close(INTERNAL_ERROR, "");
    }
  }
}
