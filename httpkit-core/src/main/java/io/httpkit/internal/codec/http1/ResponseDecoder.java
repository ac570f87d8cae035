package io.httpkit.internal.codec.http1;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import io.httpkit.internal.codec.http1.Http1Event.Continue;
import io.httpkit.internal.codec.http1.Http1Event.ResponseHead;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decodes responses, of which each must be expected. RFC 9112 §4.
 *
 * <p>Interim responses are read and forgotten, but for 100. Their number is bounded, and their
 * bytes together by the bound for the header lines of one head. RFC 9110 §15.2.
 */
final class ResponseDecoder extends Http1Decoder {
  private static final int MAX_INTERIM = 32;

  /**
   * Fields about framing, routing, authentication, control and the format of the content: who reads
   * them needs them before the content. Cookies are among them, as RFC 6265 does not provide for
   * them behind it.
   */
  private static final List<String> FORBIDDEN_TRAILERS =
      List.of(
          "Content-Length",
          "Transfer-Encoding",
          "Connection",
          "Trailer",
          "Upgrade",
          "Host",
          "Set-Cookie",
          "WWW-Authenticate",
          "Proxy-Authenticate",
          "Age",
          "Cache-Control",
          "Date",
          "Expires",
          "Location",
          "Retry-After",
          "Vary",
          "Content-Encoding",
          "Content-Range",
          "Content-Type");

  /** That of the request whose response comes next, null if none is expected. */
  private @Nullable Method expected;

  private int interims;
  private int interimBytes;

  ResponseDecoder(Http1Limits limits) {
    super(limits, FORBIDDEN_TRAILERS);
  }

  @Override
  public void expect(Method method) {
    if (expected != null) {
      throw new IllegalStateException("the response to " + expected + " has not come yet");
    }
    expected = method;
    interims = 0;
    interimBytes = 0;
  }

  @Override
  @Nullable Http1Event head(ByteBuffer in) {
    Method method = expected;
    if (method == null) {
      if (in.hasRemaining()) {
        throw FieldLines.bad("bytes behind the response, which no request asked for");
      }
      return null;
    }
    for (int length = scanHead(in); length >= 0; length = scanHead(in)) {
      byte[] bytes = new byte[length];
      in.get(bytes);
      ResponseHeadParser parser = new ResponseHeadParser(bytes, scanner.lines() - 2, method);
      scanner.reset();
      if (!parser.isInterim()) {
        expected = null;
        interims = 0;
        ResponseHead head = parser.parse();
        begin(head.framing());
        return head;
      }
      countInterim(length);
      if (parser.status().code() == Status.CONTINUE.code()) {
        return Continue.INSTANCE;
      }
    }
    return null;
  }

  private void countInterim(int length) {
    interims++;
    interimBytes += length;
    if (interims > MAX_INTERIM) {
      throw FieldLines.bad("more than " + MAX_INTERIM + " interim responses");
    }
    if (interimBytes > limits.maxHeaderBytes()) {
      throw FieldLines.bad("more than " + limits.maxHeaderBytes() + " bytes of interim responses");
    }
  }

  @Override
  void checkFirstLine(byte[] line) {
    ResponseHeadParser unused = new ResponseHeadParser(line, 0, Method.GET);
  }

  @Override
  boolean isUntouched() {
    return super.isUntouched() && interims == 0;
  }

  @Override
  boolean isAwaited() {
    return expected != null;
  }

  /** Nobody answers a response; 502 is what a gateway would tell its own client. */
  @Override
  BadMessageException refusal(BadMessageException e) {
    return new BadMessageException(Status.BAD_GATEWAY, String.valueOf(e.getMessage()));
  }
}
