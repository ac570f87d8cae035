package io.httpkit.internal.tls;

import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.Protocol;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Negotiates TLS. A connection begins with it or is switched to it; then its bytes are those of the
 * wire. When it succeeds, the connection is secured and another protocol's.
 *
 * <pre>
 *   NEGOTIATING ⇄ IN_TASKS
 *        └────────────┴──▶ SUCCEEDED, FAILED
 * </pre>
 */
@LoopConfined
public final class TlsHandshake implements Protocol {
  /** Who wanted the handshake. All methods are called on the connection's loop. */
  @LoopConfined
  public interface Listener {
    /**
     * TLS is negotiated.
     *
     * @param applicationProtocol what was agreed on, RFC 7301; empty if nothing was
     * @return whose the connection is from now on
     */
    Protocol established(Connection connection, SSLSession session, String applicationProtocol);

    /**
     * It will not be. The connection closes once the peer had time to read why.
     *
     * @param cause an {@link SSLException} if the peers do not agree
     */
    void failed(Connection connection, Throwable cause);

    /** The connection is closed. Called once, last, and only behind {@link #failed}. */
    default void closed(Connection connection) {}
  }

  private enum State {
    NEGOTIATING,
    /** Something that takes long is computed elsewhere. */
    IN_TASKS,
    SUCCEEDED,
    FAILED
  }

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final Executor tasks;
  private final long timeoutNanos;
  private final Listener listener;
  private State state = State.NEGOTIATING;
  private long deadlineNanos;
  private @Nullable TlsStage stage;
  private @Nullable Connection connection;

  /**
   * A handshake that begins when the connection is this protocol's.
   *
   * @param engine that knows which end it is
   * @param tasks computes what takes long
   * @param timeoutNanos for all of the handshake
   */
  public TlsHandshake(SSLEngine engine, Executor tasks, long timeoutNanos, Listener listener) {
    this.engine = engine;
    this.tasks = tasks;
    this.timeoutNanos = timeoutNanos;
    this.listener = listener;
  }

  @Override
  public void onOpen(Connection opened) {
    connection = opened;
    stage = new TlsStage(engine, opened.io().stageBuffers());
    deadlineNanos = opened.io().loop().nowNanos() + timeoutNanos;
    try {
      engine.beginHandshake();
    } catch (SSLException e) {
      fail(opened, e);
      return;
    }
    onBytes(NOTHING);
  }

  @Override
  public void onBytes(ByteBuffer in) {
    Connection current = connection;
    TlsStage negotiating = stage;
    if (current == null || negotiating == null) {
      throw new IllegalStateException("not open");
    }
    ByteBuffer out = current.io().stageBuffers().wrapped();
    try {
      boolean more = true;
      while (state == State.NEGOTIATING && more) {
        TlsStage.Step step;
        try {
          step = negotiating.handshake(in, out.clear());
        } finally {
          write(current, out.flip());
        }
        more = step == TlsStage.Step.ROOM;
        go(step, current, negotiating);
      }
    } catch (SSLException e) {
      refuse(current, negotiating, e);
    }
    if (state == State.IN_TASKS) {
      current.pauseReading();
    } else if (state == State.FAILED) {
      in.position(in.limit());
    }
  }

  private static void write(Connection to, ByteBuffer out) {
    if (out.hasRemaining()) {
      // the connection is closed if it is not taken
      boolean unused = to.output().write(ByteBuffer.allocate(out.remaining()).put(out).flip());
    }
  }

  private void go(TlsStage.Step step, Connection current, TlsStage negotiated) {
    if (step == TlsStage.Step.TASKS) {
      runTasks(current);
    } else if (step == TlsStage.Step.DONE) {
      succeed(current, negotiated);
    }
  }

  private void runTasks(Connection current) {
    state = State.IN_TASKS;
    try {
      tasks.execute(() -> runTasksOf(engine, () -> tasksDone(current), current));
    } catch (RuntimeException e) {
      // nobody runs them
      fail(current, e);
    }
  }

  /** Runs elsewhere. What a task fails with is thrown by the engine, later. */
  private static void runTasksOf(SSLEngine engine, Runnable done, Connection current) {
    try {
      for (Runnable task = engine.getDelegatedTask();
          task != null;
          task = engine.getDelegatedTask()) {
        task.run();
      }
    } finally {
      current.io().loop().execute(done);
    }
  }

  private void tasksDone(Connection current) {
    if (state == State.IN_TASKS) {
      state = State.NEGOTIATING;
      current.resumeReading();
      current.offerUnread();
    }
  }

  private void succeed(Connection current, TlsStage negotiated) {
    state = State.SUCCEEDED;
    current.secure(negotiated);
    String agreed = engine.getApplicationProtocol();
    current.switchTo(
        listener.established(current, engine.getSession(), agreed == null ? "" : agreed));
  }

  /** The peers do not agree: says so to both. */
  private void refuse(Connection current, TlsStage refused, SSLException cause) {
    ByteBuffer alert = current.io().stageBuffers().wrapped();
    try {
      refused.outbound(NOTHING, alert);
    } catch (SSLException e) {
      cause.addSuppressed(e);
    }
    write(current, alert.flip());
    state = State.FAILED;
    listener.failed(current, cause);
    current.finishAndLinger();
  }

  private void fail(Connection current, Throwable cause) {
    if (state != State.FAILED) {
      state = State.FAILED;
      listener.failed(current, cause);
      current.close(cause);
    }
  }

  @Override
  public void onEof() {
    if (connection != null) {
      fail(connection, new EOFException("the peer ended within the TLS handshake"));
    }
  }

  @Override
  public void onTick(long nowNanos) {
    if (connection != null && nowNanos - deadlineNanos >= 0) {
      long millis = TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
      fail(
          connection,
          new SocketTimeoutException("the TLS handshake took more than " + millis + " ms"));
    }
  }

  /** Nothing was asked for yet, so nothing is lost. */
  @Override
  public void onShutdown() {
    if (connection != null) {
      fail(connection, new CancellationException("no longer wanted within the TLS handshake"));
    }
  }

  @Override
  public void onClosed(@Nullable Throwable cause) {
    Connection closed = connection;
    if (closed == null) {
      return;
    }
    if (state != State.FAILED) {
      state = State.FAILED;
      Throwable reason = cause != null ? cause : new EOFException("closed by this end");
      listener.failed(closed, reason);
    }
    listener.closed(closed);
  }
}
