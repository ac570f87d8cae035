package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.Protocol;
import io.httpkit.internal.tls.TlsHandshake;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSession;

/**
 * The handshakes that a new connection takes before it can be used, in order: TLS with the proxy,
 * the way through the proxy, TLS with the server, within that with the proxy. Each is a protocol of
 * the connection, and the last is that of HTTP.
 */
@LoopConfined
final class DialSteps {
  private final Dial dial;
  private final ArrayDeque<Supplier<Protocol>> left = new ArrayDeque<>(3);

  DialSteps(Dial dial) {
    this.dial = dial;
    Origin origin = dial.lease().key().origin();
    Proxy proxy = dial.lease().key().proxy();
    if (proxy != null) {
      if (proxy.kind() == Proxy.Kind.HTTPS) {
        left.add(() -> tls(proxy.host(), proxy.port()));
      }
      if (proxy.kind() == Proxy.Kind.SOCKS5) {
        left.add(() -> new SocksHandshake(this, dial, proxy, origin));
      } else if (proxy.tunnels(origin.scheme())) {
        left.add(() -> new TunnelHandshake(this, dial, proxy, origin));
      }
    }
    if (origin.isSecure()) {
      left.add(() -> tls(origin.host(), origin.port(), "http/1.1"));
    }
  }

  /** Whose the connection is next. */
  Protocol next() {
    Supplier<Protocol> step = left.poll();
    return step == null ? new Http1ClientProtocol(dial.engine(), dial.lease().key()) : step.get();
  }

  /** A step is done: goes on with the next. */
  void done(Connection connection) {
    Protocol next;
    try {
      next = next();
    } catch (RuntimeException | Error e) {
      dial.onTlsImpossible(e);
      return;
    }
    connection.switchTo(next);
    if (next instanceof Http1ClientProtocol ready) {
      dial.onReady(ready);
    }
  }

  private Protocol tls(String host, int port, String... applicationProtocols) {
    SSLEngine engine = dial.lease().options().tls.engine(host, port, applicationProtocols);
    dial.onTlsBegins();
    Duration timeout = dial.lease().options().timeouts.tls();
    return new TlsHandshake(
        engine,
        dial.engine().workers(),
        ClientEngine.nanos(timeout),
        new TlsOutcome(host, port, timeout));
  }

  /** What becomes of a TLS handshake. */
  private final class TlsOutcome implements TlsHandshake.Listener {
    private final String host;
    private final int port;
    private final Duration timeout;

    TlsOutcome(String host, int port, Duration timeout) {
      this.host = host;
      this.port = port;
      this.timeout = timeout;
    }

    @Override
    public Protocol established(
        Connection connection, SSLSession session, String applicationProtocol) {
      return next();
    }

    @Override
    public void handedOver(Protocol next) {
      if (next instanceof Http1ClientProtocol ready) {
        dial.onReady(ready);
      } else {
        // a proxy that has to make a way yet
        dial.startTimer();
      }
    }

    @Override
    public void failed(Connection connection, Throwable cause) {
      dial.fail(
          cause instanceof SocketTimeoutException
              ? new ClientException(
                  Kind.TLS_TIMEOUT,
                  "no TLS with " + host + ":" + port + " in " + timeout + " (tlsTimeout)",
                  cause)
              : TlsFailure.explain(host, port, cause));
    }
  }
}
