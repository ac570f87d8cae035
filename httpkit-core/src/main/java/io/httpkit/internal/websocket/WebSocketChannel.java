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
import io.httpkit.internal.codec.websocket.Role;
import io.httpkit.internal.codec.websocket.WebSocketDecoder;
import io.httpkit.internal.codec.websocket.WebSocketEvent;
import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.net.Connection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
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
   * @param subprotocol that was agreed on
   * @param deflate that was agreed on
   */
  public static WebSocketChannel client(
      WebSocketClientHost host,
      ChannelOptions options,
      Connection connection,
      ChannelListener listener,
      @Nullable String subprotocol,
      @Nullable DeflateAgreement deflate) {
    return new WebSocketChannel(
        FrameWriter.masked(host.keys()), host, options, connection, listener, subprotocol, deflate);
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
      Body.Bytes bytes = (Body.Bytes) Body.of(some.buffer());
      return framed(Opcode.BINARY, bytes.array(), bytes.offset(), bytes.length());
    } else if (item instanceof Outgoing.Message message
        && message.response().body() instanceof Body.Bytes bytes) {
      return framed(opcode(bytes), bytes.array(), bytes.offset(), bytes.length());
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
      return framed(opcode(message), message.bytes(), 0, message.bytes().length);
    }
    ByteBuffer unused = sharedFrame(message);
    return shared;
  }

  private Outgoing framed(Opcode opcode, byte[] bytes, int offset, int length) {
    if (compressor == null || !isCompressed(length)) {
      return new Outgoing.Framed(frames.frame(opcode, true, false, bytes, offset, length));
    }
    byte[] small = compressor.compress(bytes, offset, length);
    return new Outgoing.Framed(frames.frame(opcode, true, true, small, 0, small.length));
  }

  @Override
  protected void checkClose(int code, String reason) {
    byte[] unused = FrameEncoder.closePayload(code, reason);
  }

  @Override
  protected void write(Outgoing item, boolean isLast) {
    active();
    if (isMessage(item)) {
      host.onMessageSent();
    }
    if (item instanceof Outgoing.Text text) {
      writeMessage(Opcode.TEXT, text.utf8(), 0, text.utf8().length);
    } else if (item instanceof Outgoing.Bytes bytes) {
      writeBytes(bytes.buffer());
    } else if (item instanceof Outgoing.Framed framed) {
      boolean unused = connection().output().write(framed.frame());
    } else if (item instanceof Outgoing.Shared shared) {
      writeShared(shared.message());
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

  /** An event is written as text, which then is the message. */
  private static boolean isMessage(Outgoing item) {
    return !(item instanceof Outgoing.Mark || item instanceof Outgoing.Event);
  }

  private void writeBytes(ByteBuffer buffer) {
    Body.Bytes bytes = (Body.Bytes) Body.of(buffer);
    writeMessage(Opcode.BINARY, bytes.array(), bytes.offset(), bytes.length());
  }

  private void writeBody(Body body) {
    if (body instanceof Body.Bytes bytes) {
      writeMessage(opcode(bytes), bytes.array(), bytes.offset(), bytes.length());
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
      writeMessage(opcode(message), message.bytes(), 0, message.bytes().length);
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

  private static Opcode opcode(SharedMessage message) {
    return message.isText() ? Opcode.TEXT : Opcode.BINARY;
  }

  private static Opcode opcode(Body.Bytes body) {
    return body.isText() ? Opcode.TEXT : Opcode.BINARY;
  }

  private static ByteBuffer plainFrame(SharedMessage message) {
    byte[] bytes = message.bytes();
    return FrameWriter.UNMASKED.frame(opcode(message), true, false, bytes, 0, bytes.length);
  }

  private static ByteBuffer compressedFrame(SharedMessage message, Compressor compressor) {
    byte[] bytes = message.bytes();
    byte[] small = compressor.compress(bytes, 0, bytes.length);
    return FrameWriter.UNMASKED.frame(opcode(message), true, true, small, 0, small.length);
  }

  private boolean writeFrame(
      Opcode opcode, boolean fin, boolean compressed, byte[] bytes, int offset, int length) {
    return frames.write(connection().output(), opcode, fin, compressed, bytes, offset, length);
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
