package io.httpkit.client;

import io.httpkit.http.Headers;
import io.httpkit.http.Method;

/** What is to be done with a response that may lead elsewhere; {@link RedirectPolicy} decides. */
sealed interface Redirect {
  /** The response is the answer. */
  record Stop() implements Redirect {}

  /**
   * Another request is to be made. Parameters of the query are those of the URL, none are added.
   *
   * @param keepsBody whether the body is sent again, as it was
   */
  record Follow(Method method, RequestUri uri, Headers headers, boolean keepsBody)
      implements Redirect {}

  /**
   * The request fails.
   *
   * @param reason for the caller; shows neither paths nor passwords
   */
  record Refuse(String reason) implements Redirect {}
}
