package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.ServerSentEvent;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.MediaType;

/** Writes the elements of a stream. */
final class ElementWriter {
  private static final byte[] NOTHING = {};

  private final MessageWriter writer;
  private final ResolvableType type;

  /**
   * @param type what is known of the type of the elements; {@code ?} if nothing is
   */
  ElementWriter(MessageWriter writer, ResolvableType type) {
    this.writer = writer;
    this.type = type;
  }

  /** What stands around the elements, and each of them. */
  interface Format {
    byte[] start();

    /**
     * One element: a {@code byte[]}, or a {@link ServerSentEvent}.
     *
     * @param isFirst whether none came before it
     */
    Object element(@Nullable Object value, boolean isFirst) throws Exception;

    byte[] end();

    /** Whether the elements are server-sent events. */
    default boolean isEvents() {
      return false;
    }
  }

  /** Whether elements of this class can be written in this type. */
  static boolean canWrite(MediaType type, Class<?> element) {
    return type.isConcrete()
        && (isEvents(type) || isLines(type) || isJson(type) || isText(type, element));
  }

  /** The type as it is sent: text says its charset. */
  static MediaType written(MediaType type) {
    boolean isPlain = type.getType().equals("text") && !isEvents(type) && type.getCharset() == null;
    return isPlain ? new MediaType(type, StandardCharsets.UTF_8) : type;
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

  Format format(MediaType type) {
    if (isEvents(type)) {
      return new Lines() {
        @Override
        public Object element(@Nullable Object value, boolean isFirst) throws Exception {
          return event(value);
        }

        @Override
        public boolean isEvents() {
          return true;
        }
      };
    }
    if (isLines(type)) {
      return new Lines() {
        @Override
        public Object element(@Nullable Object value, boolean isFirst) throws Exception {
          return (json(value) + "\n").getBytes(StandardCharsets.UTF_8);
        }
      };
    }
    return isJson(type) ? new Array() : text(type);
  }

  private static Format text(MediaType type) {
    Charset charset = type.getCharset();
    Charset known = charset == null ? StandardCharsets.UTF_8 : charset;
    return new Lines() {
      @Override
      public Object element(@Nullable Object value, boolean isFirst) {
        return ((value == null ? "" : value) + "\n").getBytes(known);
      }
    };
  }

  private abstract static class Lines implements Format {
    @Override
    public byte[] start() {
      return NOTHING;
    }

    @Override
    public byte[] end() {
      return NOTHING;
    }
  }

  private final class Array implements Format {
    @Override
    public byte[] start() {
      return new byte[] {'['};
    }

    @Override
    public Object element(@Nullable Object value, boolean isFirst) throws Exception {
      return ((isFirst ? "" : ",") + json(value)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] end() {
      return new byte[] {']'};
    }
  }

  /** Any value as an event: text is its data, other things are written as JSON. */
  private ServerSentEvent event(@Nullable Object value) throws Exception {
    if (value instanceof ServerSentEvent event) {
      return event;
    }
    if (value != null && SpringEvents.isEvent(value.getClass())) {
      ResolvableType data = type.as(org.springframework.http.codec.ServerSentEvent.class);
      return SpringEvents.event(value, each -> writer.json(each, data.getGeneric()));
    }
    return ServerSentEvent.of(value instanceof String text ? text : json(value));
  }

  private String json(@Nullable Object value) throws Exception {
    return value == null ? "null" : writer.json(value, type);
  }
}
