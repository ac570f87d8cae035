package io.httpkit.benchmarks;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Options, most with a value each. All methods throw {@link IllegalArgumentException} of what is
 * wrong.
 */
final class CommandLine {
  private final Map<String, String> values = new HashMap<>();

  CommandLine(String... args) {
    for (int i = 0; i < args.length; i++) {
      boolean hasValue = i + 1 < args.length && !args[i + 1].startsWith("--");
      values.put(args[i], hasValue ? args[i + 1] : "");
      if (hasValue) {
        i++;
      }
    }
  }

  /** Takes a number of at least 1. */
  int positive(String option, int otherwise) {
    int number = one(option, Integer::parseInt, otherwise);
    if (number < 1) {
      throw new IllegalArgumentException(option + " must be at least 1");
    }
    return number;
  }

  /** Takes the names between commas, none if there is nothing. */
  <T> List<T> list(String option, Function<String, T> read, List<T> otherwise) {
    return one(
        option,
        value ->
            Arrays.stream(value.split(",", -1)).filter(name -> !name.isBlank()).map(read).toList(),
        otherwise);
  }

  <T> T one(String option, Function<String, T> read, T otherwise) {
    String value = values.remove(option);
    if (value != null && value.isEmpty()) {
      throw new IllegalArgumentException("value expected behind " + option);
    }
    return value == null ? otherwise : read.apply(value);
  }

  /** Takes an option without a value; whether it is there. */
  boolean flag(String option) {
    String value = values.remove(option);
    if (value != null && !value.isEmpty()) {
      throw new IllegalArgumentException(option + " has no value");
    }
    return value != null;
  }

  /** Fails if there are options that were not taken. */
  void end() {
    for (String option : values.keySet()) {
      throw new IllegalArgumentException("unknown option " + option);
    }
  }
}
