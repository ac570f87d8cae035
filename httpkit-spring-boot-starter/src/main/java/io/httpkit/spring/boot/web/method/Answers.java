package io.httpkit.spring.boot.web.method;

import io.httpkit.http.Status;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.web.ResultWriter;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Responses of results that are there, or come later. */
final class Answers {
  private Answers() {}

  /**
   * The response.
   *
   * @param failures answers what is thrown later
   * @throws Exception what is thrown at once
   */
  static Response of(
      @Nullable Object result, ResultWriter writer, Request request, Failures failures)
      throws Exception {
    if (result instanceof CompletionStage<?> stage) {
      return new Later(stage, writer, request, failures).response();
    }
    if (result != null && ReactiveTypes.isSingle(result.getClass())) {
      return new Later(ReactiveTypes.stage(result), writer, request, failures).response();
    }
    return writer.write(result, request);
  }

  /** A result that comes later, and is cancelled when the client does not wait for it any more. */
  private static final class Later {
    private final CompletionStage<? extends @Nullable Object> stage;
    private final ResultWriter writer;
    private final Request request;
    private final Failures failures;
    private volatile boolean isAbandoned;

    Later(
        CompletionStage<? extends @Nullable Object> stage,
        ResultWriter writer,
        Request request,
        Failures failures) {
      this.stage = stage;
      this.writer = writer;
      this.request = request;
      this.failures = failures;
    }

    Response response() {
      return Response.async(stage.handle(this::answer), this::abandon);
    }

    private Response answer(@Nullable Object result, @Nullable Throwable thrown) {
      if (thrown != null) {
        return answer(thrown);
      }
      try {
        return writer.write(result, request);
      } catch (Exception | Error e) {
        return answer(e);
      }
    }

    /** That it was cancelled for nobody is no error, and nobody gets the answer. */
    private Response answer(Throwable thrown) {
      return isAbandoned
          ? Response.of(Status.INTERNAL_SERVER_ERROR)
          : failures.answer(thrown, request);
    }

    /** A stage that is not a future cannot be cancelled. */
    private void abandon() {
      isAbandoned = true;
      if (stage instanceof Future<?> future) {
        future.cancel(true);
      }
    }
  }
}
