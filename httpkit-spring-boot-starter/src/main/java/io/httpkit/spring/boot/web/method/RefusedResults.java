package io.httpkit.spring.boot.web.method;

import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;

/**
 * Types that are no results, though a message converter would write something for them: what comes
 * later where nobody waits for it, and what is there to be run.
 */
final class RefusedResults {
  private static final String FUTURE = "Return a CompletableFuture, which says when it is there.";
  private static final String RUN =
      "Return what it comes to: methods run on workers, which may wait, and a CompletableFuture is"
          + " for what comes later.";

  /** What to return instead. */
  private static final Map<Class<?>, String> ACTIONS = actions();

  private RefusedResults() {}

  private static Map<Class<?>, String> actions() {
    Map<Class<?>, String> actions = new LinkedHashMap<>();
    actions.put(Future.class, FUTURE);
    actions.put(DeferredResult.class, FUTURE);
    actions.put(WebAsyncTask.class, FUTURE);
    actions.put(Callable.class, RUN);
    actions.put(Runnable.class, RUN);
    actions.put(Reader.class, "Return a String, an InputStream or a Stream of lines.");
    return actions;
  }

  /**
   * What to return instead of this type, at a place where nothing is waited for; null if it may.
   */
  static @Nullable String insteadOf(Class<?> type) {
    if (CompletionStage.class.isAssignableFrom(type) || ReactiveTypes.isSingle(type)) {
      return "Return %1$s<T>, or %1$s<ResponseEntity<T>> with the entity inside."
          .formatted(type.getSimpleName());
    }
    return ACTIONS.entrySet().stream()
        .filter(refused -> refused.getKey().isAssignableFrom(type))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }
}
