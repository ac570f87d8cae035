package io.httpkit.server;

import java.util.AbstractMap;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  public int size() {
    return values.length;
  }

  @Override
  public Set<Map.Entry<String, String>> entrySet() {
    Set<Map.Entry<String, String>> entries = new LinkedHashSet<>();
    for (int i = 0; i < values.length; i++) {
      entries.add(Map.entry(names.get(i), values[i]));
    }
    return Collections.unmodifiableSet(entries);
  }
}
