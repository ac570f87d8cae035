package io.httpkit.channel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A message for many channels. Each channel puts it on the wire in its own way, but each way is
 * worked out only once, and its bytes are shared. Any thread.
 */
public final class SharedMessage {
  private final @Nullable String text;
  private final byte[] bytes;
  private final ConcurrentHashMap<Object, ByteBuffer> encodings = new ConcurrentHashMap<>(4);

  private SharedMessage(@Nullable String text, byte[] bytes) {
    this.text = text;
    this.bytes = bytes;
  }

  /** A text message. */
  public static SharedMessage of(String text) {
    return new SharedMessage(text, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A binary message; not copied, so do not change the bytes. */
  public static SharedMessage of(byte[] bytes) {
    return new SharedMessage(null, bytes);
  }

  /** Whether this is text. */
  public boolean isText() {
    return text != null;
  }

  /** The text; of a binary message its bytes as UTF-8. */
  public String text() {
    return text != null ? text : new String(bytes, StandardCharsets.UTF_8);
  }

  /** The bytes, of a text those of its UTF-8. Not to be changed. */
  public byte[] bytes() {
    return bytes;
  }

  /**
   * The message as a channel puts it on the wire.
   *
   * @param way names the way of encoding it; equal ways have equal bytes
   * @param encoder encodes this message in that way; called the first time only
   * @return a view of its own, with all of the bytes remaining
   */
  public ByteBuffer encoded(Object way, Function<SharedMessage, ByteBuffer> encoder) {
    ByteBuffer known = encodings.get(way);
    if (known == null) {
      known = encodings.computeIfAbsent(way, key -> encoder.apply(this).asReadOnlyBuffer());
    }
    return known.duplicate();
  }
}
