package io.httpkit.server;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.http.Cookie;
import io.httpkit.http.Headers;
import io.httpkit.http.MediaType;
import io.httpkit.http.Method;
import io.httpkit.internal.codec.websocket.ServerHandshake;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.SocketAddress;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What a client asked for. Its body has been received completely. To be used by one thread at a
 * time.
 *
 * <p>Methods that decode something the client may have encoded wrongly throw {@link
 * io.httpkit.http.BadMessageException}; a handler that lets it pass has it answered with its
 * status.
 */
public final class Request {
  private final Exchange exchange;
  private final ServerConfig.Limits limits;
  private final String path;
  private RequestBody body = RequestBody.EMPTY;
  private @Nullable Router router;
  private @Nullable Route route;
  private Map<String, String> pathVariables = Map.of();
  private @Nullable Parameters query;
  private @Nullable Parameters form;
  private @Nullable Map<String, String> cookies;

  /** Concurrent, as listeners of events may read while a handler writes. */
  private @Nullable Map<String, Object> attributes;

  Request(Exchange exchange, ServerConfig.Limits limits) {
    this.exchange = exchange;
    this.limits = limits;
    this.path = path(exchange.target());
  }

  /** The path of origin-form and absolute-form, RFC 9112 §3.2; any other form as it is. */
  private static String path(String target) {
    int start = pathStart(target);
    int question = target.indexOf('?', start);
    int end = question < 0 ? target.length() : question;
    return start == end && start > 0 ? "/" : target.substring(start, end);
  }

  private static int pathStart(String target) {
    if (target.startsWith("/")) {
      return 0;
    }
    int authority = target.indexOf("://");
    if (authority < 0) {
      return 0;
    }
    for (int i = authority + 3; i < target.length(); i++) {
      if (target.charAt(i) == '/' || target.charAt(i) == '?') {
        return i;
      }
    }
    return target.length();
  }

  public Method method() {
    return exchange.method();
  }

  /** The request target as it was sent: path and query, an absolute URI, or {@code *}. */
  public String target() {
    return exchange.target();
  }

  /** The path as it was sent, still percent-encoded, without query: {@code /a%20b}. */
  public String path() {
    return path;
  }

  /** The query as it was sent, without the question mark; null when there is none. */
  public @Nullable String queryString() {
    int question = target().indexOf('?');
    return question < 0 ? null : target().substring(question + 1);
  }

  /** {@code HTTP/1.1} or {@code HTTP/1.0}. */
  public String protocol() {
    return exchange.protocol();
  }

  /** {@code http} or {@code https}. */
  public String scheme() {
    return exchange.scheme();
  }

  /**
   * What was negotiated with the client: the cipher suite, and its certificates if it showed any.
   * Empty for a request that came in plaintext.
   */
  public Optional<SSLSession> tlsSession() {
    return Optional.ofNullable(exchange.tlsSession());
  }

  public Headers headers() {
    return exchange.headers();
  }

  /** The value of a header, several joined by commas; see {@link Headers#get}. */
  public Optional<String> header(String name) {
    return headers().get(name);
  }

  /** The fields behind a chunked body; empty when there are none. */
  public Headers trailers() {
    return body.trailers();
  }

  /** The media type of the body; empty when it is not given or malformed. */
  public Optional<MediaType> contentType() {
    return header("Content-Type").flatMap(MediaType::parse);
  }

  /** The address of the client's end of the connection; null when it has none. */
  public @Nullable SocketAddress remoteAddress() {
    return exchange.remoteAddress();
  }

  /** When the head of the request was complete, in nanoseconds of {@link System#nanoTime}. */
  public long startNanos() {
    return exchange.startNanos();
  }

