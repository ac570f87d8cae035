package io.httpkit.server;

import io.httpkit.internal.codec.http1.Http1Encoder;
import io.httpkit.internal.net.WriteQueue;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Moves a stream into the queue of a connection, no faster than the peer takes it. Reads on a
 * worker, as a stream may block; holds none while it waits for the peer.
 */
final class BodyPump implements Runnable {
  private static final int PIECE_BYTES = 16 * 1024;

  private final Http1Exchange exchange;
  private final WriteQueue output;
  private final InputStream stream;
  private final boolean chunked;
  private final LongConsumer whenDone;
  private final Consumer<Throwable> whenBroken;

  /** Bytes that are still promised; -1 if none are. */
  private long promised;

  private long sent;

  /**
   * @param length promised to the peer, -1 if the stream's end is the body's
   * @param whenDone told the bytes of the body, when all of them are written or queued
   * @param whenBroken told why the stream could not be read to its end
   */
  BodyPump(
      Http1Exchange exchange,
      InputStream stream,
      long length,
      boolean chunked,
      LongConsumer whenDone,
      Consumer<Throwable> whenBroken) {
    this.exchange = exchange;
    this.output = exchange.output();
    this.stream = stream;
    this.promised = length;
    this.chunked = chunked;
    this.whenDone = whenDone;
    this.whenBroken = whenBroken;
  }

  /**
   * Begins.
   *
   * @param isOnWorker whether this thread may wait for the stream
   */
  void start(boolean isOnWorker) {
    if (isOnWorker) {
      run();
    } else {
      goOn();
    }
  }

  private void goOn() {
    try {
      exchange.context().workers().execute(this);
    } catch (RuntimeException | Error e) {
      whenBroken.accept(e);
      fail(e);
    }
  }

  @Override
  public void run() {
    try {
      while (output.isWritable()) {
        if (!movePiece()) {
          return;
        }
      }
      output.onDrain(this::goOn);
    } catch (IOException | RuntimeException | Error e) {
      whenBroken.accept(e);
      fail(e);
    }
  }

  /** Reads and writes once; false when that was the end. */
  private boolean movePiece() throws IOException {
    byte[] piece = new byte[PIECE_BYTES];
    int wanted = promised < 0 ? PIECE_BYTES : (int) Math.min(PIECE_BYTES, promised);
    int count = wanted == 0 ? -1 : stream.read(piece, 0, wanted);
    if (count < 0) {
      end();
      return false;
    }
    if (count > 0 && !write(piece, count)) {
      fail(new EOFException("the peer is gone"));
      return false;
    }
    sent += count;
    promised = promised < 0 ? promised : promised - count;
    return true;
  }

  private boolean write(byte[] piece, int count) {
    if (!chunked) {
      return output.write(ByteBuffer.wrap(piece, 0, count));
    }
    ByteBuffer chunk = ByteBuffer.allocate(count + Http1Encoder.CHUNK_OVERHEAD);
    Http1Encoder.chunkStart(chunk, count);
    chunk.put(piece, 0, count);
    Http1Encoder.chunkEnd(chunk);
    return output.write(chunk.flip());
  }

  private void end() throws IOException {
    if (promised > 0) {
      throw new EOFException("stream ended " + promised + " bytes before its announced length");
    }
    stream.close();
    if (chunked && !output.write(Http1Encoder.lastChunk())) {
      fail(new EOFException("the peer is gone"));
    } else {
      whenDone.accept(sent);
    }
  }

  /** The head is on its way, so the only way to say that the body is incomplete is to close. */
  private void fail(Throwable cause) {
    try {
      stream.close();
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
    exchange.connection().abort(cause);
    exchange.done(false);
  }
}
