package io.httpkit.internal.codec.http1;

import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import java.nio.ByteBuffer;

/**
 * What a decoder reads out of the bytes: a head; and if the head has a body, any number of contents
 * and an end.
 */
public sealed interface Http1Event {
  /** The two versions there are. */
  enum Version {
    HTTP_1_0("HTTP/1.0"),
    HTTP_1_1("HTTP/1.1");

    private final String text;

    Version(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Request line and headers, found to be well-formed.
   *
   * @param target as it was sent
   * @param keepAlive whether the client wants to go on using the connection; RFC 9112 §9.3
   * @param expectsContinue whether the client waits for 100 before it sends the body
   * @param wantsUpgrade whether the client offers to go on with another protocol; RFC 9110 §7.8
   */
  record RequestHead(
      Method method,
      String target,
      Version version,
      Headers headers,
      BodyFraming framing,
      boolean keepAlive,
      boolean expectsContinue,
      boolean wantsUpgrade)
      implements Http1Event {}

  /** A piece of the body: a view of the input, valid until the next call of the decoder. */
  record Content(ByteBuffer bytes) implements Http1Event {}

  /** The end of the message. */
  record End(Headers trailers) implements Http1Event {
    static final End WITHOUT_TRAILERS = new End(Headers.empty());
  }
}
