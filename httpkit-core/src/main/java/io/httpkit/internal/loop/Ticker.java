package io.httpkit.internal.loop;

/** Where time comes from, so that a test can move it. */
@AnyThread
@FunctionalInterface
public interface Ticker {
  /** The time of this machine. */
  Ticker SYSTEM = System::nanoTime;

  /** Nanoseconds since some moment; only differences mean anything. */
  long nanoTime();
}
