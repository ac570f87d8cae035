package io.httpkit.server;

import io.httpkit.http.Body;
import io.httpkit.http.Cookie;
import io.httpkit.http.Headers;
import io.httpkit.http.ResponseMessage;
import io.httpkit.http.Status;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What a handler answers: a status, headers and a body. Immutable; the {@code with} methods return
 * a changed copy.
 *
 * <p>The server owns the framing: {@code Content-Length} is always that of the body, {@code
 * Transfer-Encoding} is the server's, {@code Date} and {@code Server} are added unless set. {@code
 * Connection: close} closes the connection behind the response.
 */
public final class Response implements ResponseMessage {
  private static final Headers TEXT = Headers.of("Content-Type", "text/plain; charset=utf-8");
  private static final Headers HTML = Headers.of("Content-Type", "text/html; charset=utf-8");
  private static final Headers JSON = Headers.of("Content-Type", "application/json");
  private static final Headers BINARY = Headers.of("Content-Type", "application/octet-stream");

  private final Status status;
  private final Headers headers;
  private final Body body;
  private final @Nullable Later later;
  private final @Nullable ChannelOpener channel;

  /**
   * A response that will come, once.
   *
   * @param abandon run when nobody waits for it any more
   */
  record Later(CompletionStage<Response> stage, Runnable abandon) {}

  private Response(
      Status status,
      Headers headers,
      Body body,
      @Nullable Later later,
      @Nullable ChannelOpener channel) {
    this.status = status;
    this.headers = headers;
    this.body = body;
    this.later = later;
    this.channel = channel;
  }

  /** A response of any kind. */
  public static Response of(Status status, Headers headers, Body body) {
    return new Response(status, headers, body, null, null);
  }

  /** This status with no body. */
  public static Response of(Status status) {
    return of(status, Headers.empty(), Body.EMPTY);
  }

  /** 200 with text in UTF-8. */
  public static Response text(String text) {
    return of(Status.OK, TEXT, Body.of(text));
  }

  /** 200 with a page in UTF-8. */
  public static Response html(String html) {
    return of(Status.OK, HTML, Body.of(html));
  }

  /** 200 with JSON that is already text. */
  public static Response json(String json) {
    return of(Status.OK, JSON, Body.of(json));
  }

  /** 200 with JSON that is already UTF-8. */
  public static Response json(byte[] json) {
    return of(Status.OK, JSON, Body.of(json));
  }

  /** 200 with bytes of no particular type; not copied, so do not change them. */
  public static Response bytes(byte[] bytes) {
    return of(Status.OK, BINARY, Body.of(bytes));
  }

  /** 200 with what the stream gives, sent piece by piece. The server closes the stream. */
  public static Response stream(InputStream stream) {
    return of(Status.OK, BINARY, Body.of(stream));
  }

  /** 200 with the content of a file. A file that cannot be read is answered 500. */
  public static Response file(Path file) {
    return of(Status.OK, BINARY, Body.of(file));
  }

  /** 200 with several parts, each sent as the peer takes it; see {@link Body#ofParts}. */
  public static Response parts(Iterable<?> parts) {
    return of(Status.OK, BINARY, Body.ofParts(parts));
  }

  /** 204. */
  public static Response noContent() {
    return of(Status.NO_CONTENT);
  }

  /** 302 to this location. */
  public static Response redirect(String location) {
    return of(Status.FOUND).withHeader("Location", location);
  }

  /**
   * The response that this stage will complete with, on any thread. No thread waits for it. If it
   * fails, the request is answered 500.
   */
  public static Response async(CompletionStage<Response> later) {
    return async(later, () -> {});
  }

  /**
   * As {@link #async(CompletionStage)}, and told if nobody waits for the response any more, because
   * the connection was closed before it was sent. A client that resets its connection is noticed at
   * once; one that only ends its own side may be reading still, and counts as gone after the idle
   * time-out.
   *
   * @param abandon run once at most, on a worker, or on the thread that noticed if the workers take
   *     nothing more; it may be that the stage has completed already. To cancel the stage is for
   *     whoever knows that nobody else waits for it
   */
  public static Response async(CompletionStage<Response> later, Runnable abandon) {
    Objects.requireNonNull(later, "later");
    Objects.requireNonNull(abandon, "abandon");
    return new Response(Status.OK, Headers.empty(), Body.EMPTY, new Later(later, abandon), null);
  }

  /** Opens a channel; status and headers are those of its first answer unless it has others. */
  static Response channel(ChannelOpener channel) {
    return new Response(Status.OK, Headers.empty(), Body.EMPTY, null, channel);
  }

  /** The same with another status. */
  public Response withStatus(Status newStatus) {
    return with(response -> response.but(newStatus, response.headers, response.body));
  }

  /**
   * The same with this header, in place of any of the same name.
   *
   * @throws IllegalArgumentException if name or value would break the head of the response
   */
  public Response withHeader(String name, String value) {
    return withHeaders(builder -> builder.set(name, value));
  }

  /** The same with a header line for each value, in place of any of the same name. */
  public Response withHeader(String name, List<String> values) {
    return withHeaders(builder -> builder.remove(name).add(name, values));
  }

  /** The same with these headers in place of all. */
  public Response withHeaders(Headers newHeaders) {
    return with(response -> response.but(response.status, newHeaders, response.body));
  }

  private Response withHeaders(UnaryOperator<Headers.Builder> change) {
    return with(
        response -> {
          Headers changed = change.apply(response.headers.toBuilder()).build();
          return response.but(response.status, changed, response.body);
        });
  }

  /** Of a response that is still to come, the change is made when it comes. */
  private Response with(UnaryOperator<Response> change) {
    if (later == null) {
      return change.apply(this);
    }
    return async(
        later
            .stage()
            .thenApply(
                response ->
                    Objects.requireNonNullElse(response, ErrorResponses.NOT_FOUND).with(change)),
        later.abandon());
  }

  private Response but(Status newStatus, Headers newHeaders, Body newBody) {
    return new Response(newStatus, newHeaders, newBody, later, channel);
  }

  /** The same with another content type. */
  public Response withType(String contentType) {
    return withHeader("Content-Type", contentType);
  }

  /** The same with one more {@code Set-Cookie}. */
  public Response withCookie(Cookie cookie) {
    return withHeaders(builder -> builder.add("Set-Cookie", cookie.toHeader()));
  }

  /** The same with another body. */
  public Response withBody(Body newBody) {
    return with(response -> response.but(response.status, response.headers, newBody));
  }

  @Override
  public Status status() {
    return status;
  }

  @Override
  public Headers headers() {
    return headers;
  }

  @Override
  public Body body() {
    return body;
  }

  /** Whether the response is not there yet. */
  boolean isDeferred() {
    return later != null || channel != null;
  }

  /** What the response will come from, as a whole; null if it is there, or given in another way. */
  @Nullable Later later() {
    return later;
  }

  /** What opens the channel that gives it piece by piece, or is a WebSocket; else null. */
  @Nullable ChannelOpener channel() {
    return channel;
  }

  @Override
  public String toString() {
    if (later != null) {
      return later.toString();
    }
    return (channel == null ? "" : "channel ") + status + " " + headers;
  }
}
