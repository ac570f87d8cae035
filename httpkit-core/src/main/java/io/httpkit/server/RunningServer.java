package io.httpkit.server;

import io.httpkit.channel.ChannelOptions;
import io.httpkit.http.Workers;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.EventLoopGroup;
import io.httpkit.internal.loop.Ticker;
import io.httpkit.internal.net.Acceptor;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.IoLoop;
import io.httpkit.internal.net.Protocol;
import io.httpkit.internal.worker.WorkerPool;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server from its start to its stop: its loops, its acceptor, its workers and its connections.
 * Used once; {@link HttpServer} makes another to start again.
 */
final class RunningServer implements Acceptor.Owner {
  private static final long MAX_TICK_NANOS = 1_000_000_000;
  private static final int TICKS_PER_TIMEOUT = 10;
  private static final long PREPARE_LOGGER_NANOS = 1_000_000_000;
  private static final long CUT_AGAIN_NANOS = 100_000_000;

  /** For handlers to heed their interruption. */
  private static final Duration AFTER_INTERRUPT = Duration.ofSeconds(1);

  private static final Duration WORKER_CHECK = Duration.ofMillis(50);

  private final ServerConfig config;
  private final GuardedEvents events;
  private final WorkerPool workers;
  private final ServerContext context;
  private final EventLoopGroup group;
  private final List<IoLoop> ioLoops = new ArrayList<>();
  private final List<LoopContext> loopContexts = new ArrayList<>();

  /** One for each loop; none if the server speaks plaintext. */
  private final List<TlsEntrance> tlsEntrances = new ArrayList<>();

  private final ExecutorService tlsTasks;
  private final ServerSocketChannel channel;
  private final SocketAddress address;
  private final Acceptor acceptor;
  private final AtomicReference<ServerStatus> status = new AtomicReference<>(ServerStatus.RUNNING);

  /** Whether all connections are closed, so that the threads are ending. */
  private final AtomicBoolean ending = new AtomicBoolean();

  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  /** Volatile: set when the acceptor is closed, read by whichever loop closes a connection. */
  private volatile boolean acceptsNoMore;

  /** Volatile: set by the thread that stops, read by the one that ends. */
  private volatile long stopByNanos;

