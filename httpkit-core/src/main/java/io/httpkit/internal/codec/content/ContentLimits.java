package io.httpkit.internal.codec.content;

/**
 * How much a body may become.
 *
 * @param maxBytes of the body when it is decoded
 * @param freeBytes what each body may become, whatever it was made of
 * @param maxRatio bytes for each byte that was sent, beyond the free ones
 */
public record ContentLimits(long maxBytes, long freeBytes, int maxRatio) {
  private static final long FREE_BYTES = 1 << 20;

  /** What is worth sending is compressed to a tenth; deflate reaches a thousandth for zeros. */
  private static final int MAX_RATIO = 100;

  /** So many bytes, of which more than 1 MiB must not be more than 100 for each that was sent. */
  public static ContentLimits of(long maxBytes) {
    return new ContentLimits(maxBytes, FREE_BYTES, MAX_RATIO);
  }
}
