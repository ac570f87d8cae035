package io.httpkit.client;

import io.httpkit.client.ClientRequest.Delivery;
import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import java.io.InputStream;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Collects a request and sends it. Options that are not set are those of the client. Not safe for
 * several threads at once; may be sent several times.
 */
public final class RequestBuilder {
  // Parts of a request that have a time-out of their own.
  private static final BiConsumer<RequestOptions, Duration> ACQUIRE =
      RequestOptions::acquireTimeout;
  private static final BiConsumer<RequestOptions, Duration> CONNECT =
      RequestOptions::connectTimeout;
  private static final BiConsumer<RequestOptions, Duration> TLS = RequestOptions::tlsTimeout;
  private static final BiConsumer<RequestOptions, Duration> FIRST_BYTE =
      RequestOptions::firstByteTimeout;
  private static final BiConsumer<RequestOptions, Duration> IDLE = RequestOptions::idleTimeout;
  private static final List<BiConsumer<RequestOptions, Duration>> PHASES =
      List.of(ACQUIRE, CONNECT, TLS, FIRST_BYTE, IDLE);

  private final HttpClient client;
  private final Method method;
  private final RequestUri uri;
  private final Headers.Builder headers = Headers.builder();
  private final ParameterList query = new ParameterList();
  private final ParameterList form = new ParameterList();
  private NestedParams nestedParams = NestedParams.REPEAT;
  private @Nullable Upload upload;
  private RequestOptions options;

  /** Of which phases this request has a time-out of its own, not by {@link #timeout}. */
  private final List<BiConsumer<RequestOptions, Duration>> ownTimeouts = new ArrayList<>(0);

  RequestBuilder(HttpClient client, Method method, String url) {
    this.client = client;
    this.method = method;
    this.uri = RequestUri.parse(url);
    this.options = client.config().options();
  }

  // ---- headers

  /**
   * Sets a header, in place of all of this name.
   *
   * @throws IllegalArgumentException if the name is not a token, or the value holds a control
   *     character
   */
  public RequestBuilder header(String name, String value) {
    headers.set(name, value);
    return this;
  }

  /** Adds a header behind others of this name. */
  public RequestBuilder addHeader(String name, String value) {
    headers.add(name, value);
    return this;
  }

  /** Sets each of these headers, in place of those of its name. */
  public RequestBuilder headers(Headers values) {
    values.names().forEach(headers::remove);
    for (int i = 0; i < values.size(); i++) {
      headers.add(values.name(i), values.value(i));
    }
    return this;
  }

  /** Says who asks. RFC 7617. */
  public RequestBuilder basicAuth(String user, String password) {
    return header("Authorization", new Credentials(user, password).basic());
  }

  /** Shows a token. RFC 6750 §2.1. */
  public RequestBuilder bearer(String token) {
    return header("Authorization", "Bearer " + token);
  }

  /** Says which program asks. */
  public RequestBuilder userAgent(String value) {
    return header("User-Agent", value);
  }

  /** Says what the body is. */
  public RequestBuilder contentType(String value) {
    return header("Content-Type", value);
  }

  // ---- parameters

  /**
   * Adds a parameter to the query of the URL.
   *
   * @param value text, a number, a boolean, an enum or a time; or a list, array or map of such;
   *     null leaves it out
   */
  public RequestBuilder query(String name, @Nullable Object value) {
    query.add(name, value);
    return this;
  }

  /** Adds a parameter to a body that is a form; as {@link #query}. */
  public RequestBuilder form(String name, @Nullable Object value) {
    form.add(name, value);
    return this;
  }

  /** How lists are written among the parameters, default {@link NestedParams#REPEAT}. */
  public RequestBuilder nestedParams(NestedParams style) {
    nestedParams = style;
    return this;
  }

  // ---- the body

  /** Sends this text, in UTF-8. */
  public RequestBuilder body(String text) {
    return body(Body.of(text));
  }

  /** Sends these bytes; not copied, so do not change them until they are sent. */
  public RequestBuilder body(byte[] bytes) {
    return body(Body.of(bytes));
  }

  /** Sends what remains in the buffer, which is consumed. */
  public RequestBuilder body(ByteBuffer buffer) {
    Body taken = Body.of(buffer);
    buffer.position(buffer.limit());
    return body(taken);
  }

  /** Sends what the stream gives, as the server takes it; closed in any case. Once. */
  public RequestBuilder body(InputStream stream) {
    return body(Body.of(stream));
  }

  /** Sends the content of a file. */
  public RequestBuilder body(Path file) {
    return body(Body.of(file));
  }

  /** Sends this body. */
  public RequestBuilder body(Body body) {
    upload = new Upload.Whole(body);
    return this;
  }

