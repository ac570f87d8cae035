package io.httpkit.http;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What a message carries behind its head. Each kind says how it leaves the application. */
public sealed interface Body {
  /** The length of a body whose end is known only when it is reached. */
  long UNKNOWN_LENGTH = -1;

  /** Nothing. */
  Body EMPTY = new Bytes(new byte[0], 0, 0, false);

  /** The text in UTF-8. */
  static Body of(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new Bytes(bytes, 0, bytes.length, true);
  }

  /** These bytes; not copied, so do not change them until they are sent. */
  static Body of(byte[] bytes) {
    return new Bytes(bytes, 0, bytes.length, false);
  }

  /** What remains in the buffer, whose position is left alone. Copied only when it has no array. */
  static Body of(ByteBuffer buffer) {
    if (buffer.hasArray()) {
      return new Bytes(
          buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining(), false);
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return of(bytes);
  }

  /** All that the stream gives; read piece by piece as the peer takes it, closed in any case. */
  static Body of(InputStream stream) {
    return new Stream(stream, UNKNOWN_LENGTH);
  }

  /**
   * The next {@code length} bytes of the stream. If it ends earlier the message cannot be completed
   * and its connection is closed.
   */
  static Body of(InputStream stream, long length) {
    return new Stream(stream, length);
  }

  /** The content of a regular file, of the size it has when it is sent. */
  static Body of(Path file) {
    return new File(file);
  }

  /**
   * Parts sent one after the other, each as soon as the peer takes it: {@code String}, {@code
   * byte[]}, {@code ByteBuffer} or {@code InputStream}. Traversed once.
   */
  static Body ofParts(Iterable<?> parts) {
    return new Parts(parts);
  }

  /** A range of an array. */
  final class Bytes implements Body {
    private final byte[] array;
    private final int offset;
    private final int length;
    private final boolean isText;

    Bytes(byte[] array, int offset, int length, boolean isText) {
      this.array = array;
      this.offset = offset;
      this.length = length;
      this.isText = isText;
    }

    /** Whether these are the UTF-8 of a {@code String}. */
    public boolean isText() {
      return isText;
    }

    /** The array itself, not to be changed. */
    public byte[] array() {
      return array;
    }

    /** Where the range begins. */
    public int offset() {
      return offset;
    }

    /** The bytes of the range. */
    public int length() {
      return length;
    }
  }

  /** A stream, of {@link #UNKNOWN_LENGTH} or a length in bytes. */
  record Stream(InputStream stream, long length) implements Body {
    public Stream {
      if (length < UNKNOWN_LENGTH) {
        throw new IllegalArgumentException("length must not be negative but was " + length);
      }
    }
  }

  /** A file. */
  record File(Path path) implements Body {}

  /** Several parts, of unknown length. */
  record Parts(Iterable<?> parts) implements Body {}
}
