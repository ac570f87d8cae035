package io.httpkit.client;

import io.httpkit.client.ClientConfig.Timeouts;
import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.RetryPolicy.Progress;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.internal.codec.http1.Http1Event.ResponseHead;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.LoopConfined;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One request on one connection, and its response. Used once and never reset.
 *
 * <pre>
 *   SENT ─▶ ANSWERED ─ head ─▶ BODY ─ end ─▶ OVER
 *     └─────────┴──────────────┴── closed ────▲
 * </pre>
 */
@LoopConfined
final class ClientExchange implements Call.Stage {
  private enum Phase {
    /** Not a byte of the response has come. */
    SENT,
    /** The head of the response is coming. */
    ANSWERED,
    BODY,
    OVER
  }

  /** What the peer may say of how long it keeps an idle connection. */
  private static final String KEEP_ALIVE_TIMEOUT = "timeout=";

  private final Call call;
  private final Hop hop;
  private final Http1ClientProtocol protocol;
  private final RequestSender sender;
  private final long startNanos;

  private Phase phase = Phase.SENT;
  private @Nullable ResponseHead head;
  private @Nullable BodySink sink;
  private long lastReadNanos;

  ClientExchange(Call call, Hop hop, Http1ClientProtocol protocol) {
    this.call = call;
    this.hop = hop;
    this.protocol = protocol;
    this.startNanos = protocol.connection().io().loop().nanoTime();
    this.sender = new RequestSender(this, protocol.connection(), startNanos);
    this.lastReadNanos = startNanos;
  }

  @AnyThread
  Call call() {
    return call;
  }

  @AnyThread
  Hop hop() {
    return hop;
  }

  @AnyThread
  Method method() {
    return hop.method();
  }

  @AnyThread
  Http1ClientProtocol protocol() {
    return protocol;
  }

  /** What was negotiated with the server; null if it is only with a proxy, or not at all. */
  @AnyThread
  @Nullable SSLSession tlsSession() {
    boolean isServers = hop.uri().origin().isSecure();
    return isServers ? protocol.connection().tlsSession() : null;
  }

  /** When it was made, in ticker time. */
  @AnyThread
  long startNanos() {
    return startNanos;
  }

  // ---- the request, on any thread

  /** Writes the request, or begins to. */
  @AnyThread
  void send(Http1ClientProtocol on) {
    on.connection().writeTimeout(ClientEngine.nanos(timeouts().idle()));
    on.expect(nextDeadline(startNanos));
    sender.offLoop(hop.upload(), () -> sendTo(on));
  }

  private void sendTo(Http1ClientProtocol on) {
    try {
      sender.send();
    } catch (RuntimeException e) {
      on.takeBack(this);
      call.fail(e);
    } catch (IOException e) {
      on.takeBack(this);
      call.fail(ClientException.of(Kind.REQUEST_BODY, "the body of the request cannot be read", e));
    }
  }

  /** The body of the request cannot be completed. */
  @AnyThread
  void onUploadFailure(Throwable cause) {
    protocol.abort(
        this,
        ClientException.of(Kind.REQUEST_BODY, "the body of the request cannot be sent", cause));
  }

  @AnyThread
  @Override
  public void abort(ClientException cause) {
    protocol.abort(this, cause);
  }

  /** Whether something of the request may have been written, so that it is not taken back. */
  boolean isBegun() {
    return sender.isBegun();
  }

  // ---- the response

  /** Something of the response has come: the request has reached the server. */
  void onFirstByte() {
    phase = Phase.ANSWERED;
  }

  /** Some bytes have come, of whatever part of the response. */
  void onRead(long nowNanos) {
    lastReadNanos = nowNanos;
  }

  /** The server waits for the body of the request. RFC 9110 §10.1.1. */
  void onContinue() {
    sender.onContinue();
  }

  /** Reads on, unless the connection is another protocol's now. */
  boolean onHead(ResponseHead received) throws ClientException {
    head = received;
    phase = Phase.BODY;
    sender.onFinalHead();
    sink = call.onHead(this, received);
    return sink != BodySink.UPGRADED;
  }

  /** False if no more of the body is wanted for now. */
  boolean onContent(ByteBuffer bytes) throws ClientException {
    return sink().onContent(bytes);
  }

  private BodySink sink() {
    if (sink == null) {
      throw new IllegalStateException("no head in phase " + phase);
    }
    return sink;
  }

  /** The response is complete, as far as the connection is concerned. */
  void onEnd(Headers trailers) throws ClientException {
    phase = Phase.OVER;
    sender.stop();
    sink().onEnd(trailers);
  }

  /** The response is complete, and the connection may be another's. */
  void complete() {
    sink().complete();
  }

  /**
   * Whether the last bytes of the request are being written, and then has the task run on the loop.
   */
  boolean awaitsSent(Runnable task) {
    return sender.awaitsSent(task);
  }

