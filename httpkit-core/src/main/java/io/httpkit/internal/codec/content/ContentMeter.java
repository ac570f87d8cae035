package io.httpkit.internal.codec.content;

import io.httpkit.http.BadMessageException;
import io.httpkit.http.Status;

/** Counts what goes into a decoder and what comes out of it. */
final class ContentMeter {
  private final ContentLimits limits;
  private long taken;
  private long made;

  ContentMeter(ContentLimits limits) {
    this.limits = limits;
  }

  /**
   * How much of this may be made at once: what is allowed, but one byte that shows there is more.
   */
  int room(int wanted) {
    return (int) Math.min(wanted, Math.max(1, limits.maxBytes() - made));
  }

  void take(int bytes) {
    taken += bytes;
  }

  /**
   * Adds what was made out of all that was taken.
   *
   * @throws BadMessageException if it is too much
   */
  void make(int bytes) {
    made += bytes;
    if (made > limits.maxBytes()) {
      String message = "body larger than " + limits.maxBytes() + " bytes";
      throw new BadMessageException(Status.CONTENT_TOO_LARGE, message);
    }
    if (made > limits.freeBytes() && made / limits.maxRatio() > taken) {
      throw ContentDecoder.refused(
          "body that grows to more than " + limits.maxRatio() + " times what was sent");
    }
  }
}
