package io.httpkit.internal.codec.http1;

import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import io.httpkit.http.Status;
import java.nio.ByteBuffer;

/**
 * What a decoder reads out of the bytes: a head; and if the head has a body, any number of contents
 * and an end. Before the head of a response a {@link Continue} may come.
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

  /**
   * Status line and headers, found to be well-formed. Of the reason nothing is kept where the code
   * has a name of its own.
   *
   * @param keepAlive whether the connection can take another request behind this message, as far as
   *     its head tells; bytes behind it that no request asked for say it cannot
   * @param upgrade whether the bytes behind the head are another protocol's: 101, or a CONNECT that
   *     was granted; nothing more may be pulled then
   */
  record ResponseHead(
      Version version,
      Status status,
      Headers headers,
      BodyFraming framing,
      boolean keepAlive,
      boolean upgrade)
      implements Http1Event {}

  /**
   * An interim 100: a client that waits for it may send the body now. The head of the response is
   * still to come. RFC 9110 §10.1.1.
   */
  final class Continue implements Http1Event {
    static final Continue INSTANCE = new Continue();

    private Continue() {}
  }

  /** A piece of the body: a view of the input, valid until the next call of the decoder. */
  record Content(ByteBuffer bytes) implements Http1Event {}

  /** The end of the message. */
  record End(Headers trailers) implements Http1Event {
    static final End WITHOUT_TRAILERS = new End(Headers.empty());
  }
}
