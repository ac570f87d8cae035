package io.httpkit.client;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.ChannelOptions.Compression;
import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.Headers;
import io.httpkit.http.Workers;
import io.httpkit.internal.codec.http1.Http1Limits;
import io.httpkit.internal.codec.websocket.ClientHandshake;
import io.httpkit.internal.codec.websocket.DeflateAgreement;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.EventLoopGroup;
import io.httpkit.internal.loop.Ticker;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.IoLoop;
import io.httpkit.internal.websocket.DeflaterPool;
import io.httpkit.internal.websocket.RandomKeys;
import io.httpkit.internal.worker.WorkerPool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A client from its first request to its stop: its loops, its workers and its connections. */
@AnyThread
final class ClientEngine {
  private enum State {
    RUNNING,
    STOPPING,
    /** All connections are closed; the threads are ending. */
    ENDING
  }

  private static final long TICK_NANOS = 1_000_000_000;
  private static final long LINGER_NANOS = 1_000_000_000;
  private static final long CUT_AGAIN_NANOS = 100_000_000;

  /** A WebSocket says that it goes, and has a second for the peer to take it. */
  private static final int ROUNDS_TO_SAY_GOODBYE = 10;

  /** Ages of connections differ by up to a tenth, so that not all are made anew at once. */
  private static final int AGES = 10;

  private static final int MAX_CHUNK_EXTENSION_BYTES = 8192;
  private static final Duration WORKERS_END = Duration.ofSeconds(1);

  private final ClientConfig config;
  private final ClientEvents events;
  private final Http1Limits http1Limits;
  private final EventLoopGroup group;
  private final List<IoLoop> ioLoops = new ArrayList<>();
  private final List<Executor> loopWorkers = new ArrayList<>();
  private final List<ClientChannelHost> channelHosts = new ArrayList<>();
  private final DeflaterPool deflaters = new DeflaterPool();
  private final RandomKeys keys = new RandomKeys();
  private final Map<Lease, Dial> dials = new ConcurrentHashMap<>();
  private final Set<Interception> interceptions = ConcurrentHashMap.newKeySet();
  private final Set<EventSource> eventSources = ConcurrentHashMap.newKeySet();
  private final WorkerPool workers;
  private final boolean isGuarded;
  private final ConnectionPool pool;
  private final JvmResolver jvmResolver = new JvmResolver();
  private final long keepAliveNanos;
  private final long maxAgeNanos;
  private final Ticker ticker;
  private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  /**
   * Starts the threads of the loops.
   *
   * @param events those of the configuration, which may throw here
   */
  ClientEngine(ClientConfig config, ClientEvents events, Ticker ticker) {
    this.config = config;
    this.events = events;
    this.ticker = ticker;
    ClientConfig.Limits limits = config.limits();
    this.http1Limits =
        new Http1Limits(
            limits.maxLine(),
            limits.maxHeaderBytes(),
            limits.maxHeaders(),
            MAX_CHUNK_EXTENSION_BYTES);
    Duration keepAlive = config.pool().keepAlive();
    this.keepAliveNanos = keepAlive.isZero() ? 0 : nanos(keepAlive);
    this.maxAgeNanos = nanos(config.pool().maxAge());
    this.pool = new ConnectionPool(config.pool(), this::dial, this::endDial, this::await);
    this.workers = WorkerPool.of(config.workers());
    this.isGuarded = config.deadlockGuard() && config.workers().kind() != Workers.Kind.VIRTUAL;
    try {
      this.group =
          new EventLoopGroup(
              config.loops(), "http-kit-client-loop-", ticker, TICK_NANOS, events::onLoopError);
    } catch (IOException e) {
      throw new UncheckedIOException("a client cannot be started", e);
    }
    long writeNanos = nanos(config.timeouts().idle());
    for (EventLoop loop : group.loops()) {
      loop.execute(() -> CallbackGuard.enterLoop());
      ioLoops.add(new IoLoop(loop, writeNanos, LINGER_NANOS));
      Executor ofLoop = workers.forLoop(loop);
      loopWorkers.add(ofLoop);
      channelHosts.add(new ClientChannelHost(this, loop, ofLoop, deflaters, keys));
    }
    group.start(true);
  }

  /** Of zero, or of a duration beyond 73 years, that: longer than anybody waits. */
  static long nanos(Duration timeout) {
    return timeout.isZero() || timeout.toSeconds() > Long.MAX_VALUE / 4_000_000_000L
        ? Long.MAX_VALUE / 4
        : timeout.toNanos();
  }