  /** Sends several parts as {@code multipart/form-data}, or as it says. */
  public RequestBuilder body(Multipart multipart) {
    upload = new Upload.Several(multipart);
    return contentType(multipart.contentType());
  }

  /** Sends what the publisher gives, which is asked for more as the server takes it. Once. */
  public RequestBuilder body(Flow.Publisher<ByteBuffer> publisher) {
    upload = new Upload.Published(publisher, Body.UNKNOWN_LENGTH);
    return this;
  }

  /** As {@link #body(Flow.Publisher)}, of so many bytes in all. */
  public RequestBuilder body(Flow.Publisher<ByteBuffer> publisher, long length) {
    upload = new Upload.Published(publisher, length);
    return this;
  }

  /**
   * Asks the server whether it wants the body before that is sent, and waits a second at most for
   * its answer. RFC 9110 §10.1.1.
   */
  public RequestBuilder expectContinue() {
    return option(some -> some.expectContinue = true);
  }

  // ---- options

  private RequestBuilder option(Consumer<RequestOptions> change) {
    RequestOptions changed = options.copy();
    change.accept(changed);
    options = changed;
    return this;
  }

  /**
   * The longest that any single phase may take: {@link #acquireTimeout}, {@link #connectTimeout},
   * {@link #tlsTimeout}, {@link #firstByteTimeout} and {@link #idleTimeout}, in place of those of
   * the client. One of these that is set for this request wins, whether before or after. All phases
   * together, redirects and retries, have no limit by this: see {@link #totalTimeout}. Zero: no
   * limit, but for the TLS handshake, which keeps the one it has.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public RequestBuilder timeout(Duration value) {
    ClientConfig.notNegative("timeout", value);
    for (BiConsumer<RequestOptions, Duration> phase : PHASES) {
      // no handshake goes without a limit, which is zero
      boolean allowed = !value.isZero() || phase != TLS;
      if (allowed && !ownTimeouts.contains(phase)) {
        option(some -> phase.accept(some, value));
      }
    }
    return this;
  }

  private RequestBuilder timeout(BiConsumer<RequestOptions, Duration> phase, Duration value) {
    option(some -> phase.accept(some, value));
    ownTimeouts.add(phase);
    return this;
  }

  /** See {@link ClientConfig.Builder#connectTimeout}. */
  public RequestBuilder connectTimeout(Duration value) {
    return timeout(CONNECT, value);
  }

  /** See {@link ClientConfig.Builder#tlsTimeout}. */
  public RequestBuilder tlsTimeout(Duration value) {
    return timeout(TLS, value);
  }

  /** See {@link ClientConfig.Builder#acquireTimeout}. */
  public RequestBuilder acquireTimeout(Duration value) {
    return timeout(ACQUIRE, value);
  }

  /** See {@link ClientConfig.Builder#firstByteTimeout}. */
  public RequestBuilder firstByteTimeout(Duration value) {
    return timeout(FIRST_BYTE, value);
  }

  /** See {@link ClientConfig.Builder#idleTimeout}. */
  public RequestBuilder idleTimeout(Duration value) {
    return timeout(IDLE, value);
  }

  /** See {@link ClientConfig.Builder#totalTimeout}. */
  public RequestBuilder totalTimeout(Duration value) {
    return option(some -> some.totalTimeout(value));
  }

  /** See {@link ClientConfig.Builder#followRedirects}. */
  public RequestBuilder followRedirects(boolean value) {
    return option(some -> some.followRedirects(value));
  }

  /** See {@link ClientConfig.Builder#maxRedirects}. */
  public RequestBuilder maxRedirects(int value) {
    return option(some -> some.maxRedirects(value));
  }

  /** Whether 301, 302 and 303 keep the method and the body; default false. */
  public RequestBuilder unsafeRedirects(boolean value) {
    return option(some -> some.unsafeRedirects(value));
  }

  /** See {@link ClientConfig.Builder#compression}. */
  public RequestBuilder compression(boolean value) {
    return option(some -> some.compression = value);
  }

  /** See {@link ClientConfig.Builder#retry}. */
  public RequestBuilder retry(boolean value) {
    return option(some -> some.retry = value);
  }

  /** See {@link ClientConfig.Builder#retryPolicy}. */
  public RequestBuilder retryPolicy(RetryPolicy value) {
    return option(some -> some.retryPolicy = value);
  }

  /** Whether the connection may be used again; default true. */
  public RequestBuilder keepAlive(boolean value) {
    return option(some -> some.keepAlive = value);
  }

