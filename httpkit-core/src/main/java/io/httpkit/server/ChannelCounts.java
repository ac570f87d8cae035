package io.httpkit.server;

import io.httpkit.channel.AsyncChannel;
import java.util.concurrent.atomic.LongAdder;

/** The open channels of a server, by kind. Any thread. */
final class ChannelCounts {
  private final LongAdder webSockets = new LongAdder();
  private final LongAdder eventStreams = new LongAdder();
  private final LongAdder responses = new LongAdder();

  void opened(AsyncChannel channel) {
    kindOf(channel).increment();
  }

  void closed(AsyncChannel channel) {
    kindOf(channel).decrement();
  }

  /** What began as a response has sent its first event. */
  void becameEventStream() {
    responses.decrement();
    eventStreams.increment();
  }

  private LongAdder kindOf(AsyncChannel channel) {
    if (channel.isWebSocket()) {
      return webSockets;
    }
    return channel.isEventStream() ? eventStreams : responses;
  }

  int webSockets() {
    return webSockets.intValue();
  }

  int eventStreams() {
    return eventStreams.intValue();
  }

  int responses() {
    return responses.intValue();
  }
}
