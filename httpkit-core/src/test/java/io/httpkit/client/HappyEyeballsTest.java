package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.FakeTicker;
import io.httpkit.testing.Leftovers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several addresses, of which some are silent, on a loop that is turned by hand. RFC 8305 §5. */
@Timeout(60)
class HappyEyeballsTest implements HappyEyeballs.Listener {
  private static final long DELAY_NANOS = 250_000_000;
  private static final long TICK_NANOS = 1_000_000_000;
  private static final int BOUND_MILLIS = 20_000;

  private final FakeTicker ticker = new FakeTicker(0);
  private final List<Throwable> errors = new CopyOnWriteArrayList<>();
  private final EventLoop loop = new EventLoop(ticker, TICK_NANOS, errors::add);
  private final List<AutoCloseable> opened = new ArrayList<>();
  private List<String> descriptorsBefore = List.of();

  private @Nullable SocketChannel connected;
  private @Nullable IOException failure;

  HappyEyeballsTest() throws IOException {}

  @BeforeEach
  void countDescriptors() throws IOException {
    descriptorsBefore = Leftovers.descriptors();
    loop.runOnce();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    if (connected != null) {
      connected.close();
    }
    for (AutoCloseable one : opened) {
      one.close();
    }
    loop.runOnce();
    assertThat(Leftovers.descriptors()).hasSizeLessThanOrEqualTo(descriptorsBefore.size());
    assertThat(errors).isEmpty();
    loop.close();
    loop.runOnce();
  }

  @Override
  public void onConnected(SocketChannel channel) {
    assertThat(connected).isNull();
    assertThat(failure).isNull();
    connected = channel;
  }

  @Override
  public void onFailed(IOException cause) {
    assertThat(connected).isNull();
    assertThat(failure).isNull();
    failure = cause;
  }

  // ---- addresses

  private static InetAddress loopback(int last) throws IOException {
    return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
  }

