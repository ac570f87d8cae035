package io.httpkit.internal.codec.content;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Gives views of the input, and counts. */
final class IdentityDecoder extends ContentDecoder {
  private final ContentMeter meter;

  IdentityDecoder(ContentMeter meter) {
    this.meter = meter;
  }

  @Override
  @Nullable ByteBuffer next(ByteBuffer in) {
    if (!in.hasRemaining()) {
      return null;
    }
    int length = meter.room(in.remaining());
    meter.take(length);
    meter.make(length);
    ByteBuffer piece = in.slice(in.position(), length);
    in.position(in.position() + length);
    return piece;
  }

  @Override
  boolean isComplete() {
    return true;
  }

  @Override
  void release() {}
}
