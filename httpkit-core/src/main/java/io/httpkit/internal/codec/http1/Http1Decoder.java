package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Event.Content;
import io.httpkit.internal.codec.http1.Http1Event.End;
import io.httpkit.internal.codec.http1.Http1Event.Head;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the requests, or the responses, of one connection, one after the other. RFC 9112.
 *
 * <p>Pure: however the bytes are split, the events are the same once adjacent contents are joined.
 * Bytes of an incomplete part are left in the buffer and have to be offered again, with more behind
 * them.
 *
 * <pre>
 *   HEAD ─┬───────────────────────────────────────────▶ HEAD
 *         ├─▶ FIXED ─▶ END ───────────────────────────▶ HEAD
 *         ├─▶ UNTIL_CLOSE ─ end of input ─────────────▶ HEAD
 *         └─▶ CHUNK_SIZE ─▶ CHUNK_DATA ─▶ CHUNK_END ─┐
 *                ▲  └─ 0 ─▶ TRAILERS ────────────────│─▶ HEAD
 *                └────────────────────────────────────┘
 * </pre>
 */
public final class Http1Decoder {
  private enum State {
    HEAD("the head"),
    FIXED("the body"),
    UNTIL_CLOSE("the body"),
    CHUNK_SIZE("a chunk size"),
    CHUNK_DATA("a chunk"),
    CHUNK_END("a chunk"),
    TRAILERS("the trailers"),
    END("the body");

    /** The part of the message that comes in this state. */
    final String part;

    State(String part) {
      this.part = part;
    }
  }

  private final Http1Limits limits;
  private final LineScanner scanner;
  private final HeadReader heads;
  private State state = State.HEAD;
  private int extensionBytes;

  /** Bytes looked at of a line with a chunk size that is not complete. */
  private int chunkLineScanned;

  /** Bytes still to come of the fixed body or of the chunk. */
  private long remaining;

  /** Bytes that the body may have. */
  private long bodyLimit;

  /** What of {@link #bodyLimit} is left. */
  private long allowance;

  private Http1Decoder(Http1Limits limits, LineScanner scanner, HeadReader heads) {
    this.limits = limits;
    this.scanner = scanner;
    this.heads = heads;
  }

  /** A decoder for a server. */
  public static Http1Decoder forRequests(Http1Limits limits) {
    LineScanner scanner = new LineScanner();
    return new Http1Decoder(limits, scanner, new RequestHeadReader(limits, scanner));
  }

  /**
   * A decoder for a client, which has to {@link #expect} each response. All its exceptions have the
   * status 502, as a response is not answered: what a gateway would tell its own client.
   */
  public static Http1Decoder forResponses(Http1Limits limits) {
    LineScanner scanner = new LineScanner();
    return new Http1Decoder(limits, scanner, new ResponseHeadReader(limits, scanner));
  }

  /**
   * Says to what the next response is the answer, which decides about its body. Bytes that come
   * while none is expected are refused.
   *
   * @throws IllegalStateException if a response is expected already, or requests are decoded
   */
  public void expect(Method method) {
    heads.expect(method);
  }

  /**
   * The next event, or null when {@code in} does not complete one.
   *
   * @throws BadMessageException with the status to answer; the decoder is of no further use then
   */
  public @Nullable Http1Event next(ByteBuffer in) {
    try {
      return step(in);
    } catch (BadMessageException e) {
      throw heads.refusal(e);
    }
  }

  private @Nullable Http1Event step(ByteBuffer in) {
    return switch (state) {
      case HEAD -> head(in);
      case FIXED, CHUNK_DATA -> content(in);
      case UNTIL_CLOSE -> contentUntilClose(in);
      case CHUNK_SIZE -> chunkSize(in);
      case CHUNK_END -> chunkEnd(in);
      case TRAILERS -> trailers(in);
      case END -> end(Headers.empty());
    };
  }

  /**
   * Takes note that nothing more comes, after {@link #next} has given null for the last bytes.
   *
   * @return the end of the body if this is what ends it; null between messages
   * @throws BadMessageException if something was still to come
   */
  public @Nullable End endOfInput() {
    if (state == State.UNTIL_CLOSE || state == State.END) {
      return end(Headers.empty());
    }
    if (state == State.HEAD && !heads.isAwaited()) {
      return null;
    }
    String where = isBetweenMessages() ? "before " : "within ";
    throw heads.refusal(FieldLines.bad("the peer ended " + where + state.part));
  }

