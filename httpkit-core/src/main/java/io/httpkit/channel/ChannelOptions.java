package io.httpkit.channel;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a channel behaves. Immutable; the {@code with} methods return a changed copy.
 *
 * <p>Times are looked at about ten times within the shortest time-out of the server, and at least
 * once a second: what is shorter for one channel only is not kept more exactly.
 */
public final class ChannelOptions {
  /** What a server or client does unless told otherwise. */
  public static final ChannelOptions DEFAULTS = new ChannelOptions(new Values());

  /**
   * Whether messages of a WebSocket are compressed: by a server if the client offers it, by a
   * client if the server takes its offer. RFC 7692.
   */
  public enum Compression {
    OFF,
    /** Each message by itself: nothing is kept between messages. */
    EACH_MESSAGE,
    /** With what was sent before: smaller, for 300 KiB of memory for each channel. */
    CONTEXT_TAKEOVER
  }

  private static final class Values implements Cloneable {
    List<String> subprotocols = List.of();
    Set<String> allowedOrigins = Set.of();
    int maxMessage = 4 * 1024 * 1024;
    boolean streamsMessages;
    Compression compression = Compression.EACH_MESSAGE;
    int minCompressedBytes = 1024;
    Duration pingInterval = Duration.ofSeconds(25);
    Duration pongTimeout = Duration.ofSeconds(10);
    Duration closeTimeout = Duration.ofSeconds(10);
    Duration messageTimeout = Duration.ofMinutes(5);
    Duration idleTimeout = Duration.ZERO;
    Duration heartbeat = Duration.ofSeconds(15);
    SlowReader slowReader = SlowReader.CLOSE;
    long maxQueuedBytes = 1024 * 1024;

