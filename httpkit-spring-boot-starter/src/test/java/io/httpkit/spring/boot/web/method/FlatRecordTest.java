package io.httpkit.spring.boot.web.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.format.annotation.DateTimeFormat;
import org.springframework.validation.DataBinder;

class FlatRecordTest {
  private static final ApplicationConversionService CONVERSION = new ApplicationConversionService();

  enum Color {
    RED
  }

  record Simple(int n, @Nullable String text, @Nullable Color color, @Nullable BigDecimal amount) {}

  record Dated(@DateTimeFormat(pattern = "dd.MM.yyyy") LocalDate day) {
    /** Its parameter has no annotation. */
    Dated(LocalDate day) {
      this.day = day;
    }
  }

  record Picky(@Nullable String text) {
    Picky {
      if (Objects.equals(text, "bad")) {
        throw new IllegalArgumentException("bad");
      }
      if (Objects.equals(text, "worse")) {
        throw new StackOverflowError("worse");
      }
    }
  }

  record Empty() {}

  private record Hidden(String text) {}

  record WithList(List<String> texts) {}

  record WithOptional(Optional<String> text) {}

  record Nested(Simple simple) {}

  record Generic<T>(T value) {}

  static final class NoRecord {}

  private record Given(Map<String, Object> values) implements DataBinder.ValueResolver {
    @Override
    public @Nullable Object resolveValue(String name, Class<?> type) {
      return values.get(name);
    }

    @Override
    public Set<String> getNames() {
      return values.keySet();
    }
  }

  static List<Arguments> made() {
    return List.of(
        Arguments.of(
            Simple.class,
            Map.of("n", "1", "text", "a", "color", "RED", "amount", "1.5"),
            new Simple(1, "a", Color.RED, new BigDecimal("1.5"))),
        Arguments.of(Simple.class, Map.of("n", " 7 ", "text", ""), new Simple(7, "", null, null)),
        Arguments.of(Simple.class, Map.of("n", "0", "color", ""), new Simple(0, null, null, null)),
        Arguments.of(
            Dated.class, Map.of("day", "26.11.2026"), new Dated(LocalDate.of(2026, 11, 26))),
        Arguments.of(Empty.class, Map.of("other", "1"), new Empty()),
        Arguments.of(Hidden.class, Map.of("text", "a"), new Hidden("a")),
        Arguments.of(Picky.class, Map.of(), new Picky(null)));
  }

  @ParameterizedTest(name = "{0} of {1}")
  @MethodSource
  void made(Class<?> type, Map<String, Object> values, Object expected) {
    assertThat(make(type, values)).isEqualTo(expected);
  }

  static List<Arguments> leftToTheBinder() {
    return List.of(
        Arguments.of(Simple.class, Map.of()),
        Arguments.of(Simple.class, Map.of("n", "")),
        Arguments.of(Simple.class, Map.of("n", "x")),
        Arguments.of(Simple.class, Map.of("n", "1", "color", "BLUE")),
        Arguments.of(Simple.class, Map.of("n", "1", "text", new String[] {"a", "b"})),
        Arguments.of(Dated.class, Map.of("day", "26.11.x")),
        Arguments.of(Picky.class, Map.of("text", "bad")));
  }

  @ParameterizedTest(name = "{0} of {1}")
  @MethodSource
  void leftToTheBinder(Class<?> type, Map<String, Object> values) {
    assertThat(make(type, values)).isNull();
  }

  @Test
  void anErrorIsThrown() {
    assertThatExceptionOfType(StackOverflowError.class)
        .isThrownBy(() -> make(Picky.class, Map.of("text", "worse")));
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        WithList.class,
        WithOptional.class,
        Nested.class,
        Generic.class,
        NoRecord.class,
        String.class
      })
  void othersAreNone(Class<?> type) {
    assertThat(FlatRecord.of(type, CONVERSION)).isNull();
  }

  private static @Nullable Object make(Class<?> type, Map<String, Object> values) {
    return Objects.requireNonNull(FlatRecord.of(type, CONVERSION)).make(new Given(values));
  }
}