  /** One that answers. */
  private ServerSocketChannel answering() throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open();
    opened.add(listening);
    return listening.bind(new InetSocketAddress(loopback(1), 0));
  }

  /** One that answers nobody, as more connections wait there than it has room for. */
  private Silent silent() throws IOException {
    Silent silent = new Silent();
    opened.add(silent);
    return silent;
  }

  /** One that refuses. */
  private static SocketAddress refusing(int last) throws IOException {
    try (ServerSocket closed = new ServerSocket(0, 1, loopback(last))) {
      return closed.getLocalSocketAddress();
    }
  }

  /** Listens, and has its backlog full, so that the system drops all that comes. */
  private static final class Silent implements AutoCloseable {
    private final ServerSocketChannel listening = ServerSocketChannel.open();
    private final List<SocketChannel> waiting = new ArrayList<>();
    private final List<SocketChannel> accepted = new ArrayList<>();

    Silent() throws IOException {
      listening.bind(new InetSocketAddress(loopback(2), 0), 1);
      // one by one: whoever is connected at once has found room
      boolean room = true;
      while (room) {
        SocketChannel next = SocketChannel.open();
        next.configureBlocking(false);
        waiting.add(next);
        room = next.connect(address()) || next.finishConnect();
      }
    }

    SocketAddress address() throws IOException {
      return listening.getLocalAddress();
    }

    /** Takes all that wait, so that there is room for others. */
    void answer() throws IOException {
      listening.configureBlocking(false);
      for (SocketChannel next = listening.accept(); next != null; next = listening.accept()) {
        accepted.add(next);
      }
      // of those, one has found no room and would ask again
      waiting.remove(waiting.size() - 1).close();
    }

    /** Waits for the next, which the system asks for again within a few seconds. */
    void awaitNext() throws IOException {
      listening.configureBlocking(true);
      listening.socket().setSoTimeout(BOUND_MILLIS);
      accepted.add(listening.socket().accept().getChannel());
    }

    @Override
    public void close() throws IOException {
      listening.close();
      for (SocketChannel one : waiting) {
        one.close();
      }
      for (SocketChannel one : accepted) {
        one.close();
      }
    }
  }

  private HappyEyeballs begin(SocketAddress... addresses) {
    HappyEyeballs connecting = new HappyEyeballs(loop, List.of(addresses), null, this);
    connecting.start();
    loop.runOnce();
    return connecting;
  }

  /** Turns the loop, in which no time passes, until this is so. */
  private void turnUntil(BooleanSupplier condition) {
    long end = System.nanoTime() + 1_000_000L * BOUND_MILLIS;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("nanoseconds beyond the limit").isNegative();
      loop.runOnce();
      Thread.onSpinWait();
    }
  }

  /** The attempts, and who has won. */
  private int registered() {
    int[] count = {0};
    loop.forEach(registration -> count[0]++);
    return count[0];
  }

  private SocketAddress connectedTo() throws IOException {
    return Objects.requireNonNull(connected).getRemoteAddress();
  }

  // ---- who wins

  @Test
  void secondIsTriedWhenTheFirstIsSilent() throws Exception {
    Silent first = silent();
    ServerSocketChannel second = answering();
    begin(first.address(), second.getLocalAddress());

    ticker.advance(DELAY_NANOS - 1);
    loop.runOnce();
    assertThat(registered()).isEqualTo(1);
    assertThat(connected).isNull();

    ticker.advance(1);
    turnUntil(() -> connected != null);
    assertThat(connectedTo()).isEqualTo(second.getLocalAddress());
    assertThat(failure).isNull();
  }

  @Test
  void firstIsClosedWhenTheSecondHasWon() throws Exception {
    Silent first = silent();
    ServerSocketChannel second = answering();
    begin(first.address(), second.getLocalAddress());
    ticker.advance(DELAY_NANOS);
    turnUntil(() -> connected != null);

    // in two turns, as a channel leaves the selector in the next
    loop.runOnce();
    assertThat(registered()).isEqualTo(1);
    ticker.advance(10 * DELAY_NANOS);
    loop.runOnce();
    assertThat(connectedTo()).isEqualTo(second.getLocalAddress());
  }

  @Test
  void onlyOneWinsWhenTwoAnswerInTheSameTurn() throws Exception {
    Silent first = silent();
    Silent second = silent();
    begin(first.address(), second.address());
    ticker.advance(DELAY_NANOS);
    loop.runOnce();
    assertThat(registered()).isEqualTo(2);

    first.answer();
    second.answer();
    first.awaitNext();
    second.awaitNext();
    loop.runOnce();

    assertThat(connectedTo()).isIn(first.address(), second.address());
    loop.runOnce();
    assertThat(registered()).isEqualTo(1);
  }

  @Test
  void firstMayStillWinWhileTheSecondIsTried() throws Exception {
    Silent first = silent();
    Silent second = silent();
    begin(first.address(), second.address());
    ticker.advance(DELAY_NANOS);
    loop.runOnce();
    assertThat(registered()).isEqualTo(2);

    first.answer();

    // the system asks again within a second or a few
    turnUntil(() -> connected != null);
    assertThat(connectedTo()).isEqualTo(first.address());
    loop.runOnce();
    assertThat(registered()).isEqualTo(1);
  }

  @Test
  void firstThatAnswersInTimeIsTheOnlyOne() throws Exception {
    ServerSocketChannel first = answering();
    ServerSocketChannel second = answering();
    begin(first.getLocalAddress(), second.getLocalAddress());
    turnUntil(() -> connected != null);

    ticker.advance(10 * DELAY_NANOS);
    loop.runOnce();

    assertThat(connectedTo()).isEqualTo(first.getLocalAddress());
    second.configureBlocking(false);
    assertThat(second.accept()).isNull();
  }

  @Test
  void refusalIsNotWaitedFor() throws Exception {
    ServerSocketChannel second = answering();
    begin(refusing(2), second.getLocalAddress());

    turnUntil(() -> connected != null);

    assertThat(connectedTo()).isEqualTo(second.getLocalAddress());
  }

  @Test
  void eachAddressHasItsTurn() throws Exception {
    Silent first = silent();
    Silent second = silent();
    Silent third = silent();
    HappyEyeballs connecting = begin(first.address(), second.address(), third.address());

    for (int tried = 1; tried <= 3; tried++) {
      assertThat(registered()).isEqualTo(tried);
      ticker.advance(DELAY_NANOS);
      loop.runOnce();
    }
    assertThat(registered()).isEqualTo(3);

    connecting.cancel();
    loop.runOnce();
    assertThat(registered()).isZero();
    assertThat(connected).isNull();
    assertThat(failure).isNull();
  }

  // ---- nobody wins

  @Test
  void failureNamesEachAddressAndItsReason() throws Exception {
    SocketAddress first = refusing(2);
    SocketAddress second = refusing(3);
    SocketAddress third = InetSocketAddress.createUnresolved("third.test", 80);
    begin(first, second, third);

    turnUntil(() -> failure != null);

    IOException cause = Objects.requireNonNull(failure);
    assertThat(cause)
        .hasMessageStartingWith(
            first + ": Connection refused; " + second + ": Connection refused; " + third + ": ");
    assertThat(cause.getSuppressed()).hasSize(2);
  }

  @Test
  void oneAddressFailsWithItsReasonAlone() throws Exception {
    SocketAddress only = refusing(2);
    begin(only);

    turnUntil(() -> failure != null);

    assertThat(failure).hasMessage(only + ": Connection refused").hasNoSuppressedExceptions();
  }

  @Test
  void refusalBehindASilentOneIsNotTheEnd() throws Exception {
    Silent first = silent();
    SocketAddress second = refusing(3);
    begin(first.address(), second);
    ticker.advance(DELAY_NANOS);
    turnUntil(() -> registered() == 1);
    assertThat(failure).isNull();

    first.answer();

    turnUntil(() -> connected != null);
    assertThat(connectedTo()).isEqualTo(first.address());
  }
}
