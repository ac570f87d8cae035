package io.httpkit.client;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.RetryPolicy.Failure;
import io.httpkit.client.RetryPolicy.Progress;
import java.util.EnumSet;
import java.util.Set;

/** How often one hop of a call was tried, and whether it is tried once more. */
final class Attempts {
  /** After these another attempt may end otherwise, and does not bring more of what caused them. */
  private static final Set<Kind> PASSING =
      EnumSet.of(
          Kind.UNKNOWN_HOST,
          Kind.CONNECT,
          Kind.CONNECT_TIMEOUT,
          Kind.PROXY,
          Kind.TLS,
          Kind.TLS_TIMEOUT,
          Kind.CLOSED,
          Kind.FIRST_BYTE_TIMEOUT,
          Kind.IDLE_TIMEOUT);

  private final ClientRequest request;
  private int count = 1;

  /**
   * @param request what the application sent
   */
  Attempts(ClientRequest request) {
    this.request = request;
  }

  /** Whether to try again; counts it if so. What the policy throws comes through. */
  boolean next(Hop hop, Progress progress, ClientException cause) {
    RequestOptions options = request.options();
    boolean again =
        options.retry
            && count < RetryPolicy.MAX_ATTEMPTS
            && PASSING.contains(cause.kind())
            && isRepeatable(hop, progress)
            && options.retryPolicy.retries(new Failure(sent(hop), count, progress, cause));
    if (again) {
      count++;
    }
    return again;
  }

  /** Who has begun to send a body that can be sent once may still be about to, on a worker. */
  private static boolean isRepeatable(Hop hop, Progress progress) {
    Upload upload = hop.upload();
    return upload == null || upload.isRepeatable() || progress == Progress.NOT_SENT;
  }

  private ClientRequest sent(Hop hop) {
    return new ClientRequest(
        hop.method(),
        hop.uri(),
        hop.headers(),
        hop.upload(),
        request.options(),
        request.delivery());
  }
}
