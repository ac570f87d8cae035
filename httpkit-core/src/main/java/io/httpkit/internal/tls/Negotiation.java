package io.httpkit.internal.tls;

import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.loop.TimerQueue;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.Protocol;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What the parts of a TLS handshake have in common: that it has a time, and how it fails. */
@LoopConfined
abstract class Negotiation implements Protocol {
  /**
   * How long before a deadline a timer is set for it. More than a tick, which finds the handshakes
   * that are so late: most are complete long before, and need no timer.
   */
  private static final long TIMED_NANOS = TimeUnit.SECONDS.toNanos(2);

  private enum Outcome {
    PENDING,
    /** The connection is another protocol's. */
    HANDED_OVER,
    FAILED
  }

  private final long timeoutNanos;
  private final TlsHandshake.Listener listener;
  private Outcome outcome = Outcome.PENDING;
  private long deadlineNanos;
  private @Nullable Connection connection;
  private TimerQueue.@Nullable Timer timer;

  Negotiation(long timeoutNanos, TlsHandshake.Listener listener) {
    this.timeoutNanos = timeoutNanos;
    this.listener = listener;
  }

  /** A later part of the same handshake, with the time that is left. */
  Negotiation(Negotiation earlier) {
    this(earlier.timeoutNanos, earlier.listener);
    this.connection = earlier.connection;
    this.deadlineNanos = earlier.deadlineNanos;
  }

  @Override
  public void onOpen(Connection opened) {
    if (connection == null) {
      connection = opened;
      deadlineNanos = opened.io().loop().nowNanos() + timeoutNanos;
    }
    setTimerIfNear(opened.io().loop().nowNanos());
  }

  private void setTimerIfNear(long nowNanos) {
    long left = deadlineNanos - nowNanos;
    if (isPending() && timer == null && left <= TIMED_NANOS) {
      timer = connection().io().loop().schedule(Math.max(0, left), this::onTimeout);
    }
  }

  private void onTimeout() {
    long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
    fail(new SocketTimeoutException("the TLS handshake took more than " + millis + " ms"));
  }

  private void end(Outcome how) {
    outcome = how;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  Connection connection() {
    if (connection == null) {
      throw new IllegalStateException("not open");
    }
    return connection;
  }

  TlsHandshake.Listener listener() {
    return listener;
  }

  boolean isPending() {
    return outcome == Outcome.PENDING;
  }

  void handOver(Protocol next) {
    end(Outcome.HANDED_OVER);
    connection().switchTo(next);
  }

  /** The peers do not agree. The peer gets the time to read this, which says why. */
  void refuse(ByteBuffer lastWords, SSLException cause) {
    write(lastWords);
    end(Outcome.FAILED);
    listener.failed(connection(), cause);
    connection().finishAndLinger();
  }

  /** There is nothing more to be said. */
  void fail(Throwable cause) {
    if (outcome != Outcome.FAILED) {
      end(Outcome.FAILED);
      listener.failed(connection(), cause);
      connection().close(cause);
    }
  }

  void write(ByteBuffer shared) {
    if (shared.hasRemaining()) {
      ByteBuffer copy = ByteBuffer.allocate(shared.remaining()).put(shared).flip();
      // the connection is closed if it is not taken
      boolean unused = connection().output().write(copy);
    }
  }

  @Override
  public void onEof() {
    fail(new EOFException("the peer ended within the TLS handshake"));
  }

  @Override
  public void onTick(long nowNanos) {
    setTimerIfNear(nowNanos);
  }

  /** Nothing was asked for yet, so nothing is lost. */
  @Override
  public void onShutdown() {
    fail(new CancellationException("no longer wanted within the TLS handshake"));
  }

  @Override
  public void onClosed(@Nullable Throwable cause) {
    if (outcome != Outcome.FAILED) {
      end(Outcome.FAILED);
      listener.failed(connection(), cause != null ? cause : new EOFException("closed by this end"));
    }
    listener.closed(connection());
  }
}
