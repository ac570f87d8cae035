package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Event.Content;
import io.httpkit.internal.codec.http1.Http1Event.End;
import io.httpkit.internal.codec.http1.Http1Event.RequestHead;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the requests of one connection, one after the other. RFC 9112.
 *
 * <p>Pure: however the bytes are split, the events are the same once adjacent contents are joined.
 * Bytes of an incomplete part are left in the buffer and have to be offered again, with more behind
 * them.
 *
 * <pre>
 *   HEAD ─┬───────────────────────────────────────────▶ HEAD
 *         ├─▶ FIXED ─▶ END ───────────────────────────▶ HEAD
 *         └─▶ CHUNK_SIZE ─▶ CHUNK_DATA ─▶ CHUNK_END ─┐
 *                ▲  └─ 0 ─▶ TRAILERS ────────────────│─▶ HEAD
 *                └────────────────────────────────────┘
 * </pre>
 */
public final class Http1Decoder {
  private enum State {
    HEAD,
    FIXED,
    CHUNK_SIZE,
    CHUNK_DATA,
    CHUNK_END,
    TRAILERS,
    END
  }

  /** A trailer with one of these would change how the message was understood. RFC 9110 §6.5.1. */
  private static final List<String> FORBIDDEN_TRAILERS =
      List.of(
          "Host",
          "Content-Length",
          "Transfer-Encoding",
          "Connection",
          "Trailer",
          "Upgrade",
          "Authorization",
          "Proxy-Authorization",
          "Cookie",
          "Expect");

  private static final int EMPTY_LINE = "\r\n".length();

  private final Http1Limits limits;
  private final LineScanner scanner = new LineScanner();
  private State state = State.HEAD;
  private int extensionBytes;

  /** Bytes looked at of a line with a chunk size that is not complete. */
  private int chunkLineScanned;

  /** Bytes still to come of the fixed body or of the chunk. */
  private long remaining;

  /** Bytes that may still come of the body. */
  private long allowance;

  public Http1Decoder(Http1Limits limits) {
    this.limits = limits;
  }

  /**
   * The next event, or null when {@code in} does not complete one.
   *
   * @throws BadMessageException with the status to answer; the decoder is of no further use then
   */
  public @Nullable Http1Event next(ByteBuffer in) {
    return switch (state) {
      case HEAD -> head(in);
      case FIXED, CHUNK_DATA -> content(in);
      case CHUNK_SIZE -> chunkSize(in);
      case CHUNK_END -> chunkEnd(in);
      case TRAILERS -> trailers(in);
      case END -> end(Headers.empty());
    };
  }

  /** Whether not a byte of the next head has come yet. */
  public boolean isBetweenMessages() {
    return state == State.HEAD && scanner.isUntouched();
  }

  /**
   * Bounds the body whose head was just returned.
   *
   * @throws BadMessageException with 413 if it is already known to be longer
   */
  public void limitBody(long bytes) {
    allowance = bytes;
    if (state == State.FIXED) {
      checkAllowance(remaining);
    }
  }

  private void checkAllowance(long size) {
    if (size > allowance) {
      throw new BadMessageException(
          Status.CONTENT_TOO_LARGE, "body larger than the " + allowance + " bytes still allowed");
    }
  }

  private @Nullable RequestHead head(ByteBuffer in) {
    int length = scanHead(in);
    while (length == EMPTY_LINE) {
      // RFC 9112 §2.2: empty lines before a request are ignored
      in.position(in.position() + EMPTY_LINE);
      scanner.reset();
      length = scanHead(in);
    }
    if (length < 0) {
      return null;
    }
    byte[] head = new byte[length];
    in.get(head);
    RequestHead parsed = RequestHeadParser.parse(head, scanner.lines() - 2);
    scanner.reset();
    begin(parsed.framing());
    return parsed;
  }

  /**
   * A request line that is wrong is refused before the lines behind it have come, and whatever is
   * wrong with those that have. It is looked at once.
   */
  private int scanHead(ByteBuffer in) {
    boolean checked = scanner.firstLineEnd() > 0;
    int length = -1;
    try {
      length = scanner.scan(in, limits, 1);
    } finally {
      if (length < 0 && !checked) {
        checkRequestLine(in);
      }
    }
    return length;
  }

  private void checkRequestLine(ByteBuffer in) {
    int length = scanner.firstLineEnd();
    if (length > 0) {
      byte[] line = new byte[length];
      in.get(in.position(), line);
      RequestLine.parse(line);
    }
  }

  private void begin(BodyFraming framing) {
    extensionBytes = 0;
    allowance = Long.MAX_VALUE;
    remaining = framing.length();
    if (framing == BodyFraming.CHUNKED) {
      state = State.CHUNK_SIZE;
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
    return next(in);
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
    return next(in);
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
    for (String name : FORBIDDEN_TRAILERS) {
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
