package io.httpkit.internal.websocket;

import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.CloseStatus;
import io.httpkit.internal.codec.websocket.Opcode;
import io.httpkit.internal.codec.websocket.Role;
import io.httpkit.internal.codec.websocket.WebSocketDecoder;
import io.httpkit.internal.codec.websocket.WebSocketEvent;
import io.httpkit.internal.codec.websocket.WebSocketException;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.Protocol;
import java.io.EOFException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The reading half of a WebSocket: takes messages off the connection and gives them to the channel,
 * answers pings, and sees to the end. RFC 6455 §5 and §7.
 *
 * <pre>
 *   OPEN ⇄ BEHIND
 *     ├──────┴── close ─▶ CLOSING ──┐
 *     └── peer's close ─────────────┴─▶ server: ENDED, client: PARTING ─▶ ENDED
 * </pre>
 */
@LoopConfined
public final class WebSocketSession implements Protocol {
  private enum Phase {
    OPEN,
    /** More has come than the listener can follow; nothing is read until it has. */
    BEHIND,
    /** We have closed; the peer's answer is waited for. */
    CLOSING,
    /** Both have closed; a client waits for the server to close the connection. RFC 6455 §7.1.1. */
    PARTING,
    /** Nothing more is read. */
    ENDED
  }

  private static final byte[] NO_PAYLOAD = {};

  private final WebSocketHost host;
  private final WebSocketChannel channel;
  private final WebSocketDecoder decoder;
  private final Connection connection;
  private Phase phase = Phase.OPEN;
  private long lastReadNanos;

  /** Of CLOSING and PARTING, and while a pong is awaited. */
  private long deadlineNanos;

  private boolean awaitsPong;

  /** The payload of the latest ping, until it is answered. */
  private byte @Nullable [] unanswered;

  /** When the message that is coming in must be complete; 0 between messages. */
  private long messageDeadlineNanos;

  WebSocketSession(
      WebSocketHost host,
      WebSocketChannel channel,
      Connection connection,
      WebSocketDecoder decoder) {
    this.host = host;
    this.channel = channel;
    this.connection = connection;
    this.decoder = decoder;
  }

  @Override
  public void onOpen(Connection opened) {
    lastReadNanos = nowNanos();
    if (host.isDraining()) {
      onShutdown();
    } else if (opened.isHalfOpen()) {
      // behind what has come before the end
      opened.io().loop().execute(this::onEof);
    }
  }

  /** The connection was closed before it could be handed over. */
  public void abandon() {
    phase = Phase.ENDED;
    decoder.release();
    channel.connectionClosed("");
  }

  private long nowNanos() {
    return connection.io().loop().nowNanos();
  }

  @Override
  public void onBytes(ByteBuffer in) {
    lastReadNanos = nowNanos();
    awaitsPong = false;
    try {
      while (step(in)) {
        // one frame after the other
      }
    } catch (WebSocketException e) {
      String reason = e.getMessage() == null ? "" : e.getMessage();
      channel.fail(CloseStatus.of(e.closeCode(), reason));
      end();
    }
    boolean isCollecting =
        !decoder.isBetweenMessages() && !channel.channelOptions().streamsMessages();
    if (!isCollecting) {
      messageDeadlineNanos = 0;
    } else if (messageDeadlineNanos == 0) {
      messageDeadlineNanos = nowNanos() + messageNanos();
    }
  }

  private long messageNanos() {
    return nanos(channel.channelOptions().messageTimeout());
  }

  private boolean step(ByteBuffer in) {
    if (phase == Phase.PARTING || phase == Phase.ENDED) {
      in.position(in.limit());
      return false;
    }
    if (phase == Phase.BEHIND) {
      connection.pauseReading();
      return false;
    }
    WebSocketEvent event = decoder.next(in);
    if (event == null) {
      return false;
    }
    take(event);
    return true;
  }

  private void take(WebSocketEvent event) {
    if (event instanceof WebSocketEvent.Close close) {
      channel.closedByPeer(close.code(), close.reason());
      part();
    } else if (phase == Phase.OPEN) {
      if (event instanceof WebSocketEvent.Control control && control.opcode() == Opcode.PING) {
        unanswered = control.payload();
        answerPing();
      }
      if (event instanceof WebSocketEvent.Text || event instanceof WebSocketEvent.Binary) {
        // the next has a time of its own, even if it has begun in the same read
        messageDeadlineNanos = 0;
      }
      channel.receive(event);
      if (channel.isBehind(this::goOnLater)) {
        phase = Phase.BEHIND;
        connection.pauseReading();
      }
    }
  }

