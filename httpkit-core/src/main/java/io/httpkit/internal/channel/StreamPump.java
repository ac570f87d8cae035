package io.httpkit.internal.channel;

import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.net.WriteQueue;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;

/**
 * Moves a stream to a peer, no faster than the peer takes it. Reads on a worker, as a stream may
 * block; holds none while it waits for the peer.
 */
@AnyThread
public final class StreamPump implements Runnable {
  /** Takes the pieces, one at a time. */
  public interface Sink {
    /**
     * Sends a piece.
     *
     * @return false if the peer is gone
     */
    boolean write(byte[] bytes, int count);

    /** All is sent. */
    void end();

    /** The stream broke; there will be no end. */
    void fail(Throwable cause);

    /** The peer is gone, and the stream was closed. */
    void gone();
  }

  private static final int PIECE_BYTES = 16 * 1024;

  private final InputStream stream;
  private final WriteQueue output;
  private final Executor workers;
  private final Sink sink;

  /** Bytes that are still promised; negative if none are. */
  private long promised;

  /**
   * @param length promised to the peer, negative if the stream's end is the end
   * @param output tells when the peer takes more; nobody else may ask it meanwhile
   */
  public StreamPump(
      InputStream stream, long length, WriteQueue output, Executor workers, Sink sink) {
    this.stream = stream;
    this.promised = length;
    this.output = output;
    this.workers = workers;
    this.sink = sink;
  }

  /** Goes on, on a worker. */
  public void start() {
    try {
      workers.execute(this);
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  /** Goes on, on this thread, which may wait for the stream. */
  @Override
  public void run() {
    try {
      while (output.isWritable()) {
        if (!movePiece()) {
          return;
        }
      }
      output.onDrain(this::start);
    } catch (IOException | RuntimeException | Error e) {
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
    if (count > 0 && !sink.write(piece, count)) {
      stream.close();
      sink.gone();
      return false;
    }
    promised = promised < 0 ? promised : promised - count;
    return true;
  }

  private void end() throws IOException {
    if (promised > 0) {
      throw new EOFException("stream ended " + promised + " bytes before its announced length");
    }
    stream.close();
    sink.end();
  }

  private void fail(Throwable cause) {
    try {
      stream.close();
    } catch (IOException | RuntimeException e) {
      cause.addSuppressed(e);
    }
    sink.fail(cause);
  }
}
