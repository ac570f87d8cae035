package io.httpkit.sample;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/** What nobody announces is asked for again and again, until it is there. */
final class Eventually {
  private static final Duration PAUSE = Duration.ofMillis(50);

  private Eventually() {}

  /**
   * The first of the values that is right.
   *
   * @param what is said of it if none is in time
   */
  static <T> T get(String what, Callable<T> value, Predicate<T> isRight) {
    return await(what).atMost(Client.LIMIT).pollInterval(PAUSE).until(value, isRight);
  }
}
