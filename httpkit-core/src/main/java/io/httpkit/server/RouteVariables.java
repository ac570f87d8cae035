package io.httpkit.server;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The path variables of a request, in the order of the template: names that all requests of a route
 * share, and their values. Immutable. Templates have few variables, so a search needs no hash.
 */
final class RouteVariables extends AbstractMap<String, String> {
  private final List<String> names;
  private final String[] values;

  /** The array is not copied. */
  RouteVariables(List<String> names, String[] values) {
    this.names = names;
    this.values = values;
  }

  @Override
  public @Nullable String get(@Nullable Object name) {
    for (int i = 0; i < values.length; i++) {
      if (names.get(i).equals(name)) {
        return values[i];
      }
    }
    return null;
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return get(name) != null;
  }

  @Override
  public Set<Map.Entry<String, String>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<String, String>> iterator() {
        return IntStream.range(0, values.length)
            .mapToObj(i -> Map.entry(names.get(i), values[i]))
            .iterator();
      }

      @Override
      public int size() {
        return values.length;
      }
    };
  }
}
