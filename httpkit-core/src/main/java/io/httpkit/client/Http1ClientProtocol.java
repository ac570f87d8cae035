package io.httpkit.client;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.internal.codec.http1.Http1Decoder;
import io.httpkit.internal.codec.http1.Http1Event;
import io.httpkit.internal.codec.http1.Http1Event.Content;
import io.httpkit.internal.codec.http1.Http1Event.Continue;
import io.httpkit.internal.codec.http1.Http1Event.End;
import io.httpkit.internal.codec.http1.Http1Event.ResponseHead;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.Protocol;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The client's end of an HTTP/1.1 connection: one exchange at a time. RFC 9112 §9.
 *
 * <p>Who has leased the connection puts its exchange here and writes the request, on whichever
 * thread that is: a request costs no turn of the loop. The exchange, or one of the two vacancies,
 * is the one thing on which threads meet.
 *
 * <pre>
 *   IDLE ⇄ exchange     each ─▶ CLOSED
 * </pre>
 */
@LoopConfined
final class Http1ClientProtocol implements Protocol {
  private enum Vacancy {
    IDLE,
    /** Closed, closing, or another protocol's. */
    CLOSED
  }

  /** What the exchange that is read now lets happen. */
  private enum Reading {
    ON,
    /** Nobody takes more of the body for now. */
    PAUSED,
    /** All has come, before it is known that all of the request is written. */
    ENDED
  }

  /** Bytes that are read ahead while nobody takes the body, to notice that the peer is gone. */
  private static final int LOOK_AHEAD_BYTES = 64 * 1024;

  private final ClientEngine engine;
  private final PoolKey key;
  private final Http1Decoder decoder;
  private final AtomicReference<Object> occupant = new AtomicReference<>(Vacancy.IDLE);

  /** How often it is to be given back; whoever makes it more than 0 does so. */
  private final AtomicInteger givenBack = new AtomicInteger();

  /** Written before the connection goes to the pool, and so seen by whoever leases it. */
  private long exchanges;

  // Set when the connection is open
  private @Nullable Connection connection;
  private @Nullable MovingDeadline deadline;

  /** As {@link #exchanges}. */
  private long keepAliveNanos;

  /** When it is too old to be used again, in ticker time. */
  private long expiryNanos;

  // Loop only
  private @Nullable ClientExchange current;
  private Reading reading = Reading.ON;

  /** The exchange for which it is being closed; null unless that is why. */
  private @Nullable ClientExchange closedFor;

  /** Why what was written since the last response came no further; null if it did. */
  private @Nullable IOException unsent;

  Http1ClientProtocol(ClientEngine engine, PoolKey key) {
    this.engine = engine;
    this.key = key;
    this.decoder = Http1Decoder.forResponses(engine.http1Limits());
    this.keepAliveNanos = engine.keepAliveNanos();
  }

  @AnyThread
  PoolKey key() {
    return key;
  }

  /** Whether the peer is a proxy that is told whole URLs. RFC 9112 §3.2.2. */
  @AnyThread
  boolean isProxied() {
    Proxy proxy = key.proxy();
    return proxy != null && !proxy.tunnels(key.origin().scheme());
  }

  /** What a proxy that is told whole URLs is told of us; null if nothing, or there is none. */
  @AnyThread
  @Nullable Credentials proxyCredentials() {
    Proxy proxy = key.proxy();
    return proxy != null && isProxied() ? proxy.credentials() : null;
  }

  @AnyThread
  Connection connection() {
    if (connection == null) {
      throw new IllegalStateException("not open");
    }
    return connection;
  }

  private MovingDeadline deadline() {
    if (deadline == null) {
      throw new IllegalStateException("not open");
    }
    return deadline;
  }

  @Override
  public void onOpen(Connection opened) {
    connection = opened;
    expiryNanos = engine.expiryNanos();
    deadline = new MovingDeadline(opened.io().loop(), this::onDeadline);
  }

  // ---- for who has leased the connection

