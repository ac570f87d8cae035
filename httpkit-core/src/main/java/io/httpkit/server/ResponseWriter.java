package io.httpkit.server;

import static io.httpkit.internal.codec.http1.Http1Encoder.CHUNKED;
import static io.httpkit.internal.codec.http1.Http1Encoder.NO_LENGTH;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.internal.channel.BodyStream;
import io.httpkit.internal.channel.StreamPump;
import io.httpkit.internal.codec.http1.DefaultFields;
import io.httpkit.internal.codec.http1.Http1Encoder;
import io.httpkit.internal.codec.http1.Http1Encoder.Persistence;
import io.httpkit.internal.net.FileRegion;
import io.httpkit.internal.net.WriteQueue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Writes the response of one exchange: decides its framing and whether the connection goes on, RFC
 * 9112 §6 and §9, and puts head and body into the connection's queue. Works on whichever thread
 * answers.
 */
final class ResponseWriter {
  /** Up to this size a body is copied behind its head on the loop, which writes both at once. */
  private static final int INLINE_IN_LOOP = 2 * 1024;

  /** Elsewhere a copy costs less than a second write. */
  private static final int INLINE_ELSEWHERE = 32 * 1024;

  private final Http1Exchange exchange;
  private final WriteQueue output;

  /** Whether this thread may wait for a stream: a handler's, unless it is the loop's. */
  private boolean isOnWorker;

  ResponseWriter(Http1Exchange exchange) {
    this.exchange = exchange;
    this.output = exchange.output();
    this.isOnWorker = !isInLoop();
  }

  /** Writes the response. Whatever happens, the exchange is over then, or will be. */
  void write(Response response) {
    try {
      Response.Later later = response.later();
      ChannelOpener channel = response.channel();
      if (later != null) {
        exchange.promised(later.abandon());
        CompletionStage<Response> unused = later.stage().whenComplete(this::writeLater);
      } else if (channel != null) {
        channel.open(exchange, this, response);
      } else {
        sendOrExplain(response);
      }
    } catch (RuntimeException | Error e) {
      report(e);
      exchange.connection().abort(e);
      exchange.done(false);
    }
  }

  private void sendOrExplain(Response response) {
    try {
      send(response);
    } catch (RuntimeException | IOException | Error e) {
      report(e);
      // nothing of the response is in the queue, as its head is put there last
      sendBytes(ErrorResponses.INTERNAL, (Body.Bytes) ErrorResponses.INTERNAL.body());
    }
  }

  private void writeLater(@Nullable Response response, @Nullable Throwable failure) {
    isOnWorker = false;
    boolean isAwaited = exchange.arrived();
    if (failure == null) {
      write(response == null ? ErrorResponses.NOT_FOUND : response);
      return;
    }
    Throwable cause =
        failure instanceof CompletionException e && e.getCause() != null ? e.getCause() : failure;
    if (!isAwaited && cause instanceof CancellationException) {
      // what abandoning it has done is no error
      return;
    }
    if (cause instanceof BadMessageException bad) {
      write(ErrorResponses.of(bad));
    } else {
      report(cause);
      write(ErrorResponses.INTERNAL);
    }
  }

  /** Whether this thread is a handler's, which may wait. */
  boolean isOnWorker() {
    return isOnWorker;
  }

  /** From now on it may be any thread that writes. */
  void leaveWorker() {
    isOnWorker = false;
  }

  void report(Throwable cause) {
    Request request = exchange.request();
    if (request != null) {
      exchange.context().events().onError(request, cause);
    }
  }

  private void send(Response response) throws IOException {
    Body body = response.body();
    try {
      check(response);
    } catch (IllegalStateException e) {
      close(body);
      throw e;
    }
    if (body instanceof Body.Bytes bytes) {
      sendBytes(response, bytes);
    } else if (body instanceof Body.File file) {
      sendFile(response, file.path());
    } else {
      long length = body instanceof Body.Stream stream ? stream.length() : Body.UNKNOWN_LENGTH;
      sendStream(response, BodyStream.of(body), length);
    }
  }

