package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.loop.TimerQueue;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.IoLoop;
import io.httpkit.internal.net.Protocol;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Makes one connection: finds the address, connects, and takes all handshakes, each of which is a
 * protocol of the connection until the next has its turn.
 *
 * <pre>
 *   RESOLVING ─▶ CONNECTING ─▶ HANDSHAKING ─▶ OVER
 *       └────────────┴─────────────┴── failed ──▲
 * </pre>
 */
@LoopConfined
final class Dial implements HappyEyeballs.Listener {
  private enum Phase {
    RESOLVING("its name was resolved"),
    CONNECTING("connecting"),
    /** With a proxy, or of TLS, which has a time of its own. */
    HANDSHAKING("the proxy was asked"),
    OVER("");

    private final String doing;

    Phase(String doing) {
      this.doing = doing;
    }
  }

  private final ClientEngine engine;
  private final IoLoop io;
  private final Lease lease;
  private final long startNanos;

  private Phase phase = Phase.RESOLVING;
  private @Nullable HappyEyeballs connecting;
  private @Nullable Connection connection;
  private TimerQueue.@Nullable Timer timer;

  Dial(ClientEngine engine, IoLoop io, Lease lease) {
    this.engine = engine;
    this.io = io;
    this.lease = lease;
    this.startNanos = io.loop().nanoTime();
  }

  Lease lease() {
    return lease;
  }

  ClientEngine engine() {
    return engine;
  }

  EventLoop loop() {
    return io.loop();
  }

  private Origin origin() {
    return lease.key().origin();
  }

  /** Begins. What fails tells the pool. */
  void start() {
    try {
      begin();
    } catch (RuntimeException | Error e) {
      fail(ClientException.of(Kind.CONNECT, "cannot connect to " + where(), e));
    }
  }

  private void begin() {
    if (engine.isStopped()) {
      fail(ClientException.stopped());
      return;
    }
    if (lease.call() == null) {
      giveUp();
      return;
    }
    Proxy proxy = lease.key().proxy();
    startTimer();
    engine.limitTotal(lease, loop());
    SocketAddress given = lease.key().address();
    if (given == null && proxy == null) {
      given = engine.config().addressFinder().apply(origin().toString());
    }
    if (given != null) {
      connect(List.of(given));
    } else {
      resolve(
          proxy == null ? origin().host() : proxy.host(),
          proxy == null ? origin().port() : proxy.port());
    }
  }

  private void resolve(String host, int port) {
    byte[] literal = IpAddress.parse(host);
    if (literal != null) {
      connect(List.of(new java.net.InetSocketAddress(address(literal), port)));
      return;
    }
    engine
        .resolver()
        .resolve(host)
        .whenComplete(
            (addresses, failure) ->
                loop().execute(() -> onResolved(host, port, addresses, failure)));
  }

  private static InetAddress address(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  private void onResolved(
      String host, int port, @Nullable List<InetAddress> addresses, @Nullable Throwable failure) {
    if (phase != Phase.RESOLVING) {
      return;
    }
    if (addresses == null || addresses.isEmpty()) {
      Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
      String message = "no address is known of the host " + host;
      fail(
          cause == null
              ? new ClientException(Kind.UNKNOWN_HOST, message)
              : new ClientException(Kind.UNKNOWN_HOST, message, cause));
      return;
    }
    connect(HappyEyeballs.byTurns(addresses, port));
  }

  private void connect(List<SocketAddress> addresses) {
    phase = Phase.CONNECTING;
    boolean unix = addresses.get(0) instanceof java.net.UnixDomainSocketAddress;
    SocketAddress local = unix ? null : engine.config().bindAddress();
    connecting = new HappyEyeballs(loop(), addresses, local, this);
    connecting.start();
  }

  @Override
  public void onFailed(IOException cause) {
    fail(ClientException.of(Kind.CONNECT, "cannot connect to " + where(), cause));
  }

  private String where() {
    Proxy proxy = lease.key().proxy();
    return proxy == null ? origin().toString() : proxy + ", the proxy for " + origin();
  }

  @Override
  public void onConnected(SocketChannel channel) {
    phase = Phase.HANDSHAKING;
    Protocol first;
    try {
      first = new DialSteps(this).next();
    } catch (RuntimeException | Error e) {
      refuse(channel);
      onTlsImpossible(e);
      return;
    }
    Connection opened = new Connection(io, channel, first);
    connection = opened;
    opened.open();
    if (first instanceof Http1ClientProtocol ready) {
      onReady(ready);
    }
  }

  /**
   * TLS cannot even begin: for example it does not allow the host's name, or a configurer throws.
   */
  void onTlsImpossible(Throwable cause) {
    fail(ClientException.of(Kind.TLS, "no TLS with " + where(), cause));
  }

  private static void refuse(SocketChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // it is of no use any more
    }
  }

  /** All handshakes are done. */
  void onReady(Http1ClientProtocol protocol) {
    if (phase != Phase.HANDSHAKING) {
      return;
    }
    over();
    long nanos = loop().nanoTime() - startNanos;
    engine.events().onConnect(origin().toString(), protocol.connection().remoteAddress(), nanos);
    engine.pool().connected(lease, protocol);
  }

  /** Limits the time without TLS, which has a limit of its own. */
  void startTimer() {
    Duration timeout = lease.options().timeouts.connect();
    timer = loop().schedule(ClientEngine.nanos(timeout), this::onTimeout);
  }

  /** Behind the connection, the time is that of TLS. */
  void onTlsBegins() {
    cancelTimer();
  }

  private void onTimeout() {
    fail(
        new ClientException(
            Kind.CONNECT_TIMEOUT,
            "no connection to "
                + where()
                + " in "
                + lease.options().timeouts.connect()
                + " (connectTimeout), while "
                + phase.doing));
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void over() {
    phase = Phase.OVER;
    engine.dialOver(this);
    cancelTimer();
    if (connecting != null) {
      connecting.cancel();
    }
  }

  /** Nobody waits for the connection any more. */
  void giveUp() {
    fail(
        new ClientException(
            Kind.CANCELLED, "nobody waits for a connection to " + where() + " any more"));
  }

  /** There is no connection. Only the first call counts. */
  void fail(ClientException cause) {
    if (phase == Phase.OVER) {
      return;
    }
    boolean connected = connection != null;
    over();
    engine.events().onConnectFailure(origin().toString(), cause);
    if (connection != null) {
      connection.close(cause);
    }
    if (!connected) {
      loop().load().decrementAndGet();
    }
    engine.pool().failed(lease, cause);
    engine.connectionClosed();
  }
}
