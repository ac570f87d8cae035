package io.httpkit.sample;

import io.httpkit.http.Status;

/** A request cannot be fulfilled, for a reason that its sender is told. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Status status;
  private final String allowed;

  /**
   * Says what is wrong.
   *
   * @param allowed what would be right
   */
  public ApiException(Status status, String message, String allowed) {
    super(message);
    this.status = status;
    this.allowed = allowed;
  }

  /** A 400. */
  public static ApiException badRequest(String message, String allowed) {
    return new ApiException(Status.BAD_REQUEST, message, allowed);
  }

  /** What the request is answered with. */
  public Status status() {
    return status;
  }

  /** What would be right. */
  public String allowed() {
    return allowed;
  }
}