  /**
   * A peer that does not read is answered when it does, and then only the latest ping. RFC 6455
   * §5.5.3.
   */
  private void answerPing() {
    if (unanswered != null && connection.output().isWritable()) {
      channel.control(Opcode.PONG, unanswered);
      unanswered = null;
    }
  }

  private void goOnLater() {
    connection.io().loop().execute(this::goOn);
  }

  private void goOn() {
    if (phase == Phase.BEHIND) {
      phase = Phase.OPEN;
      readOn();
    }
  }

  private void readOn() {
    connection.resumeReading();
    connection.offerUnread();
    if (connection.isHalfOpen()) {
      onEof();
    }
  }

  /** The channel has sent a close frame. */
  void closing() {
    if (phase == Phase.OPEN || phase == Phase.BEHIND) {
      boolean wasBehind = phase == Phase.BEHIND;
      phase = Phase.CLOSING;
      deadlineNanos = closeDeadlineNanos();
      if (wasBehind) {
        readOn();
      }
    }
  }

  private long closeDeadlineNanos() {
    return nowNanos() + nanos(channel.channelOptions().closeTimeout());
  }

  /** Both have sent a close frame: the server is the first to close the connection. */
  private void part() {
    if (channel.role() == Role.SERVER || connection.isHalfOpen()) {
      end();
      return;
    }
    if (phase != Phase.CLOSING) {
      deadlineNanos = closeDeadlineNanos();
    }
    phase = Phase.PARTING;
  }

  /** Reads no more, and closes the connection when all is written and the peer had time to read. */
  private void end() {
    phase = Phase.ENDED;
    connection.finishAndLinger();
  }

  @Override
  public void onEof() {
    if (phase == Phase.OPEN || phase == Phase.CLOSING) {
      connection.close(new EOFException("the peer is gone without a close frame"));
    } else if (phase == Phase.PARTING) {
      end();
    }
  }

  @Override
  public void onTick(long nowNanos) {
    boolean isOver = nowNanos - deadlineNanos >= 0;
    if (phase == Phase.OPEN) {
      keepAlive(nowNanos);
    } else if (phase == Phase.BEHIND) {
      answerPing();
      // it is not the peer that is late
      lastReadNanos = nowNanos;
      if (messageDeadlineNanos != 0) {
        messageDeadlineNanos = nowNanos + messageNanos();
      }
    } else if (phase == Phase.CLOSING && isOver) {
      connection.close(new SocketTimeoutException("no answer to the close frame"));
    } else if (phase == Phase.PARTING && isOver) {
      end();
    }
  }

  private void keepAlive(long nowNanos) {
    answerPing();
    if (messageDeadlineNanos != 0 && nowNanos - messageDeadlineNanos >= 0) {
      channel.fail(CloseStatus.of(CloseStatus.Kind.POLICY_VIOLATION, "too slow a message"));
      end();
      return;
    }
    ChannelOptions options = channel.channelOptions();
    long pingNanos = nanos(options.pingInterval());
    if (channel.isIdle(nowNanos)) {
      channel.fail(CloseStatus.of(CloseStatus.Kind.GOING_AWAY, "idle"));
    } else if (awaitsPong) {
      if (connection.output().queuedBytes() > 0) {
        // the ping may not have left; writing has its own time-out
        deadlineNanos = nowNanos + nanos(options.pongTimeout());
      } else if (nowNanos - deadlineNanos >= 0) {
        connection.close(new SocketTimeoutException("no answer to a ping"));
      }
    } else if (pingNanos > 0 && nowNanos - lastReadNanos >= pingNanos) {
      awaitsPong = true;
      deadlineNanos = nowNanos + nanos(options.pongTimeout());
      channel.control(Opcode.PING, NO_PAYLOAD);
    }
  }

  /** Of a duration beyond 146 years, that. */
  static long nanos(Duration duration) {
    return duration.toSeconds() > Long.MAX_VALUE / 2_000_000_000L
        ? Long.MAX_VALUE / 2
        : duration.toNanos();
  }

  /** Ends at once: who does not answer the close frame must not hold up the stop. */
  @Override
  public void onShutdown() {
    if (phase != Phase.ENDED) {
      String reason =
          channel.role() == Role.SERVER ? "the server is stopping" : "the client is stopping";
      channel.fail(CloseStatus.of(CloseStatus.Kind.GOING_AWAY, reason));
      end();
      connection.closeUnlessTaking();
    }
  }

  @Override
  public void onClosed(@Nullable Throwable cause) {
    phase = Phase.ENDED;
    decoder.release();
    String reason = cause == null || cause.getMessage() == null ? "" : cause.getMessage();
    channel.connectionClosed(reason);
    host.onConnectionClosed(connection);
  }
}
