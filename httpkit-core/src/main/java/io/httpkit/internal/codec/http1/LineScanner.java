package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;
import java.nio.ByteBuffer;

/**
 * Finds the empty line that ends a block of lines, looking at each byte once, however the bytes
 * come in. Bounds the lines before they are complete.
 */
final class LineScanner {
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final long LINE_FEEDS = '\n' * ONES;

  /** Bytes looked at, from the beginning of the block. */
  private int scanned;

  private int lineStart;
  private int lines;
  private int firstLineEnd;

  /** Forgets the block, for the next one. */
  void reset() {
    scanned = 0;
    lineStart = 0;
    lines = 0;
    firstLineEnd = 0;
  }

  /** Complete lines of the block so far, with the empty one. */
  int lines() {
    return lines;
  }

  /** Bytes of the first line with its end, 0 if it is not complete. */
  int firstLineEnd() {
    return firstLineEnd;
  }

  boolean isUntouched() {
    return scanned == 0;
  }

  /**
   * The length of the block at the buffer's position, with the empty line; -1 if it is not
   * complete.
   *
   * @param linesBefore lines before the first header line: 1 for a head, 0 for trailers
   * @throws BadMessageException with 400 for a line feed without carriage return, or the status of
   *     the bound that is passed
   */
  int scan(ByteBuffer in, Http1Limits limits, int linesBefore) {
    int start = in.position();
    int limit = in.limit();
    for (int at = indexOfLineFeed(in, start + scanned, limit);
        at < limit;
        at = indexOfLineFeed(in, at + 1, limit)) {
      int end = at + 1 - start;
      checkLength(end, limits, linesBefore);
      if (at == start + lineStart || in.get(at - 1) != '\r') {
        throw FieldLines.bad("line feed without carriage return");
      }
      boolean empty = end - lineStart == 2;
      addLine(end, empty, limits, linesBefore);
      if (empty) {
        return end;
      }
    }
    scanned = limit - start;
    checkLength(scanned, limits, linesBefore);
    return -1;
  }

  private void addLine(int end, boolean empty, Http1Limits limits, int linesBefore) {
    lines++;
    lineStart = end;
    scanned = end;
    if (firstLineEnd == 0) {
      firstLineEnd = end;
    }
    if (!empty && lines - linesBefore > limits.maxHeaders()) {
      throw new BadMessageException(
          Status.HEADERS_TOO_LARGE, "more than " + limits.maxHeaders() + " header lines");
    }
  }

  private void checkLength(int end, Http1Limits limits, int linesBefore) {
    boolean inFirst = lines < linesBefore;
    if (end - lineStart > limits.maxLine()) {
      throw new BadMessageException(
          inFirst ? Status.URI_TOO_LONG : Status.HEADERS_TOO_LARGE,
          (inFirst ? "start line" : "header line") + " longer than " + limits.maxLine() + " bytes");
    }
    int before = linesBefore == 0 ? 0 : firstLineEnd;
    if (!inFirst && end - before > limits.maxHeaderBytes()) {
      throw new BadMessageException(
          Status.HEADERS_TOO_LARGE,
          "more than " + limits.maxHeaderBytes() + " bytes of header lines");
    }
  }

  /** Looks at eight bytes at a time; {@code limit} if there is none. */
  private static int indexOfLineFeed(ByteBuffer in, int from, int limit) {
    int at = from;
    for (; at + Long.BYTES <= limit; at += Long.BYTES) {
      // in little-endian order, because a borrow could mark bytes behind the first match only
      long word = Long.reverseBytes(in.getLong(at)) ^ LINE_FEEDS;
      long matches = (word - ONES) & ~word & HIGHS;
      if (matches != 0) {
        return at + (Long.numberOfTrailingZeros(matches) >> 3);
      }
    }
    while (at < limit && in.get(at) != '\n') {
      at++;
    }
    return at;
  }
}
