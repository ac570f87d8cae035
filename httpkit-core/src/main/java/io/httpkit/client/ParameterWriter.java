package io.httpkit.client;

import io.httpkit.internal.codec.uri.PercentEncoder;
import java.lang.reflect.Array;
import java.time.temporal.TemporalAccessor;
import java.time.temporal.TemporalAmount;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes parameters one after the other. Used once, by one thread. */
final class ParameterWriter {
  /** Deeper than anyone nests by intent; a list may hold itself. */
  private static final int MAX_DEPTH = 32;

  private final NestedParams style;
  private final PercentEncoder encoder;
  private final StringJoiner out = new StringJoiner("&");

  ParameterWriter(NestedParams style, PercentEncoder encoder) {
    this.style = style;
    this.encoder = encoder;
  }

  void write(String name, @Nullable Object value) {
    write(name, value, 0);
  }

  private void write(String name, @Nullable Object value, int depth) {
    if (depth > MAX_DEPTH) {
      throw new IllegalArgumentException(
          "a parameter may be nested at most " + MAX_DEPTH + " deep");
    }
    if (value instanceof Map<?, ?> map) {
      map.forEach((key, entry) -> write(name + "[" + text(key) + "]", entry, depth + 1));
    } else if (value instanceof Collection<?> collection) {
      writeList(name, collection, depth);
    } else if (value != null && value.getClass().isArray()) {
      writeList(name, elements(value), depth);
    } else if (value != null) {
      out.add(encoder.encode(name) + "=" + encoder.encode(text(value)));
    }
  }

  private static Collection<?> elements(Object array) {
    return IntStream.range(0, Array.getLength(array)).mapToObj(i -> Array.get(array, i)).toList();
  }

  private void writeList(String name, Collection<?> list, int depth) {
    if (style == NestedParams.COMMA_SEPARATED) {
      writeSeparated(name, list);
      return;
    }
    int index = 0;
    for (Object element : list) {
      write(style.element(name, index++), element, depth + 1);
    }
  }

  private void writeSeparated(String name, Collection<?> list) {
    List<String> elements =
        list.stream().filter(e -> e != null).map(e -> encoder.encode(text(e))).toList();
    if (!elements.isEmpty()) {
      out.add(encoder.encode(name) + "=" + String.join(",", elements));
    }
  }

  private static String text(@Nullable Object value) {
    if (value instanceof Enum<?> constant) {
      return constant.name();
    }
    boolean plain =
        value instanceof CharSequence
            || value instanceof Number
            || value instanceof Boolean
            || value instanceof Character
            || value instanceof UUID
            || value instanceof TemporalAccessor
            || value instanceof TemporalAmount;
    if (!plain) {
      throw new IllegalArgumentException(
          "a parameter must be text, a number, a boolean, an enum, a UUID, a time, or a list or map"
              + " of them, but was "
              + (value == null ? "null" : value.getClass().getName()));
    }
    return String.valueOf(value);
  }

  /** What was written. */
  @Override
  public String toString() {
    return out.toString();
  }
}
