package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.web.ResultWriter;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Responses of results that are there, or come later. */
final class Answers {
  private Answers() {}

  /**
   * The response.
   *
   * @param failed answers what is thrown later
   * @throws Exception what is thrown at once
   */
  static Response of(
      @Nullable Object result,
      ResultWriter writer,
      Request request,
      Function<Throwable, Response> failed)
      throws Exception {
    if (result instanceof CompletionStage<?> stage) {
      return later(stage, writer, request, failed);
    }
    if (result != null && ReactiveTypes.isSingle(result.getClass())) {
      return later(ReactiveTypes.stage(result), writer, request, failed);
    }
    return writer.write(result, request);
  }

  private static Response later(
      CompletionStage<? extends @Nullable Object> stage,
      ResultWriter writer,
      Request request,
      Function<Throwable, Response> failed) {
    return Response.async(
        stage.handle(
            (result, thrown) -> {
              if (thrown != null) {
                return failed.apply(thrown);
              }
              try {
                return writer.write(result, request);
              } catch (Exception | Error e) {
                return failed.apply(e);
              }
            }));
  }
}
