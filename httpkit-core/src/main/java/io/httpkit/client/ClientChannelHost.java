package io.httpkit.client;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import io.httpkit.internal.codec.websocket.InflaterSource;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.websocket.DeflaterPool;
import io.httpkit.internal.websocket.InflaterPool;
import io.httpkit.internal.websocket.RandomKeys;
import io.httpkit.internal.websocket.WebSocketHost;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;

/** What the WebSockets of one loop of a client share. */
@AnyThread
final class ClientChannelHost implements WebSocketHost, AutoCloseable {
  private final ClientEngine engine;
  private final EventLoop loop;
  private final Executor workers;
  private final DeflaterPool deflaters;
  private final RandomKeys keys;
  private final InflaterPool inflaters = new InflaterPool();

  /** Where the WebSockets of this loop go to. Confined to the loop. */
  private final Map<Connection, Origin> origins = new HashMap<>();

  /**
   * @param workers for this loop and all other threads
   * @param deflaters of all loops
   * @param keys of all loops
   */
  ClientChannelHost(
      ClientEngine engine,
      EventLoop loop,
      Executor workers,
      DeflaterPool deflaters,
      RandomKeys keys) {
    this.engine = engine;
    this.loop = loop;
    this.workers = workers;
    this.deflaters = deflaters;
    this.keys = keys;
  }

  /** A listener must not wait for this client any more than a callback. */
  @Override
  public Executor executorFor(ChannelListener listener) {
    Executor executor = listener.isNonBlocking() ? loop : workers;
    return task -> executor.execute(() -> engine.guarded(task));
  }

  @Override
  public Executor workers() {
    return engine.workers();
  }

  @Override
  public InflaterSource inflaters() {
    return inflaters;
  }

  @Override
  public DeflaterPool deflaters() {
    return deflaters;
  }

  /** Of all loops. */
  RandomKeys keys() {
    return keys;
  }

  @Override
  public boolean isDraining() {
    return engine.isStopped();
  }

  @Override
  public void onOpen(AsyncChannel channel) {}

  @Override
  public void onClose(AsyncChannel channel, CloseStatus status) {}

  @Override
  public void onError(AsyncChannel channel, Throwable error) {
    engine.events().onCallbackError(error);
  }

  /** This connection is a WebSocket's from now on. On the loop. */
  void onSwitched(Connection connection, Origin origin) {
    origins.put(connection, origin);
  }

  @Override
  public void onConnectionClosed(Connection connection) {
    Origin origin = origins.remove(connection);
    if (origin != null) {
      engine.events().onClose(origin.toString());
    }
    engine.connectionClosed();
  }

  /** When the loop has ended. */
  @Override
  public void close() {
    inflaters.close();
  }
}
