package io.httpkit.client;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.internal.loop.Ticker;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 client. Immutable, and for any thread; one is enough for an application.
 *
 * <pre>{@code
 * HttpClient client = HttpClient.shared();
 * client.get("https://example.com/users").query("name", "Ada").send()
 *     .thenAccept(response -> System.out.println(response.text()));
 * String text = client.get("https://example.com/").send().get().text();
 * }</pre>
 *
 * <p>Its threads are started with its first request, and do not keep the JVM alive.
 */
public final class HttpClient implements AutoCloseable {
  private static final class Shared {
    static final HttpClient CLIENT = new HttpClient(ClientConfig.DEFAULTS, Ticker.SYSTEM);
  }

  private final ClientConfig config;
  private final Ticker ticker;
  private final @Nullable String userAgent;
  private final ClientEvents events;

  /** For starting and stopping one after the other. */
  private final Object lifecycle = new Object();

  /** Null before the first request. Volatile, as only writing takes the lock. */
  private volatile @Nullable ClientEngine engine;

  /** Whether none is made any more. Guarded by {@link #lifecycle}. */
  private boolean isStopped;

  private HttpClient(ClientConfig config, Ticker ticker) {
    this.config = config;
    this.ticker = ticker;
    this.userAgent = config.userAgent();
    this.events = new GuardedClientEvents(config.events());
  }

  /** The client with the defaults that all of an application may share. */
  public static HttpClient shared() {
    return Shared.CLIENT;
  }

  /** A client of its own. */
  public static HttpClient create(ClientConfig config) {
    return create(config, Ticker.SYSTEM);
  }

  /** A client of its own, in another time. */
  static HttpClient create(ClientConfig config, Ticker ticker) {
    return new HttpClient(config, ticker);
  }

  public ClientConfig config() {
    return config;
  }

  // ---- requests

  /** A GET of this URL, to be completed and sent. */
  public RequestBuilder get(String url) {
    return request(Method.GET, url);
  }

  /** A HEAD of this URL, to be completed and sent. */
  public RequestBuilder head(String url) {
    return request(Method.HEAD, url);
  }

  /** A POST to this URL, to be completed and sent. */
  public RequestBuilder post(String url) {
    return request(Method.POST, url);
  }

  /** A PUT to this URL, to be completed and sent. */
  public RequestBuilder put(String url) {
    return request(Method.PUT, url);
  }

  /** A PATCH of this URL, to be completed and sent. */
  public RequestBuilder patch(String url) {
    return request(Method.PATCH, url);
  }

  /** A DELETE of this URL, to be completed and sent. */
  public RequestBuilder delete(String url) {
    return request(Method.DELETE, url);
  }

  /** OPTIONS for this URL, to be completed and sent. */
  public RequestBuilder options(String url) {
    return request(Method.OPTIONS, url);
  }

  /**
   * A request, to be completed and sent.
   *
   * @throws IllegalArgumentException if the URL is not one of {@code http} or {@code https}, or the
   *     method is CONNECT, which makes no request
   */
  public RequestBuilder request(Method method, String url) {
    if (method == Method.CONNECT) {
      throw new IllegalArgumentException("CONNECT is for proxies; see ClientConfig.Builder#proxy");
    }
    return new RequestBuilder(this, method, url);
  }

  /**
   * A WebSocket to this URL, to be completed and opened.
   *
   * @throws IllegalArgumentException if the URL is not one of {@code ws}, {@code wss}, {@code http}
   *     or {@code https}
   */
  public WebSocketBuilder webSocket(String url) {
    return new WebSocketBuilder(this, url);
  }

  CompletableFuture<AsyncChannel> openWebSocket(
      ClientRequest request,
      ChannelOptions options,
      @Nullable String origin,
      ChannelListener listener) {
    ClientEngine running = engine();
    return running == null
        ? CompletableFuture.failedFuture(ClientException.stopped())
        : running.openWebSocket(request, options, origin, listener);
  }

  /** Sends a request; see {@link RequestBuilder#send()}. */
  public CompletableFuture<ClientResponse> send(ClientRequest request) {
    ClientEngine running = engine();
    return running == null
        ? CompletableFuture.failedFuture(ClientException.stopped())
        : running.send(request);
  }

  /** Started if it was not; null if the client was stopped before it had one. */
  private @Nullable ClientEngine engine() {
    ClientEngine started = engine;
    if (started != null) {
      return started;
    }
    synchronized (lifecycle) {
      if (engine == null && !isStopped) {
        engine = new ClientEngine(config, events, ticker);
      }
      return engine;
    }
  }

  /** The headers of a request, with those that the client adds. */
  Headers completed(
      Headers.Builder given,
      @Nullable Credentials credentials,
      RequestOptions options,
      boolean isForm) {
    Headers before = given.build();
    Headers.Builder headers = before.toBuilder();
    if (isForm && !before.contains("Content-Type")) {
      headers.add("Content-Type", ParameterList.FORM_TYPE);
    }
    if (userAgent != null && !before.contains("User-Agent")) {
      headers.add("User-Agent", userAgent);
    }
    // a range of a compressed body is of no use: it cannot be decompressed alone
    if (options.compression && !before.contains("Accept-Encoding") && !before.contains("Range")) {
      headers.add("Accept-Encoding", "gzip, deflate");
    }
    if (credentials != null && !before.contains("Authorization")) {
      headers.add("Authorization", credentials.basic());
    }
    return headers.build();
  }

  /** The callback, whose failures are reported. */
  BiConsumer<@Nullable ClientResponse, @Nullable Throwable> guarded(
      BiConsumer<? super @Nullable ClientResponse, ? super @Nullable Throwable> callback) {
    return (response, failure) -> {
      try {
        callback.accept(response, failure);
      } catch (RuntimeException | Error e) {
        events.onCallbackError(e);
        throw e;
      }
    };
  }

  /** A source of events that ends with this client. */
  void begun(EventSource source) {
    ClientEngine running = engine();
    if (running != null) {
      running.begun(source);
    }
  }

  void over(EventSource source) {
    ClientEngine running = engine();
    if (running != null) {
      running.over(source);
    }
  }

  void onCallbackError(Throwable error) {
    events.onCallbackError(error);
  }

  /** Runs this where callbacks run. */
  void callback(Runnable task) {
    ClientEngine running = engine();
    if (running == null) {
      task.run();
    } else {
      running.callback(task);
    }
  }

  // ---- its life

  /** Its connections now. */
  public ClientStatistics statistics() {
    ClientEngine started = engine;
    return started == null ? new ClientStatistics(0, 0, 0) : started.pool().statistics();
  }

  /**
   * Stops: all requests that are not complete fail, each once, and so do all that come later.
   *
   * @return completes when all connections are closed and all threads have ended
   */
  public CompletableFuture<Void> stop() {
    ClientEngine started;
    synchronized (lifecycle) {
      isStopped = true;
      started = engine;
    }
    // no thread is started only to be ended
    return started == null ? CompletableFuture.allOf() : started.stop().copy();
  }

  /** Stops, and waits for it. Not to be called by a callback, which would wait for itself. */
  @Override
  public void close() {
    stop().join();
  }
}
