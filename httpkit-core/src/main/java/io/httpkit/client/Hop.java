package io.httpkit.client;

import io.httpkit.http.Headers;
import io.httpkit.http.Method;
import org.jspecify.annotations.Nullable;

/**
 * One of the requests that a call takes: the first, or one that a redirect led to.
 *
 * @param headers all that are sent but those that frame the message
 */
record Hop(Method method, RequestUri uri, Headers headers, @Nullable Upload upload) {}
