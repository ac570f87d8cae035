package io.httpkit.internal.websocket;

import io.httpkit.internal.codec.websocket.MessageDeflater;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Compresses what a WebSocket sends, as was agreed on. Guarded by its channel. RFC 7692. */
final class Compressor {
  /** A way of compressing that all channels with the same window have in common. */
  private record Way(int windowBits) {}

  private final DeflaterPool pool;
  private final int windowBits;

  /** If something is kept between messages, who keeps it. */
  private final @Nullable Deflater own;

  private final @Nullable MessageDeflater keeping;

  Compressor(DeflaterPool pool, int windowBits, boolean keepsContext) {
    this.pool = pool;
    this.windowBits = windowBits;
    this.own = keepsContext ? DeflaterPool.create() : null;
    this.keeping = own == null ? null : new MessageDeflater(own, windowBits, true);
  }

  /** Whether other channels may be sent the same bytes. */
  boolean isShareable() {
    return keeping == null;
  }

  /** Names what is the same for all channels that are sent the same bytes. */
  Object way() {
    return new Way(windowBits);
  }

  byte[] compress(byte[] bytes, int offset, int length) {
    if (keeping != null) {
      return keeping.deflate(bytes, offset, length);
    }
    Deflater borrowed = pool.take();
    try {
      return new MessageDeflater(borrowed, windowBits, false).deflate(bytes, offset, length);
    } finally {
      pool.give(borrowed);
    }
  }

  /** Nothing is compressed any more. */
  void close() {
    if (own != null) {
      own.end();
    }
  }
}
