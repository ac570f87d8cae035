package io.httpkit.server;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import java.net.SocketAddress;
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
   * Collects the body, of up to {@code limit} bytes. Loop only, at most once. A body known to be
   * longer is refused at once. One that is not completed, as the peer is gone, broke HTTP, sent too
   * much or too slowly, never ends.
   *
   * @throws BadMessageException with 413
   */
  void readBody(long limit, RequestBody body);

  /**
   * Answers. Any thread. Only the first answer counts.
   *
   * @return whether this was the first
   */
  boolean respond(Response response);
}
