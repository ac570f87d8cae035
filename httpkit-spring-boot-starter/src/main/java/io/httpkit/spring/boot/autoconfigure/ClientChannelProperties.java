package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.ChannelOptions.Compression;
import io.httpkit.channel.SlowReader;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The {@code httpkit.client.channels.*} properties: how WebSockets of the client behave unless told
 * otherwise. They are those of {@link ChannelProperties} but for what only a server does.
 *
 * @param subprotocols Subprotocols of WebSocket that are offered, the preferred first.
 * @param maxMessage Largest message of a WebSocket, when inflated. A larger one closes it with
 *     1009.
 * @param streamedMessages Whether messages of a WebSocket are given to the listener in parts, and
 *     may be of any size.
 * @param compression Whether messages of a WebSocket are compressed if the server agrees, and what
 *     is kept between them.
 * @param minCompressedBytes Smallest message of a WebSocket that is compressed.
 * @param pingInterval Time without anything from a WebSocket before it is sent a ping. 0 is never.
 * @param pongTimeout Time in which something must come after a ping. Later the WebSocket is closed.
 * @param closeTimeout Time in which the server must answer a close frame, and close.
 * @param messageTimeout Time in which a message of a WebSocket must be complete, unless it is given
 *     in parts. Later the WebSocket is closed with 1008.
 * @param idleTimeout Time without a message either way before a WebSocket is closed with 1001. 0 is
 *     never.
 * @param slowReader What is done when a server does not read, and max-queued-bytes are queued for
 *     it.
 * @param maxQueuedBytes The most that is queued for a server that does not read.
 */
public record ClientChannelProperties(
    @DefaultValue List<String> subprotocols,
    @DefaultValue("4MB") DataSize maxMessage,
    @DefaultValue("false") boolean streamedMessages,
    @DefaultValue("each-message") Compression compression,
    @DefaultValue("1KB") DataSize minCompressedBytes,
    @DefaultValue("25s") Duration pingInterval,
    @DefaultValue("10s") Duration pongTimeout,
    @DefaultValue("10s") Duration closeTimeout,
    @DefaultValue("5m") Duration messageTimeout,
    @DefaultValue("0s") Duration idleTimeout,
    @DefaultValue("close") SlowReader slowReader,
    @DefaultValue("1MB") DataSize maxQueuedBytes) {

  ChannelProperties asChannelProperties() {
    return new ChannelProperties(
        subprotocols,
        List.of(),
        maxMessage,
        streamedMessages,
        compression,
        minCompressedBytes,
        pingInterval,
        pongTimeout,
        closeTimeout,
        messageTimeout,
        idleTimeout,
        ChannelOptions.DEFAULTS.heartbeat(),
        slowReader,
        maxQueuedBytes);
  }
}
