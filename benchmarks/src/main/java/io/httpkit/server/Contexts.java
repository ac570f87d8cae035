package io.httpkit.server;

import java.util.concurrent.Executor;

/** The inside of a server without its threads and sockets. */
final class Contexts {
  private Contexts() {}

  /** What connections share in a server with this handler. What is for a worker runs at once. */
  static LoopContext of(Handler handler) {
    ServerConfig config = ServerConfig.builder().build();
    Executor workers = Runnable::run;
    return new LoopContext(
        new ServerContext(config, ServerEvents.NONE, workers, () -> {}),
        new HandlerDispatch(() -> handler, workers, config.limits(), ServerEvents.NONE));
  }
}
