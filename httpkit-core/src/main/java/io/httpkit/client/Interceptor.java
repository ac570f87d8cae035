package io.httpkit.client;

import java.util.concurrent.CompletionStage;

/**
 * Code around each request of a client: it may change the request, answer it, look at the response,
 * or ask again. Redirects are followed behind it, so that it sees a request once. Called on the
 * thread that sends; what it chains runs where the response completes. It must not wait there.
 */
@FunctionalInterface
public interface Interceptor {
  /** Goes on with the next interceptor, and behind the last with the request itself. */
  @FunctionalInterface
  interface Chain {
    /** Sends this request. */
    CompletionStage<ClientResponse> proceed(ClientRequest request);
  }

  /** The response to this request. */
  CompletionStage<ClientResponse> intercept(ClientRequest request, Chain chain);
}
