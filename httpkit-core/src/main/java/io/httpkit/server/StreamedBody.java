package io.httpkit.server;

import static io.httpkit.internal.codec.http1.Http1Encoder.CHUNKED;

import io.httpkit.http.Status;
import io.httpkit.internal.channel.StreamPump;
import io.httpkit.internal.codec.http1.Http1Encoder;
import io.httpkit.internal.net.WriteQueue;
import java.io.EOFException;
import java.nio.ByteBuffer;

/**
 * The body of a response that is given piece by piece, behind a head that is on its way. One thread
 * at a time.
 */
final class StreamedBody implements StreamPump.Sink {
  /** Up to this size a piece is copied between the lines of its chunk, which saves writes. */
  private static final int INLINE = 32 * 1024;

  private final ResponseWriter writer;
  private final Http1Exchange exchange;
  private final WriteQueue output;
  private final Status status;
  private final boolean chunked;
  private final boolean keepAlive;
  private long sent;

  /**
   * @param framed as the head says
   * @param keepAlive whether the connection goes on behind the body
   */
  StreamedBody(
      ResponseWriter writer,
      Http1Exchange exchange,
      Status status,
      long framed,
      boolean keepAlive) {
    this.writer = writer;
    this.exchange = exchange;
    this.output = exchange.output();
    this.status = status;
    this.chunked = framed == CHUNKED;
    this.keepAlive = keepAlive;
    exchange.responseBegun(status);
  }

  @Override
  public boolean write(byte[] bytes, int count) {
    return write(ByteBuffer.wrap(bytes, 0, count));
  }

  /**
   * Sends a piece; not copied if it is large, so it must not change.
   *
   * @return false if the connection takes nothing more
   */
  boolean write(ByteBuffer piece) {
    int length = piece.remaining();
    if (length == 0) {
      return true;
    }
    if (!chunked) {
      sent += length;
      return output.write(piece);
    }
    if (length <= INLINE) {
      ByteBuffer out = output.begin(length + Http1Encoder.CHUNK_OVERHEAD);
      put(out, piece);
      return output.commit(out);
    }
    ByteBuffer line = ByteBuffer.allocate(Http1Encoder.CHUNK_OVERHEAD);
    Http1Encoder.chunkStart(line, length);
    sent += length;
    boolean taken = output.write(line.flip()) && output.write(piece);
    return taken && output.write(Http1Encoder.chunkSeparator());
  }

  /** Sends a piece that is framed already, if this body {@link #isChunked} as a chunk. */
  boolean writeFramed(ByteBuffer framed, int length) {
    sent += length;
    return output.write(framed);
  }

  boolean isChunked() {
    return chunked;
  }

  /** Puts a piece behind what is in the buffer. */
  void put(ByteBuffer out, ByteBuffer piece) {
    int length = piece.remaining();
    sent += length;
    if (chunked && length > 0) {
      Http1Encoder.chunkStart(out, length);
      out.put(piece);
      Http1Encoder.chunkEnd(out);
    } else {
      out.put(piece);
    }
  }

  @Override
  public void end() {
    if (chunked && !output.write(Http1Encoder.lastChunk())) {
      gone();
    } else {
      writer.finished(true, status, sent, keepAlive);
    }
  }

  @Override
  public void fail(Throwable cause) {
    writer.report(cause);
    abort(cause);
  }

  @Override
  public void gone() {
    abort(new EOFException("the peer is gone"));
  }

  /** The only way to say that a body is incomplete is to close. */
  void abort(Throwable cause) {
    exchange.connection().abort(cause);
    exchange.done(false);
  }
}
