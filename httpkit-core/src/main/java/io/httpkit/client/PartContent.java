package io.httpkit.client;

import io.httpkit.http.Body;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** What a part of a multipart body contains. */
sealed interface PartContent {
  /**
   * A content that is about to be sent.
   *
   * @param piece a {@code byte[]} or {@code InputStream}
   * @param length in bytes, or {@link Body#UNKNOWN_LENGTH}
   */
  record Opened(Object piece, long length) {}

  Opened open() throws IOException;

  /** Closes what is open although it is not sent, because of this failure. */
  default void abandon(Exception cause) {}

  /** Whether it can be opened again. */
  boolean isRepeatable();

  final class Bytes implements PartContent {
    private final byte[] bytes;

    Bytes(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public Opened open() {
      return new Opened(bytes, bytes.length);
    }

    @Override
    public boolean isRepeatable() {
      return true;
    }
  }

  record Stream(InputStream stream, long length) implements PartContent {
    public Stream {
      if (length < Body.UNKNOWN_LENGTH) {
        throw new IllegalArgumentException("length must not be negative but was " + length);
      }
    }

    @Override
    public Opened open() {
      boolean known = length != Body.UNKNOWN_LENGTH;
      return new Opened(known ? new ExactStream(stream, length) : stream, length);
    }

    @Override
    public void abandon(Exception cause) {
      try {
        stream.close();
      } catch (IOException e) {
        cause.addSuppressed(e);
      }
    }

    @Override
    public boolean isRepeatable() {
      return false;
    }
  }

  /** Measured when it is opened, and read when its turn comes. */
  record File(Path path) implements PartContent {
    @Override
    public Opened open() throws IOException {
      if (!Files.isRegularFile(path)) {
        throw new NoSuchFileException(path.toString(), null, "not a regular file");
      }
      long length = Files.size(path);
      return new Opened(new ExactStream(() -> Files.newInputStream(path), length), length);
    }

    @Override
    public boolean isRepeatable() {
      return true;
    }
  }
}
