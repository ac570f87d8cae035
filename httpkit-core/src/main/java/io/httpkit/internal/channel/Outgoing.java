package io.httpkit.internal.channel;

import io.httpkit.channel.ServerSentEvent;
import io.httpkit.channel.SharedMessage;
import io.httpkit.http.Body;
import io.httpkit.http.ResponseMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Something that was sent over a channel. */
public sealed interface Outgoing {
  /** Counted for what is read later, so that its number is bounded. */
  long READ_LATER_BYTES = 16 * 1024;

  /** The bytes that waiting takes, about; of what is read later {@link #READ_LATER_BYTES}. */
  long size();

  /** It will not be sent. */
  default void drop() {}

  /** Text. */
  static Text text(String text) {
    return new Text(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Text, already UTF-8. */
  final class Text implements Outgoing {
    private final byte[] utf8;

    private Text(byte[] utf8) {
      this.utf8 = utf8;
    }

    public byte[] utf8() {
      return utf8;
    }

    @Override
    public long size() {
      return utf8.length;
    }
  }

  /** Bytes. */
  final class Bytes implements Outgoing {
    private final ByteBuffer buffer;
    private final boolean isFramed;

    /**
     * @param isFramed whether they are a message that is ready for the wire
     */
    public Bytes(ByteBuffer buffer, boolean isFramed) {
      this.buffer = buffer;
      this.isFramed = isFramed;
    }

    public ByteBuffer buffer() {
      return buffer;
    }

    public boolean isFramed() {
      return isFramed;
    }

    @Override
    public long size() {
      return buffer.remaining();
    }
  }

  /** A body: that of a response, what a stream gives, or the content of a file. */
  final class Content implements Outgoing {
    private final Body body;
    private final @Nullable ResponseMessage response;

    public Content(Body body) {
      this.body = body;
      this.response = null;
    }

    Content(ResponseMessage response) {
      this.body = response.body();
      this.response = response;
    }

    public Body body() {
      return body;
    }

    /** The response that was sent, if it was one. */
    public @Nullable ResponseMessage response() {
      return response;
    }

    @Override
    public long size() {
      return body instanceof Body.Bytes bytes ? bytes.length() : READ_LATER_BYTES;
    }

    @Override
    public void drop() {
      try {
        if (body instanceof Body.Stream || body instanceof Body.Parts) {
          BodyStream.of(body).close();
        }
      } catch (IOException | RuntimeException e) {
        // it was only to be read; there is nothing to lose
      }
    }
  }

  /** An event. */
  final class Event implements Outgoing {
    private final ServerSentEvent event;

    Event(ServerSentEvent event) {
      this.event = event;
    }

    public ServerSentEvent event() {
      return event;
    }

    @Override
    public long size() {
      String data = event.data();
      return data == null ? 0 : data.length();
    }
  }

  /** A message that others get too. */
  final class Shared implements Outgoing {
    private final SharedMessage message;

    Shared(SharedMessage message) {
      this.message = message;
    }

    public SharedMessage message() {
      return message;
    }

    @Override
    public long size() {
      return message.bytes().length;
    }
  }

  /** Nothing; has something done behind what was sent before. Of the channel for itself. */
  final class Step implements Outgoing {
    private final Runnable action;
    private final Runnable whenDropped;

    Step(Runnable action, Runnable whenDropped) {
      this.action = action;
      this.whenDropped = whenDropped;
    }

    void run() {
      action.run();
    }

    @Override
    public long size() {
      return 0;
    }

    @Override
    public void drop() {
      whenDropped.run();
    }
  }
}
