package io.httpkit.server;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.Iterator;

/** Several parts as one stream that asks for each part when the one before it is read. */
@SuppressWarnings("JdkObsolete") // an enumeration is what SequenceInputStream takes
final class PartsStream implements Enumeration<InputStream> {
  private final Iterator<?> parts;

  private PartsStream(Iterator<?> parts) {
    this.parts = parts;
  }

  static InputStream of(Iterable<?> parts) {
    return new SequenceInputStream(new PartsStream(parts.iterator()));
  }

  @Override
  public boolean hasMoreElements() {
    return parts.hasNext();
  }

  @Override
  public InputStream nextElement() {
    Object part = parts.next();
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
}
