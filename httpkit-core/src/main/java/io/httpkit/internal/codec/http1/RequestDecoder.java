package io.httpkit.internal.codec.http1;

import io.httpkit.internal.codec.http1.Http1Event.RequestHead;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decodes requests, whose heads come when the client likes. RFC 9112 §3. */
final class RequestDecoder extends Http1Decoder {
  private static final int EMPTY_LINE = "\r\n".length();

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

  RequestDecoder(Http1Limits limits) {
    super(limits, FORBIDDEN_TRAILERS);
  }

  @Override
  @Nullable RequestHead head(ByteBuffer in) {
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
    byte[] bytes = new byte[length];
    in.get(bytes);
    RequestHead head = new RequestHeadParser(bytes, scanner.lines() - 2).parse();
    scanner.reset();
    begin(head.framing());
    return head;
  }

  @Override
  void checkFirstLine(byte[] line) {
    RequestHeadParser unused = new RequestHeadParser(line, 0);
  }

  @Override
  boolean isAwaited() {
    return !scanner.isUntouched();
  }
}