  /**
   * The most bytes of the body, collected, streamed or dropped, as they come and when they are
   * decompressed; what is dropped never is.
   */
  public RequestBuilder maxBody(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("maxBody must not be negative but was " + bytes);
    }
    return option(
        some -> {
          some.maxBody = bytes;
          some.maxStreamedBody = bytes;
        });
  }

  /** See {@link ClientConfig.Builder#proxy}. */
  public RequestBuilder proxy(@Nullable Proxy value) {
    return option(some -> some.proxy(value));
  }

  /** Which requests go through which proxy; in place of {@link #proxy}. */
  public RequestBuilder proxies(ProxyRules value) {
    return option(some -> some.proxies = value);
  }

  /** Through a proxy only if it makes a tunnel, as another protocol is to be spoken. */
  RequestBuilder tunnelled() {
    return option(
        some ->
            some.proxies
                .proxyFor(uri.origin())
                .ifPresent(proxy -> some.proxy(proxy.withTunnel(true))));
  }

  /** See {@link ClientConfig.Builder#tls}. */
  public RequestBuilder tls(ClientTls value) {
    return option(some -> some.tls = value);
  }

  /** Takes any certificate, for any host. For tests. */
  public RequestBuilder insecure() {
    return option(some -> some.tls = some.tls.insecure());
  }

  /** Connects to this address, whatever the host of the URL is. */
  public RequestBuilder address(SocketAddress value) {
    return option(some -> some.address = value);
  }

  /** Connects to this Unix domain socket, whatever the host of the URL is. */
  public RequestBuilder unixSocket(Path path) {
    return address(UnixDomainSocketAddress.of(path));
  }

  /**
   * Says what the URL was made of, such as {@code /users/{id}}. It is not sent and changes nothing;
   * it is there for interceptors and listeners that count requests, as there are more URLs than can
   * be counted one by one. Let it not depend on data.
   */
  public RequestBuilder uriTemplate(String template) {
    return option(some -> some.uriTemplate = template);
  }

  // ---- sending

  /**
   * The request, to be sent once or several times.
   *
   * @throws IllegalArgumentException if it has both a form and a body, or a parameter that cannot
   *     be written
   */
  public ClientRequest build() {
    return build(Delivery.COLLECTED);
  }

  private ClientRequest build(Delivery delivery) {
    Upload body = upload;
    if (!form.isEmpty()) {
      if (body != null) {
        throw new IllegalArgumentException("a request has a form or a body, not both");
      }
      body = new Upload.Whole(Body.of(form.toForm(nestedParams)));
    }
    RequestUri target = query.isEmpty() ? uri : uri.withMoreQuery(query.toQuery(nestedParams));
    return new ClientRequest(
        method,
        target.withCredentials(null),
        client.completed(headers, target.credentials(), options, !form.isEmpty()),
        body,
        options,
        delivery);
  }

  /**
   * Sends the request.
   *
   * @return completes with the response when its body is there, or exceptionally with a {@link
   *     ClientException}. To wait for it in a callback on the same executor fails, as that could
   *     last for ever: see {@link ClientConfig.Builder#deadlockGuard}. To cancel it gives the
   *     request up.
   */
  public CompletableFuture<ClientResponse> send() {
    return client.send(build());
  }

  /**
   * Sends the request and calls back: with a response, or with what went wrong. What the callback
   * throws is told to {@link ClientEvents#onCallbackError}, and fails the future.
   */
  public CompletableFuture<ClientResponse> send(
      BiConsumer<? super @Nullable ClientResponse, ? super @Nullable Throwable> callback) {
    return send().whenComplete(client.guarded(callback));
  }

  /**
   * Sends the request.
   *
   * @return completes with the response when its head is there; its body is then to be read, with
   *     {@link ClientResponse#stream()} or {@link ClientResponse#publisher()}, or closed
   */
  public CompletableFuture<ClientResponse> stream() {
    return client.send(build(Delivery.STREAMED));
  }

  /** Sends the request; the body of the response is read and dropped. */
  public CompletableFuture<ClientResponse> discard() {
    return client.send(build(Delivery.DROPPED));
  }

  /**
   * Asks for a stream of server-sent events, again and again when it breaks off: see {@link
   * EventSource}. A stream on which nothing comes for {@link #idleTimeout} counts as broken off.
   *
   * <p>{@code Accept} and {@code Cache-Control} say so, unless they are set already.
   */
  public EventSource events(EventListener listener) {
    setUnlessSet("Accept", "text/event-stream");
    setUnlessSet("Cache-Control", "no-store");
    return EventSource.open(client, build(Delivery.STREAMED), listener);
  }

  private void setUnlessSet(String name, String value) {
    if (!headers.build().contains(name)) {
      header(name, value);
    }
  }
}
