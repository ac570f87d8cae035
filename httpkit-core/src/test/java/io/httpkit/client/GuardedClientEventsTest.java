package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GuardedClientEventsTest {
  private final List<String> told = new ArrayList<>();

  static Stream<Method> events() {
    return Arrays.stream(ClientEvents.class.getMethods());
  }

  @ParameterizedTest
  @MethodSource("events")
  void tellsAllInOrder(Method event) throws Exception {
    ClientEvents guarded = new GuardedClientEvents(List.of(recording("a"), recording("b")));
    event.invoke(guarded, arguments(event));
    assertThat(told).containsExactly("a." + event.getName(), "b." + event.getName());
  }

  @Test
  void tellsTheOthersWhenOneThrows() {
    ClientEvents throwing =
        new ClientEvents() {
          @Override
          public void onClose(String origin) {
            throw new IllegalStateException(origin);
          }
        };
    ClientEvents guarded = new GuardedClientEvents(List.of(throwing, recording("b")));
    assertThatCode(() -> guarded.onClose("http://a")).doesNotThrowAnyException();
    assertThat(told).containsExactly("b.onClose");
  }

  @Test
  void noneIsNobody() {
    assertThat(ClientConfig.builder().build().events()).isEmpty();
    assertThat(ClientConfig.builder().events(ClientEvents.NONE).build().events()).isEmpty();
  }

  private ClientEvents recording(String name) {
    return (ClientEvents)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ClientEvents.class},
            (proxy, method, args) -> {
              told.add(name + "." + method.getName());
              return null;
            });
  }

  private static @Nullable Object[] arguments(Method event) {
    return Arrays.stream(event.getParameterTypes())
        .map(type -> type == long.class ? 0L : null)
        .toArray();
  }
}
