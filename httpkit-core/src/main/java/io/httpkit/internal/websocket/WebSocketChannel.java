package io.httpkit.internal.websocket;

import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.CloseStatus;
import io.httpkit.channel.SharedMessage;
import io.httpkit.http.Body;
import io.httpkit.internal.channel.BaseChannel;
import io.httpkit.internal.channel.Bodies;
import io.httpkit.internal.channel.Outgoing;
import io.httpkit.internal.channel.StreamPump;
import io.httpkit.internal.codec.websocket.DeflateAgreement;
import io.httpkit.internal.codec.websocket.FrameEncoder;
import io.httpkit.internal.codec.websocket.Opcode;
import io.httpkit.internal.codec.websocket.WebSocketDecoder;
import io.httpkit.internal.codec.websocket.WebSocketEvent;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.net.Connection;
import io.httpkit.internal.net.WriteQueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The writing half of a WebSocket, and what the application sees of it. RFC 6455 §5. */
@AnyThread
public final class WebSocketChannel extends BaseChannel {
  /** Up to this size a payload is copied behind its header, which saves a write. */
  private static final int INLINE = 32 * 1024;

  private static final int MAX_CONTROL_PAYLOAD = 125;

  private final WebSocketHost host;
  private final WebSocketSession session;
  private final @Nullable String subprotocol;
  private final @Nullable Compressor compressor;

  /** Volatile: set by who sends, read by the loop. Kept only if there is an idle time-out. */
  private volatile long lastMessageNanos;

  /**
   * A server's channel.
   *
   * @param subprotocol that was agreed on
   * @param deflate that was agreed on
   */
  public WebSocketChannel(
      WebSocketHost host,
      ChannelOptions options,
      Connection connection,
      ChannelListener listener,
      @Nullable String subprotocol,
      @Nullable DeflateAgreement deflate) {
    super(host, options, connection, listener);
    this.host = host;
    this.subprotocol = subprotocol;
    this.compressor =
        deflate == null
            ? null
            : new Compressor(
                host.deflaters(), deflate.serverWindowBits(), deflate.serverKeepsContext());
    this.session =
        new WebSocketSession(
            host,
            this,
            connection,
            new WebSocketDecoder(
                true,
                options.maxMessage(),
                options.streamsMessages(),
                deflate == null ? null : host.inflaters(),
                deflate != null && deflate.clientKeepsContext()));
    this.lastMessageNanos = options.idleTimeout().isZero() ? 0 : loopTime();
  }

  /** The reading half, to which the connection is to be handed. */
  public WebSocketSession session() {
    return session;
  }

  ChannelOptions channelOptions() {
    return options();
  }

  private long loopTime() {
    return connection().io().loop().nanoTime();
  }

  @Override
  public boolean isWebSocket() {
    return true;
  }

  @Override
  public boolean isEventStream() {
    return false;
  }

  @Override
  public Optional<String> subprotocol() {
    return Optional.ofNullable(subprotocol);
  }

  // ---- receiving, on the loop

  /** Gives an event to the listener. */
  void receive(WebSocketEvent event) {
    boolean taken = true;
    if (event instanceof WebSocketEvent.Text text) {
      active();
      taken = tell(text.text().length(), some -> some.onText(this, text.text()));
    } else if (event instanceof WebSocketEvent.Binary binary) {
      active();
      taken = tell(binary.bytes().length, some -> some.onBinary(this, binary.bytes()));
    } else if (event instanceof WebSocketEvent.Part part) {
      active();
      ByteBuffer bytes = ByteBuffer.wrap(part.bytes());
      taken =
          tell(part.bytes().length, some -> some.onPart(this, bytes, part.isText(), part.isLast()));
    } else if (event instanceof WebSocketEvent.Ping ping) {
      taken = tell(ping.payload().length, some -> some.onPing(this, ping.payload()));
    } else if (event instanceof WebSocketEvent.Pong pong) {
      taken = tell(pong.payload().length, some -> some.onPong(this, pong.payload()));
    }
    if (!taken) {
      overloaded();
    }
  }

  boolean isBehind(Runnable onCaughtUp) {
    return isListenerBehind(onCaughtUp);
  }

  private void active() {
    if (!options().idleTimeout().isZero()) {
      lastMessageNanos = loopTime();
    }
  }

