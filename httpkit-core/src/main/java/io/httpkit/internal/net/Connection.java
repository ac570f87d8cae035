package io.httpkit.internal.net;

import io.httpkit.internal.loop.AnyThread;
import io.httpkit.internal.loop.LoopConfined;
import io.httpkit.internal.loop.Registration;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * One connection for its whole life: its socket, the bytes its protocol has not consumed, its
 * {@link WriteQueue} and its current {@link Protocol}. Belongs to one loop.
 *
 * <pre>
 *   OPEN ── finish ──▶ FLUSHING ── all written ──────────────▶ CLOSED
 *     └── finishAndLinger ─▶ FLUSHING_TO_LINGER ─▶ LINGERING ──▲
 * </pre>
 *
 * and from each to CLOSED when it fails.
 */
@LoopConfined
public final class Connection implements Registration.Handler {
  private enum State {
    OPEN,
    /** Closes when all is written. What comes in is dropped. */
    FLUSHING,
    /** Lingers when all is written. What comes in is dropped. */
    FLUSHING_TO_LINGER,
    /**
     * Our end is shut; what comes in is dropped until the peer has shut its end too. A close while
     * bytes are unread would reset the connection and could destroy the answer on its way.
     */
    LINGERING,
    CLOSED
  }

  private static final int MIN_UNREAD_BYTES = 256;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final IoLoop io;
  private final SocketChannel channel;
  private final WriteQueue output;
  private final ByteStage stage = ByteStage.PLAINTEXT;
  private Registration registration = Registration.detached();
  private Protocol protocol;
  private @Nullable ByteBuffer unread;
  private State state = State.OPEN;
  private long lingerDeadlineNanos;

  /** A connection over a channel that is connected and non-blocking. */
  public Connection(IoLoop io, SocketChannel channel, Protocol protocol) {
    this.io = io;
    this.channel = channel;
    this.protocol = protocol;
    this.output = new WriteQueue(this, channel);
  }

  /** Begins to read. */
  public void open() throws IOException {
    io.loop().assertInLoop();
    openWith(io.loop().register(channel, this));
  }

  /** Begins to read a channel that is already registered, or is none of a selector's. */
  public void openWith(Registration opened) {
    registration = opened;
    registration.readInterest(true);
    protocol.onOpen(this);
  }

  @AnyThread
  public IoLoop io() {
    return io;
  }

  @AnyThread
  public WriteQueue output() {
    return output;
  }

  /** The address of the peer; null if it has none. */
  @AnyThread
  public @Nullable SocketAddress remoteAddress() {
    try {
      return channel.getRemoteAddress();
    } catch (IOException e) {
      return null;
    }
  }

  public boolean isOpen() {
    return state == State.OPEN;
  }

  /** Hands the connection to another protocol, with all bytes that are still unread. */
  public void switchTo(Protocol next) {
    io.loop().assertInLoop();
    protocol = next;
    next.onOpen(this);
  }

  /** Whether to read from the socket. */
  public void readInterest(boolean wanted) {
    registration.readInterest(wanted);
  }

  @Override
  public void onReadable() throws IOException {
    ByteBuffer input = io.input().clear();
    int count = channel.read(input);
    if (count > 0) {
      deliver(stage.inbound(input.flip()));
    } else if (count < 0) {
      onEof();
    }
  }

  private void onEof() {
    registration.readInterest(false);
    if (state == State.LINGERING) {
      close(null);
    } else if (state == State.OPEN) {
      delivering(() -> protocol.onEof());
    }
  }

  @Override
  public void onWritable() {
    if (output.onWritable()) {
      registration.writeInterest(false);
    }
  }

  /** Offers the unread bytes again, now that the protocol wants them. */
  public void offerUnread() {
    io.loop().assertInLoop();
    deliver(NOTHING);
  }

  private void deliver(ByteBuffer input) {
    if (state != State.OPEN) {
      return;
    }
    io.delivering(output);
    try {
      ByteBuffer offered = append(input);
      Protocol offeredTo;
      do {
        offeredTo = protocol;
        offeredTo.onBytes(offered);
      } while (protocol != offeredTo);
      keep(offered);
    } finally {
      io.delivering(null);
      output.uncork();
    }
  }

  private void delivering(Runnable event) {
    io.delivering(output);
    try {
      event.run();
    } finally {
      io.delivering(null);
      output.uncork();
    }
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
    if (!offered.hasRemaining() || state != State.OPEN) {
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
    finishAs(State.FLUSHING_TO_LINGER);
  }

  private void finishAs(State next) {
    io.loop().assertInLoop();
    if (state == State.OPEN) {
      state = next;
      registration.readInterest(true);
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

  private void linger() {
    try {
      channel.shutdownOutput();
      state = State.LINGERING;
      lingerDeadlineNanos = io.loop().nowNanos() + io.timeouts().lingerNanos();
    } catch (IOException e) {
      close(e);
    }
  }

  @Override
  public void onTick(long nowNanos) {
    if (state == State.LINGERING) {
      if (nowNanos - lingerDeadlineNanos >= 0) {
        close(null);
      }
      return;
    }
    if (output.isStalled(nowNanos, io.timeouts().writeNanos())) {
      close(null);
    } else if (state == State.OPEN) {
      delivering(() -> protocol.onTick(nowNanos));
    }
  }

  /** Asks the protocol to end the connection once what is in progress is done. */
  public void shutdown() {
    if (state == State.OPEN) {
      delivering(() -> protocol.onShutdown());
    }
  }

  @Override
  public void onFailure(Throwable cause) {
    if (!(cause instanceof IOException)) {
      io.loop().report(cause);
    }
    close(cause);
  }

  /** Closes at once; what was not written is lost. May be called again. */
  public void close(@Nullable Throwable cause) {
    io.loop().assertInLoop();
    if (state == State.CLOSED) {
      return;
    }
    state = State.CLOSED;
    unread = null;
    registration.cancel();
    output.close();
    try {
      channel.close();
    } catch (IOException e) {
      // there is nothing more to do with it
    }
    io.loop().load().decrementAndGet();
    protocol.onClosed(cause);
  }

  /** Closes soon, from any thread. */
  @AnyThread
  public void abort(@Nullable Throwable cause) {
    io.loop().execute(() -> close(cause));
  }

  /** The socket is full: goes on when there is room. */
  @AnyThread
  void wantWrite() {
    if (io.loop().isInLoop()) {
      registration.writeInterest(true);
    } else {
      io.loop().execute(() -> registration.writeInterest(true));
    }
  }
}
