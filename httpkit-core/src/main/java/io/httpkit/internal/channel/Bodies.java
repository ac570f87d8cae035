package io.httpkit.internal.channel;

import io.httpkit.http.Body;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Bodies as streams. */
public final class Bodies {
  private Bodies() {}

  /** What the body gives, of any kind but a file. */
  public static InputStream stream(Body body) {
    if (body instanceof Body.Stream stream) {
      return stream.stream();
    } else if (body instanceof Body.Parts parts) {
      return PartsStream.of(parts.parts());
    } else if (body instanceof Body.Bytes bytes) {
      return new ByteArrayInputStream(bytes.array(), bytes.offset(), bytes.length());
    }
    throw new IllegalArgumentException("a file is opened, not streamed: " + body);
  }

  /** What a regular file contains. */
  public static InputStream open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "not a regular file");
    }
    return Files.newInputStream(file);
  }
}
