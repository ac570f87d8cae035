package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.ServerSentEvent;
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

  Format format(MediaType type) {
    if (type.isCompatibleWith(MediaType.TEXT_EVENT_STREAM)) {
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
    if (type.isCompatibleWith(MediaType.APPLICATION_NDJSON)) {
      return new Lines() {
        @Override
        public Object element(@Nullable Object value, boolean isFirst) throws Exception {
          return (json(value) + "\n").getBytes(StandardCharsets.UTF_8);
        }
      };
    }
    return new Array();
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