  /**
   * Binds the address and starts all threads.
   *
   * @param ticker the time of the loops
   * @param tls asked only if TLS is configured
   */
  RunningServer(
      ServerConfig config, Ticker ticker, Supplier<Handler> handler, Supplier<ServerTls> tls)
      throws IOException {
    this.config = config;
    this.tlsTasks = TlsEntrance.tasks(config.loops());
    this.events = new GuardedEvents(config.events());
    this.workers = WorkerPool.of(config.workers());
    this.context = new ServerContext(config, events, workers, this::endIfEmpty);
    this.channel = bind(config);
    try {
      this.address = channel.getLocalAddress();
      this.group =
          new EventLoopGroup(
              config.loops(), "http-kit-loop-", ticker, tickNanos(config), events::onLoopError);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    long writeNanos = ServerContext.nanos(config.timeouts().write());
    long lingerNanos = ServerContext.nanos(config.timeouts().linger());
    for (EventLoop loop : group.loops()) {
      ioLoops.add(new IoLoop(loop, writeNanos, lingerNanos));
      Executor loopWorkers = workers.forLoop(loop);
      HandlerDispatch dispatch = new HandlerDispatch(handler, loopWorkers, context);
      LoopContext loopContext = new LoopContext(context, dispatch, loop, loopWorkers);
      loopContexts.add(loopContext);
      if (config.tls() != null) {
        tlsEntrances.add(new TlsEntrance(loopContext, tlsTasks, tls));
      }
    }
    this.acceptor = new Acceptor(acceptLoop(), channel, this);
    acceptLoop().execute(this::openAcceptor);
    group.clock().execute(this::refreshDefaultFields);
    acceptLoop().execute(() -> acceptLoop().schedule(PREPARE_LOGGER_NANOS, events::prepareLogger));
    group.start(false);
  }

  private EventLoop acceptLoop() {
    return group.loops().get(0);
  }

  private static ServerSocketChannel bind(ServerConfig config) throws IOException {
    SocketAddress address = config.address();
    boolean unix = address instanceof UnixDomainSocketAddress;
    ServerSocketChannel channel =
        unix ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
    try {
      if (!unix) {
        channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
      }
      return bind(channel, address, config.backlog());
    } catch (UnresolvedAddressException e) {
      channel.close();
      throw new UnknownHostException("no address is known for " + address);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static ServerSocketChannel bind(
      ServerSocketChannel channel, SocketAddress address, int backlog) throws IOException {
    try {
      return channel.bind(address, backlog);
    } catch (BindException e) {
      if (address instanceof UnixDomainSocketAddress unix && isAbandoned(unix)) {
        Files.delete(unix.getPath());
        return channel.bind(address, backlog);
      }
      throw e;
    }
  }

  /** Whether this is the socket of a server that did not remove it when it ended. */
  private static boolean isAbandoned(UnixDomainSocketAddress address) throws IOException {
    boolean isSocket =
        Files.readAttributes(
                address.getPath(), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
            .isOther();
    if (!isSocket) {
      return false;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      probe.connect(address);
      return false;
    } catch (ConnectException e) {
      return true;
    }
  }

  private static long tickNanos(ServerConfig config) {
    ServerConfig.Timeouts timeouts = config.timeouts();
    ChannelOptions channels = config.channels();
    ServerTls tls = config.tls();
    long shortest = Long.MAX_VALUE;
    for (Duration timeout :
        List.of(
            timeouts.head(),
            timeouts.body(),
            timeouts.idle(),
            timeouts.write(),
            tls == null ? Duration.ZERO : tls.handshakeTimeout(),
            channels.pingInterval(),
            channels.pongTimeout(),
            channels.closeTimeout(),
            channels.messageTimeout(),
            channels.idleTimeout(),
            channels.heartbeat())) {
      if (!timeout.isZero()) {
        shortest = Math.min(shortest, ServerContext.nanos(timeout));
      }
    }
    return Math.max(1, Math.min(MAX_TICK_NANOS, shortest / TICKS_PER_TIMEOUT));
  }

  private void openAcceptor() {
    try {
      acceptor.open();
    } catch (IOException e) {
      events.onLoopError(e);
    }
  }

  private void refreshDefaultFields() {
    group.clock().schedule(context.refreshDefaultFields(), this::refreshDefaultFields);
  }

  SocketAddress address() {
    return address;
  }

  int connections() {
    return group.load();
  }

  int activeRequests() {
    return context.activeRequests().intValue();
  }

  ServerStatistics statistics() {
    List<ServerStatistics.Loop> loops = ioLoops.stream().map(RunningServer::statistics).toList();
    return new ServerStatistics(
        activeRequests(),
        context.rejectedRequests().sum(),
        loops,
        workerStatistics(),
        channelStatistics());
  }

  /**
   * With virtual threads nothing waits: the size of their queue is how many may run. Who is busy is
   * asked first, as threads are only ever added.
   */
  private ServerStatistics.Workers workerStatistics() {
    Workers configured = config.workers();
    boolean isVirtual = configured.kind() == Workers.Kind.VIRTUAL;
    int busy = workers.busy();
    return new ServerStatistics.Workers(
        isVirtual ? configured.queueSize() : configured.threads(),
        isVirtual ? busy : workers.threads(),
        busy,
        workers.queued(),
        isVirtual ? 0 : configured.queueSize());
  }

  private static ServerStatistics.Loop statistics(IoLoop io) {
    return new ServerStatistics.Loop(
        io.loop().load().get(),
        io.opened(),
        io.received(),
        io.sent(),
        io.queued(),
        Duration.ofNanos(io.loop().lagNanos()));
  }

  private ServerStatistics.Channels channelStatistics() {
    return context.channelStatistics(
        loopContexts.stream().mapToLong(LoopContext::messagesReceived).sum(),
        loopContexts.stream().mapToLong(LoopContext::messagesSent).sum());
  }

  ServerStatus status() {
    return status.get();
  }

  private boolean isStopping() {
    return status() != ServerStatus.RUNNING;
  }

  /** Completes when all connections are closed and all threads have ended. */
  CompletableFuture<Void> stopped() {
    return stopped;
  }

  // ---- accepting, on the loop of the acceptor

  @Override
  public boolean hasRoom() {
    return group.load() < config.limits().maxConnections();
  }

  @Override
  public void onPaused(@Nullable Throwable cause) {
    events.onAcceptPaused(cause);
  }

  @Override
  public void onResumed() {
    events.onAcceptResumed();
  }

  @Override
  public void onAccepted(SocketChannel accepted) {
    EventLoop loop = group.next();
    try {
      open(accepted, loop);
    } catch (RuntimeException | Error e) {
      loop.load().decrementAndGet();
      throw e;
    }
  }

  private void open(SocketChannel accepted, EventLoop loop) {
    int index = group.loops().indexOf(loop);
    Protocol protocol =
        tlsEntrances.isEmpty()
            ? new Http1ServerProtocol(loopContexts.get(index))
            : tlsEntrances.get(index).greeting();
    Connection connection = new Connection(ioLoops.get(index), accepted, protocol);
    events.onAccept(connection.remoteAddress());
    if (loop.isInLoop()) {
      open(connection);
    } else {
      loop.execute(() -> open(connection));
    }
  }

  private void open(Connection connection) {
    connection.open();
    if (isStopping()) {
      connection.shutdown();
    }
  }

  // ---- stopping, from any thread

  /**
   * Accepts nothing more, lets what is in flight finish, and cuts the rest after {@code timeout}.
   * An earlier call is hastened by a later one with a shorter time-out.
   */
  CompletableFuture<Void> stop(Duration timeout) {
    long byNanos = Ticker.SYSTEM.nanoTime() + ServerContext.nanos(timeout);
    if (!isStopping() || byNanos - stopByNanos < 0) {
      stopByNanos = byNanos;
    }
    if (status.compareAndSet(ServerStatus.RUNNING, ServerStatus.STOPPING)) {
      context.drain();
      acceptLoop().execute(this::drain);
    }
    acceptLoop().execute(() -> scheduleCut(ServerContext.nanos(timeout)));
    return stopped;
  }

  private void drain() {
    acceptor.close();
    acceptsNoMore = true;
    onEachConnection(Connection::shutdown);
    endIfEmpty();
  }

  private void scheduleCut(long nanos) {
    if (nanos <= 0) {
      cut();
    } else {
      acceptLoop().schedule(nanos, this::cut);
    }
  }

  /** Again and again, as a connection may have been accepted but not opened yet. */
  private void cut() {
    acceptLoop().schedule(CUT_AGAIN_NANOS, this::cut);
    onEachConnection(connection -> connection.close(new CancellationException("server stopped")));
  }

  private void onEachConnection(Consumer<Connection> action) {
    for (EventLoop loop : group.loops()) {
      loop.execute(
          () ->
              loop.forEach(
                  registration -> {
                    if (registration instanceof Connection connection) {
                      action.accept(connection);
                    }
                  }));
    }
  }

  private void endIfEmpty() {
    if (acceptsNoMore && group.load() == 0 && ending.compareAndSet(false, true)) {
      group.close();
      new Thread(this::end, "http-kit-stop").start();
    }
  }

  /** A later stop may have come meanwhile, with a shorter time-out. */
  private void endWorkers() throws InterruptedException {
    workers.shutdown();
    while (!workers.await(WORKER_CHECK)) {
      if (stopByNanos - Ticker.SYSTEM.nanoTime() <= 0) {
        List<Runnable> unusedTasks = workers.interrupt();
        boolean unused = workers.await(AFTER_INTERRUPT);
        return;
      }
    }
  }

  /** On a thread of its own, as it waits for those of the loops. */
  private void end() {
    try {
      group.join();
      tlsTasks.shutdownNow();
      endWorkers();
      loopContexts.forEach(LoopContext::close);
      context.deflaters().close();
      if (address instanceof UnixDomainSocketAddress unix) {
        Files.deleteIfExists(unix.getPath());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      events.onLoopError(e);
    } finally {
      status.set(ServerStatus.STOPPED);
      stopped.complete(null);
    }
  }
}
