package io.httpkit.server;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.uri.Percent;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The decoded parameters of a query or a form, in the order in which they came. Immutable. */
public final class Parameters {
  private static final Parameters NONE = new Parameters(Map.of());

  private final Map<String, List<String>> values;

  private Parameters(Map<String, List<String>> values) {
    this.values = values;
  }

  /**
   * Parses {@code application/x-www-form-urlencoded}.
   *
   * @param limit the number of parameters that are accepted
   * @throws BadMessageException with 400 if there are more, or a percent sign is not followed by
   *     two hexadecimal digits
   */
  static Parameters parse(@Nullable String encoded, Charset charset, int limit) {
    if (encoded == null || encoded.isEmpty()) {
      return NONE;
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    int count = 0;
    for (int start = 0; start < encoded.length(); ) {
      int ampersand = encoded.indexOf('&', start);
      int end = ampersand < 0 ? encoded.length() : ampersand;
      if (end > start) {
        if (++count > limit) {
          throw new BadMessageException(Status.BAD_REQUEST, "more than " + limit + " parameters");
        }
        parsePair(encoded.substring(start, end), charset, values);
      }
      start = end + 1;
    }
    return new Parameters(values);
  }

  private static void parsePair(String pair, Charset charset, Map<String, List<String>> into) {
    int equals = pair.indexOf('=');
    String name = equals < 0 ? pair : pair.substring(0, equals);
    String value = equals < 0 ? "" : pair.substring(equals + 1);
    into.computeIfAbsent(Percent.decodeForm(name, charset), unused -> new ArrayList<>(1))
        .add(Percent.decodeForm(value, charset));
  }

  /** The first value of this name. */
  public Optional<String> get(String name) {
    List<String> all = values.get(name);
    return all == null ? Optional.empty() : Optional.of(all.get(0));
  }

  /** The first value of this name, or {@code otherwise}. */
  public String get(String name, String otherwise) {
    return get(name).orElse(otherwise);
  }

  /** All values of this name, in order. */
  public List<String> all(String name) {
    return List.copyOf(values.getOrDefault(name, List.of()));
  }

  public Set<String> names() {
    return Collections.unmodifiableSet(values.keySet());
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
