package io.httpkit.tls;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** As much of DER as it takes to know which key is in a file. X.690. */
final class Der {
  static final int INTEGER = 0x02;
  static final int OCTET_STRING = 0x04;
  static final int OBJECT_ID = 0x06;
  static final int SEQUENCE = 0x30;

  /** {@code [0]}. */
  static final int FIRST_OPTIONAL = 0xa0;

  private Der() {}

  /**
   * The content of the next value, which must have this tag.
   *
   * @throws BufferUnderflowException if it has not, or is cut off
   */
  static ByteBuffer read(ByteBuffer in, int tag) {
    ByteBuffer content = readIf(in, tag);
    if (content == null) {
      throw new BufferUnderflowException();
    }
    return content;
  }

  /** The content of the next value if it has this tag, else null. */
  static @Nullable ByteBuffer readIf(ByteBuffer in, int tag) {
    if (!in.hasRemaining() || Byte.toUnsignedInt(in.get(in.position())) != tag) {
      return null;
    }
    in.get();
    int length = length(in);
    if (length < 0 || length > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer content = in.slice(in.position(), length);
    in.position(in.position() + length);
    return content;
  }

  private static int length(ByteBuffer in) {
    int first = Byte.toUnsignedInt(in.get());
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = first & 0x7f; i > 0; i--) {
      length = length << 8 | Byte.toUnsignedInt(in.get());
    }
    return length;
  }

  /** A value of this tag around these contents. */
  static byte[] write(int tag, byte[]... contents) {
    int length = 0;
    for (byte[] content : contents) {
      length += content.length;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream(length + 6);
    out.write(tag);
    writeLength(out, length);
    for (byte[] content : contents) {
      out.writeBytes(content);
    }
    return out.toByteArray();
  }

  /** In as few bytes as possible, as DER demands. */
  private static void writeLength(ByteArrayOutputStream out, int length) {
    if (length < 0x80) {
      out.write(length);
      return;
    }
    int count = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / 8;
    out.write(0x80 | count);
    for (int i = count - 1; i >= 0; i--) {
      out.write(length >>> (8 * i));
    }
  }

  static byte[] bytes(ByteBuffer some) {
    byte[] bytes = new byte[some.remaining()];
    some.duplicate().get(bytes);
    return bytes;
  }
}
