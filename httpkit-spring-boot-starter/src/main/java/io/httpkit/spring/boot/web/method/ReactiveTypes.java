package io.httpkit.spring.boot.web.method;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.FlowAdapters;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/**
 * {@code Mono}, {@code Flux} and the types of other libraries that Spring knows, where Reactive
 * Streams are there. Remembers the adapter of each class, null for those that are not reactive: it
 * is asked for each result, and found by going through all that is known.
 */
final class ReactiveTypes extends ClassValue<@Nullable ReactiveAdapter> {
  private static final boolean PRESENT =
      ClassUtils.isPresent("org.reactivestreams.FlowAdapters", ReactiveTypes.class.getClassLoader())
          && ClassUtils.isPresent(
              "reactor.core.publisher.Flux", ReactiveTypes.class.getClassLoader());

  private static final ReactiveTypes ADAPTERS = new ReactiveTypes();

  private ReactiveTypes() {}

  @Override
  protected @Nullable ReactiveAdapter computeValue(Class<?> type) {
    boolean isOfJdk =
        CompletionStage.class.isAssignableFrom(type) || Flow.Publisher.class.isAssignableFrom(type);
    return PRESENT && !isOfJdk
        ? ReactiveAdapterRegistry.getSharedInstance().getAdapter(type)
        : null;
  }

  /** Whether this type has at most one value, which comes later. */
  static boolean isSingle(Class<?> type) {
    ReactiveAdapter adapter = ADAPTERS.get(type);
    return adapter != null && !adapter.isMultiValue();
  }

  /** Whether this type has several values, which come later. */
  static boolean isMulti(Class<?> type) {
    ReactiveAdapter adapter = ADAPTERS.get(type);
    return adapter != null && adapter.isMultiValue();
  }

  /** Subscribes to a value of a single type; to cancel the future ends the subscription. */
  static CompletableFuture<? extends @Nullable Object> future(Object single) {
    return Publishers.future(single);
  }

  /** What a result comes to, if that comes later; else null. Subscribes to one of a single type. */
  static @Nullable CompletionStage<? extends @Nullable Object> later(@Nullable Object result) {
    if (result instanceof CompletionStage<?> stage) {
      return stage;
    }
    return result != null && isSingle(result.getClass()) ? future(result) : null;
  }

  /** A value of a multi type as a publisher of the JDK. */
  static Flow.Publisher<?> publisher(Object multi) {
    return Publishers.publisher(multi);
  }

  /** Loaded only if Reactive Streams are there. */
  private static final class Publishers {
    static CompletableFuture<? extends @Nullable Object> future(Object single) {
      return reactor.core.publisher.Mono.from(of(single)).toFuture();
    }

    static Flow.Publisher<?> publisher(Object multi) {
      return FlowAdapters.toFlowPublisher(of(multi));
    }

    private static Publisher<Object> of(Object value) {
      return Objects.requireNonNull(ADAPTERS.get(value.getClass())).toPublisher(value);
    }
  }
}
