package io.httpkit.server;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Decoder;
import io.httpkit.internal.codec.http1.Http1Encoder;
import io.httpkit.internal.codec.http1.Http1Event;
import io.httpkit.internal.codec.http1.Http1Event.Content;
import io.httpkit.internal.codec.http1.Http1Event.End;
import io.httpkit.internal.codec.http1.Http1Event.RequestHead;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.Protocol;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of an HTTP/1.1 connection: one exchange at a time, strictly in order. RFC 9112
 * §9.
 *
 * <pre>
 *   IDLE ─▶ HEAD ─▶ HANDLING ⇄ BODY
 *     ▲               │  │  └── upgrade ─▶ UPGRADED
 *     └── keep-alive ─┘  └── close ─▶ ENDED
 * </pre>
 */
@LoopConfined
final class Http1ServerProtocol implements Protocol {
  private enum Phase {
    /** Not a byte of the next request has come. */
    IDLE,
    /** A head has begun. */
    HEAD,
    /** An exchange is in progress and its body, if it has one, is not being read. */
    HANDLING,
    /** The exchange reads its body. */
    BODY,
    /** No further request is read. */
    ENDED,
    /** The connection is another protocol's. */
    UPGRADED
  }

  /**
   * Bytes that are read ahead while an exchange is in progress, to notice that the peer is gone.
   */
  private static final int LOOK_AHEAD_BYTES = 64 * 1024;

  /** RFC 8446 §5.1. Not allowed at the beginning of a request. */
  private static final byte TLS_HANDSHAKE = 22;

  private final LoopContext loop;
  private @Nullable Connection connection;

  /** In the middle of a message that has not come completely; else null. */
  private @Nullable Http1Decoder decoder;

  private @Nullable Http1Exchange exchange;
  private Phase phase = Phase.IDLE;

  /**
   * When the peer must have sent what is waited for, in ticker time; of IDLE, HEAD and BODY. While
   * an exchange is in progress, when a peer that has shut its end counts as gone.
   */
  private long deadlineNanos;

  Http1ServerProtocol(LoopContext loop) {
    this.loop = loop;
  }

  @AnyThread
  ServerContext context() {
    return loop.server();
  }

  @AnyThread
  Connection connection() {
    if (connection == null) {
      throw new IllegalStateException("not open");
    }
    return connection;
  }

  @Override
  public void onOpen(Connection opened) {
    connection = opened;
    awaitRequest();
  }

  private void awaitRequest() {
    if (phase != Phase.IDLE) {
      phase = Phase.IDLE;
    }
    deadlineNanos = nowNanos() + context().idleNanos();
  }

  private long nowNanos() {
    return connection().io().loop().nowNanos();
  }

  @Override
  public void onBytes(ByteBuffer in) {
    try {
      while (step(in)) {
        // each step ends where another begins
      }
    } catch (BadMessageException e) {
      if (isTls(in)) {
        context()
            .events()
            .onTlsFailure(
                connection().remoteAddress(),
                new SSLException("a TLS handshake on a port without TLS"));
      }
      refuse(e);
    } finally {
      keepOrDropDecoder();
    }
  }

  private Http1Decoder decoder() {
    return decoder != null ? decoder : loop.sharedDecoder();
  }

  /** A connection has a decoder of its own only in the middle of a message. */
  private void keepOrDropDecoder() {
    if (!decoder().isBetweenMessages()) {
      decoder = decoder != null ? decoder : loop.takeDecoder();
    } else if (decoder != null) {
      decoder = null;
    }
  }

  /** Does what the phase asks for; false when that takes more bytes, or an answer. */
  private boolean step(ByteBuffer in) {
    if (phase == Phase.IDLE || phase == Phase.HEAD) {
      return readHead(in);
    }
    if (phase == Phase.HANDLING) {
      return awaitExchange(in);
    }
    if (phase == Phase.BODY) {
      return readBody(in);
    }
    if (phase == Phase.ENDED) {
      in.position(in.limit());
    }
    return false;
  }

