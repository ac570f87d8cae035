package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.CloseListener;
import io.httpkit.channel.ServerSentEvent;
import io.httpkit.channel.SharedMessage;
import io.httpkit.http.Body;
import io.httpkit.http.ResponseMessage;
import io.httpkit.http.Status;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.web.InvalidArgumentsException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.server.ResponseStatusException;

/** Messages of channel beans: text to objects and back, as JSON. */
final class Messages {
  private static final Log logger = LogFactory.getLog(Messages.class);

  private static final byte[] NO_BYTES = {};

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
   * Sends what a method returned; of a stage or {@code Mono} what it completes with. A {@code Mono}
   * is cancelled when the channel closes; a stage is not, as others may wait for it too.
   *
   * @param answer the status, if it is sent as the answer of a long poll or POST; null for a
   *     message of a WebSocket or stream of events
   * @param nothing run if that is null
   * @param failed told if it completes with an error
   */
  void send(
      AsyncChannel channel,
      @Nullable Status answer,
      @Nullable Object result,
      Runnable nothing,
      Consumer<Throwable> failed)
      throws Exception {
    if (result == null) {
      nothing.run();
    } else if (result instanceof CompletionStage<?> stage) {
      var unused =
          stage.whenComplete(
              (value, error) -> sendLater(channel, answer, value, error, nothing, failed));
    } else if (ReactiveTypes.isSingle(result.getClass())) {
      sendWhileOpen(channel, answer, ReactiveTypes.future(result), nothing, failed);
    } else {
      channel.send(answer == null ? message(result) : answer(answer, result));
    }
  }

  /** Keeps nothing of what has completed: a channel may live long and be sent much. */
  private void sendWhileOpen(
      AsyncChannel channel,
      @Nullable Status answer,
      CompletableFuture<? extends @Nullable Object> later,
      Runnable nothing,
      Consumer<Throwable> failed) {
    CloseListener cancel = (closed, status) -> later.cancel(false);
    channel.addCloseListener(cancel);
    var unused =
        later.whenComplete(
            (value, error) -> {
              channel.removeCloseListener(cancel);
              boolean isAbandoned = error instanceof CancellationException && !channel.isOpen();
              if (!isAbandoned) {
                sendLater(channel, answer, value, error, nothing, failed);
              }
            });
  }

  private void sendLater(
      AsyncChannel channel,
      @Nullable Status answer,
      @Nullable Object value,
      @Nullable Throwable error,
      Runnable nothing,
      Consumer<Throwable> failed) {
    if (error != null) {
      failed.accept(Problems.unwrapped(error));
      return;
    }
    try {
      send(channel, answer, value, nothing, failed);
    } catch (Exception e) {
      failed.accept(e);
    }
  }

  /**
   * Has what a method returned done to its end, of which nothing is sent.
   *
   * @param failed told if it completes with an error
   */
  void await(@Nullable Object result, Consumer<Throwable> failed) {
    CompletionStage<? extends @Nullable Object> later = ReactiveTypes.later(result);
    if (later != null) {
      var unused =
          later.whenComplete(
              (value, error) -> {
                if (error != null) {
                  failed.accept(Problems.unwrapped(error));
                }
              });
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

  /**
   * With the type of what it is. Without one, text would be shown as a page, and whoever wrote it
   * would have scripts in it run.
   */
  private Object answer(Status status, Object value) throws Exception {
    Object message = message(value);
    Response answer;
    if (message instanceof String text) {
      answer = value instanceof String ? Response.text(text) : Response.json(text);
    } else if (message instanceof byte[] bytes) {
      answer = Response.bytes(bytes);
    } else if (message instanceof ByteBuffer buffer) {
      answer = Response.bytes(NO_BYTES).withBody(Body.of(buffer));
    } else if (message instanceof SharedMessage shared && !shared.isText()) {
      answer = Response.bytes(shared.bytes());
    } else if (message instanceof InputStream stream) {
      answer = Response.stream(stream);
    } else if (message instanceof Path file) {
      answer = Response.file(file);
    } else {
      return message;
    }
    return answer.withStatus(status);
  }

  /** What was wrong with a message. */
  String describe(Exception error) {
    if (error instanceof HttpMessageNotReadableException unreadable) {
      return BadRequests.describe(unreadable);
    }
    if (error instanceof ResponseStatusException refusal && refusal.getReason() != null) {
      return refusal.getReason();
    }
    return error instanceof InvalidArgumentsException ? "some values are not valid" : "";
  }

  void report(Throwable error) {
    logger.error("A method of a channel bean failed", error);
  }
}
