package io.httpkit.server;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.internal.codec.websocket.InflaterSource;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.websocket.DeflaterPool;
import io.httpkit.internal.websocket.InflaterPool;
import io.httpkit.internal.websocket.WebSocketHost;
import java.util.concurrent.Executor;

/** What the channels of one loop share. Any thread. */
final class ChannelContext implements WebSocketHost, AutoCloseable {
  private final ServerContext server;
  private final EventLoop loop;
  private final Executor loopWorkers;
  private final InflaterPool inflaters = new InflaterPool();

  /** Whether a listener is being called on the loop. Loop only. */
  private boolean calling;

  /**
   * @param loopWorkers workers for this loop and all other threads
   */
  ChannelContext(ServerContext server, EventLoop loop, Executor loopWorkers) {
    this.server = server;
    this.loop = loop;
    this.loopWorkers = loopWorkers;
  }

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
    server.events().onChannelOpen(channel);
  }

  @Override
  public void onClose(AsyncChannel channel, CloseStatus status) {
    server.events().onChannelClose(channel, status);
  }

  @Override
  public void onError(AsyncChannel channel, Throwable error) {
    server.events().onChannelError(channel, error);
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
