package io.httpkit.spring.boot.web.method;

import java.io.Reader;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.stream.Stream;
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
  private static final String READ = "Return a String, an InputStream or a Stream of lines.";

  private RefusedResults() {}

  /**
   * What to return instead of this type, at a place where nothing is waited for; null if it may.
   */
  static @Nullable String insteadOf(Class<?> type) {
    if (CompletionStage.class.isAssignableFrom(type) || ReactiveTypes.isSingle(type)) {
      return "Return %1$s<T>, or %1$s<ResponseEntity<T>> with the entity inside."
          .formatted(type.getSimpleName());
    }
    if (isOneOf(type, Future.class, DeferredResult.class, WebAsyncTask.class)) {
      return FUTURE;
    }
    if (isOneOf(type, Callable.class, Runnable.class)) {
      return RUN;
    }
    return Reader.class.isAssignableFrom(type) ? READ : null;
  }

  private static boolean isOneOf(Class<?> type, Class<?>... refused) {
    return Stream.of(refused).anyMatch(each -> each.isAssignableFrom(type));
  }
}
