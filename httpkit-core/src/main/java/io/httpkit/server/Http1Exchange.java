package io.httpkit.server;

import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.BodyFraming;
import io.httpkit.internal.codec.http1.Http1Event.RequestHead;
import io.httpkit.internal.codec.http1.Http1Event.Version;
import io.httpkit.internal.codec.websocket.ServerHandshake;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.Protocol;
import io.httpkit.internal.net.WriteQueue;
import java.io.EOFException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** One request of HTTP/1.1 and its response. */
final class Http1Exchange implements Exchange {
  private enum Progress {
    /** The response is not complete, and nobody waits for that. */
    OPEN,
    /** The response is not complete, and the loop wants to be told when it is. */
    AWAITED,
    /** The response is written, or queued. */
    DONE
  }

  private static final VarHandle RESPONSE;
  private static final VarHandle PROGRESS;
  private static final VarHandle TOLD;
  private static final VarHandle ABANDON;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      RESPONSE = lookup.findVarHandle(Http1Exchange.class, "response", Response.class);
      PROGRESS = lookup.findVarHandle(Http1Exchange.class, "progress", Progress.class);
      TOLD = lookup.findVarHandle(Http1Exchange.class, "told", boolean.class);
      ABANDON = lookup.findVarHandle(Http1Exchange.class, "abandon", Runnable.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final RequestHead UNREADABLE =
      new RequestHead(
          Method.GET,
          "/",
          Version.HTTP_1_1,
          Headers.empty(),
          BodyFraming.NONE,
          false,
          false,
          false);

  private final Http1ServerProtocol protocol;
  private final RequestHead head;
  private final long startNanos;

  /** Set first; handed to other threads with the exchange. */
  private @Nullable Request request;

  // Loop only
  private @Nullable RequestBody body;
  private long bodyBytes;

  // Any thread
  /** The first answer; set once, by compare-and-set. */
  @SuppressWarnings("UnusedVariable") // used through RESPONSE
  private volatile @Nullable Response response;

  private volatile Progress progress = Progress.OPEN;

  /** Volatile, as an answer may be given before the body has come, on any thread. */
  private volatile boolean bodyComplete;

  /** Told what happens to a connection that is answered later. */
  private volatile @Nullable HttpChannel watcher;

  /** Run if the connection is closed before a response that is still to come; taken once. */
  private volatile @Nullable Runnable abandon;

  /** Whether it has been told how the exchange ended; set once, by compare-and-set. */
  @SuppressWarnings("UnusedVariable") // used through TOLD
  private volatile boolean told;

  /** The status of a response whose head was sent before its body; volatile, as any may send. */
  private volatile @Nullable Status begunStatus;

  /** Written before progress becomes DONE, read after. */
  private boolean keepAlive;

  Http1Exchange(Http1ServerProtocol protocol, RequestHead head, long startNanos) {
    this.protocol = protocol;
    this.head = head;
    this.startNanos = startNanos;
    this.bodyComplete = head.framing().length() == 0;
  }

  /** Stands for a request whose head could not be read. */
  static Http1Exchange refused(Http1ServerProtocol protocol, long nowNanos) {
    return new Http1Exchange(protocol, UNREADABLE, nowNanos);
  }

  @Override
  public Method method() {
    return head.method();
  }

  @Override
  public String target() {
    return head.target();
  }

  @Override
  public String protocol() {
    return head.version().toString();
  }

  @Override
  public String scheme() {
    return tlsSession() == null ? "http" : "https";
  }

  @Override
  public @Nullable SSLSession tlsSession() {
    return connection().tlsSession();
  }

  @Override
  public Headers headers() {
    return head.headers();
  }

  @Override
  public @Nullable SocketAddress remoteAddress() {
    return connection().remoteAddress();
  }

  @Override
  public long startNanos() {
    return startNanos;
  }

  @Override
  public long bodyLength() {
    return head.framing().length();
  }

  @Override
  public void begun(Request newRequest) {
    request = newRequest;
    if (context().isObserved()) {
      context().events().onRequest(newRequest);
    }
  }

  @Override
  public void readBody(long limit, RequestBody newBody) {
    if (body != null) {
      throw new IllegalStateException("the body of " + request + " is being read already");
    }
    if (head.framing() == BodyFraming.NONE) {
      newBody.end(Headers.empty());
      return;
    }
    body = newBody;
    protocol.readBody(this, limit, head.expectsContinue());
  }

  @Override
  public boolean respond(Response first) {
    if (!RESPONSE.compareAndSet(this, (Response) null, first)) {
      return false;
    }
    new ResponseWriter(this).write(first);
    return true;
  }

  // ---- for a channel

  /**
   * Has the channel told what happens to the connection until the exchange is done. If it is
   * already, because the connection is closed, it is told at once.
   */
  void watch(HttpChannel newWatcher) {
    watcher = newWatcher;
    if (isDone()) {
      newWatcher.onClosed(new EOFException("the connection was closed"));
    }
  }

  @Nullable HttpChannel watcher() {
    return watcher;
  }

  /** Hands the connection to another protocol. The answer that says so has been written. */
  void upgrade(Protocol next, Runnable whenClosed) {
    EventLoop loop = connection().io().loop();
    if (loop.isInLoop()) {
      protocol.upgrade(this, next, whenClosed);
    } else if (!loop.offer(() -> protocol.upgrade(this, next, whenClosed))) {
      whenClosed.run();
    }
  }

  LoopContext loopContext() {
    return protocol.loopContext();
  }

  // ---- for a response that is still to come

  /**
   * A response will come. This is run on a worker if the connection is closed before {@link
   * #arrived}; soon, if it is closed already.
   */
  void promised(Runnable newAbandon) {
    abandon = newAbandon;
    if (isDone()) {
      abandon();
    }
  }

  /** The response has come, or never will; false if nobody waits for it any more. */
  boolean arrived() {
    return takeAbandon() != null;
  }

  private @Nullable Runnable takeAbandon() {
    return (Runnable) ABANDON.getAndSet(this, (Runnable) null);
  }

  private void abandon() {
    Runnable task = takeAbandon();
    if (task == null) {
      return;
    }
    try {
      context().workers().execute(() -> run(task));
    } catch (RejectedExecutionException e) {
      // here rather than never, as nobody else knows of the task
      run(task);
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      Request abandoned = request;
      if (abandoned != null) {
        context().events().onError(abandoned, e);
      }
    }
  }

  // ---- for the protocol, on the loop

  void onContent(ByteBuffer bytes) {
    bodyBytes += bytes.remaining();
    if (body != null) {
      body.add(bytes);
    }
  }

  void onBodyEnd(Headers trailers) {
    bodyComplete = true;
    RequestBody ended = body;
    body = null;
    if (ended != null) {
      ended.end(trailers);
    }
  }

  /**
   * It will not be complete: what has come of it is not to be kept while the connection lingers.
   */
  void dropBody() {
    body = null;
  }

  long bodyBytes() {
    return bodyBytes;
  }

  boolean isDone() {
    return progress == Progress.DONE;
  }

  /** Asks to be told when the exchange is done; false if it is. */
  boolean await() {
    return progress == Progress.AWAITED
        || PROGRESS.compareAndSet(this, Progress.OPEN, Progress.AWAITED);
  }

  /** Whether the client may be sending more, as far as this exchange tells. */
  boolean isClientSending() {
    return head.keepAlive() || !bodyComplete;
  }

  /** Whether the connection goes on behind this exchange, once it is done. */
  boolean keepAlive() {
    return keepAlive;
  }

  // ---- for the response writer, on any thread

  /** Whether the client and the server both want the connection to go on, as far as known now. */
  boolean mayKeepAlive() {
    return head.keepAlive() && bodyComplete && !context().isDraining() && !wantsWebSocket();
  }

  /** A client that was refused one may send frames all the same. */
  private boolean wantsWebSocket() {
    return head.wantsUpgrade() && ServerHandshake.isAttempt(head.headers());
  }

  boolean isHttp10() {
    return head.version() == Version.HTTP_1_0;
  }

  @Nullable Request request() {
    return request;
  }

  ServerContext context() {
    return protocol.context();
  }

  Connection connection() {
    return protocol.connection();
  }

  WriteQueue output() {
    return connection().output();
  }

  /** The head of a response with this status is sent, and its body follows. */
  void responseBegun(Status status) {
    begunStatus = status;
  }

  /** Whether somebody wants to know how the exchange ended, and has not been told. Once. */
  boolean isToTell() {
    return context().isObserved() && TOLD.compareAndSet(this, false, true);
  }

  /**
   * The exchange is over: all of the response is written or queued, or never will be, as the
   * connection is closed. Only the first call counts.
   */
  void done(boolean connectionGoesOn) {
    if (isDone()) {
      return;
    }
    keepAlive = connectionGoesOn;
    Progress before = (Progress) PROGRESS.getAndSet(this, Progress.DONE);
    if (before == Progress.DONE) {
      return;
    }
    context().activeRequests().decrement();
    tellIfAborted();
    if (abandon != null) {
      abandon();
    }
    if (before == Progress.AWAITED || !connectionGoesOn) {
      protocol.exchangeDone();
    }
  }

  private void tellIfAborted() {
    Request aborted = request;
    if (aborted != null && isToTell()) {
      context().events().onAborted(aborted, begunStatus);
    }
  }
}