  boolean isIdle(long nowNanos) {
    if (connection().output().queuedBytes() > 0) {
      active();
      return false;
    }
    long idleNanos = WebSocketSession.nanos(options().idleTimeout());
    return idleNanos > 0 && nowNanos - lastMessageNanos >= idleNanos;
  }

  /** The peer has sent a close frame: answers it, unless it is the answer to ours. */
  void closedByPeer(int code, String reason) {
    CloseStatus status = CloseStatus.of(code, reason);
    synchronized (lock()) {
      if (isAlive()) {
        writeClose(code, "");
        closed(status);
      }
    }
    announce();
  }

  void connectionClosed(String reason) {
    lost(CloseStatus.of(CloseStatus.Kind.ABNORMAL, reason));
    synchronized (lock()) {
      if (compressor != null) {
        compressor.close();
      }
    }
  }

  // ---- sending

  @Override
  public boolean ping(byte[] payload) {
    return control(Opcode.PING, payload);
  }

  @Override
  public boolean pong(byte[] payload) {
    return control(Opcode.PONG, payload);
  }

  /** Sends a control frame, which overtakes a message that is being streamed. */
  boolean control(Opcode opcode, byte[] payload) {
    if (payload.length > MAX_CONTROL_PAYLOAD) {
      throw new IllegalArgumentException(
          "payload of a ping or pong must be at most 125 bytes but was " + payload.length);
    }
    synchronized (lock()) {
      return isWriting() && writeFrame(opcode, true, false, payload, 0, payload.length);
    }
  }

  /** Compresses before the lock is taken, as the loop must not wait for that. */
  @Override
  protected Outgoing prepare(Outgoing item) {
    Compressor shareable = compressor != null && compressor.isShareable() ? compressor : null;
    if (shareable == null || !isOpen() || item.size() < options().minCompressedBytes()) {
      return item;
    }
    if (item instanceof Outgoing.Text text) {
      return framed(Opcode.TEXT, shareable.compress(text.utf8(), 0, text.utf8().length));
    } else if (item instanceof Outgoing.Bytes some) {
      Body.Bytes bytes = (Body.Bytes) Body.of(some.buffer());
      return framed(
          Opcode.BINARY, shareable.compress(bytes.array(), bytes.offset(), bytes.length()));
    } else if (item instanceof Outgoing.Message message
        && message.response().body() instanceof Body.Bytes bytes) {
      return framed(
          bytes.isText() ? Opcode.TEXT : Opcode.BINARY,
          shareable.compress(bytes.array(), bytes.offset(), bytes.length()));
    } else if (item instanceof Outgoing.Shared shared) {
      ByteBuffer unused = sharedFrame(shared.message());
    }
    return item;
  }

  private static Outgoing framed(Opcode opcode, byte[] compressed) {
    return new Outgoing.Framed(frame(opcode, true, compressed));
  }

  @Override
  protected void checkClose(int code, String reason) {
    byte[] unused = FrameEncoder.closePayload(code, reason);
  }

  @Override
  protected void write(Outgoing item, boolean isLast) {
    active();
    if (item instanceof Outgoing.Text text) {
      writeMessage(Opcode.TEXT, text.utf8(), 0, text.utf8().length);
    } else if (item instanceof Outgoing.Bytes bytes) {
      writeBytes(bytes.buffer());
    } else if (item instanceof Outgoing.Framed framed) {
      boolean unused = connection().output().write(framed.frame());
    } else if (item instanceof Outgoing.Shared shared) {
      boolean unused = connection().output().writeSoon(sharedFrame(shared.message()));
    } else if (item instanceof Outgoing.Event event) {
      String data = event.event().data();
      if (data != null) {
        write(Outgoing.text(data), isLast);
      }
    } else if (item instanceof Outgoing.Message message) {
      writeBody(message.response().body());
    } else if (item instanceof Outgoing.Stream stream) {
      pump(stream.stream(), new Fragments());
    } else if (item instanceof Outgoing.File file) {
      writeFile(file.path());
    } else if (item instanceof Outgoing.Mark mark) {
      mark(mark);
    }
  }

  private void writeBytes(ByteBuffer buffer) {
    Body.Bytes bytes = (Body.Bytes) Body.of(buffer);
    writeMessage(Opcode.BINARY, bytes.array(), bytes.offset(), bytes.length());
  }

