package io.httpkit.client;

import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.MediaType;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A part of a {@link Multipart} body. Immutable; each method returns a changed copy.
 *
 * <p>Names and file names are sent in UTF-8 as they are, with quotes and backslashes escaped, as
 * browsers do and servers expect; RFC 7578 §4.2 forbids the form of RFC 8187 here.
 */
public final class Part {
  private static final String BINARY = "application/octet-stream";
  private static final String TEXT = "text/plain; charset=UTF-8";
  private static final Set<String> OWN_FIELDS = Set.of("content-disposition", "content-type");

  private final String name;
  private final Body content;
  private final @Nullable String fileName;
  private final @Nullable String type;
  private final Headers headers;

  private Part(
      String name,
      Body content,
      @Nullable String fileName,
      @Nullable String type,
      Headers headers) {
    this.name = name;
    this.content = content;
    this.fileName = fileName;
    this.type = type;
    this.headers = headers;
  }

  private static Part of(String name, Body content) {
    return new Part(checked("name", name), content, null, null, Headers.empty());
  }

  private static String checked(String what, String text) {
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "the " + what + " of a part may not hold control characters, such as the end of a line");
    }
    return text;
  }

  /**
   * Text, sent in UTF-8.
   *
   * @throws IllegalArgumentException as each of these, if the name holds a control character
   */
  public static Part of(String name, String text) {
    return of(name, Body.of(text));
  }

  /** A number as text. */
  public static Part of(String name, Number number) {
    return of(name, number.toString());
  }

  /** Bytes; not copied, so do not change them until they are sent. */
  public static Part of(String name, byte[] bytes) {
    return of(name, Body.of(bytes));
  }

  /** What remains in the buffer: copied now, and its position moves to its limit. */
  public static Part of(String name, ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return of(name, bytes);
  }

  /** A file under its own name, of the size it has when it is sent. */
  public static Part of(String name, Path file) {
    Path last = file.getFileName();
    return of(name, Body.of(file)).fileName(last == null ? "" : last.toString());
  }

  /** All that the stream gives. The length of the body is then not known. */
  public static Part of(String name, InputStream stream) {
    return of(name, Body.of(stream));
  }

  /** The next {@code length} bytes of the stream; if it has less the request fails. */
  public static Part of(String name, InputStream stream, long length) {
    return of(name, Body.of(stream, length));
  }

  /**
   * Says that this is a file of this name.
   *
   * @throws IllegalArgumentException if it holds a control character
   */
  public Part fileName(String newName) {
    return new Part(name, content, checked("file name", newName), type, headers);
  }

  /**
   * The type of the content; else {@code application/octet-stream}, and for text none in a form.
   *
   * @throws IllegalArgumentException if it is no media type
   */
  public Part contentType(String newType) {
    checked("type", newType);
    if (MediaType.parse(newType).isEmpty()) {
      throw new IllegalArgumentException("the type of a part must be a media type, as text/html");
    }
    return new Part(name, content, fileName, newType, headers);
  }

  /**
   * Adds a header field.
   *
   * @throws IllegalArgumentException as {@link Headers.Builder#add(String, String)}, or if it has a
   *     method of its own
   */
  public Part header(String field, String value) {
    if (OWN_FIELDS.contains(field.toLowerCase(Locale.ROOT))) {
      throw new IllegalArgumentException(
          "use fileName and contentType in place of the header " + field);
    }
    Headers more = headers.toBuilder().add(field, value).build();
    return new Part(name, content, fileName, type, more);
  }

  /** Bytes, a file or a stream. */
  Body content() {
    return content;
  }

  /** The field lines before the content. */
  String head(boolean mixed) {
    StringBuilder out = new StringBuilder();
    if (!mixed) {
      out.append("Content-Disposition: form-data; name=").append(quoted(name));
      out.append(fileName == null ? "" : "; filename=" + quoted(fileName)).append("\r\n");
    }
    String effectiveType = effectiveType(mixed);
    out.append(effectiveType == null ? "" : "Content-Type: " + effectiveType + "\r\n");
    for (int i = 0; i < headers.size(); i++) {
      out.append(headers.name(i)).append(": ").append(headers.value(i)).append("\r\n");
    }
    return out.toString();
  }

  private @Nullable String effectiveType(boolean mixed) {
    if (type != null) {
      return type;
    }
    if (!(content instanceof Body.Bytes bytes && bytes.isText())) {
      return BINARY;
    }
    // a plain value of a form has none
    return mixed || fileName != null ? TEXT : null;
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
