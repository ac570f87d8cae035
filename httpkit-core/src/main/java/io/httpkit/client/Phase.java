package io.httpkit.client;

import java.time.Duration;

/** A part of a request that has a time-out of its own. */
enum Phase {
  ACQUIRE,
  CONNECT,
  TLS,
  FIRST_BYTE,
  IDLE;

  /** Has it take no longer than this. */
  void limit(RequestOptions options, Duration value) {
    switch (this) {
      case ACQUIRE -> options.acquireTimeout(value);
      case CONNECT -> options.connectTimeout(value);
      case TLS -> options.tlsTimeout(value);
      case FIRST_BYTE -> options.firstByteTimeout(value);
      case IDLE -> options.idleTimeout(value);
    }
  }

  /** Whether it may go without a limit, which is zero. */
  boolean mayBeEndless() {
    return this != TLS;
  }
}
