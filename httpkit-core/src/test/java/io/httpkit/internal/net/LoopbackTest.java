package io.httpkit.internal.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.FakeTicker;
import io.httpkit.internal.loop.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A connection over a real socket: what depends on the selector, and on several threads. */
@Timeout(30)
class LoopbackTest {
  private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final List<Throwable> errors = new CopyOnWriteArrayList<>();
  private final List<SocketChannel> peers = new ArrayList<>();
  private final List<Connection> connections = new ArrayList<>();
  private final FakeTicker ticker = new FakeTicker(0);
  private final EventLoop loop = new EventLoop(ticker, Wire.TICK, errors::add);
  private final IoLoop io = new IoLoop(loop, Wire.WRITE_NANOS, Wire.LINGER_NANOS);
  private final ServerSocketChannel server = ServerSocketChannel.open();

  LoopbackTest() throws IOException {}

  @BeforeEach
  void bind() throws IOException {
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    loop.runOnce();
  }

  @AfterEach
  void close() throws IOException {
    loop.runOnce();
    connections.forEach(connection -> connection.close(null));
    loop.close();
    loop.runOnce();
    for (SocketChannel peer : peers) {
      peer.close();
    }
    server.close();
  }

  /** A connection and, as the last of the peers, its other end. */
  private Connection connect(IoLoop of, Protocol protocol) throws IOException {
    SocketChannel peer = SocketChannel.open();
    peer.setOption(StandardSocketOptions.SO_RCVBUF, 4096);
    peer.connect(server.getLocalAddress());
    peers.add(peer);
    SocketChannel accepted = server.accept();
    accepted.configureBlocking(false);
    accepted.setOption(StandardSocketOptions.SO_SNDBUF, 64 * 1024);
    return new Connection(of, accepted, protocol);
  }

  private Connection open(ScriptedProtocol protocol) throws IOException {
    Connection connection = connect(io, protocol);
    connections.add(connection);
    connection.open();
    return connection;
  }

  private SocketChannel peer() {
    return peers.get(peers.size() - 1);
  }

  private void turnUntil(BooleanSupplier done) {
    long start = System.nanoTime();
    while (!done.getAsBoolean()) {
      assertThat(System.nanoTime() - start).isLessThan(MAX_NANOS);
      loop.runOnce();
      Thread.onSpinWait();
    }
  }

