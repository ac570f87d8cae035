package io.httpkit.server;

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

class GuardedEventsTest {
  private final List<String> told = new ArrayList<>();

  static Stream<Method> events() {
    return Arrays.stream(ServerEvents.class.getMethods());
  }

  @ParameterizedTest
  @MethodSource("events")
  void tellsAllInOrder(Method event) throws Exception {
    ServerEvents guarded = new GuardedEvents(List.of(recording("a"), recording("b")));
    event.invoke(guarded, arguments(event));
    assertThat(told).containsExactly("a." + event.getName(), "b." + event.getName());
  }

  @Test
  void tellsTheOthersWhenOneThrows() {
    IllegalStateException first = new IllegalStateException("first");
    IllegalStateException second = new IllegalStateException("second");
    ServerEvents guarded =
        new GuardedEvents(List.of(throwing(first), throwing(second), recording("c")));
    assertThatCode(guarded::onAcceptResumed).doesNotThrowAnyException();
    assertThat(told).containsExactly("c.onAcceptResumed");
  }

  @Test
  void noneIsNobody() {
    assertThat(ServerConfig.defaults().events()).isEmpty();
    assertThat(ServerConfig.builder().events(ServerEvents.NONE).build().events()).isEmpty();
  }

  private ServerEvents recording(String name) {
    return (ServerEvents)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ServerEvents.class},
            (proxy, method, args) -> {
              told.add(name + "." + method.getName());
              return null;
            });
  }

  private static ServerEvents throwing(RuntimeException exception) {
    return new ServerEvents() {
      @Override
      public void onAcceptResumed() {
        throw exception;
      }
    };
  }

  private static @Nullable Object[] arguments(Method event) {
    return Arrays.stream(event.getParameterTypes())
        .map(type -> type == long.class ? 0L : null)
        .toArray();
  }
}