  private boolean readHead(ByteBuffer in) {
    if (!connection().output().isWritable()) {
      // a client that does not read its answers gets no more of them
      pauseIfFull(in);
      connection().output().onDrain(this::resume);
      return false;
    }
    RequestHead head = (RequestHead) decoder().next(in);
    if (head != null) {
      begin(head, in);
      return true;
    }
    if (connection().isHalfOpen()) {
      end(false);
    } else if (phase == Phase.IDLE && !decoder().isBetweenMessages()) {
      phase = Phase.HEAD;
      deadlineNanos = nowNanos() + context().headNanos();
      if (isTls(in)) {
        // no line may ever end
        throw new BadMessageException(Status.BAD_REQUEST, "this port does not speak HTTPS");
      }
    }
    return false;
  }

  /** Whether a head is awaited and a record of a TLS handshake comes. */
  private boolean isTls(ByteBuffer in) {
    return exchange == null
        && in.hasRemaining()
        && in.get(in.position()) == TLS_HANDSHAKE
        && connection().tlsSession() == null;
  }

  private void begin(RequestHead head, ByteBuffer in) {
    Http1Exchange begun = new Http1Exchange(this, head, nowNanos());
    context().activeRequests().increment();
    try {
      loop.handler().handle(begun);
    } catch (RuntimeException | Error e) {
      exchange = begun;
      throw e;
    }
    if (phase == Phase.UPGRADED) {
      return;
    }
    if (exchange == null && begun.isDone()) {
      // answered at once: nothing to remember, and nothing for the collector to follow
      finish(begun, in);
      return;
    }
    if (exchange == null) {
      phase = Phase.HANDLING;
    }
    exchange = begun;
  }

  private boolean readBody(ByteBuffer in) {
    Http1Exchange current = current();
    if (current.isDone()) {
      phase = Phase.HANDLING;
      return true;
    }
    Http1Event event = decoder().next(in);
    if (event instanceof Content content) {
      deadlineNanos = nowNanos() + context().bodyNanos();
      current.onContent(content.bytes());
      return true;
    }
    if (event instanceof End end) {
      phase = Phase.HANDLING;
      current.onBodyEnd(end.trailers());
      return true;
    }
    if (connection().isHalfOpen()) {
      connection().close(new EOFException("the peer ended within a body"));
    }
    return false;
  }

  private boolean awaitExchange(ByteBuffer in) {
    Http1Exchange current = current();
    if (current.isDone()) {
      return finish(current, in);
    }
    boolean awaited = in.hasRemaining() || connection().isHalfOpen() || context().isDraining();
    if (!awaited) {
      return false;
    }
    pauseIfFull(in);
    return !current.await();
  }

  private void pauseIfFull(ByteBuffer in) {
    if (in.remaining() >= LOOK_AHEAD_BYTES) {
      connection().pauseReading();
    }
  }

  /** The exchange is over: what comes next belongs to another. */
  private boolean finish(Http1Exchange over, ByteBuffer in) {
    exchange = null;
    if (!over.keepAlive()) {
      end(over.isClientSending() || in.hasRemaining());
      return true;
    }
    if (context().isDraining()) {
      // the answer was given before, and so did not say that it is the last
      end(in.hasRemaining());
      return true;
    }
    awaitRequest();
    connection().resumeReading();
    return true;
  }

  /**
   * No further request is read.
   *
   * @param linger whether the peer may be sending still
   */
  private void end(boolean linger) {
    phase = Phase.ENDED;
    if (linger) {
      connection().finishAndLinger();
    } else {
      connection().finish();
    }
  }

  private Http1Exchange current() {
    if (exchange == null) {
      throw new IllegalStateException("no exchange in phase " + phase);
    }
    return exchange;
  }

  /** The peer broke HTTP, or a limit: answers that if nothing was answered yet, and closes. */
  private void refuse(BadMessageException e) {
    Http1Exchange refused = exchange;
    if (refused == null) {
      refused = Http1Exchange.refused(this, nowNanos());
      exchange = refused;
      context().activeRequests().increment();
    }
    phase = Phase.ENDED;
    refused.dropBody();
    boolean first = refused.respond(ErrorResponses.of(e).withHeader("Connection", "close"));
    if (first) {
      end(true);
    } else {
      connection().close(e);
    }
  }

  // ---- for the exchange

  void readBody(Http1Exchange reader, long limit, boolean expectsContinue) {
    exchange = reader;
    decoder().limitBody(limit);
    if (expectsContinue) {
      connection().output().write(Http1Encoder.continueHead());
    }
    phase = Phase.BODY;
    deadlineNanos = nowNanos() + context().bodyNanos();
    if (!connection().isInDelivery()) {
      goOn();
    }
  }

