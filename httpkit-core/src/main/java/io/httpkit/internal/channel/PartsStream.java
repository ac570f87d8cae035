package io.httpkit.internal.channel;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Iterator;

/** Several parts as one stream that asks for each part when the one before it is read. */
public final class PartsStream extends InputStream {
  private final Iterator<?> parts;

  /** Whether the parts that were not read can be asked for; there may be no end of others. */
  private final boolean closesRest;

  private InputStream part = InputStream.nullInputStream();

  private PartsStream(Iterable<?> parts) {
    this.parts = parts.iterator();
    this.closesRest = parts instanceof Collection;
  }

  /** Asks for the first part, so that a body whose first part is wrong is never begun. */
  public static InputStream of(Iterable<?> parts) {
    PartsStream stream = new PartsStream(parts);
    stream.next();
    return stream;
  }

  /** Goes to the next part; false if there is none. */
  private boolean next() {
    part = InputStream.nullInputStream();
    if (!parts.hasNext()) {
      return false;
    }
    part = stream(parts.next());
    return true;
  }

  private static InputStream stream(Object part) {
    if (part instanceof InputStream stream) {
      return stream;
    }
    if (part instanceof byte[] bytes) {
      return new ByteArrayInputStream(bytes);
    }
    if (part instanceof String text) {
      return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
    if (part instanceof ByteBuffer buffer) {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.duplicate().get(bytes);
      return new ByteArrayInputStream(bytes);
    }
    throw new IllegalArgumentException(
        "a part must be a String, byte[], ByteBuffer or InputStream but was " + part);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int count = part.read(bytes, offset, length);
    while (count < 0) {
      part.close();
      if (!next()) {
        return -1;
      }
      count = part.read(bytes, offset, length);
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    part.close();
    while (closesRest && parts.hasNext()) {
      if (parts.next() instanceof InputStream rest) {
        rest.close();
      }
    }
  }
}
