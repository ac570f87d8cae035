package io.httpkit.internal.codec.websocket;

import io.httpkit.internal.codec.websocket.WebSocketEvent.Binary;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Part;
import io.httpkit.internal.codec.websocket.WebSocketEvent.Text;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A data message of which the end has not come. It exists only in the middle of one. */
final class MessageReader {
  private static final int MAX_INFLATED_PART = 8 * 1024;
  private static final int MIN_INFLATED = 256;

  /** Compression makes data that cannot be compressed larger: by a 64th and this at most. */
  private static final int DEFLATE_SLACK = 1024;

  private static final byte[] NOTHING = {};

  private final boolean streamsParts;

  /** The most bytes that are collected. */
  private final int maxBytes;

  /** Null for binary. */
  private final @Nullable Utf8Validator validator;

  private final @Nullable MessageInflater inflater;

  private byte[] bytes = NOTHING;

  /** Bytes of the message, or of the part, that have been collected. */
  private int size;

  /** Bytes still to come of the frame. */
  private long remaining;

  /** Of the next byte of the frame. */
  private int mask;

  private boolean inLastFrame;

  /**
   * @param maxMessage in bytes; of no meaning if parts are streamed
   * @param inflater null if the message is not compressed
   */
  MessageReader(
      boolean isText, int maxMessage, boolean streamsParts, @Nullable MessageInflater inflater) {
    this.validator = isText ? new Utf8Validator() : null;
    this.maxBytes = streamsParts ? MAX_INFLATED_PART : maxMessage;
    this.streamsParts = streamsParts;
    this.inflater = inflater;
  }

  /**
   * Goes on with a frame whose header was read.
   *
   * @throws WebSocketException with 1009
   */
  void beginFrame(FrameHeader header) {
    if (!streamsParts) {
      checkLength(header.length(), inflater != null, maxBytes, size);
    }
    remaining = header.length();
    mask = header.mask();
    inLastFrame = header.fin();
  }

  /**
   * Refuses a frame that is too large before anything is allocated for it.
   *
   * @param length of the frame, in bytes
   * @param collected bytes of the message that came before
   * @throws WebSocketException with 1009
   */
  static void checkLength(long length, boolean compressed, int maxMessage, int collected) {
    long allowed =
        compressed ? maxMessage + maxMessage / 64L + DEFLATE_SLACK : (long) maxMessage - collected;
    if (length > allowed) {
      throw WebSocketException.tooBig(maxMessage);
    }
  }

  /** Whether the next bytes are a header. */
  boolean isBetweenFrames() {
    return isFrameRead() && !inLastFrame;
  }

  /** Whether the event that was just read was the last one. */
  boolean isAtEnd() {
    return isFrameRead() && inLastFrame;
  }

  private boolean isFrameRead() {
    return remaining == 0 && (inflater == null || inflater.needsInput());
  }

  /**
   * The message or part that comes out of these bytes; null if there is none.
   *
   * @throws WebSocketException with 1007 or 1009
   */
  @Nullable WebSocketEvent read(ByteBuffer in) {
    if (inflater == null) {
      copy(in);
    } else {
      inflate(in, inflater);
    }
    boolean isLast = isAtEnd();
    if (isLast) {
      finish();
    }
    if (streamsParts) {
      return isLast || size > 0 ? part(isLast) : null;
    }
    return isLast ? message() : null;
  }

  private void copy(ByteBuffer in) {
    int length = (int) Math.min(in.remaining(), remaining);
    if (length > bytes.length - size) {
      bytes = Arrays.copyOf(bytes, capacity(length));
    }
    take(in, length, bytes, size);
    add(length);
  }

  /** As much as has come, or twice as much as before, but not more than can come. */
  private int capacity(int length) {
    int needed = size + length;
    if (streamsParts) {
      return needed;
    }
    long most = inLastFrame ? size + remaining : maxBytes;
    return (int) Math.max(needed, Math.min(2L * bytes.length, most));
  }

  private void take(ByteBuffer in, int length, byte[] target, int at) {
    in.get(target, at, length);
    FrameEncoder.mask(target, at, length, mask);
    mask = Integer.rotateLeft(mask, Byte.SIZE * (length & 3));
    remaining -= length;
  }

  private void add(int length) {
    if (validator != null) {
      validator.check(bytes, size, size + length);
    }
    size += length;
  }

  /** Until the bytes are used up, or the part is large enough. */
  private void inflate(ByteBuffer in, MessageInflater from) {
    while (!from.needsInput() || feed(in, from)) {
      if (size < maxBytes) {
        inflateMore(from);
      } else if (streamsParts) {
        return;
      } else if (from.hasMore()) {
        throw WebSocketException.tooBig(maxBytes);
      }
    }
  }

  private boolean feed(ByteBuffer in, MessageInflater to) {
    int length = (int) Math.min(Math.min(in.remaining(), remaining), MessageInflater.MAX_CHUNK);
    if (length == 0) {
      return false;
    }
    take(in, length, to.chunk(length), 0);
    to.feed(length);
    return true;
  }

  private void inflateMore(MessageInflater from) {
    if (size == bytes.length) {
      long capacity = Math.max(MIN_INFLATED, 2L * size);
      bytes = Arrays.copyOf(bytes, (int) Math.min(capacity, maxBytes));
    }
    add(from.inflate(bytes, size, bytes.length));
  }

  private void finish() {
    if (inflater != null) {
      inflater.finish();
    }
    if (validator != null) {
      validator.checkComplete();
    }
  }

  private WebSocketEvent message() {
    return validator == null ? new Binary(collected()) : new Text(validator.decode(bytes, 0, size));
  }

  private Part part(boolean isLast) {
    Part part = new Part(collected(), validator != null, isLast);
    bytes = NOTHING;
    size = 0;
    return part;
  }

  private byte[] collected() {
    return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
  }
}