  ClientConfig config() {
    return config;
  }

  ClientEvents events() {
    return events;
  }

  Http1Limits http1Limits() {
    return http1Limits;
  }

  ConnectionPool pool() {
    return pool;
  }

  Resolver resolver() {
    Resolver configured = config.resolver();
    return configured != null ? configured : jvmResolver;
  }

  WorkerPool workers() {
    return workers;
  }

  long keepAliveNanos() {
    return keepAliveNanos;
  }

  long nanoTime() {
    return ticker.nanoTime();
  }

  /** When a connection that is made now is too old to be used again, in ticker time. */
  long expiryNanos() {
    return nanoTime() + maxAgeNanos - ThreadLocalRandom.current().nextLong(maxAgeNanos / AGES + 1);
  }

  /** What a connection for a request to this origin must be like. */
  PoolKey poolKey(Origin origin, RequestOptions options) {
    Proxy proxy = options.address == null ? options.proxies.proxyFor(origin).orElse(null) : null;
    boolean speaksTls = origin.isSecure() || (proxy != null && proxy.kind() == Proxy.Kind.HTTPS);
    return new PoolKey(origin, proxy, speaksTls ? options.tls.identity() : null, options.address);
  }

  // ---- requests

  /** Sends a request through all interceptors. */
  CompletableFuture<ClientResponse> send(ClientRequest request) {
    if (config.interceptors().isEmpty()) {
      return new Call(this, request, null).start();
    }
    return new Interception(this).start(request);
  }

  /** Asks for a WebSocket. Interceptors are for requests and their responses, and not for it. */
  CompletableFuture<AsyncChannel> openWebSocket(
      ClientRequest request,
      ChannelOptions options,
      @Nullable String origin,
      ChannelListener listener) {
    DeflateAgreement offered =
        options.compression() == Compression.OFF
            ? null
            : DeflateAgreement.offer(options.compression() == Compression.CONTEXT_TAKEOVER);
    ClientHandshake handshake =
        new ClientHandshake(keys.handshake(), options.subprotocols(), offered, origin);
    Headers.Builder headers = request.headers().toBuilder();
    handshake.putInto(headers);
    WebSocketOpening opening = new WebSocketOpening(this, handshake, options, listener);
    ClientFuture<ClientResponse> answer =
        new Call(this, request.withHeaders(headers.build()), opening).start();
    ClientFuture<AsyncChannel> opened = new ClientFuture<>(this, () -> answer.cancel(false));
    CompletableFuture<ClientResponse> unused =
        answer.whenComplete(
            (response, failure) -> {
              if (response == null) {
                opened.fail(failure != null ? failure : ClientException.cancelled());
                return;
              }
              try {
                if (!opened.finish(opening.result(response))) {
                  opening.undo();
                }
              } catch (ClientException e) {
                opened.fail(e);
              }
            });
    return opened;
  }

  /** What the WebSockets of this loop share. */
  ClientChannelHost channelHost(IoLoop io) {
    return channelHosts.get(ioLoops.indexOf(io));
  }

  /** Runs what may call callbacks of the application, where these may run. */
  void callback(Runnable task) {
    callback(task, task);
  }

  /**
   * Runs what may call callbacks of the application, where these may run.
   *
   * @param otherwise run here if the executor takes no more
   */
  void callback(Runnable task, Runnable otherwise) {
    try {
      executor().execute(() -> guarded(task));
    } catch (RejectedExecutionException e) {
      guarded(otherwise);
    }
  }

  /** Where callbacks run: the application's executor, which other clients may have too. */
  Object callbackExecutor() {
    Executor given = config.workers().executor();
    return given != null ? given : workers;
  }

  /** Runs what may call callbacks of the application, which must not wait for a response there. */
  void guarded(Runnable task) {
    if (isGuarded) {
      CallbackGuard.run(callbackExecutor(), task);
    } else {
      task.run();
    }
  }

  /** On a loop that which hands over all of a turn at once. */
  private Executor executor() {
    for (int i = 0; i < ioLoops.size(); i++) {
      if (ioLoops.get(i).loop().isInLoop()) {
        return loopWorkers.get(i);
      }
    }
    return workers;
  }