  /** Whether it was idle before, so that the peer may have closed it meanwhile. */
  @AnyThread
  boolean isUsed() {
    return exchanges > 0;
  }

  /**
   * Sends the exchange's request, unless it was given up; false if the connection is closed, or by
   * now too old to be used again, and nothing was sent.
   */
  @AnyThread
  boolean start(ClientExchange exchange) {
    if (isUsed() && hasExpired(exchange.startNanos())) {
      evict();
      return false;
    }
    if (!occupant.compareAndSet(Vacancy.IDLE, exchange)) {
      return false;
    }
    if (exchange.call().isOver()) {
      // given up before it was here, where whoever gave it up did not find it
      takeBack(exchange);
    } else {
      exchange.send(this);
    }
    return true;
  }

  /** Takes back an exchange of which nothing was sent. */
  @AnyThread
  void takeBack(ClientExchange exchange) {
    if (occupant.compareAndSet(exchange, Vacancy.IDLE)) {
      giveBack();
    }
  }

  /**
   * Nobody wants the connection any more who has leased it and sent nothing. Who gets it then may
   * give it back in turn, and so may all that wait: a loop, so that the stack stays flat.
   */
  @AnyThread
  void giveBack() {
    if (givenBack.getAndIncrement() > 0) {
      return;
    }
    do {
      exchanges++;
      long now = connection().io().loop().nanoTime();
      if (keepAliveNanos > 0 && !hasExpired(now)) {
        expectIdle(now);
        engine.pool().release(this);
      } else {
        evict();
      }
    } while (givenBack.decrementAndGet() > 0);
  }

  /** Whether it is closed, or will be, or is another protocol's. */
  @AnyThread
  boolean isClosed() {
    return occupant.get() == Vacancy.CLOSED;
  }

  @AnyThread
  private boolean hasExpired(long nowNanos) {
    return nowNanos - expiryNanos >= 0;
  }

  /** From now on the connection is idle, unless somebody takes it. */
  @AnyThread
  private void expectIdle(long nowNanos) {
    expect(nowNanos + Math.min(keepAliveNanos, expiryNanos - nowNanos));
  }

  /** Something has to happen at this ticker time at the latest. */
  @AnyThread
  void expect(long nanos) {
    deadline().set(nanos);
  }

  /** Closes the connection if it is still this exchange's. */
  @AnyThread
  void abort(ClientExchange exchange, Throwable cause) {
    connection().io().loop().execute(() -> closeFor(exchange, cause));
  }

  /** One step, as the exchange may be taken back, and another begin, between two. */
  private void closeFor(ClientExchange exchange, Throwable cause) {
    if (occupant.compareAndSet(exchange, Vacancy.CLOSED)) {
      closedFor = exchange;
      connection().close(cause);
    }
  }

  /** The body that was paused is wanted again. */
  @AnyThread
  @SuppressWarnings("ReferenceEquality") // identity is the question
  void resume(ClientExchange exchange) {
    connection()
        .io()
        .loop()
        .execute(
            () -> {
              if (occupant.get() == exchange && reading == Reading.PAUSED) {
                reading = Reading.ON;
                expect(exchange.nextDeadline(nowNanos()));
                connection().resumeReading();
                connection().offerUnread();
                if (connection().isHalfOpen()) {
                  onEnd();
                }
              }
            });
  }

  /** Closes a connection that is idle and was taken out of the pool. */
  @AnyThread
  void evict() {
    connection().io().loop().execute(this::endIfIdle);
  }

