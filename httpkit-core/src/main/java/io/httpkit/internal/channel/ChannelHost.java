package io.httpkit.internal.channel;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.CloseStatus;
import java.util.concurrent.Executor;

/** What a channel needs of the server or client that it belongs to. Any thread. */
public interface ChannelHost {
  /** Where a listener is called: on a worker, or on the channel's loop if it never waits. */
  Executor executorFor(ChannelListener listener);

  /** Where streams are read. */
  Executor workers();

  void onOpen(AsyncChannel channel);

  void onClose(AsyncChannel channel, CloseStatus status);

  /** A listener threw. */
  void onError(AsyncChannel channel, Throwable error);
}
