package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ClientRequest.Delivery;
import io.httpkit.client.RetryPolicy.Progress;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Event.ResponseHead;
import io.httpkit.internal.loop.AnyThread;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One request of the application until its response: takes a connection, and an exchange, for each
 * hop, follows redirects, and tries again where that is safe. Completes once, whatever happens.
 *
 * <pre>
 *   BEGUN ─▶ lease ⇄ exchange ─▶ OVER
 * </pre>
 */
@AnyThread
final class Call {
  /** What a call is waiting for. */
  interface Stage {
    /** Nobody waits any more. */
    void abort(ClientException cause);
  }

  /** What a call that is not waiting does. */
  private enum Rest implements Stage {
    BEGUN,
    OVER;

    @Override
    public void abort(ClientException cause) {}
  }

  /** What is done with a connection that is to be another protocol's. Called on the loop. */
  interface Upgrade {
    /** The server has agreed; the connection is to be switched. */
    void run(ClientExchange exchange, ResponseHead head) throws ClientException;

    /** Nobody wants it any more, after all. */
    void undo();
  }

  private final ClientEngine engine;
  private final ClientRequest request;
  private final @Nullable Upgrade upgrade;
  private final ClientFuture<ClientResponse> future;
  private final long startNanos;
  private final AtomicReference<Stage> stage = new AtomicReference<>(Rest.BEGUN);

  /** Whether a body that can be sent only once is with who sends it, or was dropped. */
  private final AtomicBoolean oneShotTaken = new AtomicBoolean();

  // One stage at a time: written before the next begins
  private Hop hop;
  private List<String> urls;
  private Attempts attempts;

  Call(ClientEngine engine, ClientRequest request, @Nullable Upgrade upgrade) {
    this.engine = engine;
    this.request = request;
    this.upgrade = upgrade;
    this.future = new ClientFuture<>(engine, this::giveUp);
    this.startNanos = engine.nanoTime();
    this.hop = new Hop(request.method(), request.uri(), request.headers(), request.upload());
    this.urls = List.of(request.url());
    this.attempts = new Attempts(request);
  }

  ClientRequest request() {
    return request;
  }

  ClientEngine engine() {
    return engine;
  }

  boolean isUpgrade() {
    return upgrade != null;
  }

  /** Begins. */
  ClientFuture<ClientResponse> start() {
    lease(false);
    return future;
  }

  // ---- a connection

  private void lease(boolean isFresh) {
    PoolKey key;
    try {
      key = engine.poolKey(hop.uri().origin(), request.options());
    } catch (RuntimeException | Error e) {
      // who supplies the SSLContext
      fail(e);
      return;
    }
    if (!isFresh) {
      Http1ClientProtocol idle = engine.pool().takeIdle(key);
      if (idle != null) {
        onLeased(idle);
        return;
      }
    }
    Lease lease = new Lease(this, engine.pool(), key, request.options(), isFresh);
    if (enter(lease)) {
      engine.pool().lease(lease);
    }
  }

  /** Goes on to the next stage; false if the call is over. */
  private boolean enter(Stage next) {
    Stage before = stage.get();
    while (before != Rest.OVER) {
      if (stage.compareAndSet(before, next)) {
        return true;
      }
      before = stage.get();
    }
    return false;
  }

  /** A connection is this call's. */
  void onLeased(Http1ClientProtocol connection) {
    ClientExchange exchange;
    try {
      exchange = new ClientExchange(this, withCookies(hop), connection);
    } catch (RuntimeException | Error e) {
      // a cookie jar of the application
      engine.events().onCallbackError(e);
      connection.giveBack();
      fail(e);
      return;
    }
    if (!enter(exchange)) {
      connection.giveBack();
      return;
    }
    engine.events().onRequest(request);
    if (connection.start(exchange)) {
      return;
    }
    if (connection.isUsed()) {
      lease(false);
    } else {
      onUnanswered(
          Progress.NOT_SENT, engine.isStopped() ? ClientException.stopped() : closedAtOnce());
    }
  }

  private ClientException closedAtOnce() {
    return new ClientException(
        Kind.CLOSED,
        "the connection was closed before a request could be sent to " + hop.uri().absolute());
  }

  /** With the cookies that the jar has for its URL, behind those that the application set. */
  private Hop withCookies(Hop bare) {
    CookieJar cookies = engine.config().cookies();
    String kept = cookies == null ? "" : cookies.load(bare.uri().cookieTarget()).orElse("");
    if (kept.isEmpty()) {
      return bare;
    }
    String given = bare.headers().get("Cookie").orElse("");
    String both = given.isEmpty() ? kept : given + "; " + kept;
    Headers headers = bare.headers().toBuilder().set("Cookie", both).build();
    return new Hop(bare.method(), bare.uri(), headers, bare.upload());
  }

  /** Whether nobody waits for a response any more; before it is sent, whether it was given up. */
  boolean isOver() {
    return stage.get() == Rest.OVER;
  }

  // ---- the body of the request

  /** Whether the body may be sent now, by who asks; one that can be sent only once, only once. */
  boolean takeUpload() {
    Upload upload = request.upload();
    return upload == null || upload.isRepeatable() || oneShotTaken.compareAndSet(false, true);
  }