  // ---- reading

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
      String message = "the response of " + key.origin() + " is not HTTP: " + e.getMessage();
      connection().close(new ClientException(ClientException.Kind.PROTOCOL, message, e));
    } catch (ClientException e) {
      connection().close(e);
    }
  }

  /** Takes the next event; false when that takes more bytes, or somebody who wants them. */
  private boolean step(ByteBuffer in) throws ClientException {
    // nothing was asked for if it is idle; what comes could be taken for the next answer
    ClientExchange exchange = in.hasRemaining() ? occupantOrEnd() : occupant();
    if (exchange == null) {
      in.position(in.limit());
      return false;
    }
    if (reading == Reading.ENDED) {
      if (in.hasRemaining()) {
        in.position(in.limit());
        settle(exchange, false);
      }
      return false;
    }
    if (reading == Reading.PAUSED) {
      if (in.remaining() >= LOOK_AHEAD_BYTES) {
        connection().pauseReading();
      }
      return false;
    }
    if (!in.hasRemaining() && current == null) {
      return false;
    }
    if (current == null && !exchange.isBegun()) {
      // whoever is to send it may still take it back, and then this would be the next one's answer
      connection().close(new EOFException("bytes came before the request was sent"));
      return false;
    }
    begin(exchange);
    exchange.onRead(nowNanos());
    Http1Event event = decoder.next(in);
    if (event == null) {
      expect(exchange.nextDeadline(nowNanos()));
      return false;
    }
    return take(exchange, event, in);
  }

  private void begin(ClientExchange exchange) {
    if (current == null) {
      current = exchange;
      decoder.expect(exchange.method());
      exchange.onFirstByte();
    }
  }

  private boolean take(ClientExchange exchange, Http1Event event, ByteBuffer in)
      throws ClientException {
    if (event instanceof ResponseHead head) {
      boolean goesOn = exchange.onHead(head);
      if (goesOn && head.framing().length() == 0) {
        // a head without a body has no end of its own
        finish(exchange, Headers.empty(), isClean(in));
      }
      return goesOn;
    }
    if (event instanceof Content content) {
      if (!exchange.onContent(content.bytes())) {
        reading = Reading.PAUSED;
      }
      return true;
    }
    if (event instanceof End end) {
      finish(exchange, end.trailers(), isClean(in));
      return true;
    }
    if (event instanceof Continue) {
      exchange.onContinue();
      return true;
    }
    throw new IllegalStateException("not an event of a response: " + event);
  }

  /** Whether nothing came behind the response, not even the end of the connection. */
  private boolean isClean(ByteBuffer in) {
    return !in.hasRemaining() && !connection().isHalfOpen();
  }

  /**
   * The response is complete: the connection is free before anybody is told. A server may answer
   * what a worker has sent before that worker says that it is sent; then that is waited for.
   */
  private void finish(ClientExchange exchange, Headers trailers, boolean isClean)
      throws ClientException {
    current = null;
    exchanges++;
    keepAliveNanos = exchange.keepAliveNanos(engine.keepAliveNanos());
    long now = nowNanos();
    boolean goesOn = isClean && exchange.mayKeepAlive() && keepAliveNanos > 0 && !hasExpired(now);
    exchange.onEnd(trailers);
    if (goesOn && exchange.awaitsSent(() -> onSent(exchange))) {
      reading = Reading.ENDED;
    } else {
      // once more, as the last write may have left something in the queue meanwhile
      settle(exchange, goesOn && exchange.mayKeepAlive());
    }
  }

  @SuppressWarnings("ReferenceEquality") // identity is the question
  private void onSent(ClientExchange exchange) {
    if (occupant.get() == exchange && reading == Reading.ENDED) {
      settle(exchange, exchange.mayKeepAlive());
    }
  }

  /** Both the request and the response are complete, or the connection ends. */
  private void settle(ClientExchange exchange, boolean goesOn) {
    reading = Reading.ON;
    try {
      if (goesOn && unsent == null && !engine.isStopped()) {
        expectIdle(nowNanos());
        occupant.set(Vacancy.IDLE);
        engine.pool().release(this);
      } else {
        end();
      }
    } finally {
      exchange.complete();
    }
  }

  /** Closes the connection; a server that has answered need not read the rest of the request. */
  private void end() {
    occupant.set(Vacancy.CLOSED);
    if (connection().output().queuedBytes() == 0) {
      connection().finish();
    } else {
      connection().close(null);
    }
  }

  private @Nullable ClientExchange occupant() {
    return occupant.get() instanceof ClientExchange exchange ? exchange : null;
  }

  private @Nullable ClientExchange occupantOrEnd() {
    ClientExchange exchange = occupant();
    return exchange != null ? exchange : endIfIdle();
  }

  /**
   * Closes the connection if it is idle, or tells whose it is. One step, as an exchange that begins
   * between two would not hear of what ends the connection.
   */
  private @Nullable ClientExchange endIfIdle() {
    Object last = occupant.compareAndExchange(Vacancy.IDLE, Vacancy.CLOSED);
    if (last == Vacancy.IDLE) {
      connection().finish();
    }
    return last instanceof ClientExchange exchange ? exchange : null;
  }

  /** The connection is another protocol's from now on, with all bytes that are unread. */
  void switchTo(Protocol next) {
    occupant.set(Vacancy.CLOSED);
    deadline().cancel();
    engine.pool().closed(this);
    connection().switchTo(next);
  }

  // ---- what else happens to a connection

  @Override
  public void onEof() {
    if (unsent == null && connection().output().isClosed()) {
      // a write has failed on another thread, and took the reset that would else be read here
      unsent = new EOFException("the server takes nothing more of the request");
    }
    onEnd();
  }

  /** Nothing more comes; again, once a body that was paused is wanted. */
  private void onEnd() {
    if (reading == Reading.PAUSED) {
      return;
    }
    ClientExchange exchange = occupantOrEnd();
    if (exchange == null) {
      return;
    }
    if (reading == Reading.ENDED) {
      settle(exchange, false);
      return;
    }
    if (current == null) {
      // not a byte of the response: the request may not have arrived either
      connection().close(unsent != null ? unsent : new EOFException("the server ended it"));
      return;
    }
    if (unsent != null) {
      // a server that cuts the request may have cut its response too
      connection().close(unsent);
      return;
    }
    if (connection().isTruncated()) {
      // whoever cut the connection may have cut the response too
      connection().close(new EOFException("the connection ended without a close_notify of TLS"));
      return;
    }
    try {
      End end = decoder.endOfInput();
      if (end == null) {
        throw new IllegalStateException("a response was expected");
      }
      finish(exchange, end.trailers(), false);
    } catch (BadMessageException e) {
      connection().close(new EOFException(e.getMessage()));
    } catch (ClientException e) {
      connection().close(e);
    }
  }

  /** A server that closes without reading the rest of a request may have answered before. */
  @Override
  public boolean onOutputFailed(IOException cause) {
    ClientExchange exchange = occupant();
    if (exchange == null) {
      return false;
    }
    exchange.stopSending();
    if (!connection().isHalfOpen()) {
      unsent = cause;
    }
    return true;
  }

  private void onDeadline() {
    long now = connection().io().loop().nanoTime();
    if (occupant.get() instanceof ClientExchange exchange) {
      ClientException late = exchange.onDeadline(now, reading == Reading.PAUSED);
      if (late == null) {
        expect(exchange.nextDeadline(now));
      } else {
        closeFor(exchange, late);
      }
    } else if (engine.pool().remove(this)) {
      endIfIdle();
    }
  }

  @Override
  public void onTick(long nowNanos) {}

  @Override
  public void onShutdown() {
    connection().close(ClientException.stopped());
  }

  @Override
  public void onClosed(@Nullable Throwable cause) {
    Object occupying = occupant.getAndSet(Vacancy.CLOSED);
    Object last = closedFor != null ? closedFor : occupying;
    if (last instanceof ClientExchange exchange) {
      // before anybody is told: a body that is not begun by then is left alone
      exchange.stopSending();
    }
    deadline().cancel();
    engine.pool().closed(this);
    engine.events().onClose(key.origin().toString());
    if (last instanceof ClientExchange exchange && reading == Reading.ENDED) {
      exchange.complete();
    } else if (last instanceof ClientExchange exchange) {
      exchange.onConnectionClosed(
          cause != null ? cause : new EOFException("the connection was closed"));
    }
    engine.connectionClosed();
  }
}
