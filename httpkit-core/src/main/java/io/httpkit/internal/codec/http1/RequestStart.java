package io.httpkit.internal.codec.http1;

import io.httpkit.http.Method;
import io.httpkit.internal.codec.http1.Http1Encoder.Persistence;

/**
 * What the head of a request says beside the headers of the application.
 *
 * @param target in the form that belongs to the method and to whom it is sent; RFC 9112 §3.2
 * @param host the value of {@code Host}, unless the application sets it
 * @param length of the body, {@link Http1Encoder#CHUNKED} or {@link Http1Encoder#NO_LENGTH}
 * @param expectsContinue whether the body waits for 100; RFC 9110 §10.1.1
 */
public record RequestStart(
    Method method,
    String target,
    String host,
    long length,
    Persistence persistence,
    boolean expectsContinue) {
  /**
   * @throws IllegalArgumentException if the target or the host would break the head or mean
   *     something else, or if there is no body to wait with
   */
  public RequestStart {
    for (int i = 0; i < target.length(); i++) {
      if (!Octets.isTargetChar(target.charAt(i))) {
        throw new IllegalArgumentException(
            "request target must be visible ASCII without #, but is not at " + i);
      }
    }
    if (!TargetForm.fits(method, target)) {
      throw new IllegalArgumentException(
          "request target of " + method + " has the wrong form: " + target);
    }
    if (!Authority.isValid(host)) {
      throw new IllegalArgumentException("host must be a name or address, with or without a port");
    }
    if (length < Http1Encoder.CHUNKED) {
      throw new IllegalArgumentException("length must not be negative but was " + length);
    }
    if (expectsContinue && !isBody(length)) {
      throw new IllegalArgumentException("no body to wait with for 100");
    }
  }

  /** A request that has no body and goes on with HTTP/1.1. */
  public static RequestStart of(Method method, String target, String host) {
    return new RequestStart(
        method, target, host, Http1Encoder.NO_LENGTH, Persistence.IMPLICIT, false);
  }

  /** The same with a body of this length, or {@link Http1Encoder#CHUNKED}. */
  public RequestStart withLength(long newLength) {
    return new RequestStart(method, target, host, newLength, persistence, expectsContinue);
  }

  /** Whether a body follows the head. */
  boolean hasBody() {
    return isBody(length);
  }

  private static boolean isBody(long length) {
    return length != 0 && length != Http1Encoder.NO_LENGTH;
  }
}
