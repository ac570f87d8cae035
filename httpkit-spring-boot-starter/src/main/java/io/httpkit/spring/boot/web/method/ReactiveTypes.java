package io.httpkit.spring.boot.web.method;

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
 * Streams are there.
 */
final class ReactiveTypes {
  private static final boolean PRESENT =
      ClassUtils.isPresent("org.reactivestreams.FlowAdapters", ReactiveTypes.class.getClassLoader())
          && ClassUtils.isPresent(
              "reactor.core.publisher.Flux", ReactiveTypes.class.getClassLoader());

  private enum Kind {
    OTHER,
    SINGLE,
    MULTI
  }

  /** Asked for each result, and found by going through all that is known. */
  private static final ClassValue<Kind> KINDS =
      new ClassValue<>() {
        @Override
        protected Kind computeValue(Class<?> type) {
          return kind(type);
        }
      };

  private ReactiveTypes() {}

  /** Whether this type has at most one value, which comes later. */
  static boolean isSingle(Class<?> type) {
    return KINDS.get(type) == Kind.SINGLE;
  }

  /** Whether this type has several values, which come later. */
  static boolean isMulti(Class<?> type) {
    return KINDS.get(type) == Kind.MULTI;
  }

  private static Kind kind(Class<?> type) {
    boolean isReactive =
        PRESENT
            && !CompletionStage.class.isAssignableFrom(type)
            && !Flow.Publisher.class.isAssignableFrom(type)
            && Adapters.isReactive(type);
    if (!isReactive) {
      return Kind.OTHER;
    }
    return Adapters.isSingle(type) ? Kind.SINGLE : Kind.MULTI;
  }

  /** Subscribes to a value of a single type; to cancel the future ends the subscription. */
  static CompletableFuture<? extends @Nullable Object> future(Object single) {
    return Adapters.future(single);
  }

  /** A value of a multi type as a publisher of the JDK. */
  static Flow.Publisher<?> publisher(Object multi) {
    return Adapters.publisher(multi);
  }

  /** Loaded only if Reactive Streams are there. */
  private static final class Adapters {
    private static final ReactiveAdapterRegistry REGISTRY =
        ReactiveAdapterRegistry.getSharedInstance();

    static boolean isReactive(Class<?> type) {
      return REGISTRY.getAdapter(type) != null;
    }

    static boolean isSingle(Class<?> type) {
      return !adapter(type).isMultiValue();
    }

    static CompletableFuture<? extends @Nullable Object> future(Object single) {
      return reactor.core.publisher.Mono.from(publish(single)).toFuture();
    }

    static Flow.Publisher<?> publisher(Object multi) {
      return FlowAdapters.toFlowPublisher(publish(multi));
    }

    private static Publisher<Object> publish(Object value) {
      return adapter(value.getClass()).toPublisher(value);
    }

    private static ReactiveAdapter adapter(Class<?> type) {
      ReactiveAdapter adapter = REGISTRY.getAdapter(type);
      if (adapter == null) {
        throw new IllegalArgumentException(type + " is not a reactive type");
      }
      return adapter;
    }
  }
}
