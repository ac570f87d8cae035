package io.httpkit.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of one message, or its trailers, in the order of the wire. Immutable. Names are
 * compared without regard to case; a name may occur several times.
 *
 * @see "RFC 9110 §5"
 */
public abstract class Headers {
  private static final Headers EMPTY = new ArrayHeaders(new String[0]);

  /** For the decoder, which reads names and values from the bytes of a message when asked. */
  protected Headers() {}

  public static Headers empty() {
    return EMPTY;
  }

  /**
   * Headers of these names and values in turn.
   *
   * @throws IllegalArgumentException if a name is not a token, a value holds a control character,
   *     or the last name has no value
   */
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "no value for " + namesAndValues[namesAndValues.length - 1]);
    }
    Builder builder = builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      builder.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return builder.build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The number of field lines. */
  public abstract int size();

  /** The name of field line {@code index}, as it was written. */
  public abstract String name(int index);

  /** The value of field line {@code index}, without the white space around it. */
  public abstract String value(int index);

  /** Whether field line {@code index} has this name. */
  public boolean nameEquals(int index, String name) {
    return name(index).equalsIgnoreCase(name);
  }

  public final boolean isEmpty() {
    return size() == 0;
  }

  public final boolean contains(String name) {
    return indexOf(name) >= 0;
  }

  /**
   * The value of this field. Where it occurs several times, the values joined by {@code ", "}, and
   * by {@code "; "} for {@code Cookie}. RFC 9110 §5.3, RFC 9113 §8.2.3.
   */
  public final Optional<String> get(String name) {
    int first = indexOf(name);
    if (first < 0) {
      return Optional.empty();
    }
    StringBuilder joined = null;
    for (int i = first + 1; i < size(); i++) {
      if (nameEquals(i, name)) {
        joined = joined == null ? new StringBuilder(value(first)) : joined;
        joined.append(name.equalsIgnoreCase("Cookie") ? "; " : ", ").append(value(i));
      }
    }
    return Optional.of(joined == null ? value(first) : joined.toString());
  }

  /** The values of all field lines with this name, in order; empty when there is none. */
  public final List<String> all(String name) {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < size(); i++) {
      if (nameEquals(i, name)) {
        values.add(value(i));
      }
    }
    return Collections.unmodifiableList(values);
  }

  /** The different names, in lower case, in the order of their first occurrence. */
  public final Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (int i = 0; i < size(); i++) {
      names.add(name(i).toLowerCase(Locale.ROOT));
    }
    return names;
  }

  /**
   * Whether a field that is a comma-separated list holds this token, in any case, on any of its
   * lines. RFC 9110 §5.6.1.
   */
  public final boolean hasToken(String name, String token) {
    for (int i = 0; i < size(); i++) {
      if (nameEquals(i, name) && listHolds(value(i), token)) {
        return true;
      }
    }
    return false;
  }

  private static boolean listHolds(String list, String token) {
    for (int start = 0; start <= list.length(); ) {
      int comma = list.indexOf(',', start);
      int end = comma < 0 ? list.length() : comma;
      if (list.substring(start, end).strip().equalsIgnoreCase(token)) {
        return true;
      }
      start = end + 1;
    }
    return false;
  }

  public final Builder toBuilder() {
    Builder builder = new Builder();
    for (int i = 0; i < size(); i++) {
      builder.append(name(i), value(i));
    }
    return builder;
  }

  private int indexOf(String name) {
    for (int i = 0; i < size(); i++) {
      if (nameEquals(i, name)) {
        return i;
      }
    }
    return -1;
  }

  /** Two headers are equal when they have the same lines in the same order. */
  @Override
  public final boolean equals(@Nullable Object o) {
    if (!(o instanceof Headers other) || other.size() != size()) {
      return false;
    }
    for (int i = 0; i < size(); i++) {
      if (!nameEquals(i, other.name(i)) || !value(i).equals(other.value(i))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public final int hashCode() {
    int hash = 1;
    for (int i = 0; i < size(); i++) {
      hash = 31 * hash + name(i).toLowerCase(Locale.ROOT).hashCode();
      hash = 31 * hash + value(i).hashCode();
    }
    return hash;
  }

  /** The names and values for a log; not the form of the wire. */
  @Override
  public final String toString() {
    StringBuilder out = new StringBuilder("{");
    for (int i = 0; i < size(); i++) {
      out.append(i == 0 ? "" : ", ").append(name(i)).append('=').append(Text.quote(value(i)));
    }
    return out.append('}').toString();
  }

  private static final class ArrayHeaders extends Headers {
    private final String[] namesAndValues;

    ArrayHeaders(String[] namesAndValues) {
      this.namesAndValues = namesAndValues;
    }

    @Override
    public int size() {
      return namesAndValues.length / 2;
    }

    @Override
    public String name(int index) {
      return namesAndValues[2 * index];
    }

    @Override
    public String value(int index) {
      return namesAndValues[2 * index + 1];
    }
  }

  /** Collects field lines. Not safe for use by several threads at once. */
  public static final class Builder {
    private String[] namesAndValues = new String[8];
    private int length;

    private Builder() {}

    /**
     * Adds a field line behind those already there.
     *
     * @throws IllegalArgumentException if the name is not a token or the value holds a control
     *     character, such as the end of a line
     */
    public Builder add(String name, String value) {
      check(name, value);
      append(name, value);
      return this;
    }

    /** Adds a field line for each value. */
    public Builder add(String name, Iterable<String> values) {
      values.forEach(value -> add(name, value));
      return this;
    }

    /** Replaces all field lines of this name by one. */
    public Builder set(String name, String value) {
      check(name, value);
      remove(name);
      append(name, value);
      return this;
    }

    /** Removes all field lines of this name. */
    public Builder remove(String name) {
      int kept = 0;
      for (int i = 0; i < length; i += 2) {
        if (!namesAndValues[i].equalsIgnoreCase(name)) {
          namesAndValues[kept] = namesAndValues[i];
          namesAndValues[kept + 1] = namesAndValues[i + 1];
          kept += 2;
        }
      }
      length = kept;
      return this;
    }

    public Headers build() {
      return length == 0 ? EMPTY : new ArrayHeaders(Arrays.copyOf(namesAndValues, length));
    }

    private void append(String name, String value) {
      if (length == namesAndValues.length) {
        namesAndValues = Arrays.copyOf(namesAndValues, 2 * length);
      }
      namesAndValues[length++] = name;
      namesAndValues[length++] = value;
    }

    private static void check(String name, String value) {
      if (!Text.isToken(name)) {
        throw new IllegalArgumentException(
            "header name must be a token but was " + Text.quote(name));
      }
      if (!Text.isFieldValue(value)) {
        throw new IllegalArgumentException(
            "value of header "
                + name
                + " must be ISO-8859-1 without control characters but was "
                + Text.quote(value));
      }
    }
  }
}
