package io.httpkit.internal.net;

import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.loop.Registration;
import io.httpkit.internal.loop.TimerQueue;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * One connection for its whole life: its socket, the bytes its protocol has not consumed, its
 * {@link WriteQueue} and its current {@link Protocol}. Belongs to one loop.
 *
 * <pre>
 *   OPEN ─▶ HALF_OPEN
 *     └───────┴── finish ──▶ FLUSHING ── all written ───────────────▶ CLOSED
 *             └── finishAndLinger ──▶ FLUSHING_TO_LINGER ─▶ LINGERING ──▲
 * </pre>
 *
 * and from each to CLOSED when it fails.
 */
@LoopConfined
public final class Connection extends Registration {
  private enum State {
    OPEN,
    /** The peer sends nothing more, but still reads. */
    HALF_OPEN,
    /** Closes when all is written. What comes in is dropped. */
    FLUSHING,
    /** Lingers when all is written. What comes in is dropped. */
    FLUSHING_TO_LINGER,
    /** Our end is shut; what comes in is dropped. */
    LINGERING,
    CLOSED
  }

  private static final int MIN_UNREAD_BYTES = 256;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final IoLoop io;
  private final SocketChannel channel;
  private final @Nullable SocketAddress remoteAddress;
  private final WriteQueue output = new WriteQueue(this);
  private Protocol protocol;

  /**
   * Between the socket and the protocol; null while there is nothing between. Volatile, as any
   * thread may ask for its session.
   */
  private volatile @Nullable ByteStage stage;

  /** Volatile, as any thread may say how long. */
  private volatile long writeNanos;

  private @Nullable ByteBuffer unread;

  /** Of LINGERING. */
  private TimerQueue.@Nullable Timer lingerEnd;

  private State state = State.OPEN;
  private boolean delivering;

  /** A connection over a channel that is connected and non-blocking. */
  public Connection(IoLoop io, SocketChannel channel, Protocol protocol) {
    this.io = io;
    this.channel = channel;
    this.remoteAddress = remoteAddressOf(channel);
    this.protocol = protocol;
    this.writeNanos = io.writeNanos();
  }

  /** Begins to read. The first bytes are often there already, and then need no turn of the loop. */
  public void open() {
    io.loop().assertInLoop();
    io.addOpened();
    try {
      protocol.onOpen(this);
      onReadable();
      if (state != State.CLOSED) {
        io.loop().register(channel, this);
        readInterest(state != State.HALF_OPEN);
        writeInterest(output.isBlocked());
      }
    } catch (Throwable t) {
      onFailure(t);
    }
  }

  @AnyThread
  public IoLoop io() {
    return io;
  }

  @AnyThread
  public WriteQueue output() {
    return output;
  }

  /** Writes to the socket itself, and tells how many bytes it took. */
  @AnyThread
  int write(ByteBuffer wire) throws IOException {
    int sent = channel.write(wire);
    io.addSent(sent);
    return sent;
  }

  /** As {@link #write(ByteBuffer)}. */
  @AnyThread
  long write(FileRegion region) throws IOException {
    long sent = region.transferTo(channel);
    io.addSent(sent);
    return sent;
  }

  /** The address of the peer, also when the connection is closed; null if it has none. */
  @AnyThread
  public @Nullable SocketAddress remoteAddress() {
    return remoteAddress;
  }

  private static @Nullable SocketAddress remoteAddressOf(SocketChannel channel) {
    try {
      SocketAddress address = channel.getRemoteAddress();
      boolean unnamed =
          address instanceof UnixDomainSocketAddress unix && unix.getPath().toString().isEmpty();
      return unnamed ? null : address;
    } catch (IOException e) {
      return null;
    }
  }

  /** How long the peer may take nothing of what waits for it, in place of what is usual. */
  @AnyThread
  public void writeTimeout(long nanos) {
    writeNanos = nanos;
  }

  /** Whether the peer sends nothing more. */
  public boolean isHalfOpen() {
    return state == State.HALF_OPEN;
  }

  /** Whether this thread is the loop's and input of this connection is with its protocol now. */
  @AnyThread
  public boolean isInDelivery() {
    return io.loop().isInLoop() && delivering;
  }

  /** Leaves what the peer sends in the socket, so that the peer has to wait. */
  public void pauseReading() {
    readInterest(false);
  }

  /** Reads again, unless the peer has ended. */
  public void resumeReading() {
    if (state == State.OPEN) {
      readInterest(true);
    }
  }

