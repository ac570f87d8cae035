package io.httpkit.server;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.ChannelOptions.Compression;
import io.httpkit.channel.CloseStatus;
import io.httpkit.http.Headers;
import io.httpkit.internal.codec.websocket.ClientHandshake;
import io.httpkit.internal.codec.websocket.DeflateAgreement;
import io.httpkit.internal.codec.websocket.InflaterSource;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.FakeTicker;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.IoLoop;
import io.httpkit.internal.net.Protocol;
import io.httpkit.internal.websocket.DeflaterPool;
import io.httpkit.internal.websocket.InflaterPool;
import io.httpkit.internal.websocket.RandomKeys;
import io.httpkit.internal.websocket.WebSocketChannel;
import io.httpkit.internal.websocket.WebSocketHost;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Opens the client's ends of WebSockets on an event loop of its own, whose time the test moves. The
 * thread of the loop has a name by which {@link NothingLeft} knows it.
 */
final class WebSocketClients implements WebSocketHost {
  private static final long BOUND_SECONDS = 20;
  private static final long TICK_NANOS = 5_000_000;
  private static final long WRITE_NANOS = Duration.ofSeconds(60).toNanos();
  private static final long LINGER_NANOS = Duration.ofSeconds(2).toNanos();

  /** What the loop had to report; nothing, in a good test. */
  final List<Throwable> faults = new CopyOnWriteArrayList<>();

  private final FakeTicker ticker = new FakeTicker(Long.MAX_VALUE - TICK_NANOS);
  private final EventLoop loop;
  private final IoLoop io;
  private final Thread thread;
  private final AtomicInteger workerNumber = new AtomicInteger();
  private final ExecutorService workers =
      Executors.newFixedThreadPool(
          4, task -> new Thread(task, "own-worker-" + workerNumber.incrementAndGet()));
  private final InflaterPool inflaters = new InflaterPool();
  private final DeflaterPool deflaters = new DeflaterPool();
  private final RandomKeys keys = new RandomKeys();
  private final AtomicInteger open = new AtomicInteger();
  private volatile boolean draining;

