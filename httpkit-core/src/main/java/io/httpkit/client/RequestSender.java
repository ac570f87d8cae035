package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.internal.channel.BodyStream;
import io.httpkit.internal.channel.StreamPump;
import io.httpkit.internal.codec.http1.Http1Encoder;
import io.httpkit.internal.codec.http1.Http1Encoder.Persistence;
import io.httpkit.internal.codec.http1.RequestEncoder;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.FileRegion;
import io.httpkit.internal.net.WriteQueue;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Puts the request of one exchange into the connection's queue. Works on whichever thread sends,
 * and on workers while a body comes piece by piece.
 *
 * <pre>
 *   NEW ─┬─▶ EXPECTING ─ 100, or no word ─▶ SENDING ─▶ ENDING ─────▶ SENT
 *        │       └─ a final response ─▶ WITHHELD  ▲       └─▶ AWAITED ─▶ ▲
 *        ├────────────────────────────────────────┘                      │
 *        └───────────────────── all at once ─────────────────────────────┘
 *   The exchange is over: NEW, EXPECTING, SENDING ─▶ WITHHELD.
 * </pre>
 */
@AnyThread
final class RequestSender implements StreamPump.Sink {
  private enum Progress {
    NEW,
    /** The head is sent; the server is asked whether it wants the body. */
    EXPECTING,
    SENDING,
    /** The last bytes are being written: the server may answer from now on. */
    ENDING,
    /** As before, and it has answered; the loop waits to hear that they are written. */
    AWAITED,
    /** All is in the queue. */
    SENT,
    /** The server has answered without all of it, or is gone. */
    WITHHELD;

    boolean isWrittenOrEnding() {
      return this == ENDING || this == AWAITED || this == SENT;
    }
  }

  /** Up to this size a body is copied behind its head, which saves a write. */
  private static final int INLINE = 32 * 1024;

  /** How long a server that does not know of 100 is waited for. RFC 9110 §10.1.1. */
  private static final long EXPECT_NANOS = 1_000_000_000;

  private final ClientExchange exchange;
  private final Connection connection;
  private final WriteQueue output;
  private final AtomicReference<Progress> progress = new AtomicReference<>(Progress.NEW);

  // Volatile: written by who sends, read by the loop
  private volatile long writtenNanos;

  /** Written by the loop: when the peer was seen to take something. */
  private volatile long takenNanos;

  /** Written by the loop before it is AWAITED, for who sends. */
  private @Nullable Runnable whenSent;

  // Set when the head is written, before anything else is
  private @Nullable Body body;
  private long length;

  /** Who sends only: the bytes of a body of known length that are still to come. */
  private long left;

  /** Volatile: whoever ends the exchange cancels what is still subscribed. */
  private volatile @Nullable UploadSubscriber subscriber;

  /** Loop only: what was left in the queue when it was last looked at. */
  private long lastQueued;

  RequestSender(ClientExchange exchange, Connection connection, long nowNanos) {
    this.exchange = exchange;
    this.connection = connection;
    this.output = connection.output();
    this.writtenNanos = nowNanos;
    this.takenNanos = nowNanos;
  }

  /** Whether its head is being written, or is on its way. */
  boolean isBegun() {
    return progress.get() != Progress.NEW;
  }

  /** Whether all of the request is on its way. */
  boolean isSent() {
    return progress.get() == Progress.SENT;
  }

  /** Whether all of it is on its way, or the last bytes are being written. */
  boolean isWrittenOrEnding() {
    return progress.get().isWrittenOrEnding();
  }

  /** Has the task run when the last bytes are written, if that is what is done now. Loop only. */
  boolean awaitsSent(Runnable task) {
    whenSent = task;
    return progress.compareAndSet(Progress.ENDING, Progress.AWAITED);
  }

  /** When something of the request was last sent, in ticker time. */
  long progressNanos() {
    long written = writtenNanos;
    long taken = takenNanos;
    return written - taken < 0 ? taken : written;
  }

  /** Takes note of what the peer has taken meanwhile. Loop only. */
  void observe(long nowNanos) {
    long queued = output.queuedBytes();
    if (queued != lastQueued) {
      takenNanos = nowNanos;
    }
    lastQueued = queued;
  }

  private RequestOptions options() {
    return exchange.call().request().options();
  }

  // ---- the head