  /**
   * Whether the peer ended without having said so, as TLS demands. Somebody else may have cut what
   * it sent. RFC 8446 §6.1.
   */
  public boolean isTruncated() {
    ByteStage through = stage;
    return state == State.HALF_OPEN && through != null && !through.hasPeerEnded();
  }

  /** What was negotiated with the peer; null as long as the connection is plaintext. */
  @AnyThread
  public @Nullable SSLSession tlsSession() {
    ByteStage through = stage;
    return through == null ? null : through.session();
  }

  /** In which the next stage of this connection is to work. */
  public StageBuffers stageBuffers() {
    return stage == null ? io.stageBuffers() : io.innerStageBuffers();
  }

  /**
   * Has all that follows go through this stage, the bytes that are still unread too. What has been
   * written already does not. Another stage that is there already stays around it; there can be two
   * at most. To be followed by {@link #switchTo}, during {@link Protocol#onBytes}.
   */
  public void secure(ByteStage through) {
    io.loop().assertInLoop();
    ByteStage outer = stage;
    if (!delivering || outer instanceof NestedStage) {
      throw new IllegalStateException("secured too often, or not while its protocol gets bytes");
    }
    ByteStage all = outer == null ? through : new NestedStage(io, outer, through);
    output.secure(all);
    stage = all;
  }

  /** Hands the connection to another protocol, with all bytes that are still unread. */
  public void switchTo(Protocol next) {
    io.loop().assertInLoop();
    protocol = next;
    next.onOpen(this);
  }

  @Override
  public void onReadable() throws IOException {
    ByteBuffer input = io.input().clear();
    int count = channel.read(input);
    if (count > 0) {
      io.addReceived(count);
      onWire(input.flip());
    } else if (count < 0) {
      onEof();
    }
  }

  private void onWire(ByteBuffer wire) throws IOException {
    ByteStage through = stage;
    if (through == null) {
      deliver(wire);
    } else if (state == State.OPEN) {
      deliver(turn(through, wire));
    }
    endIfSaid();
  }

  /** A stage may say that the peer has ended although the socket is open. */
  private void endIfSaid() {
    ByteStage through = stage;
    if (through != null && through.hasEnded() && state == State.OPEN) {
      onEof();
    }
  }

  private ByteBuffer turn(ByteStage through, ByteBuffer wire) throws IOException {
    ByteBuffer plain = through.inbound(wire);
    if (through.wantsOutbound()) {
      output.sendNotice();
    }
    return plain;
  }

  private void onEof() {
    readInterest(false);
    if (state == State.OPEN) {
      state = State.HALF_OPEN;
    } else if (state == State.FLUSHING_TO_LINGER) {
      state = State.FLUSHING;
    } else if (state == State.LINGERING) {
      close(null);
    }
    if (isDelivering()) {
      protocol.onEof();
    }
  }

  /** Whether a protocol is there that wants to know what happens. */
  private boolean isDelivering() {
    return state == State.OPEN || state == State.HALF_OPEN;
  }

  @Override
  protected void onWritable() {
    if (output.onWritable()) {
      writeInterest(false);
    }
  }

  /** Offers the unread bytes again, now that the protocol wants them. */
  public void offerUnread() {
    io.loop().assertInLoop();
    try {
      deliver(NOTHING);
      endIfSaid();
    } catch (Throwable t) {
      onFailure(t);
    }
  }

  private void deliver(ByteBuffer input) throws IOException {
    if (!isDelivering()) {
      return;
    }
    delivering = true;
    try {
      ByteBuffer offered = append(input);
      Protocol offeredTo;
      do {
        offeredTo = protocol;
        ByteStage through = stage;
        offeredTo.onBytes(offered);
        if (stage != through) {
          offered = secured(offered);
        }
      } while (protocol != offeredTo && isDelivering());
      keep(offered);
    } finally {
      delivering = false;
    }
  }

  /** What is unread is not for the protocol any more but for the stage that was added. */
  private ByteBuffer secured(ByteBuffer wire) throws IOException {
    ByteStage through = stage;
    if (through == null || !isDelivering()) {
      return wire;
    }
    ByteStage added = through instanceof NestedStage nested ? nested.inner() : through;
    ByteBuffer plain = turn(added, wire);
    unread = null;
    return plain;
  }

  /** The unread bytes and behind them these. */
  private ByteBuffer append(ByteBuffer input) {
    ByteBuffer kept = unread;
    if (kept == null) {
      return input;
    }
    if (input.hasRemaining()) {
      int length = kept.remaining();
      if (kept.capacity() - kept.limit() < input.remaining()) {
        kept = roomFor(kept, length + input.remaining());
      }
      kept.limit(kept.limit() + input.remaining());
      kept.put(kept.position() + length, input, input.position(), input.remaining());
      unread = kept;
    }
    return kept;
  }

