package io.httpkit.internal.websocket;

import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.CloseStatus;
import io.httpkit.channel.SharedMessage;
import io.httpkit.http.Body;
import io.httpkit.internal.channel.BaseChannel;
import io.httpkit.internal.channel.BodyStream;
import io.httpkit.internal.channel.Outgoing;
import io.httpkit.internal.codec.websocket.DeflateAgreement;
import io.httpkit.internal.codec.websocket.FrameEncoder;
import io.httpkit.internal.codec.websocket.Opcode;
import io.httpkit.internal.codec.websocket.Role;
import io.httpkit.internal.codec.websocket.WebSocketDecoder;
import io.httpkit.internal.codec.websocket.WebSocketEvent;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.net.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The writing half of a WebSocket, and what the application sees of it. RFC 6455 §5. */
@AnyThread
public final class WebSocketChannel extends BaseChannel {
  private static final int MAX_CONTROL_PAYLOAD = 125;

  private final WebSocketHost host;
  private final FrameWriter frames;
  private final WebSocketSession session;
  private final @Nullable String subprotocol;
  private final @Nullable Compressor compressor;

  /** Of a frame of a stream, which is one message in fragments. Guarded by the lock. */
  private Opcode nextOfStream = Opcode.BINARY;

  /** Volatile: set by who sends, read by the loop. Kept only if there is an idle time-out. */
  private volatile long lastMessageNanos;

  private WebSocketChannel(
      FrameWriter frames,
      WebSocketHost host,
      ChannelOptions options,
      Connection connection,
      ChannelListener listener,
      @Nullable String subprotocol,
      @Nullable DeflateAgreement deflate) {
    super(host, options, connection, listener);
    this.host = host;
    Role role = frames.role();
    this.frames = frames;
    this.subprotocol = subprotocol;
    this.compressor =
        deflate == null ? null : new Compressor(host.deflaters(), deflate.sender(role));
    this.session =
        new WebSocketSession(
            host,
            this,
            connection,
            new WebSocketDecoder(
                role.peer(),
                options.maxMessage(),
                options.streamsMessages(),
                deflate == null ? null : host.inflaters(),
                deflate != null && deflate.sender(role.peer()).keepsContext()));
    this.lastMessageNanos = options.idleTimeout().isZero() ? 0 : loopTime();
  }

  /**
   * The server's end. Its {@link #session} takes over the connection once the handshake is
   * answered.
   *
   * @param subprotocol that was agreed on
   * @param deflate that was agreed on
   */
  public static WebSocketChannel server(
      WebSocketHost host,
      ChannelOptions options,
      Connection connection,
      ChannelListener listener,
      @Nullable String subprotocol,
      @Nullable DeflateAgreement deflate) {
    return new WebSocketChannel(
        FrameWriter.UNMASKED, host, options, connection, listener, subprotocol, deflate);
  }

  /**
   * The client's end. Its {@link #session} takes over the connection once the answer to the
   * handshake is read; what has come behind it must still be unread.
   *
   * @param keys for all threads
   * @param subprotocol that was agreed on
   * @param deflate that was agreed on
   */
  public static WebSocketChannel client(
      WebSocketHost host,
      RandomKeys keys,
      ChannelOptions options,
      Connection connection,
      ChannelListener listener,
      @Nullable String subprotocol,
      @Nullable DeflateAgreement deflate) {
    return new WebSocketChannel(
        FrameWriter.masked(keys), host, options, connection, listener, subprotocol, deflate);
  }

  /** The reading half, to which the connection is to be handed. */
  public WebSocketSession session() {
    return session;
  }

  ChannelOptions channelOptions() {
    return options();
  }

  Role role() {
    return frames.role();
  }

  @Override
  protected CloseStatus.Kind ownClose() {
    return role() == Role.CLIENT ? CloseStatus.Kind.CLIENT_CLOSE : super.ownClose();
  }