  /**
   * Writes the request, or its head and begins with its body.
   *
   * @throws IllegalArgumentException if the head cannot be encoded; nothing is written then
   * @throws IOException if the body cannot be read; nothing is written then
   */
  void send() throws IOException {
    Upload upload = exchange.hop().upload();
    body = body(upload);
    length = length(upload);
    left = length;
    boolean isEmpty = length == 0 || length == Http1Encoder.NO_LENGTH;
    Body.Bytes inline = isEmpty || options().expectContinue ? null : inline();
    ByteBuffer out = head(isEmpty, inline == null ? 0 : inline.length());
    if (inline != null) {
      out.put(inline.array(), inline.offset(), inline.length());
    }
    if (isEmpty || inline != null) {
      // all at once: no response comes before it
      begin(Progress.SENT, out);
    } else if (upload != null) {
      if (!begin(options().expectContinue ? Progress.EXPECTING : Progress.SENDING, out)) {
        return;
      }
      if (options().expectContinue) {
        EventLoop loop = connection.io().loop();
        loop.execute(() -> loop.schedule(EXPECT_NANOS, this::onContinue));
      } else {
        sendBody(upload);
      }
    }
  }

  /** Sends the head and what is behind it, unless the exchange was ended meanwhile. */
  private boolean begin(Progress next, ByteBuffer out) {
    boolean isWanted = progress.compareAndSet(Progress.NEW, next);
    // else the connection is closed, and takes nothing
    boolean unused = output.commit(out);
    return isWanted;
  }

  private static @Nullable Body body(@Nullable Upload upload) throws IOException {
    if (upload instanceof Upload.Several several) {
      return several.multipart().body();
    }
    return upload instanceof Upload.Whole whole ? whole.body() : null;
  }

  /**
   * What the head says of the length. RFC 9110 §8.6: of no body where one was to be expected, 0.
   */
  private long length(@Nullable Upload upload) throws IOException {
    if (upload == null) {
      Method method = exchange.method();
      boolean expected = method == Method.POST || method == Method.PUT || method == Method.PATCH;
      return expected ? 0 : Http1Encoder.NO_LENGTH;
    }
    if (upload instanceof Upload.Published published) {
      return published.length() < 0 ? Http1Encoder.CHUNKED : published.length();
    }
    if (body instanceof Body.Bytes bytes) {
      return bytes.length();
    } else if (body instanceof Body.File file) {
      return size(file.path());
    } else if (body instanceof Body.Stream stream && stream.length() >= 0) {
      return stream.length();
    }
    return Http1Encoder.CHUNKED;
  }

