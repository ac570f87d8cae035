package io.httpkit.channel;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a {@code text/event-stream} as a browser does. WHATWG HTML §9.2.6. */
final class EventStreamParser {
  /** What a page is told. */
  record Message(String type, String data, String lastEventId) {}

  final List<Message> messages = new ArrayList<>();
  final List<String> comments = new ArrayList<>();
  @Nullable Long retry;
  String lastEventId = "";

  private final StringBuilder data = new StringBuilder();
  private String type = "";
  private String id = "";

  static EventStreamParser of(String stream) {
    EventStreamParser parser = new EventStreamParser();
    parser.read(stream.startsWith("\ufeff") ? stream.substring(1) : stream);
    return parser;
  }

  /** What follows the last end of a line is no line. */
  private void read(String stream) {
    int begin = 0;
    for (int i = 0; i < stream.length(); i++) {
      char c = stream.charAt(i);
      if (c != '\r' && c != '\n') {
        continue;
      }
      line(stream.substring(begin, i));
      if (c == '\r' && i + 1 < stream.length() && stream.charAt(i + 1) == '\n') {
        i++;
      }
      begin = i + 1;
    }
  }

  private void line(String line) {
    int colon = line.indexOf(':');
    if (line.isEmpty()) {
      dispatch();
    } else if (colon == 0) {
      comments.add(value(line, 0));
    } else if (colon < 0) {
      field(line, "");
    } else {
      field(line.substring(0, colon), value(line, colon));
    }
  }

  private static String value(String line, int colon) {
    String rest = line.substring(colon + 1);
    return rest.startsWith(" ") ? rest.substring(1) : rest;
  }

  private void field(String name, String value) {
    switch (name) {
      case "event" -> type = value;
      case "data" -> data.append(value).append('\n');
      case "id" -> id = value.indexOf('\0') < 0 ? value : id;
      case "retry" -> retry = value.matches("[0-9]+") ? Long.valueOf(value) : retry;
      default -> throw new AssertionError("no such field: " + name);
    }
  }

  private void dispatch() {
    lastEventId = id;
    if (data.length() > 0) {
      data.setLength(data.length() - 1);
      messages.add(new Message(type.isEmpty() ? "message" : type, data.toString(), id));
    }
    data.setLength(0);
    type = "";
  }
}
