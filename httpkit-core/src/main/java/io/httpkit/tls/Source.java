package io.httpkit.tls;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Bytes, and what messages call where they are from. */
final class Source {
  private final String name;
  private final byte[] bytes;

  /**
   * Some bytes.
   *
   * @param name the path of a file, or what the caller gave
   */
  Source(String name, byte[] bytes) {
    this.name = name;
    this.bytes = bytes;
  }

  static Source of(Path file) {
    try {
      return new Source(file.toString(), Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new UncheckedIOException(file + ": there is no such file", e);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  static Source of(String what, String text) {
    return new Source(what, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  String name() {
    return name;
  }

  byte[] bytes() {
    return bytes;
  }

  String text() {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  IllegalArgumentException wrong(String why) {
    return new IllegalArgumentException(name + ": " + why);
  }

  IllegalArgumentException wrong(String why, Throwable cause) {
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new IllegalArgumentException(name + ": " + why + ": " + reason, cause);
  }
}
