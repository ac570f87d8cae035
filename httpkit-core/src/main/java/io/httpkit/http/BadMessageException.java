package io.httpkit.http;

/**
 * The peer sent something that is not HTTP, or more of it than is allowed. Carries the status to
 * answer; the message says what was wrong without repeating what the peer sent. A response is not
 * answered: of a bad one the status is always 502, what a gateway would tell its own client.
 *
 * <p>It has no stack trace, because a peer decides how often it is thrown.
 */
public final class BadMessageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Status status;

  /** The message must be fit for the eyes of the peer. */
  public BadMessageException(Status status, String message) {
    super(message, null, false, false);
    this.status = status;
  }

  /** The status to answer with. */
  public Status status() {
    return status;
  }
}
