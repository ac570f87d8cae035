package io.httpkit.server;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, whatever version of HTTP carries them. Used once and never reset.
 * All that runs above the protocol is written against it.
 */
interface Exchange {
  Method method();

  /** The request target as it was sent. RFC 9112 §3.2. */
  String target();

  /** {@code HTTP/1.1} and the like. */
  String protocol();

  /** {@code http} or {@code https}. */
  String scheme();

  /** What was negotiated with the client; null for a request that came in plaintext. */
  @Nullable SSLSession tlsSession();

  Headers headers();

  /** The address of the peer's socket; null when it has none. */
  @Nullable SocketAddress remoteAddress();

  /** Ticker time of the head, in nanoseconds. */
  long startNanos();

  /** The length of the body in bytes, -1 if only its end will tell. */
  long bodyLength();

  /** Names the request that stands for this exchange from now on. Loop only, first. */
  void begun(Request request);

  /**
   * Reads the body, up to {@code limit} bytes, and tells the listener. Loop only, at most once. A
   * body known to be longer is refused at once.
   *
   * @throws BadMessageException with 413
   */
  void readBody(long limit, BodyListener listener);

  /**
   * Delivers the next piece of the body to a listener that returned false from {@link
   * BodyListener#onContent}. Any thread.
   */
  void readMore();

  /**
   * Answers. Any thread. Only the first answer counts.
   *
   * @return whether this was the first
   */
  boolean respond(Response response);

  /** Takes the body of a request. All methods are called on the event loop. */
  interface BodyListener {
    /**
     * The next bytes, valid until the method returns.
     *
     * @return whether to go on; if not, nothing comes before {@link Exchange#readMore}
     */
    boolean onContent(ByteBuffer bytes);

    /** The body is complete. */
    void onEnd(Headers trailers);

    /**
     * The body will not be completed: the peer is gone, broke HTTP, sent too much or too slowly.
     */
    default void onFailure(Throwable cause) {}
  }
}
