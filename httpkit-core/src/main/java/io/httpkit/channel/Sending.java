package io.httpkit.channel;

import io.httpkit.http.ResponseMessage;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Chooses the method that sends an object. */
final class Sending {
  private Sending() {}

  /**
   * Sends it.
   *
   * @param close whether to close behind it; null for the default
   */
  static boolean any(AsyncChannel channel, @Nullable Object data, @Nullable Boolean close) {
    boolean closes = close != null ? close : channel.closesAfterSend();
    if (data instanceof String text) {
      return channel.send(text, closes);
    } else if (data instanceof byte[] bytes) {
      return channel.send(bytes, closes);
    } else if (data instanceof ByteBuffer buffer) {
      return channel.send(buffer, closes);
    } else if (data instanceof InputStream stream) {
      return channel.send(stream, closes);
    } else if (data instanceof Path file) {
      return channel.send(file, closes);
    } else if (data instanceof ServerSentEvent event) {
      return close == null ? channel.send(event) : channel.send(event, closes);
    } else if (data instanceof ResponseMessage response) {
      return channel.send(response, closes);
    } else if (data instanceof SharedMessage message) {
      return channel.send(message, closes);
    } else if (data == null) {
      return closes ? channel.close() : channel.isOpen();
    }
    throw new IllegalArgumentException(
        "cannot send a "
            + data.getClass().getName()
            + ", only String, byte[], ByteBuffer, InputStream, Path, ServerSentEvent,"
            + " ResponseMessage and SharedMessage");
  }
}
