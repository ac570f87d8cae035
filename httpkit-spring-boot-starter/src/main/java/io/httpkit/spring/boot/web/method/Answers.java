package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.web.ResultWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
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
      return new Subscribed(ReactiveTypes.future(result)).response();
    }
    return writer.write(result, request);
  }

  /**
   * Gives the response to who cannot take one that is still to come: now, or later on the thread on
   * which it came. If it is not taken, the answer to that is given.
   *
   * @throws Exception what is thrown at once
   */
  void give(@Nullable Object result, Consumer<Response> taker) throws Exception {
    if (result instanceof CompletionStage<?> stage) {
      var unused = stage.whenComplete((value, thrown) -> giveLater(value, thrown, taker));
    } else if (result != null && ReactiveTypes.isSingle(result.getClass())) {
      give(ReactiveTypes.future(result), taker);
    } else {
      taker.accept(writer.write(result, request));
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

  /**
   * A result that was subscribed to for this request alone, and is cancelled when its client does
   * not wait for it any more. A stage is not: a handler may have given it to others too.
   */
  private final class Subscribed {
    private final CompletableFuture<? extends @Nullable Object> future;
    private volatile boolean isAbandoned;

    Subscribed(CompletableFuture<? extends @Nullable Object> future) {
      this.future = future;
    }

    Response response() {
      return Response.async(future.handle(this::answer), this::abandon);
    }

    /** That it was cancelled for nobody is no error, and nobody gets the answer. */
    private Response answer(@Nullable Object result, @Nullable Throwable thrown) {
      return isAbandoned
          ? Response.of(Status.INTERNAL_SERVER_ERROR)
          : Answers.this.answer(result, thrown);
    }

    private void abandon() {
      isAbandoned = true;
      future.cancel(true);
    }
  }
}