  /** The same bytes at the beginning of a buffer with room for {@code size}, with some to spare. */
  private static ByteBuffer roomFor(ByteBuffer kept, int size) {
    if (kept.capacity() >= size) {
      return kept.compact().flip();
    }
    int capacity = Math.max(size, 2 * kept.capacity());
    return ByteBuffer.allocate(capacity).put(kept).flip();
  }

  private void keep(ByteBuffer offered) {
    if (!offered.hasRemaining() || !isDelivering()) {
      unread = null;
    } else if (unread == null) {
      ByteBuffer copy = ByteBuffer.allocate(Math.max(MIN_UNREAD_BYTES, offered.remaining()));
      unread = copy.put(offered).flip();
    }
  }

  /** Closes the connection when all that was written has left. */
  public void finish() {
    finishAs(State.FLUSHING);
  }

  /** As {@link #finish}, but only after the peer had time to read the last answer. */
  public void finishAndLinger() {
    finishAs(state == State.HALF_OPEN ? State.FLUSHING : State.FLUSHING_TO_LINGER);
  }

  private void finishAs(State next) {
    io.loop().assertInLoop();
    if (isDelivering()) {
      readInterest(state != State.HALF_OPEN);
      state = next;
      output.finish();
    }
  }

  /** All that was written has left. */
  void onFlushed() {
    if (state == State.FLUSHING) {
      close(null);
    } else if (state == State.FLUSHING_TO_LINGER) {
      linger();
    }
  }

  /**
   * Drops what the peer still sends until it has shut its end too, or the time is over. A close
   * while bytes are unread would reset the connection and could destroy the answer on its way. RFC
   * 9112 §9.6.
   */
  private void linger() {
    try {
      channel.shutdownOutput();
      state = State.LINGERING;
      unread = null;
      lingerEnd = io.loop().schedule(io.lingerNanos(), () -> close(null));
    } catch (IOException e) {
      close(e);
    }
  }

  @Override
  protected void onTick(long nowNanos) {
    io.addQueued(output.queuedBytes(), nowNanos);
    if (output.isStalled(nowNanos, writeNanos)) {
      close(new SocketTimeoutException("the peer does not read"));
    } else if (isDelivering()) {
      protocol.onTick(nowNanos);
    }
  }

  /** Asks the protocol to end the connection once what is in progress is done. */
  public void shutdown() {
    if (isDelivering()) {
      protocol.onShutdown();
    }
  }

  @Override
  public void onFailure(Throwable cause) {
    if (!(cause instanceof IOException)) {
      io.loop().report(cause);
    }
    try {
      output.uncork();
      if (cause instanceof SSLException) {
        // the alert
        output.sendNotice();
      }
    } finally {
      close(cause);
    }
  }

  /** Closes at once; what was not written is lost. May be called again. */
  public void close(@Nullable Throwable cause) {
    io.loop().assertInLoop();
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    unread = null;
    if (lingerEnd != null) {
      lingerEnd.cancel();
    }
    deregister();
    output.close();
    try {
      channel.close();
    } catch (IOException e) {
      // there is nothing more to do with it
    }
    io.loop().load().decrementAndGet();
    protocol.onClosed(cause);
  }

  /** Closes if the peer takes nothing of what waits for it, again and again. For a stop. */
  public void closeUnlessTaking() {
    closeUnlessTaking(Long.MAX_VALUE);
  }

  private void closeUnlessTaking(long queuedBefore) {
    long queued = output.queuedBytes();
    if (queued >= queuedBefore) {
      close(new SocketTimeoutException("the peer does not read"));
    } else if (queued > 0) {
      io.loop().schedule(io.lingerNanos(), () -> closeUnlessTaking(queued));
    }
  }

  /** Closes soon, from any thread. */
  @AnyThread
  public void abort(@Nullable Throwable cause) {
    io.loop().execute(() -> close(cause));
  }

  /** The socket takes nothing more, and the queue is closed. */
  @AnyThread
  void outputFailed(IOException cause) {
    io.loop()
        .execute(
            () -> {
              if (!isDelivering() || !protocol.onOutputFailed(cause)) {
                close(cause);
              }
            });
  }

  /** The socket is full: goes on when there is room. */
  @AnyThread
  void wantWrite() {
    if (io.loop().isInLoop()) {
      writeInterest(true);
    } else {
      io.loop().execute(() -> writeInterest(true));
    }
  }
}
