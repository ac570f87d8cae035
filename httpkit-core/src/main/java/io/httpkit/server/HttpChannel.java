package io.httpkit.server;

import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.CloseStatus;
import io.httpkit.channel.CloseStatus.Kind;
import io.httpkit.channel.ServerSentEvent;
import io.httpkit.channel.SharedMessage;
import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.ResponseMessage;
import io.httpkit.internal.channel.BaseChannel;
import io.httpkit.internal.channel.BodyStream;
import io.httpkit.internal.channel.Outgoing;
import io.httpkit.internal.codec.http1.Http1Encoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A response over HTTP that is given when there is something to say: at once, as a long poll; piece
 * by piece, as a stream; or event by event.
 */
final class HttpChannel extends BaseChannel {
  private enum Stage {
    /** Not even the head is on its way. */
    UNSENT,
    /** The head is, and pieces of the body. */
    STREAMING,
    /** All of it is. */
    SENT
  }

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final CloseStatus BY_SERVER = CloseStatus.of(Kind.SERVER_CLOSE, "");

  // How an event is put on the wire for all channels that are sent it
  private static final Function<SharedMessage, ByteBuffer> PLAIN = HttpChannel::plain;
  private static final Function<SharedMessage, ByteBuffer> CHUNK = HttpChannel::chunk;

  private final Http1Exchange exchange;
  private final ResponseWriter writer;
  private final Response initial;

  // Guarded by the lock
  private Stage stage = Stage.UNSENT;
  private boolean eventStream;
  private @Nullable StreamedBody body;
  private long lastSentNanos;

  HttpChannel(
      Http1Exchange exchange,
      ResponseWriter writer,
      ChannelOptions options,
      ChannelListener listener,
      boolean isEventStream,
      Response initial) {
    super(exchange.loopContext(), options, exchange.connection(), listener);
    this.exchange = exchange;
    this.writer = writer;
    this.initial = initial;
    this.eventStream = isEventStream;
  }

  /** Begins a stream of events, before anything is sent. */
  void begin() {
    synchronized (lock()) {
      if (eventStream) {
        beginEvents();
      }
    }
  }

  /** Begins to watch the connection. */
  void watch() {
    exchange.watch(this);
    announce();
  }

  private void beginEvents() {
    try {
      begin(eventHead(), NOTHING, Body.UNKNOWN_LENGTH);
    } catch (RuntimeException e) {
      writer.report(e);
      cut(CloseStatus.of(Kind.INTERNAL_SERVER_ERROR, ""));
    }
  }

  @Override
  public boolean isWebSocket() {
    return false;
  }

  @Override
  public boolean isEventStream() {
    synchronized (lock()) {
      return eventStream;
    }
  }

  @Override
  public Optional<String> subprotocol() {
    return Optional.empty();
  }

  @Override
  public boolean ping(byte[] payload) {
    return false;
  }

  @Override
  public boolean pong(byte[] payload) {
    return false;
  }

  // ---- what happens to the connection, on the loop

  /** About once a second, or more often. */
  void onTick(long nowNanos) {
    long heartbeatNanos = ServerContext.nanos(options().heartbeat());
    boolean isDue;
    synchronized (lock()) {
      isDue =
          eventStream
              && stage == Stage.STREAMING
              && heartbeatNanos > 0
              && nowNanos - lastSentNanos >= heartbeatNanos;
    }
    if (isDue && queuedBytes() == 0) {
      boolean unused = send(ServerSentEvent.comment(""), false);
    }
  }

  /** The server stops. */
  void onShutdown() {
    finish(CloseStatus.of(Kind.GOING_AWAY, "the server is stopping"));
    boolean isSent;
    synchronized (lock()) {
      isSent = stage == Stage.SENT;
    }
    if (isSent) {
      connection().closeUnlessTaking();
    }
  }

  /** The connection is closed. Last. */
  void onClosed(Throwable cause) {
    String reason = cause.getMessage() == null ? "" : cause.getMessage();
    boolean byServer = cause instanceof CancellationException;
    lost(CloseStatus.of(byServer ? Kind.GOING_AWAY : Kind.CLIENT_CLOSE, reason));
  }

  // ---- sending

