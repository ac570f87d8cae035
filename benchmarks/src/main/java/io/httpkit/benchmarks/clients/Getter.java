package io.httpkit.benchmarks.clients;

import java.util.function.LongConsumer;

/** A client that is measured. */
interface Getter {
  /** What is told of a request that failed, or was not answered 200. */
  long FAILED = -1;

  /**
   * Starts a request and returns.
   *
   * @param done told once, on any thread, how many bytes the body has, or {@link #FAILED}
   */
  void get(LongConsumer done);
}