  /**
   * The decoded value of a variable in the route's template.
   *
   * @throws IllegalArgumentException if the template has no such variable
   */
  public String pathVariable(String name) {
    String value = pathVariables().get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "no path variable "
              + name
              + " in route "
              + route().orElse("")
              + ", which has "
              + pathVariables().keySet());
    }
    return value;
  }

  /** The decoded variables of the route's template, in its order. */
  public Map<String, String> pathVariables() {
    return pathVariables;
  }

  /** The template of the route that was taken, such as {@code /users/{id}}; empty without one. */
  public Optional<String> route() {
    return route == null || route.template().isEmpty()
        ? Optional.empty()
        : Optional.of(route.template());
  }

  /** The parameters of the query. */
  public Parameters query() {
    Parameters known = query;
    if (known == null) {
      known = Parameters.parse(queryString(), StandardCharsets.UTF_8, limits.maxParameters());
      query = known;
    }
    return known;
  }

  /** The first query parameter of this name. */
  public Optional<String> query(String name) {
    return query().get(name);
  }

  /** The parameters of a body of type {@code application/x-www-form-urlencoded}; else none. */
  public Parameters form() {
    Parameters known = form;
    if (known == null) {
      boolean isForm =
          contentType()
              .filter(type -> type.essence().equals("application/x-www-form-urlencoded"))
              .isPresent();
      known =
          Parameters.parse(
              isForm ? body.text(StandardCharsets.ISO_8859_1) : null,
              charset(),
              limits.maxParameters());
      form = known;
    }
    return known;
  }

  /** The first form parameter of this name. */
  public Optional<String> form(String name) {
    return form().get(name);
  }

  /** The cookies the client sent, the first of each name. */
  public Map<String, String> cookies() {
    Map<String, String> known = cookies;
    if (known == null) {
      known =
          Collections.unmodifiableMap(
              Cookie.parse(header("Cookie").orElse(null), limits.maxCookies()));
      cookies = known;
    }
    return known;
  }

  public Optional<String> cookie(String name) {
    return Optional.ofNullable(cookies().get(name));
  }

  /** The length of the body in bytes. */
  public int bodyLength() {
    return body.length();
  }

  /** The bytes of the body. */
  public byte[] bytes() {
    return body.bytes();
  }

  /** The body as text, in the charset of its type or UTF-8. */
  public String text() {
    return body.text(charset());
  }

  /** The body as a stream, from its beginning. */
  public InputStream stream() {
    return new ByteArrayInputStream(body.array(), 0, body.length());
  }

  private Charset charset() {
    return contentType().flatMap(MediaType::charset).orElse(StandardCharsets.UTF_8);
  }

  /** What {@link #attribute(String, Object)} set; null when nothing was. */
  public @Nullable Object attribute(String name) {
    return attributes == null ? null : attributes.get(name);
  }

  /**
   * Keeps a value with this request for those that handle it later; null removes it. What {@link
   * ServerEvents#onRequest} has set can be read by later events, whichever thread tells them.
   */
  public void attribute(String name, @Nullable Object value) {
    if (attributes == null) {
      attributes = new ConcurrentHashMap<>();
    }
    if (value == null) {
      attributes.remove(name);
    } else {
      attributes.put(name, value);
    }
  }

  // ---- channels

  /**
   * Answers over a channel: a WebSocket if the client asks for one, else a long poll or a stream.
   * The returned response is to be returned by the handler; its headers are those of the channel's
   * first answer.
   *
   * <p>A handshake that breaks RFC 6455 is answered 400, one from a page of another origin 403.
   */
  public Response asChannel(ChannelListener listener) {
    return asChannel(UnaryOperator.identity(), listener);
  }

  /** As {@link #asChannel(ChannelListener)}, with options that differ from those of the server. */
  public Response asChannel(UnaryOperator<ChannelOptions> options, ChannelListener listener) {
    return Response.channel(new ChannelOpener(false, options, listener));
  }

  /** As {@link #asChannel(ChannelListener)}, with what to do when the channel is open. */
  public Response asChannel(Consumer<AsyncChannel> onOpen) {
    return asChannel(opening(onOpen));
  }

  /**
   * Answers with a stream of server-sent events. It begins at once; with nothing sent for a while,
   * a comment keeps it alive. WHATWG HTML §9.2.
   */
  public Response asEventStream(ChannelListener listener) {
    return asEventStream(UnaryOperator.identity(), listener);
  }

  /** As {@link #asEventStream(ChannelListener)}, with options that differ from the server's. */
  public Response asEventStream(UnaryOperator<ChannelOptions> options, ChannelListener listener) {
    return Response.channel(new ChannelOpener(true, options, listener));
  }

  /** As {@link #asEventStream(ChannelListener)}, with what to do when the stream has begun. */
  public Response asEventStream(Consumer<AsyncChannel> onOpen) {
    return asEventStream(opening(onOpen));
  }

  private static ChannelListener opening(Consumer<AsyncChannel> onOpen) {
    return new ChannelListener() {
      @Override
      public void onOpen(AsyncChannel channel) {
        onOpen.accept(channel);
      }
    };
  }

  /** Whether the client asks for a WebSocket, rightly or not. */
  public boolean isWebSocket() {
    return ServerHandshake.isAttempt(headers());
  }

  /** The id of the last event that a client which connects again has seen. */
  public Optional<String> lastEventId() {
    return header("Last-Event-ID")
        .map(id -> new String(id.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
  }

  /** Sets the body, before the handler sees the request. */
  void body(RequestBody received) {
    body = received;
  }

  /** What this router found for this request; null if it has not looked, or another has since. */
  @Nullable Route routeOf(Router asking) {
    return router == asking ? route : null;
  }

  /** Keeps what a router found. */
  void route(Router by, Route found, Map<String, String> variables) {
    router = by;
    route = found;
    pathVariables = variables;
  }

  @Override
  public String toString() {
    return method() + " " + target();
  }
}
