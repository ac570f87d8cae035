package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Event.Content;
import io.httpkit.internal.codec.http1.Http1Event.End;
import java.nio.ByteBuffer;
import java.util.List;
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
public abstract class Http1Decoder {
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

  final Http1Limits limits;

  /** Reads the lines of a head, and those of trailers. */
  final LineScanner scanner = new LineScanner();

  private final ChunkLines chunkLines;
  private final List<String> forbiddenTrailers;
  private State state = State.HEAD;

  /** Bytes still to come of the fixed body or of the chunk. */
  private long remaining;

  /** Bytes that the body may have. */
  private long bodyLimit;

  /** What of {@link #bodyLimit} is left. */
  private long allowance;

  /**
   * @param forbiddenTrailers names that are refused as trailers; RFC 9110 §6.5.1
   */
  Http1Decoder(Http1Limits limits, List<String> forbiddenTrailers) {
    this.limits = limits;
    this.chunkLines = new ChunkLines(limits.maxChunkExtensionBytes());
    this.forbiddenTrailers = forbiddenTrailers;
  }

  /** A decoder for a server. */
  public static Http1Decoder forRequests(Http1Limits limits) {
    return new RequestDecoder(limits);
  }

  /**
   * A decoder for a client, which has to {@link #expect} each response. All its exceptions have the
   * status 502, as a response is not answered: what a gateway would tell its own client.
   */
  public static Http1Decoder forResponses(Http1Limits limits) {
    return new ResponseDecoder(limits);
  }

  /**
   * Says to what the next response is the answer, which decides about its body. Bytes that come
   * while none is expected are refused.
   *
   * @throws IllegalStateException if a response is expected already, or requests are decoded
   */
  public void expect(Method method) {
    throw new IllegalStateException("a decoder of requests expects no response to " + method);
  }

  /**
   * The next head, with which its body {@linkplain #begin begins}, or what comes before it; null
   * when {@code in} does not complete one.
   */
  abstract @Nullable Http1Event head(ByteBuffer in);

  /** Reads the first line, which ends where these bytes do. */
  abstract void checkFirstLine(byte[] line);

  /** Whether a head has to come before the peer may end. */
  abstract boolean isAwaited();

  /** Whether not a byte of the next head has come yet. */
  boolean isUntouched() {
    return scanner.isUntouched();
  }

  /** The exception for the caller, from one with the status for a request. */
  BadMessageException refusal(BadMessageException e) {
    return e;
  }

  /**
   * The next event, or null when {@code in} does not complete one.
   *
   * @throws BadMessageException with the status to answer; the decoder is of no further use then
   */
  public final @Nullable Http1Event next(ByteBuffer in) {
    try {
      return step(in);
    } catch (BadMessageException e) {
      throw refusal(e);
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
  public final @Nullable End endOfInput() {
    if (state == State.UNTIL_CLOSE || state == State.END) {
      return end(Headers.empty());
    }
    if (state == State.HEAD && !isAwaited()) {
      return null;
    }
    String where = isBetweenMessages() ? "before " : "within ";
    throw refusal(FieldLines.bad("the peer ended " + where + state.part));
  }

  /** Whether not a byte of the next head has come yet. */
  public final boolean isBetweenMessages() {
    return state == State.HEAD && isUntouched();
  }

  /**
   * Bounds the body whose head was just returned.
   *
   * @throws BadMessageException if it is already known to be longer; with 413 for a request
   */
  public final void limitBody(long bytes) {
    bodyLimit = bytes;
    allowance = bytes;
    if (state == State.FIXED && remaining > bytes) {
      throw refusal(tooLarge());
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

  /**
   * The length of the head, -1 if it is not complete. A first line that is wrong is refused before
   * the lines behind it have come, and whatever is wrong with those that have. It is looked at
   * once.
   */
  final int scanHead(ByteBuffer in) {
    boolean checked = scanner.firstLineEnd() > 0;
    int length = -1;
    try {
      length = scanner.scan(in, limits, 1);
    } finally {
      if (length < 0 && !checked) {
        checkFirstLine(in);
      }
    }
    return length;
  }

  private void checkFirstLine(ByteBuffer in) {
    int length = scanner.firstLineEnd();
    if (length > 0) {
      byte[] line = new byte[length];
      in.get(in.position(), line);
      checkFirstLine(line);
    }
  }

  /** Goes on with the body behind a head. */
  final void begin(BodyFraming framing) {
    chunkLines.reset();
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
    remaining -= length;
    if (remaining == 0) {
      state = state == State.FIXED ? State.END : State.CHUNK_END;
    }
    return take(in, length);
  }

  private @Nullable Content contentUntilClose(ByteBuffer in) {
    if (!in.hasRemaining()) {
      return null;
    }
    checkAllowance(1);
    int length = (int) Math.min(in.remaining(), allowance);
    allowance -= length;
    return take(in, length);
  }

  private static Content take(ByteBuffer in, int length) {
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    return new Content(bytes);
  }

  private @Nullable Http1Event chunkSize(ByteBuffer in) {
    long size = chunkLines.read(in);
    if (size < 0) {
      return null;
    }
    checkAllowance(size);
    allowance -= size;
    remaining = size;
    state = size == 0 ? State.TRAILERS : State.CHUNK_DATA;
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
    for (String name : forbiddenTrailers) {
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
