package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.web.ResultWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Responses of results that are there, or come later. */
final class Answers {
  private final ResultWriter writer;
  private final Request request;
  private final Failures failures;

  /**
   * @param failures answers what is thrown later
   */
  Answers(ResultWriter writer, Request request, Failures failures) {
    this.writer = writer;
    this.request = request;
    this.failures = failures;
  }

  /**
   * The response.
   *
   * @throws Exception what is thrown at once
   */
  Response of(@Nullable Object result) throws Exception {
    if (result instanceof CompletionStage<?> stage) {
      return Response.async(stage.handle(this::answer));
    }
    if (result != null && ReactiveTypes.isSingle(result.getClass())) {
      return abandonable(ReactiveTypes.future(result));
    }
    return writer.write(result, request);
  }

  /**
   * A result that was subscribed to for this request alone, and is cancelled when its client does
   * not wait for it any more. A stage is not: a handler may have given it to others too.
   */
  private Response abandonable(CompletableFuture<? extends @Nullable Object> future) {
    AtomicBoolean isAbandoned = new AtomicBoolean();
    // that it was cancelled for nobody is no error, and nobody gets the answer
    CompletionStage<Response> answer =
        future.handle(
            (value, thrown) ->
                isAbandoned.get()
                    ? Response.of(Status.INTERNAL_SERVER_ERROR)
                    : answer(value, thrown));
    return Response.async(
        answer,
        () -> {
          isAbandoned.set(true);
          future.cancel(true);
        });
  }

  /**
   * Gives the response to who cannot take one that is still to come: now, or later on the thread on
   * which it came. If it is not taken, the answer to that is given.
   *
   * @throws Exception what is thrown at once
   */
  void give(@Nullable Object result, Consumer<Response> taker) throws Exception {
    CompletionStage<? extends @Nullable Object> later = ReactiveTypes.later(result);
    if (later == null) {
      taker.accept(writer.write(result, request));
    } else {
      var unused = later.whenComplete((value, thrown) -> giveLater(value, thrown, taker));
    }
  }

  private void giveLater(
      @Nullable Object value, @Nullable Throwable thrown, Consumer<Response> taker) {
    Response answer = answer(value, thrown);
    try {
      taker.accept(answer);
    } catch (RuntimeException | Error e) {
      taker.accept(failures.answer(e, request));
    }
  }

  private Response answer(@Nullable Object result, @Nullable Throwable thrown) {
    if (thrown != null) {
      return failures.answer(thrown, request);
    }
    try {
      return writer.write(result, request);
    } catch (Exception | Error e) {
      return failures.answer(e, request);
    }
  }
}
