package io.httpkit.internal.net;

import io.httpkit.internal.loop.TimerQueue;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Drops what the peer still sends until it has shut its end too, or the time is over. A close while
 * bytes are unread would reset the connection and could destroy the answer on its way. RFC 9112
 * §9.6.
 */
final class Lingering implements Protocol {
  private final Connection connection;
  private final Protocol before;
  private final TimerQueue.Timer end;

  /**
   * @param before the protocol that has ended, still to be told of the close
   */
  Lingering(Connection connection, Protocol before, long nanos) {
    this.connection = connection;
    this.before = before;
    this.end = connection.io().loop().schedule(nanos, () -> connection.close(null));
  }

  @Override
  public void onOpen(Connection opened) {}

  @Override
  public void onBytes(ByteBuffer in) {
    in.position(in.limit());
  }

  @Override
  public void onEof() {
    connection.close(null);
  }

  @Override
  public void onTick(long nowNanos) {}

  @Override
  public void onShutdown() {}

  @Override
  public void onClosed(@Nullable Throwable cause) {
    end.cancel();
    before.onClosed(cause);
  }
}