  /** Whether the connection may go on behind this exchange, once its last bytes are written. */
  boolean mayKeepAlive() {
    return head != null
        && head.keepAlive()
        && sender.isWrittenOrEnding()
        && protocol.connection().output().queuedBytes() == 0
        && call.request().options().keepAlive;
  }

  /** How long the connection may be idle behind this exchange. */
  long keepAliveNanos(long configured) {
    String stated = head == null ? "" : head.headers().get("Keep-Alive").orElse("");
    int at = stated.indexOf(KEEP_ALIVE_TIMEOUT);
    if (at < 0) {
      return configured;
    }
    long seconds = 0;
    for (int i = at + KEEP_ALIVE_TIMEOUT.length(); i < stated.length(); i++) {
      char c = stated.charAt(i);
      if (c < '0' || c > '9' || seconds > Integer.MAX_VALUE) {
        break;
      }
      seconds = 10 * seconds + (c - '0');
    }
    // a second less, as the request takes time to arrive
    long kept = Math.min(Math.max(0, seconds - 1), Integer.MAX_VALUE);
    return Math.min(configured, Duration.ofSeconds(kept).toNanos());
  }

  /** The connection is closed: what is not sent by now will not be. */
  void stopSending() {
    sender.stop();
  }

  /** The connection is closed, and nothing more is sent. */
  void onConnectionClosed(Throwable cause) {
    Phase last = phase;
    phase = Phase.OVER;
    if (sink != null) {
      sink.fail(failure(last, cause));
    } else if (isStale(last, cause)) {
      call.onUnanswered(Progress.STALE, stale(cause));
    } else {
      call.onUnanswered(Progress.SENT, failure(last, cause));
    }
  }

  /** Whether the server had closed the connection before the request came. */
  private boolean isStale(Phase last, Throwable cause) {
    return last == Phase.SENT
        && protocol.isUsed()
        && !(cause instanceof ClientException || cause instanceof SocketTimeoutException);
  }

  private ClientException stale(Throwable cause) {
    String what =
        "the connection was closed before a response of "
            + hop.uri().absolute()
            + ", and was kept from an earlier request (see keepAlive and retryPolicy)";
    return ClientException.of(Kind.CLOSED, what, cause);
  }

  private ClientException failure(Phase last, Throwable cause) {
    if (cause instanceof SocketTimeoutException) {
      return new ClientException(
          Kind.IDLE_TIMEOUT,
          hop.uri().absolute()
              + " has not taken any of the request for "
              + timeouts().idle()
              + " (idleTimeout)",
          cause);
    }
    String part = last == Phase.ANSWERED ? "head" : "body";
    String when = last == Phase.SENT ? "before a" : "within the " + part + " of the";
    return ClientException.of(
        Kind.CLOSED,
        "the connection was closed " + when + " response of " + hop.uri().absolute(),
        cause);
  }

  // ---- time

  private Timeouts timeouts() {
    return call.request().options().timeouts;
  }

  private long firstByteDeadline() {
    long sent = Math.max(startNanos, sender.progressNanos());
    return sent + ClientEngine.nanos(timeouts().firstByte());
  }

  private long idleDeadline() {
    return Math.max(lastReadNanos, sender.progressNanos()) + ClientEngine.nanos(timeouts().idle());
  }

  /** When something must have happened, in ticker time. */
  @AnyThread
  long nextDeadline(long nowNanos) {
    long idle = nowNanos + ClientEngine.nanos(timeouts().idle());
    return call.earlier(phase == Phase.BODY ? idle : earlier(idle, firstByteLook(nowNanos)));
  }

  /**
   * Not before the request is sent, or a request that takes long would be looked at all the time.
   */
  private long firstByteLook(long nowNanos) {
    return sender.isSent()
        ? firstByteDeadline()
        : nowNanos + ClientEngine.nanos(timeouts().firstByte());
  }

  private static long earlier(long a, long b) {
    return a - b < 0 ? a : b;
  }

  /** Which rule has fired; null if none has, as something has happened meanwhile. */
  @Nullable ClientException onDeadline(long nowNanos, boolean isPaused) {
    String of = " " + hop.method() + " " + hop.uri().absolute();
    sender.observe(nowNanos);
    if (call.isPast(nowNanos)) {
      return call.totalTimeout();
    }
    if (phase != Phase.BODY && sender.isSent() && nowNanos - firstByteDeadline() >= 0) {
      return new ClientException(
          Kind.FIRST_BYTE_TIMEOUT,
          "no response in " + timeouts().firstByte() + " (firstByteTimeout) to" + of);
    }
    if (!isPaused && nowNanos - idleDeadline() >= 0) {
      return new ClientException(
          Kind.IDLE_TIMEOUT,
          "nothing came or went for " + timeouts().idle() + " (idleTimeout) of" + of);
    }
    return null;
  }
}
