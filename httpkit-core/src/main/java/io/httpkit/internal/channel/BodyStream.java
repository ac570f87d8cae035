package io.httpkit.internal.channel;

import io.httpkit.http.Body;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.Iterator;

/**
 * Bodies as streams; this is one of several parts, which asks for each part when the one before it
 * is read.
 */
public final class BodyStream extends InputStream {
  private final Iterator<?> parts;

  /** Whether the parts that were not read can be asked for; there may be no end of others. */
  private final boolean closesRest;

  private InputStream part = InputStream.nullInputStream();

  private BodyStream(Iterable<?> parts) {
    this.parts = parts.iterator();
    this.closesRest = parts instanceof Collection;
  }

  /** What the body gives, of any kind but a file. */
  public static InputStream of(Body body) {
    if (body instanceof Body.Stream stream) {
      return stream.stream();
    } else if (body instanceof Body.Parts parts) {
      return ofParts(parts.parts());
    } else if (body instanceof Body.Bytes bytes) {
      return new ByteArrayInputStream(bytes.array(), bytes.offset(), bytes.length());
    }
    throw new IllegalArgumentException("a file is opened, not streamed: " + body);
  }

  /** As {@link #of}, but also what a regular file contains. */
  public static InputStream open(Body body) throws IOException {
    if (!(body instanceof Body.File file)) {
      return of(body);
    }
    if (!Files.isRegularFile(file.path())) {
      throw new NoSuchFileException(file.path().toString(), null, "not a regular file");
    }
    return Files.newInputStream(file.path());
  }

  /** Asks for the first part, so that a body whose first part is wrong is never begun. */
  public static InputStream ofParts(Iterable<?> parts) {
    BodyStream stream = new BodyStream(parts);
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
