package io.httpkit.internal.websocket;

import io.httpkit.internal.codec.websocket.InflaterSource;
import io.httpkit.internal.loop.LoopConfined;
import java.util.ArrayDeque;
import java.util.zip.Inflater;

/** Inflaters to borrow for a message: each holds 40 KiB that no idle channel should have. */
@LoopConfined
public final class InflaterPool implements InflaterSource, AutoCloseable {
  private static final int MAX_IDLE = 8;

  private final ArrayDeque<Inflater> idle = new ArrayDeque<>();

  @Override
  public Inflater take() {
    Inflater some = idle.poll();
    if (some == null) {
      return new Inflater(true);
    }
    some.reset();
    return some;
  }

  @Override
  public void give(Inflater inflater) {
    if (idle.size() < MAX_IDLE) {
      idle.push(inflater);
    } else {
      inflater.end();
    }
  }

  /** Ends all that are not borrowed. When the loop has ended. */
  @Override
  public void close() {
    idle.forEach(Inflater::end);
    idle.clear();
  }
}