  /** Has the lease failed if it takes too long until there is a connection. */
  private void await(Lease lease) {
    EventLoop loop = group.loops().get(0);
    loop.execute(
        () -> {
          Duration acquire = lease.options().timeouts.acquire();
          if (!acquire.isZero()) {
            lease.schedule(loop, nanos(acquire), () -> lease.stopWaiting(acquireTimeout(lease)));
          }
          limitTotal(lease, loop);
        });
  }

  /** Has the lease failed when all of its call's time is over. On the loop. */
  void limitTotal(Lease lease, EventLoop loop) {
    Call call = lease.call();
    if (call != null && call.hasTotal()) {
      long left = Math.max(0, call.deadlineNanos() - nanoTime());
      lease.schedule(loop, left, lease::onTotalTimeout);
    }
  }

  private ClientException acquireTimeout(Lease lease) {
    return new ClientException(
        Kind.ACQUIRE_TIMEOUT,
        "no connection to "
            + lease.key().origin()
            + " was free for "
            + lease.options().timeouts.acquire()
            + " (acquireTimeout): "
            + pool.limitOf(lease.key())
            + ", and "
            + pool.statistics().waiting()
            + " requests wait");
  }

  // ---- connections

  private void dial(Lease lease) {
    EventLoop loop = group.next();
    IoLoop io = ioLoops.get(group.loops().indexOf(loop));
    Dial dial = new Dial(this, io, lease);
    dials.put(lease, dial);
    loop.execute(dial::start);
  }

  /** Nobody waits for the connection. A dial that is not there yet will find that out itself. */
  private void endDial(Lease lease) {
    Dial dial = dials.get(lease);
    if (dial != null) {
      dial.loop().execute(dial::giveUp);
    }
  }

  void dialOver(Dial dial) {
    dials.remove(dial.lease());
  }

  /** A dial came to nothing, or a connection is closed. */
  void connectionClosed() {
    endIfEmpty();
  }

  /** A request is on its way through interceptors, which may hold it however long they like. */
  void begun(Interception interception) {
    interceptions.add(interception);
    if (isStopped()) {
      interception.stop();
    }
  }

  void over(Interception interception) {
    interceptions.remove(interception);
  }

  /** A source of events asks again and again, and may be waiting to do so for minutes. */
  void begun(EventSource source) {
    eventSources.add(source);
    if (isStopped()) {
      source.stop();
    }
  }

  void over(EventSource source) {
    eventSources.remove(source);
  }

  boolean isStopped() {
    return state.get() != State.RUNNING;
  }

  // ---- stopping

  /** Fails whatever is not complete, and all that comes; ends all threads. */
  CompletableFuture<Void> stop() {
    if (state.compareAndSet(State.RUNNING, State.STOPPING)) {
      pool.close();
      eventSources.forEach(EventSource::stop);
      interceptions.forEach(interception -> callback(interception::stop));
      group.loops().forEach(loop -> loop.execute(() -> cut(loop, 0)));
    }
    return stopped;
  }

  /** Again and again, as a connection may have been made but not opened yet. */
  private void cut(EventLoop loop, int round) {
    for (Dial dial : dials.values()) {
      if (dial.loop().isInLoop()) {
        dial.fail(ClientException.stopped());
      }
    }
    loop.forEach(
        registration -> {
          if (registration instanceof Connection connection) {
            if (round < ROUNDS_TO_SAY_GOODBYE) {
              connection.shutdown();
            } else {
              connection.close(ClientException.stopped());
            }
          }
        });
    loop.schedule(CUT_AGAIN_NANOS, () -> cut(loop, round + 1));
    endIfEmpty();
  }

  /** The pool counts a connection also before it is a loop's. */
  private void endIfEmpty() {
    if (group.load() == 0
        && pool.statistics().open() == 0
        && state.compareAndSet(State.STOPPING, State.ENDING)) {
      group.close();
      Thread ender = new Thread(this::end, "http-kit-client-stop");
      ender.setDaemon(true);
      ender.start();
    }
  }

  /** On a thread of its own, as it waits for those of the loops. */
  private void end() {
    jvmResolver.close();
    try {
      group.join();
      channelHosts.forEach(ClientChannelHost::close);
      deflaters.close();
      workers.shutdown();
      if (!workers.await(WORKERS_END)) {
        // each of them may be what completes a request
        workers.interrupt().forEach(Runnable::run);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      stopped.complete(null);
    }
  }
}
