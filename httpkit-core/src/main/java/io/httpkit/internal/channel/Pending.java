package io.httpkit.internal.channel;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** What was sent while a stream is being sent. Guarded by its channel. */
final class Pending {
  private final ArrayDeque<Outgoing> items = new ArrayDeque<>(2);
  private long bytes;

  void add(Outgoing item) {
    items.add(item);
    bytes += item.size();
  }

  @Nullable Outgoing poll() {
    Outgoing first = items.poll();
    if (first != null) {
      bytes -= first.size();
    }
    return first;
  }

  /** The memory that waits. */
  long bytes() {
    return bytes;
  }

  void drop() {
    items.forEach(Outgoing::drop);
    items.clear();
    bytes = 0;
  }
}
