package io.httpkit.spring.boot.autoconfigure;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;

/**
 * A property and what is different because of it.
 *
 * @param property its whole name
 * @param settings of the application, the property among them
 * @param check fails if the server or the client does not behave as the property says
 */
record PropertyRow(String property, List<String> settings, Check check) {
  /** Looks at the running application. */
  @FunctionalInterface
  interface Check {
    void run(AssertableApplicationContext context) throws Exception;
  }

  /** {@code setting} is like {@code httpkit.port=0}. */
  static PropertyRow behaviour(String setting, Check check, String... others) {
    String name = setting.substring(0, setting.indexOf('='));
    String property = name.replaceAll("\\[.*", "");
    List<String> all = Stream.concat(Stream.of(setting), Stream.of(others)).toList();
    return new PropertyRow(property, all, check);
  }

  String[] assignments() {
    return settings.toArray(String[]::new);
  }

  /** Runs the check, on a context that must have started. */
  void verify(AssertableApplicationContext context) throws Exception {
    @Nullable Throwable failure = context.getStartupFailure();
    if (failure != null) {
      throw new AssertionError("the application does not start with " + settings, failure);
    }
    check.run(context);
  }

  @Override
  public String toString() {
    return settings.get(0);
  }
}
