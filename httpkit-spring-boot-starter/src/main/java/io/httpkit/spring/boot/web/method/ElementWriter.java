package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.ServerSentEvent;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;

/**
 * Writes the elements of a stream in one type: as server-sent events, as lines of JSON or text, or
 * as a JSON array.
 */
final class ElementWriter {
  private static final byte[] NOTHING = {};

  private final MessageWriter writer;
  private final ResolvableType element;
  private final MediaType mediaType;
  private final boolean isEvents;
  private final boolean isArray;

  /** Of text; null for JSON. */
  private final @Nullable Charset charset;

  /**
   * @param element what is known of the type of the elements; {@code ?} if nothing is
   * @param mediaType one in which they {@linkplain #canWrite can be written}
   */
  ElementWriter(MessageWriter writer, ResolvableType element, MediaType mediaType) {
    this.writer = writer;
    this.element = element;
    this.isEvents = isEvents(mediaType);
    this.isArray = isJson(mediaType);
    boolean isPlain =
        mediaType.getType().equals("text") && !isEvents && mediaType.getCharset() == null;
    this.mediaType = isPlain ? new MediaType(mediaType, StandardCharsets.UTF_8) : mediaType;
    this.charset = isEvents || isArray || isLines(mediaType) ? null : this.mediaType.getCharset();
  }

  /** Whether elements of this class can be written in this type. */
  static boolean canWrite(MediaType type, Class<?> element) {
    return type.isConcrete()
        && (isEvents(type) || isLines(type) || isJson(type) || isText(type, element));
  }

  private static boolean isEvents(MediaType type) {
    return type.equalsTypeAndSubtype(MediaType.TEXT_EVENT_STREAM);
  }

  private static boolean isLines(MediaType type) {
    return type.equalsTypeAndSubtype(MediaType.APPLICATION_NDJSON);
  }

  private static boolean isJson(MediaType type) {
    return type.getSubtype().equals("json") || "json".equals(type.getSubtypeSuffix());
  }

  private static boolean isText(MediaType type, Class<?> element) {
    return type.getType().equals("text") && CharSequence.class.isAssignableFrom(element);
  }

  /** Whether elements of this class are events, of the core or of Spring. */
  static boolean isEvent(Class<?> element) {
    return ServerSentEvent.class.isAssignableFrom(element)
        || org.springframework.http.codec.ServerSentEvent.class.isAssignableFrom(element);
  }

  /** The type as it is sent: text says its charset. */
  MediaType mediaType() {
    return mediaType;
  }

  /** Whether the elements are server-sent events. */
  boolean isEvents() {
    return isEvents;
  }

  /** What stands before the elements. */
  byte[] start() {
    return isArray ? new byte[] {'['} : NOTHING;
  }

  /** What stands behind them. */
  byte[] end() {
    return isArray ? new byte[] {']'} : NOTHING;
  }

  /**
   * One element: a {@code byte[]}, or a {@link ServerSentEvent}.
   *
   * @param isFirst whether none came before it
   */
  Object element(@Nullable Object value, boolean isFirst) throws Exception {
    if (isEvents) {
      return event(value);
    }
    if (charset != null) {
      return ((value == null ? "" : value) + "\n").getBytes(charset);
    }
    String json = json(value);
    String piece = !isArray ? json + "\n" : isFirst ? json : "," + json;
    return piece.getBytes(StandardCharsets.UTF_8);
  }

  private String json(@Nullable Object value) throws Exception {
    return value == null ? "null" : writer.json(value, element);
  }

  /** Any value as an event: text is its data, other things are written as JSON. */
  private ServerSentEvent event(@Nullable Object value) throws Exception {
    if (value instanceof ServerSentEvent event) {
      return event;
    }
    return value instanceof org.springframework.http.codec.ServerSentEvent<?> given
        ? event(given)
        : ServerSentEvent.of(value instanceof String text ? text : json(value));
  }

  /** The same event in the core's terms. */
  private ServerSentEvent event(org.springframework.http.codec.ServerSentEvent<?> given)
      throws Exception {
    Object data = given.data();
    String comment = given.comment();
    ServerSentEvent event =
        data == null
            ? ServerSentEvent.comment(comment == null ? "" : comment)
            : ServerSentEvent.of(data instanceof String text ? text : data(data));
    if (data != null && comment != null) {
      event = event.withComment(comment);
    }
    String id = given.id();
    String name = given.event();
    Duration retry = given.retry();
    event = id == null ? event : event.withId(id);
    event = name == null ? event : event.withEvent(name);
    return retry == null ? event : event.withRetry(retry);
  }

  private String data(Object data) throws Exception {
    ResolvableType type = element.as(org.springframework.http.codec.ServerSentEvent.class);
    return writer.json(data, type.getGeneric());
  }
}
