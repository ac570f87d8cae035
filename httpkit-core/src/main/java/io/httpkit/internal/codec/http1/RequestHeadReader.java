package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Method;
import io.httpkit.internal.codec.http1.Http1Event.RequestHead;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the heads of requests, which come when the client likes. RFC 9112 §3. */
final class RequestHeadReader extends HeadReader {
  /** They would change how the message was understood. */
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

  RequestHeadReader(Http1Limits limits, LineScanner scanner) {
    super(limits, scanner);
  }

  @Override
  @Nullable RequestHead next(ByteBuffer in) {
    int length = scan(in);
    while (length == EMPTY_LINE) {
      // RFC 9112 §2.2: empty lines before a request are ignored
      in.position(in.position() + EMPTY_LINE);
      scanner.reset();
      length = scan(in);
    }
    if (length < 0) {
      return null;
    }
    byte[] head = new byte[length];
    in.get(head);
    RequestHead parsed = RequestHeadParser.parse(head, scanner.lines() - 2);
    scanner.reset();
    return parsed;
  }

  @Override
  void checkFirstLine(byte[] line) {
    RequestLine.parse(line);
  }

  @Override
  boolean isUntouched() {
    return scanner.isUntouched();
  }

  @Override
  boolean isAwaited() {
    return !scanner.isUntouched();
  }

  @Override
  void expect(Method method) {
    throw new IllegalStateException("a decoder of requests expects no response to " + method);
  }

  @Override
  List<String> forbiddenTrailers() {
    return FORBIDDEN_TRAILERS;
  }

  @Override
  BadMessageException refusal(BadMessageException e) {
    return e;
  }
}
