package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.ServerSentEvent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Iterator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The elements of a stream as bytes, each taken when it is needed. Read by one thread. */
final class ElementInputStream extends InputStream {
  private final Stream<?> stream;
  private final ElementWriter writer;

  /** Where in the stream this is; null before its beginning. */
  private @Nullable Iterator<?> elements;

  private boolean isFirst = true;
  private boolean isEnded;
  private byte[] piece;
  private int at;

  ElementInputStream(Stream<?> stream, ElementWriter writer) {
    this.stream = stream;
    this.writer = writer;
    this.piece = writer.start();
  }

  /**
   * Waits for the first element, so that it fails before the head is sent. Not for events: whoever
   * waits for them is to know that they were heard.
   */
  void begin() throws IOException {
    byte[] start = piece;
    byte[] first = next();
    piece = Arrays.copyOf(start, start.length + first.length);
    System.arraycopy(first, 0, piece, start.length, first.length);
  }

  @Override
  public int read() throws IOException {
    return fill() ? piece[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int count = Math.min(length, piece.length - at);
    System.arraycopy(piece, at, into, offset, count);
    at += count;
    return count;
  }

  /** Whether there is a byte to be read. */
  private boolean fill() throws IOException {
    while (at == piece.length) {
      if (isEnded) {
        return false;
      }
      piece = next();
      at = 0;
    }
    return true;
  }

  private byte[] next() throws IOException {
    Iterator<?> from = elements == null ? stream.iterator() : elements;
    elements = from;
    if (!from.hasNext()) {
      isEnded = true;
      return writer.end();
    }
    try {
      Object element = writer.element(from.next(), isFirst);
      isFirst = false;
      return element instanceof ServerSentEvent event
          ? event.toText().getBytes(StandardCharsets.UTF_8)
          : (byte[]) element;
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    stream.close();
  }
}
