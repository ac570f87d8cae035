package io.httpkit.client;

import io.httpkit.http.Body;
import io.httpkit.internal.channel.BodyStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A body of several parts, such as a form with files:
 *
 * <pre>{@code
 * Multipart.builder()
 *     .part("comment", "the new one")
 *     .part("photo", Path.of("photo.png"))
 *     .part(Part.of("data", bytes).fileName("data.json").contentType("application/json"))
 *     .build();
 * }</pre>
 *
 * <p>Immutable. Files are read while they are sent. The boundary is random and cannot be chosen, so
 * that no content can hold it but by knowing it.
 *
 * @see "RFC 7578, RFC 2046 §5.1"
 */
public final class Multipart {
  /** Up to this size a body that is in memory already is put together, to be sent at once. */
  private static final int JOINED_MAX = 64 * 1024;

  private static final int BOUNDARY_BYTES = 18;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** Whether it is {@code multipart/mixed}, or else a form. */
  private final boolean isMixed;

  private final List<Part> parts;
  private final String boundary;
  private final boolean isRepeatable;
  private final AtomicBoolean isTaken = new AtomicBoolean();

  private Multipart(boolean isMixed, List<Part> parts, String boundary) {
    this.isMixed = isMixed;
    this.parts = parts;
    this.boundary = boundary;
    this.isRepeatable = parts.stream().noneMatch(part -> part.content() instanceof Body.Stream);
  }

  public static Builder builder() {
    byte[] random = new byte[BOUNDARY_BYTES];
    RANDOM.nextBytes(random);
    return new Builder("----httpkit" + HexFormat.of().formatHex(random));
  }

  /** The value of the {@code Content-Type} field, with the boundary. */
  public String contentType() {
    return "multipart/" + (isMixed ? "mixed" : "form-data") + "; boundary=" + boundary;
  }

  /** Whether the body can be sent more than once: whether none of the parts is a stream. */
  public boolean isRepeatable() {
    return isRepeatable;
  }

  /**
   * The body, to be sent once; its length is known unless that of a part is not. The streams among
   * the parts are closed with it, and at once if this fails.
   *
   * @throws IOException if a file cannot be measured
   * @throws IllegalStateException if a part is a stream and the body was asked for before
   */
  public Body body() throws IOException {
    if (isTaken.getAndSet(true) && !isRepeatable) {
      throw new IllegalStateException("a multipart body with a stream can be sent once only");
    }
    try {
      return assembled();
    } catch (IOException | RuntimeException e) {
      abandon(e);
      throw e;
    }
  }

  /** Closes all streams, which are not sent because of this failure. */
  void abandon(Exception cause) {
    for (Part part : parts) {
      if (part.content() instanceof Body.Stream some) {
        try {
          some.stream().close();
        } catch (IOException e) {
          cause.addSuppressed(e);
        }
      }
    }
  }

  private Body assembled() throws IOException {
    List<Object> pieces = new ArrayList<>();
    long length = 0;
    boolean inMemory = true;
    for (Part part : parts) {
      Body content = part.content();
      long size = length(content);
      byte[] head = utf8("--" + boundary + "\r\n" + part.head(isMixed) + "\r\n");
      pieces.addAll(List.of(head, piece(content, size), utf8("\r\n")));
      inMemory &= content instanceof Body.Bytes;
      length = sum(length, sum(size, head.length + 2));
    }
    byte[] end = utf8("--" + boundary + "--\r\n");
    pieces.add(end);
    length = sum(length, end.length);
    if (length == Body.UNKNOWN_LENGTH) {
      return Body.ofParts(pieces);
    }
    InputStream stream = BodyStream.ofParts(pieces);
    return inMemory && length <= JOINED_MAX
        ? Body.of(stream.readAllBytes())
        : Body.of(stream, length);
  }

  /** Of a part, in bytes, or {@link Body#UNKNOWN_LENGTH}; a file is measured now. */
  private static long length(Body content) throws IOException {
    if (content instanceof Body.Bytes some) {
      return some.length();
    }
    if (content instanceof Body.File file) {
      Path path = file.path();
      if (!Files.isRegularFile(path)) {
        throw new NoSuchFileException(path.toString(), null, "not a regular file");
      }
      return Files.size(path);
    }
    return ((Body.Stream) content).length();
  }

  /** A {@code byte[]}, or a stream that gives so many bytes; a file is opened when it is read. */
  private static Object piece(Body content, long length) {
    if (content instanceof Body.Bytes some) {
      return some.array();
    }
    if (content instanceof Body.File file) {
      return new ExactStream(() -> Files.newInputStream(file.path()), length);
    }
    InputStream stream = ((Body.Stream) content).stream();
    return length == Body.UNKNOWN_LENGTH ? stream : new ExactStream(stream, length);
  }

  private static long sum(long a, long b) {
    boolean known = a != Body.UNKNOWN_LENGTH && b != Body.UNKNOWN_LENGTH;
    return known ? Math.addExact(a, b) : Body.UNKNOWN_LENGTH;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Collects parts. One thread. */
  public static final class Builder {
    private final String boundary;
    private final List<Part> parts = new ArrayList<>();
    private boolean isMixed;

    /** A boundary that is known, for tests. */
    Builder(String boundary) {
      this.boundary = boundary;
    }

    /** Adds a part behind those already there. */
    public Builder part(Part part) {
      parts.add(part);
      return this;
    }

    /** As {@link Part#of(String, String)}. */
    public Builder part(String name, String text) {
      return part(Part.of(name, text));
    }

    /** As {@link Part#of(String, Number)}. */
    public Builder part(String name, Number number) {
      return part(Part.of(name, number));
    }

    /** As {@link Part#of(String, byte[])}. */
    public Builder part(String name, byte[] bytes) {
      return part(Part.of(name, bytes));
    }

    /** As {@link Part#of(String, ByteBuffer)}. */
    public Builder part(String name, ByteBuffer buffer) {
      return part(Part.of(name, buffer));
    }

    /** As {@link Part#of(String, Path)}. */
    public Builder part(String name, Path file) {
      return part(Part.of(name, file));
    }

    /** As {@link Part#of(String, InputStream)}. */
    public Builder part(String name, InputStream stream) {
      return part(Part.of(name, stream));
    }

    /** Makes it {@code multipart/mixed}, whose parts have no names. RFC 2046 §5.1.3. */
    public Builder mixed() {
      isMixed = true;
      return this;
    }

    /**
     * The parts as one.
     *
     * @throws IllegalStateException if there is none
     */
    public Multipart build() {
      if (parts.isEmpty()) {
        throw new IllegalStateException("a multipart body must have at least one part");
      }
      return new Multipart(isMixed, List.copyOf(parts), boundary);
    }
  }
}
