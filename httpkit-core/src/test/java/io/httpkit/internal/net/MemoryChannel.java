package io.httpkit.internal.net;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A socket without a peer: reads give what the test put there, writes take what the test allows. It
 * cannot be in a selector.
 */
final class MemoryChannel extends SocketChannel {
  private final Deque<ByteBuffer> input = new ArrayDeque<>();
  private final Deque<Integer> capacities = new ArrayDeque<>();
  private final StringBuilder written = new StringBuilder();
  private int capacity = Integer.MAX_VALUE;
  private int writes;
  private boolean inputEnded;
  private boolean outputEnded;
  private @Nullable IOException readFailure;
  private @Nullable IOException writeFailure;
  private @Nullable IOException optionFailure;
  private @Nullable RuntimeException writeFault;

  MemoryChannel() {
    super(SelectorProvider.provider());
  }

  // ---- for the test

  /** Will be read with one read. */
  void receive(String bytes) {
    input.add(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /** The peer sends nothing more. */
  void endInput() {
    inputEnded = true;
  }

  void failReads(IOException cause) {
    readFailure = cause;
  }

  void failWrites(IOException cause) {
    writeFailure = cause;
  }

  /** A fault, not a failure. */
  void throwOnWrite(RuntimeException fault) {
    writeFault = fault;
  }

  void failOptions(IOException cause) {
    optionFailure = cause;
  }

  /** The next writes take no more than these bytes; those behind them nothing. */
  void takeOnly(int... bytes) {
    capacities.clear();
    for (int count : bytes) {
      capacities.add(count);
    }
    capacity = 0;
  }

  /** Each write takes no more than these bytes. */
  void takeEachTime(int bytes) {
    capacities.clear();
    capacity = bytes;
  }

  void takeAll() {
    takeEachTime(Integer.MAX_VALUE);
  }

  String written() {
    return written.toString();
  }

  /** The writes that took something. */
  int writes() {
    return writes;
  }

  boolean isOutputEnded() {
    return outputEnded;
  }

  // ---- the channel

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (readFailure != null) {
      throw readFailure;
    }
    ByteBuffer next = input.poll();
    if (next == null) {
      return inputEnded ? -1 : 0;
    }
    int count = next.remaining();
    target.put(next);
    return count;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    if (writeFault != null) {
      throw writeFault;
    }
    if (writeFailure != null) {
      throw writeFailure;
    }
    Integer next = capacities.poll();
    int count = Math.min(source.remaining(), next != null ? next : capacity);
    for (int i = 0; i < count; i++) {
      written.append((char) (source.get() & 0xff));
    }
    writes += count > 0 ? 1 : 0;
    return count;
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw new UnsupportedOperationException("scattering read");
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new UnsupportedOperationException("gathering write");
  }

  @Override
  public SocketChannel shutdownInput() {
    throw new UnsupportedOperationException("shutdownInput");
  }

  @Override
  public SocketChannel shutdownOutput() {
    outputEnded = true;
    return this;
  }

  @Override
  public <T> SocketChannel setOption(SocketOption<T> name, T value) throws IOException {
    if (optionFailure != null) {
      throw optionFailure;
    }
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) {
    throw new UnsupportedOperationException("option " + name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return Set.of(StandardSocketOptions.TCP_NODELAY);
  }

  @Override
  public SocketChannel bind(@Nullable SocketAddress local) {
    throw new UnsupportedOperationException("bind");
  }

  @Override
  public Socket socket() {
    throw new UnsupportedOperationException("socket");
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isConnectionPending() {
    return false;
  }

  @Override
  public boolean connect(SocketAddress remote) {
    return true;
  }

  @Override
  public boolean finishConnect() {
    return true;
  }

  @Override
  public @Nullable SocketAddress getRemoteAddress() {
    return null;
  }

  @Override
  public @Nullable SocketAddress getLocalAddress() {
    return null;
  }

  @Override
  protected void implCloseSelectableChannel() {}

  @Override
  protected void implConfigureBlocking(boolean block) {}
}
