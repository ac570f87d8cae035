package io.httpkit.server;

/** Where a server is in its life: stopped → running → stopping → stopped, any number of times. */
public enum ServerStatus {
  /** Accepts connections. */
  RUNNING,
  /** Finishes what is in flight and accepts nothing new. */
  STOPPING,
  /** Has no threads and no connections: not started yet, or stopped. */
  STOPPED
}
