package io.httpkit.spring.boot.web.method;

import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.spring.boot.web.ResultWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An {@code @ExceptionHandler} method. */
final class ErrorMethod {
  private final Invocable invocable;
  private final ResultWriter writer;
  private final Failures problems;

  /**
   * @param problems answers what becomes of a result that comes later
   */
  ErrorMethod(Invocable invocable, ResultWriter writer, Failures problems) {
    this.invocable = invocable;
    this.writer = writer;
    this.problems = problems;
  }

  Response answer(Throwable thrown, Request request) throws Exception {
    return answers(request).of(call(thrown, request));
  }

  /** As {@link Failures#give}. */
  void give(Throwable thrown, Request request, Consumer<Response> taker) throws Exception {
    answers(request).give(call(thrown, request), taker);
  }

  private Answers answers(Request request) {
    return new Answers(writer, request, problems);
  }

  private @Nullable Object call(Throwable thrown, Request request) throws Exception {
    @Nullable Object[] given = invocable.arguments(request);
    List<Throwable> causes = chain(thrown);
    for (int i = causes.size() - 1; i >= 0; i--) {
      invocable.provide(given, causes.get(i));
    }
    return invocable.call(given);
  }

  /** What the method may ask for as its argument: the error, or a cause of it. */
  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable t = thrown; t != null && !chain.contains(t); t = t.getCause()) {
      chain.add(t);
    }
    return chain;
  }
}
