package io.httpkit.server;

import io.httpkit.internal.codec.http1.Http1Decoder;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.LoopConfined;

/** What the connections of one loop share. */
final class LoopContext {
  private final ServerContext server;
  private final ExchangeHandler handler;
  private final ChannelContext channels;

  /** Loop only. Idle connections, which are many, have none of their own. */
  private Http1Decoder shared;

  /**
   * @param handler handles the exchanges of this loop
   * @param channels what the channels of this loop share
   */
  LoopContext(ServerContext server, ExchangeHandler handler, ChannelContext channels) {
    this.server = server;
    this.handler = handler;
    this.channels = channels;
    this.shared = Http1Decoder.forRequests(server.http1Limits());
  }

  @AnyThread
  ServerContext server() {
    return server;
  }

  ExchangeHandler handler() {
    return handler;
  }

  @AnyThread
  ChannelContext channels() {
    return channels;
  }

  /** A decoder between two messages, for whichever connection has input. */
  @LoopConfined
  Http1Decoder sharedDecoder() {
    return shared;
  }

  /** The shared decoder, for the connection that is in the middle of a message with it. */
  @LoopConfined
  Http1Decoder takeDecoder() {
    Http1Decoder taken = shared;
    shared = Http1Decoder.forRequests(server.http1Limits());
    return taken;
  }
}
