package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.Headers;
import io.httpkit.internal.codec.content.ContentCoding;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.LoopConfined;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A body on its way from the loop to whoever reads it. Holds little: when nobody reads, the
 * connection is not read either.
 *
 * <pre>
 *   OPEN ─▶ COMPLETE, FAILED, CLOSED
 * </pre>
 *
 * <p>Its lock is held for a few instructions, and by who waits for a piece.
 */
final class BodyPipe implements BodySink, PieceSource {
  private enum State {
    /** More is to come. */
    OPEN,
    /** All has come. */
    COMPLETE,
    /** No more will come. */
    FAILED,
    /** Nobody wants it. */
    CLOSED
  }

  /** Who reads. */
  private enum Reader {
    NOBODY_YET,
    STREAM,
    PUBLISHER
  }

  private static final int HIGH_WATER_MARK = 128 * 1024;
  private static final int LOW_WATER_MARK = 32 * 1024;

  private final CallAnswer answer;
  private final ContentCoding coding;
  private final long limit;
  private final Object lock = new Object();

  // Guarded by lock
  private final ArrayDeque<ByteBuffer> pieces = new ArrayDeque<>();
  private State state = State.OPEN;
  private Reader reader = Reader.NOBODY_YET;
  private @Nullable ClientException failure;
  private int queuedBytes;
  private boolean pausing;

  /** Volatile, as it is set by who subscribes and told by the loop. */
  private volatile @Nullable Runnable onChange;

  /** Loop only. */
  private long received;

  /**
   * @param coding that is taken off
   * @param limit of the bytes, as they come and when they are decoded
   */
  BodyPipe(CallAnswer answer, ContentCoding coding, long limit) {
    this.answer = answer;
    this.coding = coding;
    this.limit = limit;
  }

  // ---- the loop

  @LoopConfined
  @Override
  public boolean onContent(ByteBuffer bytes) throws ClientException {
    received += bytes.remaining();
    if (received > limit) {
      throw BodyCollector.tooLarge(limit, answer.url());
    }
    ByteBuffer piece = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
    boolean goOn;
    synchronized (lock) {
      if (state != State.OPEN) {
        throw ClientException.cancelled();
      }
      pieces.add(piece);
      queuedBytes += piece.remaining();
      pausing = queuedBytes >= HIGH_WATER_MARK;
      goOn = !pausing;
      lock.notifyAll();
    }
    changed();
    return goOn;
  }

  @LoopConfined
  @Override
  public void complete() {
    end(State.COMPLETE, null);
  }

  @LoopConfined
  @Override
  public void onEnd(Headers trailers) {}

  @Override
  public void fail(ClientException cause) {
    end(State.FAILED, cause);
  }

  private void end(State end, @Nullable ClientException cause) {
    synchronized (lock) {
      if (state != State.OPEN) {
        return;
      }
      state = end;
      failure = cause;
      lock.notifyAll();
    }
    changed();
  }

  private void changed() {
    Runnable told = onChange;
    if (told != null) {
      told.run();
    }
  }

  // ---- who reads, on any thread

  /** The next piece; null when there is none now, or will be none. */
  @AnyThread
  @Override
  public @Nullable ByteBuffer poll() {
    boolean resumes;
    ByteBuffer piece;
    synchronized (lock) {
      piece = pieces.poll();
      if (piece == null) {
        return null;
      }
      queuedBytes -= piece.remaining();
      resumes = pausing && queuedBytes <= LOW_WATER_MARK;
      pausing = pausing && !resumes;
    }
    if (resumes) {
      ClientExchange exchange = answer.exchange();
      exchange.protocol().resume(exchange);
    }
    return piece;
  }

  /** Waits for the next piece; null when there is none left. */
  @AnyThread
  @Nullable ByteBuffer take() throws IOException {
    mayWait();
    synchronized (lock) {
      while (pieces.isEmpty() && state == State.OPEN) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("interrupted while a body is read");
        }
      }
      if (pieces.isEmpty()) {
        checkFailure();
      }
    }
    return poll();
  }

  /** The loop cannot wait for what it is to bring itself. */
  private void mayWait() {
    boolean isEmpty;
    synchronized (lock) {
      isEmpty = pieces.isEmpty() && state == State.OPEN;
    }
    if (isEmpty && answer.exchange().protocol().connection().io().loop().isInLoop()) {
      throw new IllegalStateException(
          "deadlock-guard: the event loop must not wait for a body that it is to read itself");
    }
  }

  private void checkFailure() throws ClientException {
    if (failure != null) {
      throw failure;
    }
    mustNotBeClosed();
  }

  /**
   * Looks whether somebody wants it still.
   *
   * @throws ClientException if not
   */
  @AnyThread
  void mustNotBeClosed() throws ClientException {
    synchronized (lock) {
      if (state == State.CLOSED) {
        throw new ClientException(Kind.CANCELLED, "the body was closed");
      }
    }
  }

  /**
   * Whether no more comes and all was taken.
   *
   * @throws ClientException if not all has come
   */
  @AnyThread
  @Override
  public boolean isAtEnd() throws ClientException {
    synchronized (lock) {
      if (!pieces.isEmpty() || state == State.OPEN) {
        return false;
      }
      checkFailure();
      return true;
    }
  }

  /** Has this called whenever something has come, and at the end. */
  @AnyThread
  void onChange(Runnable told) {
    onChange = told;
  }

  /**
   * Nobody reads any more. What is still to come closes the connection. Who is reading is told so.
   */
  @AnyThread
  @Override
  public void close() {
    boolean cuts;
    synchronized (lock) {
      cuts = state == State.OPEN;
      state = state == State.FAILED ? State.FAILED : State.CLOSED;
      pieces.clear();
      queuedBytes = 0;
      lock.notifyAll();
    }
    if (cuts) {
      answer.exchange().abort(ClientException.cancelled());
    }
    changed();
  }

  private void readBy(Reader next) {
    synchronized (lock) {
      if (reader != Reader.NOBODY_YET) {
        throw new IllegalStateException("the body is being read already");
      }
      reader = next;
    }
  }

  @AnyThread
  InputStream asInputStream() {
    readBy(Reader.STREAM);
    return ContentStreams.decoded(new PipeStream(this), coding, limit, answer.url());
  }

  @AnyThread
  Flow.Publisher<ByteBuffer> asPublisher() {
    readBy(Reader.PUBLISHER);
    PieceSource pieces = ContentStreams.decoded(this, coding, limit, answer.url());
    return new PipePublisher(this, pieces, answer.engine());
  }

  static IllegalArgumentException badDemand(long count) {
    return new IllegalArgumentException("demand must be positive but was " + count);
  }
}
