package io.httpkit.client;

import io.httpkit.http.MediaType;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The charset of a body that is text: that of its {@code Content-Type}, else of its byte order
 * mark, else what HTML or XML says of itself, else UTF-8. A charset this JVM does not know is
 * passed over.
 */
final class BodyCharset {
  /** How far into a body what it says of itself is looked for, in bytes. WHATWG HTML §13.2.3.2. */
  private static final int PRESCAN = 1024;

  private static final char BYTE_ORDER_MARK = '\ufeff';

  private BodyCharset() {}

  /** The body as text, without a byte order mark. */
  static String text(Optional<MediaType> type, byte[] bytes, int length) {
    String text = new String(bytes, 0, length, of(type, bytes, length));
    boolean marked = !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
    return marked ? text.substring(1) : text;
  }

  /**
   * The charset of a body.
   *
   * @param type of the body, if it is known
   * @param length how many of the bytes are the body's
   */
  static Charset of(Optional<MediaType> type, byte[] bytes, int length) {
    return type.flatMap(MediaType::charset)
        .or(() -> byMark(bytes, length))
        .or(() -> type.flatMap(known -> declared(known, bytes, length)))
        .orElse(StandardCharsets.UTF_8);
  }

  private static Optional<Charset> byMark(byte[] bytes, int length) {
    if (startsWith(bytes, length, 0xef, 0xbb, 0xbf)) {
      return Optional.of(StandardCharsets.UTF_8);
    } else if (startsWith(bytes, length, 0xfe, 0xff)) {
      return Optional.of(StandardCharsets.UTF_16BE);
    } else if (startsWith(bytes, length, 0xff, 0xfe)) {
      return Optional.of(StandardCharsets.UTF_16LE);
    }
    return Optional.empty();
  }

  private static boolean startsWith(byte[] bytes, int length, int... start) {
    for (int i = 0; i < start.length; i++) {
      if (i >= length || (bytes[i] & 0xff) != start[i]) {
        return false;
      }
    }
    return true;
  }

  private static Optional<Charset> declared(MediaType type, byte[] bytes, int length) {
    boolean isXml = type.subtype().equals("xml") || type.subtype().endsWith("+xml");
    boolean isHtml =
        type.essence().equals("text/html") || type.essence().equals("application/xhtml+xml");
    if (!isXml && !isHtml) {
      return Optional.empty();
    }
    String start = new String(bytes, 0, Math.min(length, PRESCAN), StandardCharsets.ISO_8859_1);
    Optional<Charset> inMeta = isHtml ? named(MetaCharset.find(start)) : Optional.empty();
    return inMeta.or(() -> isXml ? named(xmlEncoding(start)) : Optional.empty());
  }

  /** What can be read as ASCII is no UTF-16, whatever it says. WHATWG HTML §13.2.3.2. */
  private static Optional<Charset> named(@Nullable String name) {
    return name == null
        ? Optional.empty()
        : new MediaType("text", "html", Map.of("charset", name))
            .charset()
            .map(found -> found.name().startsWith("UTF-16") ? StandardCharsets.UTF_8 : found);
  }

  /** The encoding in {@code <?xml version="1.0" encoding="…"?>}. XML 1.0 §4.3.3. */
  private static @Nullable String xmlEncoding(String start) {
    int end = start.indexOf("?>");
    if (!start.startsWith("<?xml") || end < 0) {
      return null;
    }
    String declaration = start.substring(0, end);
    int at = declaration.indexOf("encoding");
    return at < 0 ? null : MetaCharset.valueBehind(declaration, at + "encoding".length());
  }
}
