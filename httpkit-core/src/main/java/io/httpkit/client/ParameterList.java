package io.httpkit.client;

import io.httpkit.internal.codec.uri.PercentEncoder;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a query or a form, in the order in which they were added. One thread.
 *
 * <p>A value is a {@code CharSequence}, {@code Number}, {@code Boolean}, {@code Character}, {@code
 * UUID}, an enum (its name) or a time of {@code java.time}; or a {@code Collection}, array or
 * {@code Map} of such. Null is no value: its parameter, element or entry is left out, and so is an
 * empty list.
 */
final class ParameterList {
  static final String FORM_TYPE = "application/x-www-form-urlencoded";

  private final List<Map.Entry<String, @Nullable Object>> parameters = new ArrayList<>();

  ParameterList add(String name, @Nullable Object value) {
    parameters.add(new SimpleImmutableEntry<>(name, value));
    return this;
  }

  boolean isEmpty() {
    return parameters.isEmpty();
  }

  /**
   * As they stand in a query, without the question mark.
   *
   * @throws IllegalArgumentException if a value is of another type, or the style cannot write it
   */
  String toQuery(NestedParams style) {
    return encode(new ParameterWriter(style, PercentEncoder.QUERY_PARAMETER));
  }

  /** As a body of {@link #FORM_TYPE}, in UTF-8; else as {@link #toQuery}. */
  String toForm(NestedParams style) {
    return encode(new ParameterWriter(style, PercentEncoder.FORM_PARAMETER));
  }

  private String encode(ParameterWriter writer) {
    for (Map.Entry<String, @Nullable Object> parameter : parameters) {
      writer.write(parameter.getKey(), parameter.getValue());
    }
    return writer.toString();
  }
}
