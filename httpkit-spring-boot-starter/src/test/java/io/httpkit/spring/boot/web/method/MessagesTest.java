package io.httpkit.spring.boot.web.method;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

class MessagesTest {
  private final Messages messages =
      new Messages(new MessageReader(List.of()), new MessageWriter(List.of()));
  private final List<Object> sent = new ArrayList<>();
  private final List<Object> listeners = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();

  /** A WebSocket that notes what it is sent, and who wants to be told of its end. */
  private final AsyncChannel channel =
      (AsyncChannel)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {AsyncChannel.class},
              (proxy, method, arguments) -> called(method.getName(), arguments));

  private @Nullable Object called(String method, Object[] arguments) {
    switch (method) {
      case "send" -> sent.add(arguments[0]);
      case "addCloseListener" -> listeners.add(arguments[0]);
      case "removeCloseListener" -> listeners.remove(arguments[0]);
      default -> assertThat(method).isIn("isOpen", "isWebSocket", "isEventStream");
    }
    boolean isVoid = method.endsWith("Listener");
    return isVoid ? null : !method.equals("isEventStream");
  }

  /** A channel lives long, and is asked for many things in its life. */
  @Test
  void nothingIsKeptOfWhatHasCompleted() throws Exception {
    Sinks.One<String> later = Sinks.one();
    Sinks.One<String> failing = Sinks.one();
    send(Mono.just("now"));
    send(later.asMono());
    send(failing.asMono());
    assertThat(listeners).hasSize(2);
    later.emitValue("later", Sinks.EmitFailureHandler.FAIL_FAST);
    failing.emitError(new CancellationException(), Sinks.EmitFailureHandler.FAIL_FAST);
    assertThat(listeners).isEmpty();
    assertThat(sent).containsExactly("now", "later");
    assertThat(failures).hasOnlyElementsOfType(CancellationException.class).hasSize(1);
  }

  private void send(Object result) throws Exception {
    messages.send(channel, null, result, () -> {}, failures::add);
  }
}
