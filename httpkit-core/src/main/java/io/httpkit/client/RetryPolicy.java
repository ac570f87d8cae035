package io.httpkit.client;

import static io.httpkit.http.Method.DELETE;
import static io.httpkit.http.Method.GET;
import static io.httpkit.http.Method.HEAD;
import static io.httpkit.http.Method.OPTIONS;
import static io.httpkit.http.Method.PUT;
import static io.httpkit.http.Method.QUERY;
import static io.httpkit.http.Method.TRACE;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.Method;
import java.util.Set;

/**
 * Decides whether a request that got no response is sent again. Asked on the thread that found out,
 * often the event loop: it must not wait. What it throws fails the request.
 *
 * <p>It is asked only where sending again can help and does no harm of its own:
 *
 * <ul>
 *   <li>no complete head of a response has come;
 *   <li>there was no connection, or it was closed, or the server was too slow: {@link
 *       Kind#CONNECT}, {@link Kind#CONNECT_TIMEOUT}, {@link Kind#UNKNOWN_HOST}, {@link Kind#PROXY},
 *       {@link Kind#TLS}, {@link Kind#TLS_TIMEOUT}, {@link Kind#CLOSED}, {@link
 *       Kind#FIRST_BYTE_TIMEOUT} or {@link Kind#IDLE_TIMEOUT}. A client that is stopped or has too
 *       few connections, a request that was cancelled, and a total time that is over stay what they
 *       are;
 *   <li>the body can be sent again, or none of it was;
 *   <li>it was sent less than {@link #MAX_ATTEMPTS} times.
 * </ul>
 *
 * <p>A request is sent again at once, over another connection if it may have been sent, and its
 * total time goes on. Whoever wants to wait in between, or to ask again because of a status, does
 * so in an {@link Interceptor}.
 */
@FunctionalInterface
public interface RetryPolicy {
  /**
   * How often a request is sent at most, whatever a policy says; again so often behind a redirect.
   */
  int MAX_ATTEMPTS = 10;

  /** No request is sent again. */
  RetryPolicy NEVER = failure -> false;

  /**
   * Once, if a connection that was kept turns out to be closed, and the method is idempotent. The
   * default. RFC 9110 §9.2.2, RFC 9112 §9.3.1.
   */
  RetryPolicy IDEMPOTENT = failure -> failure.isFirstStale() && isIdempotent(failure.method());

  /** As {@link #IDEMPOTENT}, and only GET and HEAD: for servers that count what they are sent. */
  RetryPolicy GET_AND_HEAD =
      failure -> failure.isFirstStale() && (failure.method() == GET || failure.method() == HEAD);

  /** How much of a request the server may have seen. */
  enum Progress {
    /** Nothing: there was no connection. */
    NOT_SENT,
    /**
     * Most likely nothing: the connection was kept from an earlier request, and was closed before a
     * byte of the response came.
     */
    STALE,
    /** All of it, perhaps: the server may have acted on it. */
    SENT
  }

  /**
   * A request that got no response.
   *
   * @param request as it was sent, behind redirects
   * @param attempt how often it was tried by now, at least 1
   * @param progress how much of it the server may have seen
   * @param cause what it fails with if it is not sent again
   */
  record Failure(ClientRequest request, int attempt, Progress progress, ClientException cause) {
    private Method method() {
      return request.method();
    }

    private boolean isFirstStale() {
      return attempt == 1 && progress == Progress.STALE;
    }
  }

  /** Whether the request is sent again. */
  boolean retries(Failure failure);

  /**
   * Whether a server that gets such a request twice is in the same state as if it had got it once.
   * RFC 9110 §9.2.2.
   */
  static boolean isIdempotent(Method method) {
    return Set.of(GET, HEAD, PUT, DELETE, OPTIONS, TRACE, QUERY).contains(method);
  }
}