  /**
   * The next bytes are another protocol's.
   *
   * @param whenClosed called if the connection is closed already
   */
  void upgrade(Http1Exchange upgraded, Protocol next, Runnable whenClosed) {
    if (phase == Phase.ENDED) {
      whenClosed.run();
      return;
    }
    phase = Phase.UPGRADED;
    exchange = null;
    upgraded.done(true);
    connection().switchTo(next);
    if (!connection().isInDelivery()) {
      resume();
    }
  }

  LoopContext loopContext() {
    return loop;
  }

  /** The exchange is done, and that is awaited. */
  @AnyThread
  void exchangeDone() {
    if (!connection().isInDelivery()) {
      goOn();
    }
  }

  @AnyThread
  private void goOn() {
    connection().io().loop().execute(this::resume);
  }

  private void resume() {
    connection().resumeReading();
    connection().offerUnread();
  }

  // ---- what else happens to a connection

  @Override
  public void onEof() {
    if (phase == Phase.HANDLING) {
      deadlineNanos = nowNanos() + context().idleNanos();
      closeIfGone();
    }
    goOn();
  }

  /** Who waits for an answer that may take for ever, and shuts its end, does not wait any more. */
  private void closeIfGone() {
    Http1Exchange waiting = current();
    if (connection().isHalfOpen() && waiting.watcher() != null && !waiting.isDone()) {
      connection().close(new EOFException("the client is gone"));
    }
  }

  @Override
  public void onTick(long nowNanos) {
    if (phase == Phase.HANDLING) {
      tickExchange(nowNanos);
    } else if (phase == Phase.IDLE && connection().output().queuedBytes() > 0) {
      // a peer that is still taking an answer is not idle; writing has its own time-out
      deadlineNanos = nowNanos + context().idleNanos();
    } else if (phase == Phase.IDLE && isPast(nowNanos)) {
      end(false);
    } else if (phase == Phase.HEAD && isPast(nowNanos)) {
      refuse(timeout("head"));
    } else if (phase == Phase.BODY && (isPast(nowNanos) || isTooSlow(nowNanos))) {
      refuse(timeout("body"));
    }
  }

  private void tickExchange(long nowNanos) {
    HttpChannel watcher = current().watcher();
    if (current().isDone()) {
      // a worker that answers tells nobody, unless it is awaited
      goOn();
    } else if (watcher != null) {
      tick(watcher, nowNanos);
    } else if (connection().isHalfOpen() && isPast(nowNanos)) {
      connection().close(new EOFException("the peer ended and got no answer in time"));
    }
  }

  private void tick(HttpChannel watcher, long nowNanos) {
    closeIfGone();
    if (phase != Phase.ENDED) {
      if (context().isDraining()) {
        watcher.onShutdown();
      } else {
        watcher.onTick(nowNanos);
      }
    }
  }

  private static BadMessageException timeout(String part) {
    return new BadMessageException(
        Status.REQUEST_TIMEOUT, "the " + part + " of the request took too long");
  }

  private boolean isPast(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }

  private boolean isTooSlow(long nowNanos) {
    long nanos = nowNanos - current().startNanos();
    long wanted = context().limits().minBodyRate() * TimeUnit.NANOSECONDS.toSeconds(nanos);
    return nanos > context().bodyNanos() && current().bodyBytes() < wanted;
  }

  @Override
  public void onShutdown() {
    if (phase == Phase.IDLE) {
      end(false);
    } else if (phase == Phase.HEAD) {
      end(true);
    } else if (phase == Phase.HANDLING) {
      HttpChannel watcher = current().watcher();
      if (watcher != null) {
        watcher.onShutdown();
      }
      goOn();
    }
  }

  @Override
  public void onClosed(@Nullable Throwable cause) {
    phase = Phase.ENDED;
    Http1Exchange unfinished = exchange;
    exchange = null;
    if (unfinished != null) {
      Throwable reason = cause != null ? cause : new EOFException("the connection was closed");
      unfinished.done(false);
      HttpChannel watcher = unfinished.watcher();
      if (watcher != null) {
        watcher.onClosed(reason);
      }
    }
    context().closed(connection());
  }
}