  @Override
  protected void check(Outgoing item) {
    if (item instanceof Outgoing.Event && stage == Stage.STREAMING && !eventStream) {
      throw new IllegalStateException("the response has begun, and not as a stream of events");
    }
    if (item instanceof Outgoing.Content content
        && content.response() instanceof Response response
        && response.isDeferred()) {
      throw new IllegalArgumentException("cannot send a response that is still to come");
    }
    boolean isText =
        item instanceof Outgoing.Event
            || item instanceof Outgoing.Text
            || (item instanceof Outgoing.Shared shared && shared.message().isText());
    if (eventStream && !isText) {
      throw new IllegalStateException("only events and text can be sent over a stream of events");
    }
  }

  @Override
  protected void write(Outgoing item, boolean isLast) {
    if (stage == Stage.STREAMING) {
      writePiece(item);
    } else if (item instanceof Outgoing.Event) {
      begin(eventHead(), piece(item), Body.UNKNOWN_LENGTH);
      eventStream = true;
      exchange.context().becameEventStream();
      sent();
    } else if (isLast && !isRead(item)) {
      stage = Stage.SENT;
      writeUninterrupted(whole(item));
    } else {
      beginWith(item, isLast);
    }
  }

  /** What cannot be opened is found out before the head is on its way. */
  private void beginWith(Outgoing item, boolean isLast) {
    InputStream rest;
    try {
      rest = stream(item);
    } catch (IOException e) {
      fail(e);
      return;
    }
    begin(head(item), piece(item), isLast ? length(item) : Body.UNKNOWN_LENGTH);
    pump(item, rest);
  }

