package io.httpkit.server;

import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import java.util.function.UnaryOperator;

/**
 * The wish of a handler to answer over a channel.
 *
 * @param kind of channel
 * @param options changes those of the server
 * @param listener told what happens to the channel
 */
record ChannelRequest(Kind kind, UnaryOperator<ChannelOptions> options, ChannelListener listener) {
  enum Kind {
    /** A WebSocket if the client asks for one, else a response over HTTP. */
    ANY,
    /** A stream of server-sent events. */
    EVENT_STREAM
  }
}
