package io.httpkit.benchmarks;

import io.httpkit.benchmarks.websocket.Traffic;
import java.util.Arrays;
import java.util.Locale;

/** A kind of load of WebSockets. */
enum WebSocketScenario {
  ECHO("/ws", "%,d connections, 64 bytes, 1 in flight on each", 64, 1, 1),
  ECHO_PIPELINED("/ws", "%,d connections, 64 bytes, 16 in flight on each", 64, 16, 16),
  BROADCAST("/room", "%,d receivers, 256 bytes, 1 sender, 1 message in flight", 256, 1, 1),
  BROADCAST_BUSY(
      "/room", "%,d receivers, 256 bytes, 16 senders, each 1 message in flight", 256, 1, 32);

  private static final int BUSY_SENDERS = 16;

  private final String path;
  private final String title;
  private final int bytes;
  private final int inFlight;

  /**
   * Bounds what is queued for a slow reader: of the busy ones to 16 senders * 32 messages * 260
   * bytes, some 130 KiB.
   */
  private final int incomplete;

  WebSocketScenario(String path, String title, int bytes, int inFlight, int incomplete) {
    this.path = path;
    this.title = title;
    this.bytes = bytes;
    this.inFlight = inFlight;
    this.incomplete = incomplete;
  }

  static WebSocketScenario of(String name) {
    return Arrays.stream(values())
        .filter(scenario -> scenario.toString().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown scenario " + name + ", there are " + Arrays.toString(values())));
  }

  boolean isRoom() {
    return this == BROADCAST || this == BROADCAST_BUSY;
  }

  Unit unit() {
    return isRoom() ? Unit.DELIVERY : Unit.MESSAGE;
  }

  String path() {
    return path;
  }

  String title(int size) {
    return String.format(Locale.ROOT, title, size);
  }

  /** What so many WebSockets send. */
  Traffic.Pattern pattern(int size) {
    int senders =
        switch (this) {
          case ECHO, ECHO_PIPELINED -> size;
          case BROADCAST -> 1;
          case BROADCAST_BUSY -> Math.min(size, BUSY_SENDERS);
        };
    return new Traffic.Pattern(isRoom(), senders, inFlight, incomplete, bytes);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
