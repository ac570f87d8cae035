package io.httpkit.sample;

import io.httpkit.server.Request;

/** Whole numbers that clients send. */
public final class Numbers {
  /** The largest number that is exact in JSON for everybody who reads it, JavaScript included. */
  public static final long MAX_IN_JSON = (1L << 53) - 1;

  private Numbers() {}

  /**
   * The query parameter of this name, or {@code otherwise} if there is none.
   *
   * @throws ApiException with 400 if it is not a whole number from {@code min} to {@code max}
   */
  public static int query(Request request, String name, int otherwise, int min, int max) {
    return (int) query(request, name, otherwise, min, (long) max);
  }

  /** As {@link #query(Request, String, int, int, int)}, for larger numbers. */
  public static long query(Request request, String name, long otherwise, long min, long max) {
    return request.query(name).map(text -> parse(name, text, min, max)).orElse(otherwise);
  }

  /**
   * The number in this text.
   *
   * @param name what it is called in the error
   * @throws ApiException with 400 if it is not a whole number from {@code min} to {@code max}
   */
  public static long parse(String name, String text, long min, long max) {
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, like a number that is too small or too large.
    }
    throw ApiException.badRequest(
        name + " was \"" + text + '"', "a whole number from " + min + " to " + max);
  }
}
