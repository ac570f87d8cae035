package io.httpkit.internal.tls;

import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.Protocol;
import java.nio.ByteBuffer;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Negotiates TLS. A connection begins with it or is switched to it; then its bytes are those of the
 * wire. When it succeeds, the connection is secured and another protocol's.
 */
@LoopConfined
public final class TlsHandshake extends Negotiation {
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

    /** The connection is theirs, and they have been told. */
    default void handedOver(Protocol next) {}

    /**
     * It will not be. The connection closes once the peer had time to read why.
     *
     * @param cause an {@link SSLException} if the peers do not agree
     */
    void failed(Connection connection, Throwable cause);

    /** The connection is closed. Called once, last, and only behind {@link #failed}. */
    default void closed(Connection connection) {}
  }

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine engine;
  private final Executor tasks;

  /** Whether something that takes long is being computed elsewhere. */
  private boolean inTasks;

  private @Nullable TlsStage stage;

  /**
   * A handshake that begins when the connection is this protocol's.
   *
   * @param engine that knows which end it is
   * @param tasks computes what takes long
   * @param timeoutNanos for all of the handshake
   */
  public TlsHandshake(SSLEngine engine, Executor tasks, long timeoutNanos, Listener listener) {
    super(timeoutNanos, listener);
    this.engine = engine;
    this.tasks = tasks;
  }

  /** Goes on where another part of the same handshake ends. */
  TlsHandshake(SSLEngine engine, Executor tasks, Negotiation earlier) {
    super(earlier);
    this.engine = engine;
    this.tasks = tasks;
  }

  @Override
  public void onOpen(Connection opened) {
    super.onOpen(opened);
    try {
      engine.beginHandshake();
    } catch (SSLException e) {
      fail(e);
      return;
    }
    stage = new TlsStage(engine, opened.stageBuffers());
    onBytes(NOTHING);
  }

  @Override
  public void onBytes(ByteBuffer in) {
    TlsStage negotiating = stage;
    if (negotiating == null) {
      return;
    }
    try {
      while (isPending() && !inTasks && goOn(negotiating, in)) {
        // each step writes what it has to say
      }
    } catch (SSLException e) {
      refuse(alert(negotiating, e), e);
    }
    if (inTasks) {
      connection().pauseReading();
    }
  }

  /** Takes the handshake on; false if that takes something from elsewhere. */
  private boolean goOn(TlsStage negotiating, ByteBuffer in) throws SSLException {
    ByteBuffer out = connection().stageBuffers().wrapped();
    TlsStage.Step step;
    try {
      step = negotiating.handshake(in, out);
    } finally {
      write(out.flip());
    }
    if (step == TlsStage.Step.TASKS) {
      runTasks();
    } else if (step == TlsStage.Step.DONE && isPending()) {
      succeed(negotiating);
    }
    return step == TlsStage.Step.ROOM;
  }

  /** What the engine has to say about what it has just thrown. */
  private ByteBuffer alert(TlsStage refused, SSLException cause) {
    ByteBuffer out = connection().stageBuffers().wrapped();
    try {
      refused.outbound(NOTHING, out);
    } catch (SSLException e) {
      cause.addSuppressed(e);
    }
    out.flip();
    return cause instanceof RefusedException refusal ? refusal.alert().inPlaceOf(out) : out;
  }

  private void runTasks() {
    inTasks = true;
    Connection current = connection();
    try {
      tasks.execute(
          () -> {
            try {
              runTasksOf(engine);
            } finally {
              current.io().loop().execute(this::tasksDone);
            }
          });
    } catch (RuntimeException e) {
      // nobody runs them
      fail(e);
    }
  }

  /** Runs elsewhere. What a task fails with is thrown by the engine, later. */
  private static void runTasksOf(SSLEngine engine) {
    Runnable task = engine.getDelegatedTask();
    while (task != null) {
      task.run();
      task = engine.getDelegatedTask();
    }
  }

  private void tasksDone() {
    inTasks = false;
    if (isPending()) {
      connection().resumeReading();
      connection().offerUnread();
    }
  }

  private void succeed(TlsStage negotiated) {
    connection().secure(negotiated);
    String agreed = engine.getApplicationProtocol();
    Protocol next =
        listener().established(connection(), engine.getSession(), agreed == null ? "" : agreed);
    handOver(next);
    listener().handedOver(next);
  }
}