  private static void close(Body body) throws IOException {
    if (body instanceof Body.Stream || body instanceof Body.Parts) {
      BodyStream.of(body).close();
    }
  }

  private void check(Response response) {
    int code = response.status().code();
    if (code < Status.OK.code()) {
      throw new IllegalStateException("a final response cannot have status " + code);
    }
    int limit = exchange.context().limits().maxResponseHeaderBytes();
    if (Http1Encoder.headBytes(response.status(), response.headers()) > limit) {
      throw new IllegalStateException("head of the response is larger than " + limit + " bytes");
    }
  }

  private void sendBytes(Response response, Body.Bytes bytes) {
    int length = sendsBody(response.status()) ? bytes.length() : 0;
    boolean inline = length <= (isInLoop() ? INLINE_IN_LOOP : INLINE_ELSEWHERE);
    long framed = framedLength(response, bytes.length());
    boolean keepAlive = keepAlive(response, framed);
    ByteBuffer out = head(response, framed, keepAlive, inline ? length : 0);
    boolean taken;
    if (inline) {
      taken = output.commit(out.put(bytes.array(), bytes.offset(), length));
    } else {
      taken =
          output.commit(out)
              && output.write(ByteBuffer.wrap(bytes.array(), bytes.offset(), length));
    }
    finished(taken, response.status(), length, keepAlive);
  }

  private boolean isInLoop() {
    return exchange.connection().io().loop().isInLoop();
  }

