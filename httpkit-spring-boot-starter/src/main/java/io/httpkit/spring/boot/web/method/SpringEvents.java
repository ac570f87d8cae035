package io.httpkit.spring.boot.web.method;

import io.httpkit.channel.ServerSentEvent;
import java.time.Duration;

/** Spring's own type of server-sent event. */
final class SpringEvents {
  private SpringEvents() {}

  /** Writes the data of an event. */
  interface Json {
    String write(Object value) throws Exception;
  }

  static boolean isEvent(Class<?> type) {
    return org.springframework.http.codec.ServerSentEvent.class.isAssignableFrom(type);
  }

  /** The same event in the core's terms. */
  static ServerSentEvent event(Object value, Json json) throws Exception {
    var given = (org.springframework.http.codec.ServerSentEvent<?>) value;
    Object data = given.data();
    String comment = given.comment();
    ServerSentEvent event =
        data == null
            ? ServerSentEvent.comment(comment == null ? "" : comment)
            : ServerSentEvent.of(data instanceof String text ? text : json.write(data));
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
}
