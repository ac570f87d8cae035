package io.httpkit.server;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.internal.codec.http1.Http1Decoder;
import io.httpkit.internal.codec.websocket.InflaterSource;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.loop.LoopCounter;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.websocket.DeflaterPool;
import io.httpkit.internal.websocket.InflaterPool;
import io.httpkit.internal.websocket.WebSocketHost;
import java.util.concurrent.Executor;

/** What the connections of one loop share, and the channels that they carry. */
@AnyThread
final class LoopContext implements WebSocketHost, AutoCloseable {
  private final ServerContext server;
  private final HandlerDispatch handler;
  private final EventLoop loop;
  private final Executor loopWorkers;
  private final InflaterPool inflaters = new InflaterPool();
  private final LoopCounter messagesReceived;
  private final LoopCounter messagesSent;

  /** Loop only. Idle connections, which are many, have none of their own. */
  private Http1Decoder shared;

  /** Whether a listener is being called on the loop. Loop only. */
  private boolean calling;

  /**
   * @param handler handles the exchanges of this loop
   * @param loopWorkers workers for this loop and all other threads
   */
  LoopContext(ServerContext server, HandlerDispatch handler, EventLoop loop, Executor loopWorkers) {
    this.server = server;
    this.handler = handler;
    this.loop = loop;
    this.loopWorkers = loopWorkers;
    this.messagesReceived = new LoopCounter(loop);
    this.messagesSent = new LoopCounter(loop);
    this.shared = Http1Decoder.forRequests(server.http1Limits());
  }

  ServerContext server() {
    return server;
  }

  // ---- for connections

  @LoopConfined
  HandlerDispatch handler() {
    return handler;
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

  // ---- for channels

  @Override
  public Executor executorFor(ChannelListener listener) {
    return listener.isNonBlocking() ? this::executeInLoop : loopWorkers;
  }

  /** At once, unless another is running, in the midst of which this must not begin. */
  private void executeInLoop(Runnable task) {
    if (loop.isInLoop() && !calling) {
      call(task);
    } else {
      loop.execute(() -> call(task));
    }
  }

  private void call(Runnable task) {
    calling = true;
    try {
      task.run();
    } finally {
      calling = false;
    }
  }

  @Override
  public Executor workers() {
    return server.workers();
  }

  @Override
  public InflaterSource inflaters() {
    return inflaters;
  }

  @Override
  public DeflaterPool deflaters() {
    return server.deflaters();
  }

  @Override
  public boolean isDraining() {
    return server.isDraining();
  }

  @Override
  public void onOpen(AsyncChannel channel) {
    server.openChannels(channel).increment();
    server.events().onChannelOpen(channel);
  }

  @Override
  public void onClose(AsyncChannel channel, CloseStatus status) {
    server.openChannels(channel).decrement();
    server.events().onChannelClose(channel, status);
  }

  @Override
  public void onError(AsyncChannel channel, Throwable error) {
    server.events().onChannelError(channel, error);
  }

  @Override
  public void onMessageReceived() {
    messagesReceived.add(1);
  }

  @Override
  public void onMessageSent() {
    messagesSent.add(1);
  }

  long messagesReceived() {
    return messagesReceived.get();
  }

  long messagesSent() {
    return messagesSent.get();
  }

  @Override
  public void onConnectionClosed(Connection connection) {
    server.closed(connection);
  }

  /** When the loop has ended. */
  @Override
  public void close() {
    inflaters.close();
  }
}
