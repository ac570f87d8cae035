package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.ServerSentEvent;
import io.httpkit.http.Body;
import io.httpkit.server.Response;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;

/** Writes the elements of a stream. */
final class ElementWriter {
  private static final byte[] NOTHING = {};

  private final MessageWriter writer;

  ElementWriter(MessageWriter writer) {
    this.writer = writer;
  }

  /** What stands around the elements, and each of them. */
  interface Format {
    byte[] start();

    /**
     * One element: a {@code byte[]}, or a {@link ServerSentEvent}.
     *
     * @param isFirst whether none came before it
     */
    Object element(Object value, boolean isFirst) throws Exception;

    byte[] end();
  }

  Format format(MediaType type) {
    if (type.isCompatibleWith(MediaType.TEXT_EVENT_STREAM)) {
      return new Lines() {
        @Override
        public Object element(Object value, boolean isFirst) throws Exception {
          return event(value);
        }
      };
    }
    if (type.isCompatibleWith(MediaType.APPLICATION_NDJSON)) {
      return new Lines() {
        @Override
        public Object element(Object value, boolean isFirst) throws Exception {
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
    public Object element(Object value, boolean isFirst) throws Exception {
      return ((isFirst ? "" : ",") + json(value)).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] end() {
      return new byte[] {']'};
    }
  }

  /** Any value as an event: text is its data, other things are written as JSON. */
  ServerSentEvent event(Object value) throws Exception {
    if (value instanceof ServerSentEvent event) {
      return event;
    }
    if (SpringEvents.isEvent(value.getClass())) {
      return SpringEvents.event(value, this::json);
    }
    return ServerSentEvent.of(value instanceof String text ? text : json(value));
  }

  /** Any value as JSON. */
  String json(Object value) throws Exception {
    Response written = writer.writeJson(value);
    Body.Bytes bytes = (Body.Bytes) written.body();
    return new String(bytes.array(), bytes.offset(), bytes.length(), StandardCharsets.UTF_8);
  }
}