    Values copy() {
      try {
        return (Values) clone();
      } catch (CloneNotSupportedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

  private static final Pattern ORIGIN =
      Pattern.compile("\\*|null|[A-Za-z][A-Za-z0-9+.-]*://[^/\\s]*");

  private final Values values;

  private ChannelOptions(Values values) {
    this.values = values;
  }

  /**
   * The subprotocols that are understood, the preferred first; default none. A client offers them
   * all. A server agrees on the first that the client offers, or on none if it offers none of them.
   * RFC 6455 §1.9.
   */
  public ChannelOptions withSubprotocols(String... names) {
    for (String name : names) {
      if (!TOKEN.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "subprotocols must be tokens of RFC 9110 but one was \"" + name + "\"");
      }
    }
    Values changed = values.copy();
    changed.subprotocols = List.of(names);
    return new ChannelOptions(changed);
  }

  /**
   * The origins of the pages, beside those of this server, whose scripts may open a WebSocket, such
   * as {@code https://example.com}; {@code *} for all. Default none. A handshake from another
   * origin is answered 403. For a server only. RFC 6455 §10.2.
   *
   * @throws IllegalArgumentException if one could never match
   */
  public ChannelOptions withAllowedOrigins(String... origins) {
    for (String origin : origins) {
      if (!ORIGIN.matcher(origin).matches()) {
        throw new IllegalArgumentException(
            "allowedOrigins must be * or like https://example.com but one was \"" + origin + '"');
      }
    }
    Values changed = values.copy();
    changed.allowedOrigins = Set.copyOf(List.of(origins));
    return new ChannelOptions(changed);
  }

  /** The largest message that is taken, in bytes when inflated; default 4 MiB. Beyond it: 1009. */
  public ChannelOptions withMaxMessage(int bytes) {
    atLeast("maxMessage", bytes, 1);
    Values changed = values.copy();
    changed.maxMessage = bytes;
    return new ChannelOptions(changed);
  }

  /**
   * Whether messages are given to {@link ChannelListener#onPart} as they come; default false. Then
   * {@link #maxMessage} does not bound them.
   */
  public ChannelOptions withStreamedMessages(boolean streamed) {
    Values changed = values.copy();
    changed.streamsMessages = streamed;
    return new ChannelOptions(changed);
  }

  /** Whether messages are compressed; default {@link Compression#EACH_MESSAGE}. */
  public ChannelOptions withCompression(Compression compression) {
    Values changed = values.copy();
    changed.compression = compression;
    return new ChannelOptions(changed);
  }

  /** The smallest message that is worth compressing, in bytes; default 1024. */
  public ChannelOptions withMinCompressedBytes(int bytes) {
    atLeast("minCompressedBytes", bytes, 0);
    Values changed = values.copy();
    changed.minCompressedBytes = bytes;
    return new ChannelOptions(changed);
  }

  /**
   * A WebSocket from which nothing has come for so long is sent a ping; default 25 s. Zero: never.
   */
  public ChannelOptions withPingInterval(Duration interval) {
    notNegative("pingInterval", interval);
    Values changed = values.copy();
    changed.pingInterval = interval;
    return new ChannelOptions(changed);
  }

  /** A WebSocket from which nothing has come for so long after a ping is closed; default 10 s. */
  public ChannelOptions withPongTimeout(Duration timeout) {
    positive("pongTimeout", timeout);
    Values changed = values.copy();
    changed.pongTimeout = timeout;
    return new ChannelOptions(changed);
  }

  /**
   * How long the peer's answer to a close frame is waited for, and by a client until the server has
   * closed the connection; default 10 s.
   */
  public ChannelOptions withCloseTimeout(Duration timeout) {
    positive("closeTimeout", timeout);
    Values changed = values.copy();
    changed.closeTimeout = timeout;
    return new ChannelOptions(changed);
  }

  /**
   * How long a message may take from its first byte to its last; default 5 minutes. Later the
   * WebSocket is closed with 1008. Not for messages that are streamed.
   */
  public ChannelOptions withMessageTimeout(Duration timeout) {
    positive("messageTimeout", timeout);
    Values changed = values.copy();
    changed.messageTimeout = timeout;
    return new ChannelOptions(changed);
  }

  /**
   * A WebSocket on which there was no message either way for so long is closed with 1001; default
   * zero: never.
   */
  public ChannelOptions withIdleTimeout(Duration timeout) {
    notNegative("idleTimeout", timeout);
    Values changed = values.copy();
    changed.idleTimeout = timeout;
    return new ChannelOptions(changed);
  }

  /**
   * A stream of events on which nothing was sent for so long gets a comment; default 15 s. Zero:
   * never.
   */
  public ChannelOptions withHeartbeat(Duration interval) {
    notNegative("heartbeat", interval);
    Values changed = values.copy();
    changed.heartbeat = interval;
    return new ChannelOptions(changed);
  }

  /** What is done when the peer does not read; default {@link SlowReader#CLOSE}. */
  public ChannelOptions withSlowReader(SlowReader policy) {
    Values changed = values.copy();
    changed.slowReader = policy;
    return new ChannelOptions(changed);
  }

  /**
   * The most that is queued for a peer that does not read, in bytes; default 1 MiB. A larger
   * message is taken when nothing is queued. What is read only when its turn comes, such as a
   * stream or file, counts as 16 KiB.
   */
  public ChannelOptions withMaxQueuedBytes(long bytes) {
    atLeast("maxQueuedBytes", bytes, 1);
    Values changed = values.copy();
    changed.maxQueuedBytes = bytes;
    return new ChannelOptions(changed);
  }

  private static void atLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " must be at least " + least + " but was " + value);
    }
  }

  private static void notNegative(String name, Duration value) {
    if (value.isNegative()) {
      throw new IllegalArgumentException(name + " must not be negative but was " + value);
    }
  }

  private static void positive(String name, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(name + " must be positive but was " + value);
    }
  }

  public List<String> subprotocols() {
    return values.subprotocols;
  }

  public Set<String> allowedOrigins() {
    return values.allowedOrigins;
  }

  public int maxMessage() {
    return values.maxMessage;
  }

  public boolean streamsMessages() {
    return values.streamsMessages;
  }

  public Compression compression() {
    return values.compression;
  }

  public int minCompressedBytes() {
    return values.minCompressedBytes;
  }

  public Duration pingInterval() {
    return values.pingInterval;
  }

  public Duration pongTimeout() {
    return values.pongTimeout;
  }

  public Duration closeTimeout() {
    return values.closeTimeout;
  }

  public Duration messageTimeout() {
    return values.messageTimeout;
  }

  public Duration idleTimeout() {
    return values.idleTimeout;
  }

  public Duration heartbeat() {
    return values.heartbeat;
  }

  public SlowReader slowReader() {
    return values.slowReader;
  }

  public long maxQueuedBytes() {
    return values.maxQueuedBytes;
  }

  private List<Object> all() {
    return List.of(
        values.subprotocols,
        values.allowedOrigins,
        values.maxMessage,
        values.streamsMessages,
        values.compression,
        values.minCompressedBytes,
        values.pingInterval,
        values.pongTimeout,
        values.closeTimeout,
        values.messageTimeout,
        values.idleTimeout,
        values.heartbeat,
        values.slowReader,
        values.maxQueuedBytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ChannelOptions options && all().equals(options.all());
  }

  @Override
  public int hashCode() {
    return all().hashCode();
  }

  @Override
  public String toString() {
    return all().toString();
  }
}
