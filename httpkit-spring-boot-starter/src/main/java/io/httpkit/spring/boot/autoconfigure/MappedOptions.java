package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Options as properties say, which are set one by one, so that a value that is not allowed is
 * reported with the name of its property.
 *
 * @param <O> a builder of options, or immutable options
 */
final class MappedOptions<O> {
  private static final int FIRST_JAVA_WITH_VIRTUAL_THREADS = 21;

  private final String prefix;
  private final Supplier<O> defaults;
  private final Function<O, ?> check;
  private O options;

  /**
   * Options of which none is set yet.
   *
   * @param prefix of the properties, with a dot at its end
   * @param defaults each time new, if options can be changed
   * @param check throws {@link IllegalArgumentException} if the options are not allowed
   */
  MappedOptions(String prefix, Supplier<O> defaults, Function<O, ?> check) {
    this.prefix = prefix;
    this.defaults = defaults;
    this.check = check;
    this.options = defaults.get();
  }

  /**
   * The value of something that a property says.
   *
   * @param shown the value of the property, unless it is secret
   * @throws InvalidHttpKitPropertyException if it is not allowed
   */
  static <T> T checked(String property, Object shown, Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw new InvalidHttpKitPropertyException(property, shown, String.valueOf(e.getMessage()));
    }
  }

  O get() {
    return options;
  }

  /** Sets an option unless the value is null. */
  <T> void set(String property, @Nullable T value, BiFunction<O, T, O> option) {
    setAs(prefix + property, value, option);
  }

  /** Sets an option of a number of bytes unless the size is null. */
  void size(String property, @Nullable DataSize size, BiFunction<O, Integer, O> option) {
    sizeAs(prefix + property, size, option);
  }

  /** As {@link #size}, of a property without the prefix. */
  void sizeAs(String property, @Nullable DataSize size, BiFunction<O, Integer, O> option) {
    setAs(property, size, (some, value) -> option.apply(some, bytes(value)));
  }

  /** As {@link #set}, of a property without the prefix. */
  <T> void setAs(String property, @Nullable T value, BiFunction<O, T, O> option) {
    if (value != null) {
      // alone on defaults first, which shows whether it is allowed
      checked(property, value, () -> check.apply(option.apply(defaults.get(), value)));
      options = option.apply(options, value);
    }
  }

  private static int bytes(DataSize size) {
    if (size.toBytes() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "it must be at most " + Integer.MAX_VALUE + " bytes but was " + size);
    }
    return (int) Math.max(size.toBytes(), Integer.MIN_VALUE);
  }

  /**
   * That this JVM has virtual threads.
   *
   * @throws IllegalArgumentException if not
   */
  static void checkVirtualThreads() {
    int java = Runtime.version().feature();
    if (java < FIRST_JAVA_WITH_VIRTUAL_THREADS) {
      throw new IllegalArgumentException(
          "virtual threads need Java " + FIRST_JAVA_WITH_VIRTUAL_THREADS + " but this is " + java);
    }
  }
}