  private static String read(SocketChannel peer, int count) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(count);
    while (buffer.hasRemaining() && peer.read(buffer) >= 0) {
      // until all is there, or the end
    }
    return StandardCharsets.ISO_8859_1.decode(buffer.flip()).toString();
  }

  // ---- the selector

  @Test
  void readsAndAnswers() throws IOException {
    ScriptedProtocol protocol = new ScriptedProtocol();
    Connection connection = open(protocol);
    protocol.onBytes =
        in -> connection.output().write(Wire.bytes(protocol.take(in, in.remaining())));
    peer().write(Wire.bytes("hello"));

    turnUntil(() -> protocol.received.length() == 5);

    assertThat(read(peer(), 5)).isEqualTo("hello");
  }

  @Test
  void readsWhatIsThereAsItOpens() throws IOException {
    ScriptedProtocol protocol = new ScriptedProtocol();
    Connection connection = connect(io, protocol);
    connections.add(connection);
    peer().write(Wire.bytes("early"));
    peer().shutdownOutput();

    connection.open();
    turnUntil(connection::isHalfOpen);

    assertThat(protocol.received).hasToString("early");
    assertThat(protocol.seen).containsExactly("open", "eof");
  }

  @Test
  void goesOnWritingWhenThereIsRoom() throws IOException {
    ScriptedProtocol protocol = new ScriptedProtocol();
    Connection connection = open(protocol);
    String text = "0123456789".repeat(1_000_000);
    connection.output().write(Wire.bytes(text));
    assertThat(connection.output().isBlocked()).isTrue();
    StringBuilder received = new StringBuilder();
    peer().configureBlocking(false);
    ByteBuffer buffer = ByteBuffer.allocate(100_000);
    connection.finish();

    turnUntil(
        () -> {
          try {
            int count = peer().read(buffer.clear());
            received.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
            return count < 0;
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });

    assertThat(received.toString().equals(text)).isTrue();
    assertThat(protocol.seen).containsExactly("open", "closed");
  }

  @Test
  void anotherThreadThatFillsTheSocketLeavesTheRestToTheLoop() throws IOException {
    ScriptedProtocol protocol = new ScriptedProtocol();
    Connection connection = open(protocol);
    String text = "0123456789".repeat(500_000);
    Wire.elsewhere(() -> connection.output().write(Wire.bytes(text)));
    assertThat(connection.output().isBlocked()).isTrue();
    peer().configureBlocking(false);
    ByteBuffer buffer = ByteBuffer.allocate(100_000);
    int[] count = new int[1];

    turnUntil(
        () -> {
          try {
            count[0] += peer().read(buffer.clear());
            return count[0] == text.length();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });

    assertThat(connection.output().isBlocked()).isFalse();
  }

  @Test
  void pausedConnectionReadsNothingUntilItIsResumed() throws IOException {
    ScriptedProtocol protocol = new ScriptedProtocol();
    ScriptedProtocol witness = new ScriptedProtocol();
    Connection connection = open(protocol);
    SocketChannel paused = peer();
    open(witness);
    connection.pauseReading();
    paused.write(Wire.bytes("waits"));
    peer().write(Wire.bytes("seen"));

    turnUntil(() -> witness.received.length() == 4);
    loop.runOnce();
    assertThat(protocol.received).isEmpty();
    connection.resumeReading();
    turnUntil(() -> protocol.received.length() == 5);

    assertThat(protocol.received).hasToString("waits");
  }

  @Test
  void protocolThatThrowsClosesOnlyItsConnection() throws IOException {
    ScriptedProtocol bad = new ScriptedProtocol();
    ScriptedProtocol good = new ScriptedProtocol();
    RuntimeException cause = new IllegalStateException("boom");
    bad.onBytes =
        in -> {
          throw cause;
        };
    open(bad);
    SocketChannel toBad = peer();
    open(good);
    toBad.write(Wire.bytes("x"));
    turnUntil(() -> bad.seen.contains("closed"));
    peer().write(Wire.bytes("still there"));
    turnUntil(() -> good.received.length() == 11);

    assertThat(errors).containsExactly(cause);
    assertThat(good.seen).containsExactly("open");
    assertThat(toBad.read(ByteBuffer.allocate(1))).isNegative();
  }

  @Test
  void protocolThatThrowsInATickClosesOnlyItsConnection() throws IOException {
    ScriptedProtocol bad = new ScriptedProtocol();
    ScriptedProtocol good = new ScriptedProtocol();
    bad.onTick =
        () -> {
          throw new IllegalStateException("boom");
        };
    open(bad);
    open(good);
    for (int i = 0; i < 2; i++) {
      ticker.advance(Wire.TICK);
      loop.runOnce();
    }

    assertThat(bad.seen).containsExactly("open", "tick", "closed");
    assertThat(good.seen).containsExactly("open", "tick", "tick");
    assertThat(errors).hasSize(1);
  }

  @Test
  void lingersOverAPeerThatStillSends() throws IOException {
    ScriptedProtocol protocol = new ScriptedProtocol();
    Connection connection = open(protocol);
    peer().write(Wire.bytes("x".repeat(1000)));
    connection.output().write(Wire.bytes("refused"));
    connection.finishAndLinger();
    loop.runOnce();
    peer().write(Wire.bytes("x".repeat(1000)));

    assertThat(read(peer(), 100)).isEqualTo("refused");
    peer().shutdownOutput();
    turnUntil(() -> protocol.seen.contains("closed"));

    assertThat(protocol.closeCause).isNull();
    assertThat(errors).isEmpty();
  }

  @Test
  void stalledPeerIsCutOff() throws IOException {
    ScriptedProtocol protocol = new ScriptedProtocol();
    Connection connection = open(protocol);
    connection.output().write(ByteBuffer.allocate(10_000_000));
    // what the kernel still takes is progress
    for (int i = 0; i < 1_000 && !protocol.seen.contains("closed"); i++) {
      ticker.advance(Wire.TICK);
      loop.runOnce();
    }

    assertThat(protocol.seen).endsWith("closed");
    assertThat(connection.output().queuedBytes()).isZero();
  }

  // ---- several threads

  private static final int WRITERS = 8;
  private static final int FRAMES = 250;
  private static final int MAX_PAYLOAD = 3_000;
  private static final int HEAD = 7;

  /** Writer, number and length, then bytes that follow from them. */
  private static ByteBuffer frame(int writer, int number, int length) {
    ByteBuffer frame = ByteBuffer.allocate(HEAD + length);
    frame.put((byte) writer).putInt(number).putShort((short) length);
    for (int i = 0; i < length; i++) {
      frame.put((byte) (writer * 31 + number + i));
    }
    return frame.flip();
  }

  private static void writeFrames(WriteQueue output, int writer) {
    Random random = new Random(writer);
    for (int number = 0; number < FRAMES; number++) {
      ByteBuffer frame = frame(writer, number, random.nextInt(MAX_PAYLOAD));
      if (number % 3 == 0) {
        ByteBuffer buffer = output.begin(frame.remaining());
        output.commit(buffer.put(frame));
      } else {
        output.write(frame);
      }
    }
  }

  /** The loop answers, in a delivery, each byte that comes in with a frame. */
  private static ScriptedProtocol answering(Connection[] connection) {
    ScriptedProtocol protocol = new ScriptedProtocol();
    int[] number = new int[1];
    protocol.onBytes =
        in -> {
          while (in.hasRemaining()) {
            in.get();
            ByteBuffer frame = frame(WRITERS, number[0], number[0] % 500);
            number[0]++;
            WriteQueue output = connection[0].output();
            output.commit(output.begin(frame.remaining()).put(frame));
          }
        };
    return protocol;
  }

  @Test
  void framesOfManyThreadsArriveWholeAndInTheOrderOfEach() throws Exception {
    EventLoop real = new EventLoop(Ticker.SYSTEM, TimeUnit.HOURS.toNanos(1), errors::add);
    IoLoop realIo = new IoLoop(real, Wire.WRITE_NANOS, Wire.LINGER_NANOS);
    Thread thread = new Thread(real::run, "real");
    thread.start();
    Connection[] connection = new Connection[1];
    ScriptedProtocol protocol = answering(connection);
    connection[0] = connect(realIo, protocol);
    real.execute(connection[0]::open);
    CountDownLatch written = new CountDownLatch(WRITERS);
    for (int i = 0; i < WRITERS; i++) {
      int writer = i;
      new Thread(
              () -> {
                writeFrames(connection[0].output(), writer);
                written.countDown();
              })
          .start();
    }

    int[] counts = new int[WRITERS + 1];
    int asked = readFrames(peer(), counts, WRITERS * FRAMES);
    assertThat(written.await(10, TimeUnit.SECONDS)).isTrue();
    readFrames(peer(), counts, WRITERS * FRAMES + asked - total(counts));
    real.execute(connection[0]::finish);
    assertThat(peer().read(ByteBuffer.allocate(1))).isNegative();
    real.close();
    thread.join(10_000);

    assertThat(thread.isAlive()).isFalse();
    for (int writer = 0; writer < WRITERS; writer++) {
      assertThat(counts[writer]).isEqualTo(FRAMES);
    }
    assertThat(counts[WRITERS]).isEqualTo(asked).isPositive();
    assertThat(errors).isEmpty();
    assertThat(protocol.seen).containsExactly("open", "closed");
  }

  private static int total(int[] counts) {
    int total = 0;
    for (int count : counts) {
      total += count;
    }
    return total;
  }

  /** Reads so many frames, little by little, and asks the loop for more now and then. */
  private static int readFrames(SocketChannel peer, int[] counts, int wanted) throws IOException {
    int asked = 0;
    ByteBuffer in = ByteBuffer.allocate(HEAD + MAX_PAYLOAD).limit(0);
    for (int i = 0; i < wanted; i++) {
      require(peer, in, HEAD);
      int writer = in.get();
      int number = in.getInt();
      int length = in.getShort();
      require(peer, in, length);
      ByteBuffer expected = frame(writer, number, length).position(HEAD);
      assertThat(in.slice(in.position(), length)).isEqualTo(expected);
      assertThat(number).isEqualTo(counts[writer]++);
      in.position(in.position() + length);
      if (i % 7 == 0 && wanted == WRITERS * FRAMES) {
        peer.write(ByteBuffer.allocate(3));
        asked += 3;
      }
    }
    assertThat(in.hasRemaining()).isFalse();
    return asked;
  }

  private static void require(SocketChannel peer, ByteBuffer in, int count) throws IOException {
    in.compact();
    while (in.position() < count) {
      in.limit(count);
      assertThat(peer.read(in)).isNotNegative();
    }
    in.flip();
  }
}
