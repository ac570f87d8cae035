package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for what becomes of a request, with a limit that only a broken build reaches. */
final class Outcome {
  private static final long BOUND_SECONDS = 20;

  private Outcome() {}

  /** What it completes with. */
  static <T> T of(Future<T> future) throws InterruptedException {
    try {
      return future.get(BOUND_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("nothing in " + BOUND_SECONDS + " s", e);
    }
  }

  /** What it fails with. */
  static Throwable failure(Future<?> future) throws InterruptedException {
    try {
      Object value = future.get(BOUND_SECONDS, TimeUnit.SECONDS);
      throw new AssertionError("it did not fail but gave " + value);
    } catch (ExecutionException e) {
      return Objects.requireNonNull(e.getCause());
    } catch (TimeoutException e) {
      throw new AssertionError("nothing in " + BOUND_SECONDS + " s", e);
    }
  }

  /** The failure of a request, which is of this kind. */
  static ClientException failure(Future<?> future, Kind kind) throws InterruptedException {
    Throwable failure = failure(future);
    assertThat(failure).isInstanceOf(ClientException.class);
    ClientException known = (ClientException) failure;
    assertThat(known.kind()).as(known.getMessage()).isEqualTo(kind);
    return known;
  }
}
