package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ServerSentEvent;
import io.httpkit.channel.SharedMessage;
import io.httpkit.http.ResponseMessage;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.converter.HttpMessageNotReadableException;

/** Messages of channel beans: text to objects and back, as JSON. */
final class Messages {
  private static final Log logger = LogFactory.getLog(Messages.class);

  private final MessageReader reader;
  private final MessageWriter writer;

  Messages(MessageReader reader, MessageWriter writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /**
   * A text message as this type.
   *
   * @param type null for text as it is
   */
  Object read(String text, @Nullable ResolvableType type) throws Exception {
    if (type == null) {
      return text;
    }
    Object value = reader.json(text, type);
    if (value == null) {
      throw BadRequests.refusal("The message is null.");
    }
    return value;
  }

  /**
   * Sends what a method returned; of a stage or {@code Mono} what it completes with.
   *
   * @param nothing run if that is null
   * @param failed told if it completes with an error
   */
  void send(
      AsyncChannel channel, @Nullable Object result, Runnable nothing, Consumer<Throwable> failed)
      throws Exception {
    if (result == null) {
      nothing.run();
    } else if (result instanceof CompletionStage<?> stage) {
      var unused =
          stage.whenComplete((value, error) -> sendLater(channel, value, error, nothing, failed));
    } else if (ReactiveTypes.isSingle(result.getClass())) {
      send(channel, ReactiveTypes.future(result), nothing, failed);
    } else {
      channel.send(message(result));
    }
  }

  private void sendLater(
      AsyncChannel channel,
      @Nullable Object value,
      @Nullable Throwable error,
      Runnable nothing,
      Consumer<Throwable> failed) {
    if (error != null) {
      failed.accept(Problems.unwrapped(error));
      return;
    }
    try {
      send(channel, value, nothing, failed);
    } catch (Exception e) {
      failed.accept(e);
    }
  }

  /** In a form that channels send. */
  Object message(Object value) throws Exception {
    boolean isKnown =
        value instanceof String
            || value instanceof byte[]
            || value instanceof ByteBuffer
            || value instanceof InputStream
            || value instanceof Path
            || value instanceof ServerSentEvent
            || value instanceof ResponseMessage
            || value instanceof SharedMessage;
    return isKnown ? value : writer.json(value, ResolvableType.forClass(value.getClass()));
  }

  /** What was wrong with a message. */
  String describe(Exception error) {
    if (error instanceof HttpMessageNotReadableException unreadable) {
      return UnreadableBody.describe(unreadable);
    }
    return error instanceof InvalidArgumentsException ? "some values are not valid" : "";
  }

  void report(Throwable error) {
    logger.error("A method of a channel bean failed", error);
  }
}
