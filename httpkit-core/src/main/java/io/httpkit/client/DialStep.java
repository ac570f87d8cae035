package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.Protocol;
import java.io.EOFException;
import org.jspecify.annotations.Nullable;

/** A handshake with a proxy. It has the time of its dial, and fails with its connection. */
@LoopConfined
abstract class DialStep implements Protocol {
  private final DialSteps steps;
  private final Dial dial;
  private final Proxy proxy;
  private @Nullable Connection connection;

  DialStep(DialSteps steps, Dial dial, Proxy proxy) {
    this.steps = steps;
    this.dial = dial;
    this.proxy = proxy;
  }

  final Dial dial() {
    return dial;
  }

  final Proxy proxy() {
    return proxy;
  }

  final Connection connection() {
    if (connection == null) {
      throw new IllegalStateException("not open");
    }
    return connection;
  }

  /** Sends what comes first. */
  abstract void begin();

  @Override
  public final void onOpen(Connection opened) {
    connection = opened;
    begin();
  }

  /** The proxy has let us through. */
  final void done() {
    steps.done(connection());
  }

  /** The proxy has not. */
  final void refuse(String reason) {
    dial.fail(
        new ClientException(
            Kind.PROXY,
            proxy + " does not connect to " + dial.lease().key().origin() + ": " + reason));
  }

  @Override
  public final void onEof() {
    connection().close(new EOFException("the proxy closed the connection"));
  }

  @Override
  public final void onTick(long nowNanos) {}

  @Override
  public final void onShutdown() {
    connection().close(ClientException.stopped());
  }

  @Override
  public final void onClosed(@Nullable Throwable cause) {
    if (cause instanceof ClientException known) {
      dial.fail(known);
    } else {
      refuse(cause == null ? "it closed the connection" : String.valueOf(cause.getMessage()));
    }
    dial.engine().connectionClosed();
  }
}
