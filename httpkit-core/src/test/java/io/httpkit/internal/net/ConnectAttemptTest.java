package io.httpkit.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.FakeTicker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How a connection is that was asked for. */
@Timeout(30)
class ConnectAttemptTest {
  private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(20);

  private final List<Throwable> errors = new CopyOnWriteArrayList<>();
  private final EventLoop loop =
      new EventLoop(new FakeTicker(0), TimeUnit.HOURS.toNanos(1), errors::add);

  ConnectAttemptTest() throws IOException {}

  private static final class Told implements ConnectAttempt.Listener {
    @Nullable SocketChannel connected;
    @Nullable IOException failure;

    @Override
    public void onConnected(ConnectAttempt attempt, SocketChannel channel) {
      connected = channel;
    }

    @Override
    public void onFailed(ConnectAttempt attempt, IOException cause) {
      failure = cause;
    }
  }

  @AfterEach
  void close() {
    loop.close();
    loop.runOnce();
    assertThat(errors).isEmpty();
  }

  private SocketChannel connect(SocketAddress remote) throws IOException {
    Told told = new Told();
    ConnectAttempt attempt = ConnectAttempt.open(loop, remote, null, told);
    long start = System.nanoTime();
    while (told.connected == null) {
      assertThat(told.failure).isNull();
      assertThat(System.nanoTime() - start).isLessThan(MAX_NANOS);
      loop.runOnce();
      Thread.onSpinWait();
    }
    assertThat(attempt.remote()).isEqualTo(remote);
    return told.connected;
  }

  /** What is small goes at once, and a peer that is gone without a word is found out. */
  @Test
  void connectionHasNoDelayAndIsKeptAlive() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open()) {
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      try (SocketChannel channel = connect(server.getLocalAddress())) {
        assertThat(channel.isBlocking()).isFalse();
        assertThat(channel.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
        assertThat(channel.getOption(StandardSocketOptions.SO_KEEPALIVE)).isTrue();
      }
    }
  }

  /** It has no such options. */
  @Test
  void connectionOfTheUnixDomainIsNonBlockingToo(@TempDir Path directory) throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("s"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      try (SocketChannel channel = connect(address)) {
        assertThat(channel.isBlocking()).isFalse();
      }
    }
  }
}