  /** An interruption that the sender has kept must not reach the file of an answer. */
  private void writeUninterrupted(Response response) {
    boolean interrupted = Thread.interrupted();
    writer.write(response);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it is a stream, which is read piece by piece. */
  private static boolean isRead(Outgoing item) {
    return item instanceof Outgoing.Content content
        && (content.body() instanceof Body.Stream || content.body() instanceof Body.Parts);
  }

  private static long length(Outgoing item) {
    return item instanceof Outgoing.Content content && content.body() instanceof Body.Stream stream
        ? stream.length()
        : Body.UNKNOWN_LENGTH;
  }

  private void begin(Response head, ByteBuffer first, long length) {
    body = writer.begin(head, first, length);
    stage = body == null ? Stage.SENT : Stage.STREAMING;
    sent();
    if (body == null) {
      closed(BY_SERVER);
    }
  }

  private void sent() {
    if (eventStream) {
      lastSentNanos = connection().io().loop().nanoTime();
    }
  }

  private void writePiece(Outgoing item) {
    StreamedBody current = body();
    boolean taken;
    if (item instanceof Outgoing.Shared shared && eventStream) {
      SharedMessage message = shared.message();
      Function<SharedMessage, ByteBuffer> way = current.isChunked() ? CHUNK : PLAIN;
      taken = current.writeFramed(message.encoded(way, way), message.bytes().length);
    } else {
      taken = current.write(piece(item));
    }
    if (taken) {
      sent();
      pumpRest(item);
    } else {
      closed(CloseStatus.of(Kind.CLIENT_CLOSE, "the connection was closed"));
    }
  }

  private static ByteBuffer plain(SharedMessage message) {
    return ByteBuffer.wrap(event(message.text()));
  }

  private static ByteBuffer chunk(SharedMessage message) {
    byte[] event = event(message.text());
    ByteBuffer chunk = ByteBuffer.allocate(event.length + Http1Encoder.CHUNK_OVERHEAD);
    Http1Encoder.chunkStart(chunk, event.length);
    chunk.put(event);
    Http1Encoder.chunkEnd(chunk);
    return chunk.flip();
  }

  private StreamedBody body() {
    if (body == null) {
      throw new IllegalStateException("no body in stage " + stage);
    }
    return body;
  }

  /** What of it can be sent at once; of a stream or file nothing. */
  private ByteBuffer piece(Outgoing item) {
    if (item instanceof Outgoing.Text text) {
      String event = eventStream ? new String(text.utf8(), StandardCharsets.UTF_8) : "";
      return ByteBuffer.wrap(eventStream ? event(event) : text.utf8());
    } else if (item instanceof Outgoing.Bytes bytes) {
      return bytes.buffer();
    } else if (item instanceof Outgoing.Event event) {
      return ByteBuffer.wrap(event.event().toText().getBytes(StandardCharsets.UTF_8));
    } else if (item instanceof Outgoing.Shared shared) {
      SharedMessage message = shared.message();
      return ByteBuffer.wrap(eventStream ? event(message.text()) : message.bytes());
    } else if (item instanceof Outgoing.Content content
        && content.body() instanceof Body.Bytes bytes) {
      return ByteBuffer.wrap(bytes.array(), bytes.offset(), bytes.length());
    }
    return NOTHING;
  }

  private static byte[] event(String data) {
    return ServerSentEvent.of(data).toText().getBytes(StandardCharsets.UTF_8);
  }

  /** Sends what is to be read first, unless there is no body to send it in. */
  private void pump(Outgoing item, @Nullable InputStream rest) {
    if (rest != null && stage == Stage.STREAMING) {
      pump(rest, length(item));
    } else if (rest != null) {
      new Outgoing.Content(Body.of(rest)).drop();
    }
  }

  private void pumpRest(Outgoing item) {
    try {
      pump(item, stream(item));
    } catch (IOException e) {
      fail(e);
    }
  }

  private static @Nullable InputStream stream(Outgoing item) throws IOException {
    return item instanceof Outgoing.Content content && !(content.body() instanceof Body.Bytes)
        ? BodyStream.open(content.body())
        : null;
  }

  // ---- heads

  private Response whole(Outgoing item) {
    Body whole = item instanceof Outgoing.Content content ? content.body() : Body.of(piece(item));
    return head(item).withBody(whole);
  }

  /**
   * Status and headers: those of the handler, overridden by those of a response that is sent. A
   * type that the handler gave in advance says nothing of an answer without a body.
   */
  private Response head(Outgoing item) {
    Headers.Builder headers = initial.headers().toBuilder();
    io.httpkit.http.Status status = initial.status();
    ResponseMessage response = item instanceof Outgoing.Content content ? content.response() : null;
    if (response != null) {
      status = response.status();
      if (status.isBodyless()) {
        headers.remove("Content-Type");
      }
      override(headers, response.headers());
    }
    Response head = Response.of(status, headers.build(), Body.EMPTY);
    return status.isBodyless() || head.headers().contains("Content-Type")
        ? head
        : head.withType("text/html; charset=utf-8");
  }

  private static void override(Headers.Builder headers, Headers by) {
    for (int i = 0; i < by.size(); i++) {
      headers.remove(by.name(i));
    }
    for (int i = 0; i < by.size(); i++) {
      headers.add(by.name(i), by.value(i));
    }
  }

  /** What proxies and browsers have to know of a stream of events. WHATWG HTML §9.2. */
  private Response eventHead() {
    Response head =
        Response.of(initial.status(), initial.headers(), Body.EMPTY).withType("text/event-stream");
    return head.headers().contains("Cache-Control")
        ? head
        : head.withHeader("Cache-Control", "no-store");
  }

  // ---- the end

  @Override
  protected void writeEnd(int code, String reason) {
    if (stage == Stage.UNSENT) {
      stage = Stage.SENT;
      writer.write(Response.of(initial.status(), initial.headers(), Body.EMPTY));
    } else if (stage == Stage.STREAMING) {
      stage = Stage.SENT;
      body().end();
    }
  }

  @Override
  protected void writeFailure(CloseStatus status) {
    if (stage == Stage.UNSENT) {
      stage = Stage.SENT;
      writer.write(ErrorResponses.of(status.kind()));
    } else if (stage == Stage.STREAMING) {
      stage = Stage.SENT;
      if (status.kind() == Kind.GOING_AWAY) {
        body().end();
      } else {
        body().abort(new CancellationException(status.toString()));
      }
    }
  }

  /** Writes of a stream that is sent as pieces of the body. */
  @Override
  public boolean write(byte[] bytes, int count) {
    synchronized (lock()) {
      return isWriting() && body().write(bytes, count);
    }
  }

  @Override
  public String toString() {
    return "channel of " + exchange.request();
  }
}
