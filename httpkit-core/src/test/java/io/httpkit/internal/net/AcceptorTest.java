package io.httpkit.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.FakeTicker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AcceptorTest {
  private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(10);
  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long CALM_NANOS = 1_000_000_000;
  private static final int BATCH = 64;

  private final List<Throwable> errors = new CopyOnWriteArrayList<>();
  private final FakeTicker ticker = new FakeTicker(0);
  private final EventLoop loop = new EventLoop(ticker, TimeUnit.HOURS.toNanos(1), errors::add);
  private final TestOwner owner = new TestOwner();
  private final List<SocketChannel> peers = new ArrayList<>();

  AcceptorTest() throws IOException {}

  /** Has room for so many connections. */
  private static final class TestOwner implements Acceptor.Owner {
    final List<SocketChannel> accepted = new ArrayList<>();
    final List<String> seen = new ArrayList<>();
    int room = Integer.MAX_VALUE;

    @Override
    public void onAccepted(SocketChannel channel) {
      accepted.add(channel);
    }

    @Override
    public boolean hasRoom() {
      return accepted.size() < room;
    }

    @Override
    public void onPaused(@Nullable Throwable cause) {
      seen.add(cause == null ? "full" : cause.getMessage());
    }

    @Override
    public void onResumed() {
      seen.add("resumed");
    }
  }

  /** Accepts what the test put there. */
  private static final class MemoryServerChannel extends ServerSocketChannel {
    final Deque<SocketChannel> waiting = new ArrayDeque<>();
    @Nullable IOException failure;
    int accepts;

    MemoryServerChannel() {
      super(SelectorProvider.provider());
    }

    @Override
    public @Nullable SocketChannel accept() throws IOException {
      accepts++;
      if (failure != null) {
        throw failure;
      }
      return waiting.poll();
    }

    @Override
    public ServerSocketChannel bind(@Nullable SocketAddress local, int backlog) {
      return this;
    }

    @Override
    public <T> ServerSocketChannel setOption(SocketOption<T> name, T value) {
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
    public ServerSocket socket() {
      throw new UnsupportedOperationException("socket");
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

  @AfterEach
  void close() throws IOException {
    loop.close();
    loop.runOnce();
    for (SocketChannel channel : peers) {
      channel.close();
    }
    for (SocketChannel channel : owner.accepted) {
      channel.close();
    }
    assertThat(errors).isEmpty();
  }

  // ---- real sockets

  private ServerSocketChannel bound() throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  private void connect(ServerSocketChannel server) throws IOException {
    peers.add(SocketChannel.open(server.getLocalAddress()));
  }

  private void turnUntil(BooleanSupplier done) {
    long start = System.nanoTime();
    while (!done.getAsBoolean()) {
      assertThat(System.nanoTime() - start).isLessThan(MAX_NANOS);
      loop.runOnce();
      Thread.onSpinWait();
    }
  }

  @Test
  void acceptsConnectionsThatAreNonBlockingAndHaveNoDelay() throws IOException {
    ServerSocketChannel server = bound();
    Acceptor acceptor = new Acceptor(loop, server, owner);
    acceptor.open();
    connect(server);
    connect(server);

    turnUntil(() -> owner.accepted.size() == 2);

    for (SocketChannel channel : owner.accepted) {
      assertThat(channel.isBlocking()).isFalse();
      assertThat(channel.getOption(StandardSocketOptions.TCP_NODELAY)).isTrue();
    }
    assertThat(owner.seen).isEmpty();
    acceptor.close();
    assertThat(server.isOpen()).isFalse();
  }

  @Test
  void leavesConnectionsInTheBacklogWhileThereIsNoRoom() throws IOException {
    ServerSocketChannel server = bound();
    Acceptor acceptor = new Acceptor(loop, server, owner);
    owner.room = 1;
    acceptor.open();
    connect(server);
    connect(server);
    turnUntil(() -> owner.seen.contains("full"));

    for (int i = 0; i < 3; i++) {
      ticker.advance(RETRY_NANOS);
      loop.runOnce();
    }
    assertThat(owner.accepted).hasSize(1);
    assertThat(owner.seen).containsExactly("full");

    owner.room = 2;
    loop.runOnce();
    assertThat(owner.accepted).as("only after a while").hasSize(1);
    ticker.advance(RETRY_NANOS);
    turnUntil(() -> owner.accepted.size() == 2);

    assertThat(owner.seen).containsExactly("full");
    calm();
    assertThat(owner.seen).containsExactly("full", "resumed");
    acceptor.close();
  }

  // ---- an accept that fails

  private final MemoryServerChannel memory = new MemoryServerChannel();
  private final Acceptor acceptor = new Acceptor(loop, memory, owner);

  private void retry() {
    ticker.advance(RETRY_NANOS);
    loop.runOnce();
  }

  private void calm() {
    ticker.advance(CALM_NANOS);
    loop.runOnce();
  }

  @Test
  void pausesWhileTheSystemGivesNoConnections() {
    loop.runOnce();
    memory.failure = new IOException("too many open files");
    acceptor.onReadable();
    retry();
    retry();
    assertThat(owner.seen).containsExactly("too many open files");
    assertThat(memory.accepts).isEqualTo(3);

    memory.failure = null;
    memory.waiting.add(new MemoryChannel());
    retry();
    assertThat(owner.accepted).hasSize(1);
    assertThat(owner.seen).as("not before a calm while").containsExactly("too many open files");
    calm();

    assertThat(owner.seen).containsExactly("too many open files", "resumed");

    memory.failure = new IOException("again");
    acceptor.onReadable();
    assertThat(owner.seen).containsExactly("too many open files", "resumed", "again");
  }

  @Test
  void saysOnceThatItPausesWhenConnectionsComeOneByOne() {
    loop.runOnce();
    for (int i = 0; i < 5; i++) {
      memory.failure = new IOException("too many open files");
      acceptor.onReadable();
      memory.failure = null;
      memory.waiting.add(new MemoryChannel());
      retry();
    }

    assertThat(owner.accepted).hasSize(5);
    assertThat(owner.seen).containsExactly("too many open files");
  }

  @Test
  void retriesOnceAtATime() {
    loop.runOnce();
    memory.failure = new IOException("too many open files");
    acceptor.onReadable();
    for (int i = 0; i < 10; i++) {
      retry();
    }

    assertThat(memory.accepts).isEqualTo(11);
  }

  @Test
  void resumesWhenNobodyWaitsAnyMore() {
    loop.runOnce();
    owner.room = 0;
    acceptor.onReadable();
    owner.room = 1;
    retry();
    calm();

    assertThat(owner.seen).containsExactly("full", "resumed");
  }

  @Test
  void connectionThatCannotBeSetUpIsClosedAndOthersAreNot() {
    MemoryChannel bad = new MemoryChannel();
    MemoryChannel good = new MemoryChannel();
    bad.failOptions(new IOException("invalid argument"));
    memory.waiting.add(bad);
    memory.waiting.add(good);

    acceptor.onReadable();

    assertThat(bad.isOpen()).isFalse();
    assertThat(good.isOpen()).isTrue();
    assertThat(owner.accepted).containsExactly(good);
    assertThat(owner.seen).isEmpty();
  }

  @Test
  void acceptsNoMoreThanABatchAtATime() {
    for (int i = 0; i < BATCH + 1; i++) {
      memory.waiting.add(new MemoryChannel());
    }

    acceptor.onReadable();
    assertThat(owner.accepted).hasSize(BATCH);
    acceptor.onReadable();
    assertThat(owner.accepted).hasSize(BATCH + 1);
  }

  @Test
  void closedAcceptorDoesNotRetry() {
    loop.runOnce();
    memory.failure = new IOException("too many open files");
    acceptor.onReadable();
    acceptor.close();
    acceptor.close();
    retry();

    assertThat(memory.isOpen()).isFalse();
    assertThat(memory.accepts).isEqualTo(1);
  }
}