  /** Closes the streams of a body that nobody will read. */
  private void dropUpload() {
    Upload upload = request.upload();
    if (upload != null && !upload.isRepeatable() && takeUpload()) {
      try {
        engine.workers().execute(upload::drop);
      } catch (RejectedExecutionException e) {
        upload.drop();
      }
    }
  }

  // ---- the response, on the loop

  /** Decides what becomes of the body behind this head. */
  BodySink onHead(ClientExchange exchange, ResponseHead head) throws ClientException {
    if (head.status().code() == Status.SWITCHING_PROTOCOLS.code()) {
      return switchProtocols(exchange, head);
    }
    saveCookies(head);
    return redirect(exchange, head);
  }

  private BodySink redirect(ClientExchange exchange, ResponseHead head) throws ClientException {
    RedirectPolicy policy = request.options().redirects;
    Hop next;
    try {
      next = policy.next(hop, urls.size() - 1, head.status().code(), head.headers());
    } catch (ClientException refusal) {
      return new BodyDropper(() -> fail(refusal));
    }
    if (next == null) {
      return deliver(exchange, head);
    }
    engine.events().onRedirect(request, next.uri().absolute());
    return new BodyDropper(() -> follow(next));
  }

  /** A jar of the application that fails costs the cookies, and not the response. */
  private void saveCookies(ResponseHead head) {
    CookieJar cookies = engine.config().cookies();
    if (cookies != null) {
      try {
        cookies.save(hop.uri().cookieTarget(), head.headers().all("Set-Cookie"));
      } catch (RuntimeException | Error e) {
        engine.events().onCallbackError(e);
      }
    }
  }

  private BodySink switchProtocols(ClientExchange exchange, ResponseHead head)
      throws ClientException {
    if (upgrade == null) {
      throw new ClientException(
          Kind.PROTOCOL, hop.uri().absolute() + " switched to another protocol, unasked");
    }
    upgrade.run(exchange, head);
    new CallAnswer(this, exchange, head, urls).completeEmpty();
    return BodySink.UPGRADED;
  }

  private BodySink deliver(ClientExchange exchange, ResponseHead head) throws ClientException {
    CallAnswer answer = new CallAnswer(this, exchange, head, urls);
    if (request.delivery() == Delivery.COLLECTED) {
      return new BodyCollector(answer, request.options().maxBody, head.framing().length());
    }
    long limit = request.options().maxStreamedBody;
    if (head.framing().length() > limit) {
      throw BodyCollector.tooLarge(limit, answer.url());
    }
    return request.delivery() == Delivery.DROPPED
        ? new BodyDropper(limit, answer)
        : answer.completeStreamed();
  }

  private void follow(Hop next) {
    hop = next;
    List<String> more = new ArrayList<>(urls);
    more.add(next.uri().absolute());
    urls = List.copyOf(more);
    attempts = new Attempts(request);
    lease(false);
  }

  // ---- no response

  /** There is no connection, or it was closed before the head of a response was there. */
  void onUnanswered(Progress progress, ClientException cause) {
    boolean again;
    try {
      again = stage.get() != Rest.OVER && attempts.next(hop, progress, cause);
    } catch (RuntimeException | Error e) {
      // a policy of the application
      fail(e);
      return;
    }
    if (!again) {
      fail(cause);
      return;
    }
    engine.events().onRetry(request, cause);
    lease(progress != Progress.NOT_SENT);
  }

  // ---- time

  boolean hasTotal() {
    return !request.options().timeouts.total().isZero();
  }

  /** When all of its time is over, in ticker time. */
  long deadlineNanos() {
    return startNanos + ClientEngine.nanos(request.options().timeouts.total());
  }

  /** This ticker time, or that of the total time-out if it is earlier. */
  long earlier(long nanos) {
    return hasTotal() && deadlineNanos() - nanos < 0 ? deadlineNanos() : nanos;
  }

  boolean isPast(long nowNanos) {
    return hasTotal() && nowNanos - deadlineNanos() >= 0;
  }

  ClientException totalTimeout() {
    Duration total = request.options().timeouts.total();
    return new ClientException(
        Kind.TOTAL_TIMEOUT, "no response in all of " + total + " (totalTimeout) to " + request);
  }

  // ---- the end

  /** The response is there. Where callbacks may run. */
  void finish(ClientResponse response) {
    if (stage.getAndSet(Rest.OVER) != Rest.OVER) {
      dropUpload();
      engine.events().onResponse(request, response, engine.nanoTime() - startNanos);
      if (future.finish(response)) {
        return;
      }
    }
    // somebody has given up meanwhile
    response.close();
    if (upgrade != null) {
      upgrade.undo();
    }
  }

  /** There will be no response. */
  void fail(Throwable cause) {
    if (stage.getAndSet(Rest.OVER) != Rest.OVER) {
      dropUpload();
      engine.events().onFailure(request, cause, engine.nanoTime() - startNanos);
      engine.callback(() -> future.fail(cause));
    }
  }

  /** Whoever waited has completed the future otherwise. */
  private void giveUp() {
    ClientException cause = ClientException.cancelled();
    Stage last = stage.getAndSet(Rest.OVER);
    if (last != Rest.OVER) {
      dropUpload();
      engine.events().onFailure(request, cause, engine.nanoTime() - startNanos);
      last.abort(cause);
    }
  }
}