  WebSocketClients() {
    try {
      loop = new EventLoop(ticker, TICK_NANOS, faults::add);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    io = new IoLoop(loop, WRITE_NANOS, LINGER_NANOS);
    thread = new Thread(loop::run, "http-kit-loop-client");
    thread.start();
  }

  /** Moves the time, and waits until the loop has seen it. */
  void advance(Duration time) throws Exception {
    ticker.advance(time.toNanos());
    settle();
  }

  /** Waits until what has happened so far, and what came of it on the loop, is done. */
  void settle() throws Exception {
    for (int i = 0; i < 3; i++) {
      CountDownLatch turn = new CountDownLatch(1);
      // by a timer, which the loop looks at once a turn; of tasks one turn runs many
      loop.execute(() -> loop.schedule(0, turn::countDown));
      WebSocketLog.await(turn);
    }
  }

  /** Connections that are not closed. */
  int connections() {
    return open.get();
  }

  void shutdownAll() {
    draining = true;
    loop.execute(
        () ->
            loop.forEach(
                registration -> {
                  if (registration instanceof Connection connection) {
                    connection.shutdown();
                  }
                }));
  }

  // ---- opening

  /** A WebSocket, once it is open. */
  AsyncChannel open(SocketAddress address, ChannelOptions options, ChannelListener listener)
      throws Exception {
    return begin(address, options, listener).get(BOUND_SECONDS, TimeUnit.SECONDS);
  }

  /** Begins to open a WebSocket. */
  CompletableFuture<AsyncChannel> begin(
      SocketAddress address, ChannelOptions options, ChannelListener listener) throws IOException {
    return begin(address, 0, options, listener);
  }

  /**
   * Begins to open a WebSocket.
   *
   * @param sendBuffer bytes that the system keeps of what is sent; 0 for as many as it likes
   */
  CompletableFuture<AsyncChannel> begin(
      SocketAddress address, int sendBuffer, ChannelOptions options, ChannelListener listener)
      throws IOException {
    SocketChannel socket = SocketChannel.open();
    if (sendBuffer > 0) {
      socket.setOption(StandardSocketOptions.SO_SNDBUF, sendBuffer);
    }
    socket.connect(address);
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    socket.configureBlocking(false);
    open.incrementAndGet();
    Handshake handshake = new Handshake(options, listener);
    loop.execute(
        () -> {
          loop.load().incrementAndGet();
          new Connection(io, socket, handshake).open();
        });
    return handshake.opened;
  }

  /** Sends the request and reads the answer. */
  private final class Handshake implements Protocol {
    private final CompletableFuture<AsyncChannel> opened = new CompletableFuture<>();
    private final ChannelOptions options;
    private final ChannelListener listener;
    private final ClientHandshake handshake;
    private @Nullable Connection connection;

    Handshake(ChannelOptions options, ChannelListener listener) {
      this.options = options;
      this.listener = listener;
      this.handshake =
          new ClientHandshake(
              keys.handshake(),
              options.subprotocols(),
              options.compression() == Compression.OFF
                  ? null
                  : DeflateAgreement.offer(options.compression() == Compression.CONTEXT_TAKEOVER),
              null);
    }

    @Override
    public void onOpen(Connection connection) {
      this.connection = connection;
      Headers.Builder headers = Headers.of("Host", "localhost").toBuilder();
      handshake.putInto(headers);
      StringBuilder request = new StringBuilder("GET / HTTP/1.1\r\n");
      Headers built = headers.build();
      for (int i = 0; i < built.size(); i++) {
        request.append(built.name(i)).append(": ").append(built.value(i)).append("\r\n");
      }
      boolean unused =
          connection
              .output()
              .write(
                  ByteBuffer.wrap(
                      request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Override
    public void onBytes(ByteBuffer in) {
      String text = StandardCharsets.ISO_8859_1.decode(in.duplicate()).toString();
      int end = text.indexOf("\r\n\r\n");
      if (end < 0 || connection == null) {
        return;
      }
      in.position(in.position() + end + 4);
      try {
        answered(text.substring(0, end).split("\r\n"), connection);
      } catch (RuntimeException e) {
        opened.completeExceptionally(e);
        connection.close(null);
      }
    }

    private void answered(String[] lines, Connection connection) {
      Headers.Builder headers = Headers.builder();
      for (int i = 1; i < lines.length; i++) {
        int colon = lines[i].indexOf(": ");
        headers.add(lines[i].substring(0, colon), lines[i].substring(colon + 2));
      }
      if (!lines[0].startsWith("HTTP/1.1 101 ")) {
        throw new IllegalStateException(lines[0]);
      }
      Headers answer = headers.build();
      handshake.check(answer);
      WebSocketChannel channel =
          WebSocketChannel.client(
              WebSocketClients.this,
              keys,
              options,
              connection,
              listener,
              handshake.subprotocol(answer),
              handshake.deflate(answer));
      channel.open();
      connection.switchTo(channel.session());
      channel.tellOpen(false);
      opened.complete(channel);
    }

    @Override
    public void onEof() {
      if (connection != null) {
        connection.close(new EOFException("no answer"));
      }
    }

    @Override
    public void onTick(long nowNanos) {}

    @Override
    public void onShutdown() {
      onEof();
    }

    @Override
    public void onClosed(@Nullable Throwable cause) {
      open.decrementAndGet();
      opened.completeExceptionally(cause == null ? new EOFException("closed") : cause);
    }
  }

  // ---- the host

  @Override
  public InflaterSource inflaters() {
    return inflaters;
  }

  @Override
  public DeflaterPool deflaters() {
    return deflaters;
  }

  @Override
  public boolean isDraining() {
    return draining;
  }

  @Override
  public void onConnectionClosed(Connection connection) {
    open.decrementAndGet();
  }

  @Override
  public Executor executorFor(ChannelListener listener) {
    return listener.isNonBlocking() ? loop : workers;
  }

  @Override
  public Executor workers() {
    return workers;
  }

  @Override
  public void onOpen(AsyncChannel channel) {}

  @Override
  public void onClose(AsyncChannel channel, CloseStatus status) {}

  @Override
  public void onError(AsyncChannel channel, Throwable error) {}

  /** Closes what is open, and ends the loop. */
  void end() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    loop.execute(
        () -> {
          loop.forEach(
              registration -> {
                if (registration instanceof Connection connection) {
                  connection.close(new IOException("end of the test"));
                }
              });
          closed.countDown();
        });
    WebSocketLog.await(closed);
    workers.shutdown();
    if (!workers.awaitTermination(BOUND_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("workers do not end");
    }
    loop.close();
    thread.join(TimeUnit.SECONDS.toMillis(BOUND_SECONDS));
    inflaters.close();
    deflaters.close();
    if (!faults.isEmpty()) {
      throw new AssertionError(faults.get(0));
    }
  }
}
