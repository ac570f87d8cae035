package io.httpkit.server;

import io.httpkit.http.BadMessageException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Runs a {@link Handler}: collects the body of the request, and then calls the handler on a worker,
 * or on the loop if it never blocks.
 */
final class HandlerDispatch {
  private final Supplier<Handler> current;
  private final Executor workers;
  private final ServerConfig.Limits limits;
  private final ServerContext server;

  /**
   * @param current asked for each request, so that the handler can be replaced
   */
  HandlerDispatch(Supplier<Handler> current, Executor workers, ServerContext server) {
    this.current = current;
    this.workers = workers;
    this.limits = server.limits();
    this.server = server;
  }

  /** Begins to handle an exchange whose head has come. On the event loop, so it does not wait. */
  void handle(Exchange exchange) {
    Request request = new Request(exchange, limits);
    exchange.begun(request);
    if (exchange.bodyLength() == 0) {
      dispatch(exchange, request);
      return;
    }
    RequestBody awaited =
        new RequestBody(
            exchange.bodyLength(),
            body -> {
              request.body(body);
              dispatch(exchange, request);
            });
    exchange.readBody(limits.maxBody(), awaited);
  }

  private void dispatch(Exchange exchange, Request request) {
    Handler handler = current.get();
    try {
      if (handler.isNonBlocking(request)) {
        run(handler, exchange, request);
      } else {
        workers.execute(() -> run(handler, exchange, request));
      }
    } catch (RejectedExecutionException e) {
      server.rejectedRequests().increment();
      server.events().onRejected(request);
      exchange.respond(ErrorResponses.OVERLOADED);
    } catch (RuntimeException | Error e) {
      exchange.respond(answerTo(e, request));
    }
  }

  /** An interruption that the handler has kept must not reach the file or stream of its answer. */
  private void run(Handler handler, Exchange exchange, Request request) {
    Response response = answer(handler, request);
    boolean interrupted = Thread.interrupted();
    exchange.respond(response);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A handler written without care for null may return it. */
  @SuppressWarnings({"ConstantConditions", "ConstantValue"})
  private Response answer(Handler handler, Request request) {
    try {
      Response response = handler.handle(request);
      return response == null ? ErrorResponses.NOT_FOUND : response;
    } catch (Throwable t) {
      return answerTo(t, request);
    }
  }

  private Response answerTo(Throwable thrown, Request request) {
    if (thrown instanceof BadMessageException bad) {
      return ErrorResponses.of(bad);
    }
    server.events().onError(request, thrown);
    return ErrorResponses.INTERNAL;
  }
}
