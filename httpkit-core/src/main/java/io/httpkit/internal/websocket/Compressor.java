package io.httpkit.internal.websocket;

import io.httpkit.internal.codec.websocket.DeflateAgreement;
import io.httpkit.internal.codec.websocket.MessageDeflater;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/** Compresses what a WebSocket sends, as was agreed on. Guarded by its channel. RFC 7692. */
final class Compressor {
  private final DeflaterPool pool;
  private final DeflateAgreement.Sender agreed;

  /** Who keeps it, once there is something to keep. */
  private @Nullable Deflater own;

  private @Nullable MessageDeflater keeping;

  Compressor(DeflaterPool pool, DeflateAgreement.Sender agreed) {
    this.pool = pool;
    this.agreed = agreed;
  }

  /** Whether other channels may be sent the same bytes. */
  boolean isShareable() {
    return !agreed.keepsContext();
  }

  /** Names what is the same for all channels that are sent the same bytes. */
  Object way() {
    return agreed;
  }

  byte[] compress(byte[] bytes, int offset, int length) {
    if (!isShareable()) {
      return keeping().deflate(bytes, offset, length);
    }
    Deflater borrowed = pool.take();
    try {
      return new MessageDeflater(borrowed, agreed.windowBits(), false)
          .deflate(bytes, offset, length);
    } finally {
      pool.give(borrowed);
    }
  }

  private MessageDeflater keeping() {
    if (keeping == null) {
      own = DeflaterPool.create();
      keeping = new MessageDeflater(own, agreed.windowBits(), true);
    }
    return keeping;
  }

  /** Nothing is compressed any more. */
  void close() {
    if (own != null) {
      own.end();
    }
  }
}
