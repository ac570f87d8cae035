package io.httpkit.channel;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An event of a {@code text/event-stream}, as browsers' {@code EventSource} takes it. Immutable.
 * WHATWG HTML §9.2.
 *
 * <p>No field can break out of its line: line breaks of any kind in data and comments begin another
 * line of the same field; other fields with one are refused.
 */
public final class ServerSentEvent {
  private static final Duration MAX_RETRY = Duration.ofDays(365);

  private final @Nullable String id;
  private final @Nullable String event;
  private final @Nullable String data;
  private final @Nullable Duration retry;
  private final @Nullable String comment;

  private ServerSentEvent(
      @Nullable String id,
      @Nullable String event,
      @Nullable String data,
      @Nullable Duration retry,
      @Nullable String comment) {
    this.id = id;
    this.event = event;
    this.data = data;
    this.retry = retry;
    this.comment = comment;
  }

  /** An event of type {@code message} with this data. */
  public static ServerSentEvent of(String data) {
    return new ServerSentEvent(null, null, data, null, null);
  }

  /** An event of this type with this data. */
  public static ServerSentEvent of(String event, String data) {
    return of(data).withEvent(event);
  }

  /** What the client ignores, to keep the connection alive. */
  public static ServerSentEvent comment(String comment) {
    return new ServerSentEvent(null, null, null, null, comment);
  }

  /**
   * The same with an id, which a client that connects again names as the last it has seen. An empty
   * one makes it forget.
   *
   * @throws IllegalArgumentException if it contains a line break or NUL
   */
  public ServerSentEvent withId(String newId) {
    return new ServerSentEvent(singleLine("id", newId), event, data, retry, comment);
  }

  /**
   * The same with a type, to which a client can listen.
   *
   * @throws IllegalArgumentException if it contains a line break or NUL
   */
  public ServerSentEvent withEvent(String newEvent) {
    return new ServerSentEvent(id, singleLine("event", newEvent), data, retry, comment);
  }

  /** The same with other data. */
  public ServerSentEvent withData(String newData) {
    return new ServerSentEvent(id, event, newData, retry, comment);
  }

  /**
   * The same with the time that a client waits before it connects again.
   *
   * @throws IllegalArgumentException if it is negative, or more than a year
   */
  public ServerSentEvent withRetry(Duration newRetry) {
    if (newRetry.isNegative() || newRetry.compareTo(MAX_RETRY) > 0) {
      throw new IllegalArgumentException("retry must be 0 to 365 days but was " + newRetry);
    }
    return new ServerSentEvent(id, event, data, newRetry, comment);
  }

  /** The same with a comment before it. */
  public ServerSentEvent withComment(String newComment) {
    return new ServerSentEvent(id, event, data, retry, newComment);
  }

  private static String singleLine(String field, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\r' || c == '\n' || c == 0) {
        throw new IllegalArgumentException(
            field + " of an event must not contain a line break or NUL, but has one at " + i);
      }
    }
    return value;
  }

  public @Nullable String id() {
    return id;
  }

  public @Nullable String event() {
    return event;
  }

  public @Nullable String data() {
    return data;
  }

  public @Nullable Duration retry() {
    return retry;
  }

  public @Nullable String comment() {
    return comment;
  }

  /** The event as it is in the stream, with the empty line that ends it. */
  public String toText() {
    StringBuilder text = new StringBuilder();
    lines(text, "", comment);
    line(text, "retry", retry == null ? null : Long.toString(retry.toMillis()));
    line(text, "id", id);
    line(text, "event", event);
    lines(text, "data", data);
    return text.append('\n').toString();
  }

  private static void line(StringBuilder text, String field, @Nullable String value) {
    if (value != null) {
      text.append(field).append(": ").append(value).append('\n');
    }
  }

  /** One line for each line of the value: {@code \r\n}, {@code \r} and {@code \n} end one. */
  private static void lines(StringBuilder text, String field, @Nullable String value) {
    if (value == null) {
      return;
    }
    text.append(field).append(": ");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean isPair = c == '\r' && i + 1 < value.length() && value.charAt(i + 1) == '\n';
      if (isPair) {
        continue;
      }
      if (c == '\r' || c == '\n') {
        text.append('\n').append(field).append(": ");
      } else {
        text.append(c);
      }
    }
    text.append('\n');
  }

  @Override
  public String toString() {
    return toText().strip();
  }
}
