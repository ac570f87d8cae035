package io.httpkit.internal.codec.websocket;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns the rows of a client's frames into the same rows of a server's: without the masks. */
final class FromServer {
  private static final int MASK_BYTES = 4;

  private final String text;
  private final StringBuilder out = new StringBuilder();
  private int at;

  private FromServer(String text) {
    this.text = text;
  }

  static Stream<DecoderCase> rows(Stream<DecoderCase> rows) {
    return rows.map(FromServer::row).filter(Objects::nonNull);
  }

  /** Null if a frame of the row is without a mask, so that it says nothing of a server. */
  static @Nullable DecoderCase row(DecoderCase row) {
    if (row.setup().sender() == Role.SERVER) {
      return null;
    }
    String unmasked = new FromServer(row.text()).frames();
    return unmasked == null
        ? null
        : new DecoderCase(row.name(), unmasked, row.setup().from(Role.SERVER), row.expected());
  }

  private @Nullable String frames() {
    while (text.length() - at >= 2) {
      if (text.charAt(at + 1) < 0x80) {
        return null;
      }
      frame();
    }
    return out + text.substring(at);
  }

  /** One frame, or as much of it as there is. */
  private void frame() {
    int seven = text.charAt(at + 1) & 0x7f;
    int lengthBytes = seven < 126 ? 0 : seven == 126 ? 2 : 8;
    String lengthText = take(2, lengthBytes);
    long length = seven;
    if (!lengthText.isEmpty()) {
      length = 0;
      for (int i = 0; i < lengthText.length(); i++) {
        length = length << 8 | lengthText.charAt(i);
      }
    }
    out.append(text.charAt(at)).append((char) seven).append(lengthText);
    String mask = take(2 + lengthBytes, MASK_BYTES);
    int start = 2 + lengthBytes + MASK_BYTES;
    String payload = take(start, length < 0 ? Integer.MAX_VALUE : (int) Math.min(length, 1 << 30));
    for (int i = 0; i < payload.length(); i++) {
      out.append((char) (payload.charAt(i) ^ mask.charAt(i % MASK_BYTES)));
    }
    at = Math.min(text.length(), at + start + payload.length());
  }

  /** What is there of so many bytes. */
  private String take(int offset, int length) {
    int from = Math.min(text.length(), at + offset);
    return text.substring(from, (int) Math.min(text.length(), (long) from + length));
  }
}
