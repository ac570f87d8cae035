package io.httpkit.spring.boot.actuate;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What an operation publishes later. Loaded only where there are reactive types. */
final class PublishedResult {
  private PublishedResult() {}

  /** The value; of many a list. Waits for it, as operations run on workers. */
  static @Nullable Object await(@Nullable Object result) {
    ReactiveAdapter adapter =
        result == null
            ? null
            : ReactiveAdapterRegistry.getSharedInstance().getAdapter(null, result);
    if (adapter == null) {
      return result;
    }
    Publisher<Object> publisher = adapter.toPublisher(result);
    return adapter.isMultiValue()
        ? Flux.from(publisher).collectList().block()
        : Mono.from(publisher).block();
  }
}
