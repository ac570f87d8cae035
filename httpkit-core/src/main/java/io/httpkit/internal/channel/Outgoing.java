package io.httpkit.internal.channel;

import io.httpkit.channel.ServerSentEvent;
import io.httpkit.channel.SharedMessage;
import io.httpkit.http.Body;
import io.httpkit.http.ResponseMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;

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
  record Bytes(ByteBuffer buffer) implements Outgoing {
    @Override
    public long size() {
      return buffer.remaining();
    }
  }

  /** What a stream gives. */
  record Stream(InputStream stream) implements Outgoing {
    @Override
    public long size() {
      return READ_LATER_BYTES;
    }

    @Override
    public void drop() {
      try {
        stream.close();
      } catch (IOException e) {
        // it was only to be read; there is nothing to lose
      }
    }
  }

  /** The content of a file. */
  record File(Path path) implements Outgoing {
    @Override
    public long size() {
      return READ_LATER_BYTES;
    }
  }

  /** An event. */
  record Event(ServerSentEvent event) implements Outgoing {
    @Override
    public long size() {
      String data = event.data();
      return data == null ? 0 : data.length();
    }
  }

  /** A response. */
  record Message(ResponseMessage response) implements Outgoing {
    @Override
    public long size() {
      return response.body() instanceof Body.Bytes bytes ? bytes.length() : READ_LATER_BYTES;
    }

    @Override
    public void drop() {
      Body body = response.body();
      try {
        if (body instanceof Body.Stream || body instanceof Body.Parts) {
          Bodies.stream(body).close();
        }
      } catch (IOException | RuntimeException e) {
        // it was only to be read; there is nothing to lose
      }
    }
  }

  /** A message that others get too. */
  record Shared(SharedMessage message) implements Outgoing {
    @Override
    public long size() {
      return message.bytes().length;
    }
  }

  /** A message that is ready for the wire. */
  record Framed(ByteBuffer frame) implements Outgoing {
    @Override
    public long size() {
      return frame.remaining();
    }
  }

  /** Nothing; completes when all before it has been sent. */
  record Mark(CompletableFuture<Void> flushed) implements Outgoing {
    @Override
    public long size() {
      return 0;
    }

    @Override
    public void drop() {
      flushed.completeExceptionally(new CancellationException("the channel was closed"));
    }
  }

  /** The end. */
  record End(int code, String reason) implements Outgoing {
    @Override
    public long size() {
      return 0;
    }
  }
}
