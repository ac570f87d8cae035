package io.httpkit.server;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A socket whose peer sends the same bytes with each read, and takes all that is written. */
final class MemoryChannel extends SocketChannel {
  private final ByteBuffer input;
  private long written;
  private @Nullable StringBuilder copy;

  /**
   * @param input read as a whole each time
   */
  MemoryChannel(ByteBuffer input) {
    super(SelectorProvider.provider());
    this.input = input;
  }

  /** The bytes written so far. */
  long written() {
    return written;
  }

  /** Has what is written put into {@code target} too, as Latin-1; null for no longer. */
  void copyTo(@Nullable StringBuilder target) {
    copy = target;
  }

  @Override
  public int read(ByteBuffer target) {
    int length = input.limit();
    target.put(input.rewind());
    return length;
  }

  @Override
  public int write(ByteBuffer source) {
    if (copy != null) {
      for (int i = source.position(); i < source.limit(); i++) {
        copy.append((char) (source.get(i) & 0xff));
      }
    }
    int length = source.remaining();
    source.position(source.limit());
    written += length;
    return length;
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw new UnsupportedOperationException("scattering read");
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    long count = 0;
    for (int i = offset; i < offset + length; i++) {
      count += write(sources[i]);
    }
    return count;
  }

  @Override
  public SocketChannel bind(@Nullable SocketAddress local) {
    throw new UnsupportedOperationException("bind");
  }

  @Override
  public <T> SocketChannel setOption(SocketOption<T> name, T value) {
    return this;
  }

  @Override
  public <T> T getOption(SocketOption<T> name) {
    throw new UnsupportedOperationException("option " + name);
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return Set.of();
  }

  @Override
  public SocketChannel shutdownInput() {
    return this;
  }

  @Override
  public SocketChannel shutdownOutput() {
    return this;
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
  protected void implCloseSelectableChannel() throws IOException {}

  @Override
  protected void implConfigureBlocking(boolean block) throws IOException {}
}
