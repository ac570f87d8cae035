package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.ChannelOptions.Compression;
import io.httpkit.channel.SlowReader;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The {@code httpkit.channels.*} properties: how WebSockets, streams and long polls behave unless a
 * handler says otherwise.
 *
 * @param subprotocols Subprotocols of WebSocket that are understood, the preferred first.
 * @param allowedOrigins Origins of the pages, beside those of this server, whose scripts may open a
 *     WebSocket. An asterisk allows all.
 * @param maxMessage Largest message of a WebSocket, when inflated. A larger one closes it with
 *     1009.
 * @param streamedMessages Whether messages of a WebSocket are given to the listener in parts, and
 *     may be of any size.
 * @param compression Whether messages of a WebSocket are compressed if the client offers it, and
 *     what is kept between them.
 * @param minCompressedBytes Smallest message of a WebSocket that is compressed.
 * @param pingInterval Time without anything from a WebSocket before it is sent a ping. 0 is never.
 * @param pongTimeout Time in which something must come after a ping. Later the WebSocket is closed.
 * @param closeTimeout Time in which the client must answer a close frame.
 * @param messageTimeout Time in which a message of a WebSocket must be complete, unless it is given
 *     in parts. Later the WebSocket is closed with 1008.
 * @param idleTimeout Time without a message either way before a WebSocket is closed with 1001. 0 is
 *     never.
 * @param heartbeat Time without an event before a stream of events is sent a comment. 0 is never.
 * @param slowReader What is done when a client does not read, and max-queued-bytes are queued for
 *     it.
 * @param maxQueuedBytes The most that is queued for a client that does not read.
 */
public record ChannelProperties(
    @DefaultValue List<String> subprotocols,
    @DefaultValue List<String> allowedOrigins,
    @DefaultValue("4MB") DataSize maxMessage,
    @DefaultValue("false") boolean streamedMessages,
    @DefaultValue("each-message") Compression compression,
    @DefaultValue("1KB") DataSize minCompressedBytes,
    @DefaultValue("25s") Duration pingInterval,
    @DefaultValue("10s") Duration pongTimeout,
    @DefaultValue("10s") Duration closeTimeout,
    @DefaultValue("5m") Duration messageTimeout,
    @DefaultValue("0s") Duration idleTimeout,
    @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("close") SlowReader slowReader,
    @DefaultValue("1MB") DataSize maxQueuedBytes) {

  /**
   * The options they say.
   *
   * @param prefix of the properties, with a dot at its end
   * @throws InvalidHttpKitPropertyException if a value is not allowed
   */
  ChannelOptions options(String prefix) {
    MappedOptions<ChannelOptions> options =
        new MappedOptions<>(prefix, () -> ChannelOptions.DEFAULTS, allowed -> allowed);
    options.set(
        "subprotocols",
        subprotocols,
        (some, names) -> some.withSubprotocols(names.toArray(String[]::new)));
    options.set(
        "allowed-origins",
        allowedOrigins,
        (some, origins) -> some.withAllowedOrigins(origins.toArray(String[]::new)));
    options.size("max-message", maxMessage, ChannelOptions::withMaxMessage);
    options.set("streamed-messages", streamedMessages, ChannelOptions::withStreamedMessages);
    options.set("compression", compression, ChannelOptions::withCompression);
    options.size(
        "min-compressed-bytes", minCompressedBytes, ChannelOptions::withMinCompressedBytes);
    options.set("ping-interval", pingInterval, ChannelOptions::withPingInterval);
    options.set("pong-timeout", pongTimeout, ChannelOptions::withPongTimeout);
    options.set("close-timeout", closeTimeout, ChannelOptions::withCloseTimeout);
    options.set("message-timeout", messageTimeout, ChannelOptions::withMessageTimeout);
    options.set("idle-timeout", idleTimeout, ChannelOptions::withIdleTimeout);
    options.set("heartbeat", heartbeat, ChannelOptions::withHeartbeat);
    options.set("slow-reader", slowReader, ChannelOptions::withSlowReader);
    options.set(
        "max-queued-bytes",
        maxQueuedBytes,
        (some, size) -> some.withMaxQueuedBytes(size.toBytes()));
    return options.get();
  }
}
