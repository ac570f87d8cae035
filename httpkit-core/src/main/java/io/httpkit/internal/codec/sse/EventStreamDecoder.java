package io.httpkit.internal.codec.sse;

import io.httpkit.channel.ServerSentEvent;
import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a {@code text/event-stream} as a browser does. WHATWG HTML §9.2.5 and §9.2.6. However the
 * bytes are split, the events are the same. An event whose empty line does not come is none, so the
 * end of the stream needs no word.
 *
 * <p>Where it is not a browser: a type with NUL is ignored, as an event cannot have one.
 *
 * <p>Between two lines it keeps the data of the event that is not complete, and no buffer.
 */
public final class EventStreamDecoder {
  /** The default for each bound. */
  public static final int DEFAULT_MAX_BYTES = 1 << 20;

  private enum State {
    /** In the first line, before which a byte order mark may stand. */
    FIRST_LINE,
    LINE,
    /** Behind a carriage return: a line feed would belong to it. */
    AFTER_RETURN
  }

  private static final byte[] NOTHING = {};
  private static final String BYTE_ORDER_MARK = "\ufeff";
  private static final int NONE = -1;

  /** A year, as an event that is sent has at most. */
  private static final long MAX_RETRY_MILLIS = 365L * 24 * 60 * 60 * 1000;

  private final int maxLine;
  private final int maxEvent;
  private State state = State.FIRST_LINE;

  /** What has come of a line. */
  private byte[] line = NOTHING;

  private int lineLength;

  // the buffers of the standard
  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private String id;

  private long dataBytes;
  private String lastEventId;
  private long retryMillis = NONE;

  /**
   * @param lastEventId of the events before, for a stream that goes on where another broke off;
   *     empty if there was none
   * @param maxLine bytes of a line
   * @param maxEvent bytes of all lines with data of an event
   */
  public EventStreamDecoder(String lastEventId, int maxLine, int maxEvent) {
    this.id = lastEventId;
    this.lastEventId = lastEventId;
    this.maxLine = maxLine;
    this.maxEvent = maxEvent;
  }

  /**
   * The next event, or null when all of {@code in} is used up. It has an id if it, or one before
   * it, was sent with one; comments and the time to wait are not in it.
   *
   * @throws BadMessageException with 502 if a bound is passed; the decoder is of no further use
   *     then
   */
  public @Nullable ServerSentEvent next(ByteBuffer in) {
    while (in.hasRemaining()) {
      if (readLine(in)) {
        ServerSentEvent event = endLine(in);
        if (event != null) {
          return event;
        }
      }
    }
    return null;
  }

  /** The id to send when the stream has to be asked for again; empty if there is none. */
  public String lastEventId() {
    return lastEventId;
  }

  /** How long to wait before that, in milliseconds; -1 if the server has not said. */
  public long retryMillis() {
    return retryMillis;
  }

  /** Reads on, at most to the end of a line; true if it is there. */
  private boolean readLine(ByteBuffer in) {
    if (state == State.AFTER_RETURN) {
      state = State.LINE;
      if (in.get(in.position()) == '\n') {
        in.get();
        return false;
      }
    }
    int end = in.position();
    while (end < in.limit() && in.get(end) != '\n' && in.get(end) != '\r') {
      end++;
    }
    append(in, end - in.position());
    return in.hasRemaining();
  }

  private void append(ByteBuffer in, int length) {
    if (length > maxLine - lineLength) {
      throw refused("line of more than " + maxLine + " bytes in a stream of events");
    }
    int needed = lineLength + length;
    if (needed > line.length) {
      // the first piece is mostly all of it
      line = Arrays.copyOf(line, lineLength == 0 ? needed : Math.max(needed, 2 * line.length));
    }
    in.get(line, lineLength, length);
    lineLength = needed;
  }

  private static BadMessageException refused(String message) {
    return new BadMessageException(Status.BAD_GATEWAY, message);
  }

  /** Takes the line that is complete, and steps over its end. */
  private @Nullable ServerSentEvent endLine(ByteBuffer in) {
    boolean first = state == State.FIRST_LINE;
    state = in.get() == '\r' ? State.AFTER_RETURN : State.LINE;
    int bytes = lineLength;
    String text = new String(line, 0, bytes, StandardCharsets.UTF_8);
    line = NOTHING;
    lineLength = 0;
    return accept(first && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text, bytes);
  }

  private @Nullable ServerSentEvent accept(String text, int bytes) {
    int colon = text.indexOf(':');
    if (text.isEmpty()) {
      return dispatch();
    }
    if (colon < 0) {
      field(text, "", bytes);
    } else if (colon > 0) {
      int value = text.startsWith(" ", colon + 1) ? colon + 2 : colon + 1;
      field(text.substring(0, colon), text.substring(value), bytes);
    }
    return null;
  }

  private void field(String name, String value, int bytes) {
    switch (name) {
      case "data" -> addData(value, bytes);
      case "event" -> type = hasNul(value) ? type : value;
      case "id" -> id = hasNul(value) ? id : value;
      case "retry" -> retryMillis = millis(value);
      default -> {}
    }
  }

  private void addData(String value, int bytes) {
    dataBytes += bytes + 1;
    if (dataBytes > maxEvent) {
      throw refused("event of more than " + maxEvent + " bytes");
    }
    data.append(value).append('\n');
  }

  private static boolean hasNul(String value) {
    return value.indexOf('\0') >= 0;
  }

  /** Of digits only; else it is what it was before. */
  private long millis(String value) {
    long millis = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < '0' || c > '9') {
        return retryMillis;
      }
      millis = Math.min(MAX_RETRY_MILLIS, 10 * millis + (c - '0'));
    }
    return value.isEmpty() ? retryMillis : millis;
  }

  private @Nullable ServerSentEvent dispatch() {
    lastEventId = id;
    ServerSentEvent event = data.isEmpty() ? null : event(data.substring(0, data.length() - 1));
    data.setLength(0);
    data.trimToSize();
    dataBytes = 0;
    type = "";
    return event;
  }

  private ServerSentEvent event(String text) {
    ServerSentEvent event = ServerSentEvent.of(text);
    event = type.isEmpty() ? event : event.withEvent(type);
    return id.isEmpty() ? event : event.withId(id);
  }
}
