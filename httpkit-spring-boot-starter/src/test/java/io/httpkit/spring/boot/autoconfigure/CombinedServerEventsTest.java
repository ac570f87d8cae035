package io.httpkit.spring.boot.autoconfigure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.httpkit.server.ServerEvents;
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

class CombinedServerEventsTest {
  private final List<String> told = new ArrayList<>();

  static Stream<Method> events() {
    return Arrays.stream(ServerEvents.class.getMethods());
  }

  @ParameterizedTest
  @MethodSource("events")
  void tellsAllInOrder(Method event) throws Exception {
    ServerEvents combined = CombinedServerEvents.of(List.of(recording("a"), recording("b")));
    event.invoke(combined, arguments(event));
    assertThat(told).containsExactly("a." + event.getName(), "b." + event.getName());
  }

  @Test
  void tellsTheOthersWhenOneThrows() {
    IllegalStateException first = new IllegalStateException("first");
    IllegalStateException second = new IllegalStateException("second");
    ServerEvents combined =
        CombinedServerEvents.of(List.of(throwing(first), throwing(second), recording("c")));
    Throwable thrown = catchThrowable(combined::onAcceptResumed);
    assertThat(thrown).isSameAs(first);
    assertThat(first).hasSuppressedException(second);
    assertThat(told).containsExactly("c.onAcceptResumed");
  }

  @Test
  void ofNothingIsNone() {
    assertThat(CombinedServerEvents.of(List.of())).isSameAs(ServerEvents.NONE);
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