  private void sendFile(Response response, Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new NoSuchFileException(path.toString(), null, "not a regular file");
    }
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
    long size;
    boolean keepAlive;
    try {
      size = file.size();
      long framed = framedLength(response, size);
      keepAlive = keepAlive(response, framed);
      output.commit(head(response, framed, keepAlive, 0));
    } catch (RuntimeException | IOException | Error e) {
      file.close();
      throw e;
    }
    long length = sendsBody(response.status()) ? size : 0;
    boolean taken = true;
    if (length == 0) {
      file.close();
    } else {
      taken = output.write(new FileRegion(file, 0, length));
    }
    finished(taken, response.status(), length, keepAlive);
  }

  private void sendStream(Response response, InputStream stream, long length) throws IOException {
    long framed;
    boolean keepAlive;
    boolean sendsBody = sendsBody(response.status());
    try {
      if (!sendsBody) {
        stream.close();
      }
      framed = framedLength(response, length);
      keepAlive = keepAlive(response, framed);
      output.commit(head(response, framed, keepAlive, 0));
    } catch (RuntimeException | Error e) {
      stream.close();
      throw e;
    }
    if (!sendsBody) {
      finished(true, response.status(), 0, keepAlive);
      return;
    }
    StreamedBody body = new StreamedBody(this, exchange, response.status(), framed, keepAlive);
    StreamPump pump = new StreamPump(stream, length, output, exchange.context().workers(), body);
    if (isOnWorker) {
      pump.run();
    } else {
      pump.start();
    }
  }

  /**
   * Begins a response whose body is given piece by piece.
   *
   * @param length of the body, if it is known
   * @return the body, or null if the response has none and is complete
   * @throws IllegalArgumentException if a header would break the head; nothing is written then
   * @throws IllegalStateException if status or headers cannot be sent; nothing is written then
   */
  @Nullable StreamedBody begin(Response response, ByteBuffer first, long length) {
    check(response);
    long framed = framedLength(response, length);
    boolean keepAlive = keepAlive(response, framed);
    if (!sendsBody(response.status())) {
      boolean taken = output.commit(head(response, framed, keepAlive, 0));
      finished(taken, response.status(), 0, keepAlive);
      return null;
    }
    StreamedBody body = new StreamedBody(this, exchange, response.status(), framed, keepAlive);
    if (first.remaining() <= INLINE_ELSEWHERE) {
      int room = first.remaining() + Http1Encoder.CHUNK_OVERHEAD;
      ByteBuffer out = head(response, framed, keepAlive, room);
      body.put(out, first);
      output.commit(out);
    } else {
      output.commit(head(response, framed, keepAlive, 0));
      body.write(first);
    }
    return body;
  }

  /** Says that the connection is another protocol's from here on. RFC 9110 §15.2.2. */
  void switchProtocols(Headers headers) {
    Status status = Status.SWITCHING_PROTOCOLS;
    output.commit(head(status, headers, NO_LENGTH, Persistence.UPGRADE, 0));
    observe(status, 0);
  }

  // ---- framing

  private boolean isHead() {
    return exchange.method() == Method.HEAD;
  }

  private boolean sendsBody(Status status) {
    return !isHead() && !status.isBodyless() && status.code() != Status.RESET_CONTENT.code();
  }

  /** What the head says of the length of a body of this length. RFC 9110 §8.6, RFC 9112 §6.3. */
  private long framedLength(Response response, long length) {
    Status status = response.status();
    if (status.isBodyless()) {
      return status.code() == Status.NOT_MODIFIED.code()
          ? statedLength(response, NO_LENGTH)
          : NO_LENGTH;
    }
    if (status.code() == Status.RESET_CONTENT.code()) {
      return 0;
    }
    if (isHead() && length == 0) {
      return statedLength(response, 0);
    }
    if (length != Body.UNKNOWN_LENGTH) {
      return length;
    }
    return exchange.isHttp10() ? NO_LENGTH : CHUNKED;
  }

  /** The length that the application states for a body that it need not give. */
  private static long statedLength(Response response, long otherwise) {
    String stated = response.headers().get("Content-Length").orElse("");
    boolean isLength =
        !stated.isEmpty()
            && stated.length() < 19
            && stated.chars().allMatch(c -> c >= '0' && c <= '9');
    return isLength ? Long.parseLong(stated) : otherwise;
  }

  private boolean keepAlive(Response response, long framed) {
    boolean endsByClose = framed == NO_LENGTH && sendsBody(response.status());
    return exchange.mayKeepAlive()
        && !endsByClose
        && !response.headers().hasToken("Connection", "close");
  }

  private Persistence persistence(boolean keepAlive) {
    if (!keepAlive) {
      return Persistence.CLOSE;
    }
    return exchange.isHttp10() ? Persistence.KEEP_ALIVE : Persistence.IMPLICIT;
  }

  private ByteBuffer head(Response response, long framed, boolean keepAlive, int more) {
    return head(response.status(), response.headers(), framed, persistence(keepAlive), more);
  }

  /** A buffer of the queue with the head in it and room for {@code more} bytes. */
  private ByteBuffer head(
      Status status, Headers headers, long framed, Persistence persistence, int more) {
    DefaultFields defaults = exchange.context().defaultFields();
    int size = Http1Encoder.headBytes(status, headers) + defaults.maxBytes();
    ByteBuffer out = output.begin(size + more);
    int start = out.position();
    try {
      Http1Encoder.head(out, status, headers, defaults, framed, persistence);
    } catch (RuntimeException | Error e) {
      out.position(start);
      throw e;
    }
    return out;
  }

  /**
   * The response is on its way.
   *
   * @param taken whether the connection took it; if not, it is closed, and there is nothing to tell
   */
  void finished(boolean taken, Status status, long bodyBytes, boolean keepAlive) {
    if (taken) {
      observe(status, bodyBytes);
    }
    exchange.done(keepAlive && taken);
  }

  private void observe(Status status, long bodyBytes) {
    if (exchange.isToTell()) {
      long nanos = exchange.connection().io().loop().nanoTime() - exchange.startNanos();
      exchange.context().events().onResponse(exchange.request(), status, bodyBytes, nanos);
    }
  }
}
