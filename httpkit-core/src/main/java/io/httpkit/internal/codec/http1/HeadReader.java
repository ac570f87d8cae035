package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Method;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the heads of the messages that come in one direction: all requests, or all responses. */
abstract class HeadReader {
  static final int EMPTY_LINE = "\r\n".length();

  final Http1Limits limits;
  final LineScanner scanner;

  /**
   * @param scanner that of the decoder, which is idle while a head is read
   */
  HeadReader(Http1Limits limits, LineScanner scanner) {
    this.limits = limits;
    this.scanner = scanner;
  }

  /** The next head, or what comes before it; null when {@code in} does not complete one. */
  abstract @Nullable Http1Event next(ByteBuffer in);

  /** Reads the first line, which ends where these bytes do. */
  abstract void checkFirstLine(byte[] line);

  /** Whether not a byte of the next head has come yet. */
  abstract boolean isUntouched();

  /** Whether a head has to come before the peer may end. */
  abstract boolean isAwaited();

  /** Takes note of the request that is answered next. */
  abstract void expect(Method method);

  /** Names that are refused as trailers. RFC 9110 §6.5.1. */
  abstract List<String> forbiddenTrailers();

  /** The exception for the caller, from one with the status for a request. */
  abstract BadMessageException refusal(BadMessageException e);

  /**
   * The length of the head, -1 if it is not complete. A first line that is wrong is refused before
   * the lines behind it have come, and whatever is wrong with those that have. It is looked at
   * once.
   */
  final int scan(ByteBuffer in) {
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
}