  @Override
  protected String overloadedReason() {
    return role() == Role.CLIENT ? "Client overloaded" : super.overloadedReason();
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
      received();
      taken = tell(text.text().length(), some -> some.onText(this, text.text()));
    } else if (event instanceof WebSocketEvent.Binary binary) {
      received();
      taken = tell(binary.bytes().length, some -> some.onBinary(this, binary.bytes()));
    } else if (event instanceof WebSocketEvent.Part part) {
      active();
      if (part.isLast()) {
        host.onMessageReceived();
      }
      ByteBuffer bytes = ByteBuffer.wrap(part.bytes());
      taken =
          tell(part.bytes().length, some -> some.onPart(this, bytes, part.isText(), part.isLast()));
    } else if (event instanceof WebSocketEvent.Control control) {
      byte[] payload = control.payload();
      taken =
          control.opcode() == Opcode.PING
              ? tell(payload.length, some -> some.onPing(this, payload))
              : tell(payload.length, some -> some.onPong(this, payload));
    }
    if (!taken) {
      overloaded();
    }
  }

  boolean isBehind(Runnable onCaughtUp) {
    return isListenerBehind(onCaughtUp);
  }

  private void received() {
    active();
    host.onMessageReceived();
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

  /** Compresses and masks before the lock is taken, as the loop must not wait for that. */
  @Override
  protected Outgoing prepare(Outgoing item) {
    if (!isPreparedFirst(item.size()) || !isOpen()) {
      return item;
    }
    if (item instanceof Outgoing.Text text) {
      return framed(Opcode.TEXT, text.utf8(), 0, text.utf8().length);
    } else if (item instanceof Outgoing.Bytes some) {
      return framed((Body.Bytes) Body.of(some.buffer()));
    } else if (item instanceof Outgoing.Content content
        && content.body() instanceof Body.Bytes bytes) {
      return framed(bytes);
    } else if (item instanceof Outgoing.Shared shared) {
      return prepareShared(shared);
    }
    return item;
  }

  /** What is compressed with context must be so in the order in which it is sent. */
  private boolean isPreparedFirst(long size) {
    return isCompressed(size) ? isShareable() : frames.takesLong(size);
  }

  private boolean isCompressed(long size) {
    return compressor != null && size >= options().minCompressedBytes();
  }

  private boolean isShareable() {
    return compressor != null && compressor.isShareable();
  }

  private Outgoing prepareShared(Outgoing.Shared shared) {
    SharedMessage message = shared.message();
    if (role() == Role.CLIENT) {
      return framed(opcode(message.isText()), message.bytes(), 0, message.bytes().length);
    }
    ByteBuffer unused = sharedFrame(message);
    return shared;
  }

  private Outgoing framed(Body.Bytes body) {
    return framed(opcode(body.isText()), body.array(), body.offset(), body.length());
  }

  private Outgoing framed(Opcode opcode, byte[] bytes, int offset, int length) {
    ByteBuffer frame;
    if (compressor == null || !isCompressed(length)) {
      frame = frames.frame(opcode, true, false, bytes, offset, length);
    } else {
      byte[] small = compressor.compress(bytes, offset, length);
      frame = frames.frame(opcode, true, true, small, 0, small.length);
    }
    return new Outgoing.Bytes(frame, true);
  }

  @Override
  protected void checkClose(int code, String reason) {
    byte[] unused = FrameEncoder.closePayload(code, reason);
  }

  @Override
  protected void write(Outgoing item, boolean isLast) {
    active();
    if (!(item instanceof Outgoing.Event)) {
      // an event is written as text, which then is the message
      host.onMessageSent();
    }
    if (item instanceof Outgoing.Text text) {
      writeMessage(Opcode.TEXT, text.utf8(), 0, text.utf8().length);
    } else if (item instanceof Outgoing.Bytes bytes) {
      writeBytes(bytes);
    } else if (item instanceof Outgoing.Shared shared) {
      writeShared(shared.message());
    } else if (item instanceof Outgoing.Event event) {
      String data = event.event().data();
      if (data != null) {
        write(Outgoing.text(data), isLast);
      }
    } else if (item instanceof Outgoing.Content content) {
      writeBody(content.body());
    }
  }

  private void writeBytes(Outgoing.Bytes bytes) {
    if (bytes.isFramed()) {
      boolean unused = connection().output().write(bytes.buffer());
    } else {
      writeBody(Body.of(bytes.buffer()));
    }
  }

  private void writeBody(Body body) {
    if (body instanceof Body.Bytes bytes) {
      writeMessage(opcode(bytes.isText()), bytes.array(), bytes.offset(), bytes.length());
      return;
    }
    try {
      pump(BodyStream.open(body), -1);
    } catch (IOException e) {
      fail(e);
    }
  }

  private void writeMessage(Opcode opcode, byte[] bytes, int offset, int length) {
    if (compressor != null && isCompressed(length)) {
      byte[] small = compressor.compress(bytes, offset, length);
      boolean unused = writeFrame(opcode, true, true, small, 0, small.length);
    } else {
      boolean unused = writeFrame(opcode, true, false, bytes, offset, length);
    }
  }

  /** Each frame of a client has a mask of its own, so that nothing of it can be shared. */
  private void writeShared(SharedMessage message) {
    if (role() == Role.CLIENT) {
      writeMessage(opcode(message.isText()), message.bytes(), 0, message.bytes().length);
    } else {
      boolean unused = connection().output().writeSoon(sharedFrame(message));
    }
  }

  private ByteBuffer sharedFrame(SharedMessage message) {
    Compressor shareable = isShareable() ? compressor : null;
    return shareable == null || !isCompressed(message.bytes().length)
        ? message.encoded(Opcode.class, WebSocketChannel::plainFrame)
        : message.encoded(shareable.way(), some -> compressedFrame(some, shareable));
  }

  private static Opcode opcode(boolean isText) {
    return isText ? Opcode.TEXT : Opcode.BINARY;
  }

  private static ByteBuffer plainFrame(SharedMessage message) {
    byte[] bytes = message.bytes();
    return FrameWriter.UNMASKED.frame(
        opcode(message.isText()), true, false, bytes, 0, bytes.length);
  }

  private static ByteBuffer compressedFrame(SharedMessage message, Compressor compressor) {
    byte[] bytes = message.bytes();
    byte[] small = compressor.compress(bytes, 0, bytes.length);
    return FrameWriter.UNMASKED.frame(opcode(message.isText()), true, true, small, 0, small.length);
  }

  private boolean writeFrame(
      Opcode opcode, boolean fin, boolean compressed, byte[] bytes, int offset, int length) {
    return frames.write(connection().output(), opcode, fin, compressed, bytes, offset, length);
  }

  // ---- a stream as the fragments of one binary message. RFC 6455 §5.4

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
      Opcode opcode = nextOfStream;
      nextOfStream = fin ? Opcode.BINARY : Opcode.CONTINUATION;
      return writeFrame(opcode, fin, false, bytes, 0, count);
    }
  }

  @Override
  public void end() {
    boolean unused = fragment(true, new byte[0], 0);
    super.end();
  }

  // ---- the end

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
}
