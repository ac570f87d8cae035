package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.internal.codec.uri.Percent;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ParameterListTest {
  private static Map<String, @Nullable Object> map(@Nullable Object... keysAndValues) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(String.valueOf(keysAndValues[i]), keysAndValues[i + 1]);
    }
    return map;
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of("", "a="),
        Arguments.of("x y&z=é", "a=x y&z=é"),
        Arguments.of(7, "a=7"),
        Arguments.of(-1.5, "a=-1.5"),
        Arguments.of(new BigDecimal("1.10"), "a=1.10"),
        Arguments.of(true, "a=true"),
        Arguments.of('c', "a=c"),
        Arguments.of(NestedParams.ARRAY, "a=ARRAY"),
        Arguments.of(new UUID(0, 1), "a=00000000-0000-0000-0000-000000000001"),
        Arguments.of(LocalDate.of(2026, 1, 2), "a=2026-01-02"),
        Arguments.of(Duration.ofSeconds(90), "a=PT1M30S"),
        Arguments.of(Map.of("k", "v"), "a[k]=v"),
        Arguments.of(map("k", map("l", 1), "m", null, "n", ""), "a[k][l]=1&a[n]="),
        Arguments.of(Map.of(), ""),
        Arguments.of(List.of(), ""),
        Arguments.of(new int[0], ""));
  }

  @ParameterizedTest
  @MethodSource("values")
  void writesValues(Object value, String decoded) {
    for (NestedParams style : NestedParams.values()) {
      ParameterList list = new ParameterList().add("a", value);
      String text = list.toForm(style);
      assertThat(Percent.decodeForm(text, StandardCharsets.UTF_8)).isEqualTo(decoded);
      assertThat(Percent.decodeForm(list.toQuery(style), StandardCharsets.UTF_8))
          .isEqualTo(decoded);
      assertThat(text).doesNotContain("[", " ", "é");
    }
  }

  static Stream<Arguments> lists() {
    return Stream.of(
        Arguments.of(List.of(1, 2), List.of("a=1&a=2", "a=1,2", "a[]=1&a[]=2", "a[0]=1&a[1]=2")),
        Arguments.of(
            new String[] {"x", "y,z"},
            List.of("a=x&a=y,z", "a=x,y%2Cz", "a[]=x&a[]=y,z", "a[0]=x&a[1]=y,z")),
        Arguments.of(
            new long[] {1, 2}, List.of("a=1&a=2", "a=1,2", "a[]=1&a[]=2", "a[0]=1&a[1]=2")),
        Arguments.of(List.of("x"), List.of("a=x", "a=x", "a[]=x", "a[0]=x")),
        Arguments.of(
            Arrays.asList(1, null, 3), List.of("a=1&a=3", "a=1,3", "a[]=1&a[]=3", "a[0]=1&a[2]=3")),
        Arguments.of(
            map("k", List.of(1, 2), "l", 3),
            List.of(
                "a[k]=1&a[k]=2&a[l]=3",
                "a[k]=1,2&a[l]=3",
                "a[k][]=1&a[k][]=2&a[l]=3",
                "a[k][0]=1&a[k][1]=2&a[l]=3")),
        Arguments.of(
            List.of(map("k", 1, "l", 2), map("k", 3)),
            List.of(
                "a[k]=1&a[l]=2&a[k]=3",
                "",
                "a[][k]=1&a[][l]=2&a[][k]=3",
                "a[0][k]=1&a[0][l]=2&a[1][k]=3")),
        Arguments.of(
            List.of(List.of(1, 2), List.of(3)),
            List.of(
                "a=1&a=2&a=3", "", "a[][]=1&a[][]=2&a[][]=3", "a[0][0]=1&a[0][1]=2&a[1][0]=3")));
  }

  @ParameterizedTest
  @MethodSource("lists")
  void writesListsInEachStyle(Object value, List<String> expected) {
    ParameterList list = new ParameterList().add("a", value);
    Iterator<String> texts = expected.iterator();
    for (NestedParams style : NestedParams.values()) {
      String text = texts.next();
      if (text.isEmpty()) {
        assertThatIllegalArgumentException().isThrownBy(() -> list.toQuery(style));
        continue;
      }
      assertThat(unbracketed(list.toQuery(style), style)).isEqualTo(text);
      assertThat(unbracketed(list.toForm(style), style)).isEqualTo(text);
    }
  }

  private static String unbracketed(String encoded, NestedParams style) {
    String text = encoded.replace("%5B", "[").replace("%5D", "]");
    return style == NestedParams.COMMA_SEPARATED ? text : text.replace("%2C", ",");
  }

  @Test
  void keepsTheOrderAndRepeatsNames() {
    ParameterList list = new ParameterList().add("b", 1).add("a", "x y").add("b", "é");
    assertThat(list.toQuery(NestedParams.REPEAT)).isEqualTo("b=1&a=x%20y&b=%C3%A9");
    assertThat(list.toForm(NestedParams.REPEAT)).isEqualTo("b=1&a=x+y&b=%C3%A9");
    assertThat(list.isEmpty()).isFalse();
    assertThat(new ParameterList().isEmpty()).isTrue();
    assertThat(new ParameterList().toQuery(NestedParams.REPEAT)).isEmpty();
  }

  @Test
  void nullIsNoValue() {
    ParameterList list = new ParameterList().add("a", null).add("b", 1);
    assertThat(list.toQuery(NestedParams.REPEAT)).isEqualTo("b=1");
  }

  @Test
  void encodesNames() {
    ParameterList list = new ParameterList().add("a&b=c", 1).add("m", Map.of("k]&", 2));
    assertThat(list.toQuery(NestedParams.REPEAT)).isEqualTo("a%26b%3Dc=1&m%5Bk%5D%26%5D=2");
  }

  @ParameterizedTest
  @EnumSource
  void rejectsWhatHasNoText(NestedParams style) {
    for (Object value :
        new Object[] {new Object(), List.of(new Object()), Map.of("k", Map.class)}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ParameterList().add("a", value).toQuery(style))
          .withMessageStartingWith("a parameter must be text, a number");
    }
    Map<@Nullable String, String> nullKey = new LinkedHashMap<>();
    nullKey.put(null, "v");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ParameterList().add("a", nullKey).toQuery(style));
  }

  @Test
  void rejectsListThatHoldsItself() {
    List<Object> list = new ArrayList<>();
    list.add(list);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ParameterList().add("a", list).toQuery(NestedParams.INDEXED))
        .withMessage("a parameter may be nested at most 32 deep");
  }
}
