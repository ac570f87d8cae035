package io.httpkit.server;

import io.httpkit.internal.loop.EventLoop;
import java.util.concurrent.Executor;

/** The inside of a server without its threads and sockets. */
final class Contexts {
  private Contexts() {}

  /** What connections share in a server with this handler. What is for a worker runs at once. */
  static LoopContext of(Handler handler, EventLoop loop) {
    ServerConfig config = ServerConfig.builder().build();
    Executor workers = Runnable::run;
    ServerContext server = new ServerContext(config, ServerEvents.NONE, workers, () -> {});
    return new LoopContext(
        server, new HandlerDispatch(() -> handler, workers, server), loop, workers);
  }
}
