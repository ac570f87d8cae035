package io.httpkit.sample.upstreams;

import io.httpkit.client.ClientException;
import io.httpkit.client.ClientResponse;
import io.httpkit.client.HttpClient;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A server that is asked for a short text. */
record Upstream(String name, URI url) {
  private static final int MAX_BODY = 64 * 1024;

  /**
   * Asks it.
   *
   * @return never fails: that nothing came is an answer too, by the deadline at the latest
   */
  CompletableFuture<UpstreamAnswer> ask(HttpClient client, Duration deadline) {
    long start = System.nanoTime();
    return client
        .get(url.toString())
        .totalTimeout(deadline)
        .maxBody(MAX_BODY)
        .send()
        .handle((response, failure) -> answer(response, failure, millisSince(start)));
  }

  private static long millisSince(long start) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
  }

  private UpstreamAnswer answer(
      @Nullable ClientResponse response, @Nullable Throwable failure, long millis) {
    if (response == null) {
      return isTimeout(failure)
          ? UpstreamAnswer.timeout(name, millis)
          : UpstreamAnswer.failed(name, millis, reason(failure));
    }
    return response.isSuccess()
        ? UpstreamAnswer.ok(name, millis, response.text())
        : UpstreamAnswer.failed(name, millis, "answered " + response.status());
  }

  private static boolean isTimeout(@Nullable Throwable failure) {
    return failure instanceof ClientException e && e.kind().isTimeout();
  }

  private static String reason(@Nullable Throwable failure) {
    String message = failure == null ? null : failure.getMessage();
    return message == null ? "failed for an unknown reason" : message;
  }
}
