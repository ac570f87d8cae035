package io.httpkit.spring.boot.autoconfigure;

import io.httpkit.channel.ChannelOptions;
import io.httpkit.spring.boot.diagnostics.InvalidHttpKitPropertyException;
import java.util.function.BiFunction;
import org.springframework.util.unit.DataSize;

/**
 * Turns properties into options of channels, one by one, so that a value they do not allow is
 * reported with the name of its property.
 */
final class ChannelOptionsMapping {
  private final String prefix;
  private ChannelOptions options = ChannelOptions.DEFAULTS;

  private ChannelOptionsMapping(String prefix) {
    this.prefix = prefix;
  }

  /**
   * Options as the properties say.
   *
   * @param prefix of the properties, without a dot at its end
   * @throws InvalidHttpKitPropertyException if a value is not allowed
   */
  static ChannelOptions of(String prefix, ChannelProperties channels) {
    ChannelOptionsMapping mapping = new ChannelOptionsMapping(prefix);
    mapping.handshake(channels);
    mapping.messages(channels);
    mapping.timeouts(channels);
    mapping.slowReaders(channels);
    return mapping.options;
  }

  private void handshake(ChannelProperties channels) {
    option(
        "subprotocols",
        channels.subprotocols(),
        (some, names) -> some.withSubprotocols(names.toArray(String[]::new)));
    option(
        "allowed-origins",
        channels.allowedOrigins(),
        (some, origins) -> some.withAllowedOrigins(origins.toArray(String[]::new)));
  }

  private void messages(ChannelProperties channels) {
    size("max-message", channels.maxMessage(), ChannelOptions::withMaxMessage);
    option("streamed-messages", channels.streamedMessages(), ChannelOptions::withStreamedMessages);
    option("compression", channels.compression(), ChannelOptions::withCompression);
    size(
        "min-compressed-bytes",
        channels.minCompressedBytes(),
        ChannelOptions::withMinCompressedBytes);
  }

  private void timeouts(ChannelProperties channels) {
    option("ping-interval", channels.pingInterval(), ChannelOptions::withPingInterval);
    option("pong-timeout", channels.pongTimeout(), ChannelOptions::withPongTimeout);
    option("close-timeout", channels.closeTimeout(), ChannelOptions::withCloseTimeout);
    option("message-timeout", channels.messageTimeout(), ChannelOptions::withMessageTimeout);
    option("idle-timeout", channels.idleTimeout(), ChannelOptions::withIdleTimeout);
    option("heartbeat", channels.heartbeat(), ChannelOptions::withHeartbeat);
  }

  private void slowReaders(ChannelProperties channels) {
    option("slow-reader", channels.slowReader(), ChannelOptions::withSlowReader);
    option(
        "max-queued-bytes",
        channels.maxQueuedBytes(),
        (some, size) -> some.withMaxQueuedBytes(size.toBytes()));
  }

  private void size(
      String property, DataSize value, BiFunction<ChannelOptions, Integer, ChannelOptions> change) {
    option(property, value, (some, size) -> change.apply(some, ServerOptions.intBytes(size)));
  }

  private <T> void option(
      String property, T value, BiFunction<ChannelOptions, T, ChannelOptions> change) {
    try {
      options = change.apply(options, value);
    } catch (IllegalArgumentException e) {
      throw new InvalidHttpKitPropertyException(
          prefix + '.' + property, value, String.valueOf(e.getMessage()));
    }
  }
}
