package io.httpkit.server;

/**
 * Application code: a function from a request to its response.
 *
 * <p>Middleware is an ordinary function from handler to handler: {@code Handler logged = request ->
 * { log(request); return app.handle(request); };}
 */
@FunctionalInterface
public interface Handler {
  /**
   * Answers a request. Called on a worker thread, for many requests at once; on the event loop only
   * if {@link #isNonBlocking} says so.
   *
   * @throws Exception anything; it is answered 500 without details and reported to {@link
   *     ServerEvents#onError}
   */
  Response handle(Request request) throws Exception;

  /**
   * Whether {@link #handle} never waits, for this request, and may therefore run on the event loop.
   * Asked on the event loop before the request is handled, so it must not wait either.
   */
  default boolean isNonBlocking(Request request) {
    return false;
  }

  /**
   * The same handler, run on the event loop. While it runs, all connections of its loop stand
   * still.
   */
  static Handler nonBlocking(Handler handler) {
    return new Handler() {
      @Override
      public Response handle(Request request) throws Exception {
        return handler.handle(request);
      }

      @Override
      public boolean isNonBlocking(Request request) {
        return true;
      }
    };
  }
}