  /** Whether not a byte of the next head has come yet. */
  public boolean isBetweenMessages() {
    return state == State.HEAD && heads.isUntouched();
  }

  /**
   * Bounds the body whose head was just returned.
   *
   * @throws BadMessageException if it is already known to be longer; with 413 for a request
   */
  public void limitBody(long bytes) {
    bodyLimit = bytes;
    allowance = bytes;
    if (state == State.FIXED && remaining > bytes) {
      throw heads.refusal(tooLarge());
    }
  }

  private void checkAllowance(long size) {
    if (size > allowance) {
      throw tooLarge();
    }
  }

  private BadMessageException tooLarge() {
    return new BadMessageException(
        Status.CONTENT_TOO_LARGE, "body larger than the " + bodyLimit + " bytes that are allowed");
  }

  private @Nullable Http1Event head(ByteBuffer in) {
    Http1Event event = heads.next(in);
    if (event instanceof Head head) {
      begin(head.framing());
    }
    return event;
  }

  private void begin(BodyFraming framing) {
    extensionBytes = 0;
    allowance = Long.MAX_VALUE;
    remaining = framing.length();
    if (framing == BodyFraming.CHUNKED) {
      state = State.CHUNK_SIZE;
    } else if (framing == BodyFraming.UNTIL_CLOSE) {
      state = State.UNTIL_CLOSE;
    } else if (remaining > 0) {
      state = State.FIXED;
    }
  }

  private @Nullable Content content(ByteBuffer in) {
    int length = (int) Math.min(in.remaining(), remaining);
    if (length == 0) {
      return null;
    }
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    remaining -= length;
    if (remaining == 0) {
      state = state == State.FIXED ? State.END : State.CHUNK_END;
    }
    return new Content(bytes);
  }

  private @Nullable Content contentUntilClose(ByteBuffer in) {
    if (!in.hasRemaining()) {
      return null;
    }
    checkAllowance(1);
    int length = (int) Math.min(in.remaining(), allowance);
    allowance -= length;
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    return new Content(bytes);
  }

  private @Nullable Http1Event chunkSize(ByteBuffer in) {
    int start = in.position();
    int longest =
        ChunkLine.MAX_DIGITS + limits.maxChunkExtensionBytes() - extensionBytes + "\r\n".length();
    int end = start + chunkLineScanned;
    while (end < in.limit() && in.get(end) != '\n') {
      end++;
    }
    chunkLineScanned = end - start;
    if (chunkLineScanned >= longest) {
      throw FieldLines.bad(
          "more than " + limits.maxChunkExtensionBytes() + " bytes of chunk extensions");
    }
    if (end == in.limit()) {
      return null;
    }
    ChunkLine line = ChunkLine.parse(in, start, end + 1);
    in.position(end + 1);
    chunkLineScanned = 0;
    return beginChunk(line, in);
  }

  private @Nullable Http1Event beginChunk(ChunkLine line, ByteBuffer in) {
    extensionBytes += line.extensionBytes();
    if (extensionBytes > limits.maxChunkExtensionBytes()) {
      throw FieldLines.bad(
          "more than " + limits.maxChunkExtensionBytes() + " bytes of chunk extensions");
    }
    checkAllowance(line.size());
    allowance -= line.size();
    remaining = line.size();
    state = remaining == 0 ? State.TRAILERS : State.CHUNK_DATA;
    return step(in);
  }

  private @Nullable Http1Event chunkEnd(ByteBuffer in) {
    int start = in.position();
    boolean wrong =
        (in.remaining() > 0 && in.get(start) != '\r')
            || (in.remaining() > 1 && in.get(start + 1) != '\n');
    if (wrong) {
      throw FieldLines.bad("chunk longer than its size");
    }
    if (in.remaining() < 2) {
      return null;
    }
    in.position(start + 2);
    state = State.CHUNK_SIZE;
    return step(in);
  }

  private @Nullable End trailers(ByteBuffer in) {
    int length = scanner.scan(in, limits, 0);
    if (length < 0) {
      return null;
    }
    byte[] lines = new byte[length];
    in.get(lines);
    FieldLines trailers = FieldLines.parse(lines, 0, scanner.lines() - 1);
    scanner.reset();
    for (String name : heads.forbiddenTrailers()) {
      if (trailers.contains(name)) {
        throw FieldLines.bad(name + " is not allowed as a trailer");
      }
    }
    return end(trailers);
  }

  private End end(Headers trailers) {
    state = State.HEAD;
    return trailers.isEmpty() ? End.WITHOUT_TRAILERS : new End(trailers);
  }
}