  private static long size(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString(), null, "not a regular file");
    }
    return Files.size(file);
  }

  private Body.@Nullable Bytes inline() {
    return body instanceof Body.Bytes bytes && bytes.length() <= INLINE ? bytes : null;
  }

  /** A buffer of the queue with the head in it and room for {@code more} bytes. */
  private ByteBuffer head(boolean isEmpty, int more) {
    RequestUri uri = exchange.hop().uri();
    Headers headers = headers();
    RequestEncoder encoder =
        new RequestEncoder(
            exchange.method(),
            exchange.protocol().isProxied() ? uri.absolute() : uri.target(),
            uri.hostHeader(),
            length,
            persistence(),
            !isEmpty && options().expectContinue);
    ByteBuffer out = output.begin(encoder.headBytes(headers) + more);
    int begin = out.position();
    try {
      encoder.head(out, headers);
      return out;
    } catch (RuntimeException | Error e) {
      out.position(begin);
      throw e;
    }
  }

  /** With what the proxy wants to know, if it is told whole URLs. RFC 9110 §11.7.2. */
  private Headers headers() {
    Headers headers = exchange.hop().headers();
    Credentials credentials = exchange.protocol().proxyCredentials();
    return credentials == null
        ? headers
        : headers.toBuilder().set("Proxy-Authorization", credentials.basic()).build();
  }

  private Persistence persistence() {
    if (exchange.call().isUpgrade()) {
      return Persistence.UPGRADE;
    }
    return options().keepAlive ? Persistence.IMPLICIT : Persistence.CLOSE;
  }

  // ---- the body

  /** The server wants the body, or has not said that it does not. */
  void onContinue() {
    Upload upload = exchange.hop().upload();
    if (upload != null && progress.compareAndSet(Progress.EXPECTING, Progress.SENDING)) {
      offLoop(upload, () -> sendBody(upload));
    }
  }

  /**
   * Runs what may open files or call the application, for a body that needs that, not on a loop.
   */
  void offLoop(@Nullable Upload upload, Runnable task) {
    boolean isInMemory =
        upload == null
            || (upload instanceof Upload.Whole some && some.body() instanceof Body.Bytes);
    if (isInMemory || !connection.io().loop().isInLoop()) {
      task.run();
      return;
    }
    try {
      exchange.call().engine().workers().execute(task);
    } catch (RejectedExecutionException e) {
      fail(e);
    }
  }

  /** The peer takes more: the publisher is asked for it. */
  void askForMore(Runnable asking) {
    output.onDrain(() -> offLoop(exchange.hop().upload(), asking));
  }

  /** The server has answered: it does not want a body that was not begun. */
  void onFinalHead() {
    progress.compareAndSet(Progress.EXPECTING, Progress.WITHHELD);
  }

  /** The exchange is over: what is not sent by now is not wanted. */
  void stop() {
    progress.updateAndGet(now -> now.isWrittenOrEnding() ? now : Progress.WITHHELD);
    UploadSubscriber subscribed = subscriber;
    if (progress.get() == Progress.WITHHELD && subscribed != null) {
      subscribed.cancel();
    }
  }

  private void sendBody(Upload upload) {
    if (!exchange.call().takeUpload()) {
      return;
    }
    try {
      if (upload instanceof Upload.Published published) {
        UploadSubscriber wanting = new UploadSubscriber(this, output, length);
        subscriber = wanting;
        if (progress.get() == Progress.WITHHELD) {
          wanting.cancel();
        }
        published.publisher().subscribe(wanting);
      } else if (body != null) {
        send(body);
      }
    } catch (IOException | RuntimeException e) {
      fail(e);
    }
  }

  private void send(Body whole) throws IOException {
    if (whole instanceof Body.Bytes bytes) {
      ending();
      boolean unused = output.write(ByteBuffer.wrap(bytes.array(), bytes.offset(), bytes.length()));
      sent();
    } else if (whole instanceof Body.File file) {
      FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.READ);
      ending();
      boolean unused = output.write(new FileRegion(channel, 0, length));
      sent();
    } else {
      InputStream stream = BodyStream.of(whole);
      Executor workers = exchange.call().engine().workers();
      new StreamPump(stream, length == Http1Encoder.CHUNKED ? -1 : length, output, workers, this)
          .start();
    }
  }

  /** Before the last write, as the server may answer before it returns. */
  private boolean ending() {
    return progress.compareAndSet(Progress.SENDING, Progress.ENDING);
  }

  /**
   * Behind the last write, not before: else the next request could go first on a connection whose
   * server has answered early.
   */
  private void sent() {
    if (progress.compareAndSet(Progress.ENDING, Progress.SENT)) {
      return;
    }
    Runnable awaiting = whenSent;
    if (progress.compareAndSet(Progress.AWAITED, Progress.SENT) && awaiting != null) {
      connection.io().loop().execute(awaiting);
    }
  }

  private boolean isChunked() {
    return length == Http1Encoder.CHUNKED;
  }

  @Override
  public boolean write(byte[] bytes, int count) {
    return write(ByteBuffer.wrap(bytes, 0, count));
  }

  /** Sends a piece; false if the connection takes nothing more. */
  boolean write(ByteBuffer piece) {
    writtenNanos = connection.io().loop().nanoTime();
    if (!isChunked()) {
      return writeCounted(piece);
    }
    ByteBuffer out = output.begin(piece.remaining() + Http1Encoder.CHUNK_OVERHEAD);
    Http1Encoder.chunkStart(out, piece.remaining());
    out.put(piece);
    Http1Encoder.chunkEnd(out);
    return output.commit(out);
  }

  private boolean writeCounted(ByteBuffer piece) {
    left -= piece.remaining();
    boolean isLast = left == 0 && ending();
    boolean isTaken = output.write(piece);
    if (isLast) {
      sent();
    }
    return isTaken;
  }

  @Override
  public void end() {
    if (isChunked() && ending()) {
      boolean unused = output.write(Http1Encoder.lastChunk());
      sent();
    }
  }

  @Override
  public void fail(Throwable cause) {
    exchange.onUploadFailure(
        cause instanceof EOFException
            ? new ClientException(Kind.REQUEST_BODY, "the body is shorter than announced", cause)
            : cause);
  }

  @Override
  public void gone() {}
}
