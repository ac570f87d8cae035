package io.httpkit.server;

import io.httpkit.internal.codec.http1.Http1Decoder;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.LoopConfined;
import org.jspecify.annotations.Nullable;

/** What the connections of one loop share. */
final class LoopContext {
  private final ServerContext server;
  private final ExchangeHandler handler;

  /** Loop only. Idle connections, which are many, have none of their own. */
  private @Nullable Http1Decoder spare;

  /**
   * @param handler handles the exchanges of this loop
   */
  LoopContext(ServerContext server, ExchangeHandler handler) {
    this.server = server;
    this.handler = handler;
  }

  @AnyThread
  ServerContext server() {
    return server;
  }

  ExchangeHandler handler() {
    return handler;
  }

  /** A decoder that waits for a head. */
  @LoopConfined
  Http1Decoder takeDecoder() {
    Http1Decoder taken = spare;
    spare = null;
    return taken != null ? taken : new Http1Decoder(server.http1Limits());
  }

  /** Takes back a decoder that waits for a head, for any other connection. */
  @LoopConfined
  void giveDecoder(Http1Decoder decoder) {
    spare = decoder;
  }
}