  private void writeBody(Body body) {
    if (body instanceof Body.Bytes bytes) {
      Opcode opcode = bytes.isText() ? Opcode.TEXT : Opcode.BINARY;
      writeMessage(opcode, bytes.array(), bytes.offset(), bytes.length());
    } else if (body instanceof Body.File file) {
      writeFile(file.path());
    } else {
      pump(Bodies.stream(body), new Fragments());
    }
  }

  private void writeFile(Path path) {
    try {
      pump(Bodies.open(path), new Fragments());
    } catch (IOException e) {
      host.onError(this, e);
      cut(CloseStatus.of(CloseStatus.Kind.INTERNAL_SERVER_ERROR, ""));
    }
  }

  private void writeMessage(Opcode opcode, byte[] bytes, int offset, int length) {
    if (compressor != null && length >= options().minCompressedBytes()) {
      byte[] small = compressor.compress(bytes, offset, length);
      boolean unused = writeFrame(opcode, true, true, small, 0, small.length);
    } else {
      boolean unused = writeFrame(opcode, true, false, bytes, offset, length);
    }
  }

  private ByteBuffer sharedFrame(SharedMessage message) {
    Compressor shareable = compressor != null && compressor.isShareable() ? compressor : null;
    return shareable == null || message.bytes().length < options().minCompressedBytes()
        ? message.encoded(Opcode.class, WebSocketChannel::plainFrame)
        : message.encoded(shareable.way(), some -> compressedFrame(some, shareable));
  }

  private static Opcode opcode(SharedMessage message) {
    return message.isText() ? Opcode.TEXT : Opcode.BINARY;
  }

  private static ByteBuffer plainFrame(SharedMessage message) {
    return frame(opcode(message), false, message.bytes());
  }

  private static ByteBuffer compressedFrame(SharedMessage message, Compressor compressor) {
    byte[] bytes = message.bytes();
    return frame(opcode(message), true, compressor.compress(bytes, 0, bytes.length));
  }

  private static ByteBuffer frame(Opcode opcode, boolean compressed, byte[] payload) {
    int header = FrameEncoder.headerBytes(payload.length, false);
    ByteBuffer frame = ByteBuffer.allocate(header + payload.length);
    FrameEncoder.header(frame, opcode, true, compressed, payload.length);
    return frame.put(payload).flip();
  }

  /** Under the lock, so that header and payload stay together. */
  private boolean writeFrame(
      Opcode opcode, boolean fin, boolean compressed, byte[] bytes, int offset, int length) {
    WriteQueue output = connection().output();
    int inline = length <= INLINE ? length : 0;
    ByteBuffer out = output.begin(FrameEncoder.headerBytes(length, false) + inline);
    FrameEncoder.header(out, opcode, fin, compressed, length);
    if (inline == length) {
      return output.commit(out.put(bytes, offset, length));
    }
    return output.commit(out) && output.write(ByteBuffer.wrap(bytes, offset, length));
  }

  @Override
  protected void writeEnd(int code, String reason) {
    writeClose(code, reason);
    connection().io().loop().execute(session::closing);
  }

  @Override
  protected void writeFailure(CloseStatus status) {
    writeEnd(status.code(), status.reason());
  }

  private void writeClose(int code, String reason) {
    byte[] payload = FrameEncoder.closePayload(code, reason);
    boolean unused = writeFrame(Opcode.CLOSE, true, false, payload, 0, payload.length);
  }

  @Override
  public String toString() {
    return "WebSocket of " + remoteAddress();
  }

  /** A stream as the fragments of one binary message. RFC 6455 §5.4. */
  private final class Fragments implements StreamPump.Sink {
    private Opcode next = Opcode.BINARY;

    @Override
    public boolean write(byte[] bytes, int count) {
      return fragment(false, bytes, count);
    }

    private boolean fragment(boolean fin, byte[] bytes, int count) {
      synchronized (lock()) {
        if (!isWriting()) {
          return false;
        }
        active();
        Opcode opcode = next;
        next = Opcode.CONTINUATION;
        return writeFrame(opcode, fin, false, bytes, 0, count);
      }
    }

    @Override
    public void end() {
      boolean unused = fragment(true, new byte[0], 0);
      pumped();
    }

    @Override
    public void gone() {}

    /** A message that cannot be completed leaves nothing but to close. */
    @Override
    public void fail(Throwable cause) {
      host.onError(WebSocketChannel.this, cause);
      WebSocketChannel.this.fail(CloseStatus.of(CloseStatus.Kind.INTERNAL_SERVER_ERROR, ""));
    }
  }
}
