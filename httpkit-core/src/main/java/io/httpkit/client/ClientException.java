package io.httpkit.client;

import java.io.IOException;

/**
 * A request got no response, or not all of one. The message says which rule or peer was the cause
 * and, where an option would help, its name.
 */
public final class ClientException extends IOException {
  /** What went wrong. */
  public enum Kind {
    /** The name of the host has no address. */
    UNKNOWN_HOST,
    /** No connection could be made. */
    CONNECT,
    /** The proxy refused, or broke its protocol. */
    PROXY,
    /** The TLS handshake failed: a certificate is not trusted, or is for another host. */
    TLS,
    /** As many requests as allowed wait for a connection. */
    POOL_FULL,
    /** No connection was free in time. */
    ACQUIRE_TIMEOUT,
    /** There was no connection in time. */
    CONNECT_TIMEOUT,
    /** The TLS handshake took too long. */
    TLS_TIMEOUT,
    /** The response did not begin in time. */
    FIRST_BYTE_TIMEOUT,
    /** Nothing came or went for too long. */
    IDLE_TIMEOUT,
    /** All of it together took too long. */
    TOTAL_TIMEOUT,
    /** The peer closed the connection before the response was complete. */
    CLOSED,
    /** The peer did not speak HTTP, or another protocol that was agreed on. */
    PROTOCOL,
    /** The response is larger than allowed, as it came or when it is decompressed. */
    TOO_LARGE,
    /** A redirect that must not be followed. */
    REDIRECT,
    /** The body of the request could not be read. */
    REQUEST_BODY,
    /** The body of the response could not be decompressed, or nobody could take it. */
    RESPONSE_BODY,
    /** The request was cancelled. */
    CANCELLED,
    /** The client is stopped. */
    STOPPED;

    /** Whether this is one of the six time-outs. */
    public boolean isTimeout() {
      return name().endsWith("_TIMEOUT");
    }
  }

  private static final long serialVersionUID = 1L;

  private final Kind kind;

  ClientException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  ClientException(Kind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  static ClientException stopped() {
    return new ClientException(Kind.STOPPED, "HTTP client is stopped");
  }

  static ClientException cancelled() {
    return new ClientException(Kind.CANCELLED, "the request was cancelled");
  }

  /** What is thrown for this: itself, or a wrapper of that kind that names it. */
  static ClientException of(Kind kind, String what, Throwable cause) {
    if (cause instanceof ClientException known) {
      return known;
    }
    String reason = cause.getMessage();
    return new ClientException(
        kind, what + ": " + (reason == null ? cause.getClass().getSimpleName() : reason), cause);
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }
}
