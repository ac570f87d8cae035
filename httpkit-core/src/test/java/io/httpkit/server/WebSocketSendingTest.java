package io.httpkit.server;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.CloseStatus;
import io.httpkit.server.WebSocketPeer.Frame;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is sent arrives whole and in order: from many threads, large, as a stream or a file. */
class WebSocketSendingTest {
  private static final int MEBI = 1024 * 1024;
  private static final int LARGE = 4 * MEBI;

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  @TempDir @Nullable Path temporary;

  private final WebSocketLog log = new WebSocketLog();

  private WebSocketPeer open(UnaryOperator<ChannelOptions> options, ChannelListener listener)
      throws Exception {
    HttpServer server = servers.start(request -> request.asChannel(options, listener));
    return WebSocketPeer.open(servers.connect(server));
  }

  private static ChannelOptions unbounded(ChannelOptions options) {
    return options.withMaxQueuedBytes(Long.MAX_VALUE);
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  // ---- many at a time

  @Test
  void tenMessagesAtATimeAreAnsweredInOrder() throws Exception {
    WebSocketPeer peer = open(options -> options, new WebSocketLog.Echo());
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 10; i++) {
        peer.text("m" + round + "." + i);
      }
      for (int i = 0; i < 10; i++) {
        peer.expectText("m" + round + "." + i);
      }
    }
  }

  @Test
  void framesOfManyWritersAreNeverInterleaved() throws Exception {
    int writers = 8;
    int[] sizes = {0, 1, 125, 126, 1000, 32_767, 32_769, 65_535, 65_536, 200_000};
    WebSocketPeer peer = open(WebSocketSendingTest::unbounded, log);
    AsyncChannel channel = log.channel();
    ExecutorService threads = Executors.newFixedThreadPool(writers);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        byte name = (byte) writer;
        all.add(
            threads.submit(
                () -> {
                  for (int size : sizes) {
                    byte[] message = new byte[size + 2];
                    Arrays.fill(message, name);
                    assertThat(channel.send(message)).isTrue();
                    assertThat(channel.ping(new byte[] {name})).isTrue();
                  }
                }));
      }
      int[] received = new int[writers];
      for (int i = 0; i < writers * sizes.length; ) {
        Frame frame = peer.read();
        byte[] payload = frame.payload();
        if (frame.isControl()) {
          assertThat(payload).hasSize(1);
          continue;
        }
        i++;
        byte writer = payload[0];
        assertThat(payload).containsOnly(writer).hasSize(sizes[received[writer]++] + 2);
      }
      for (Future<?> each : all) {
        each.get(20, TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void largeMessagesAreEchoed() throws Exception {
    WebSocketPeer peer = open(WebSocketSendingTest::unbounded, new WebSocketLog.Echo());
    byte[] message = random(LARGE, 1);
    byte[] frame = WebSocketPeer.frame(WebSocketPeer.FIN | WebSocketPeer.BINARY, message);
    for (int i = 0; i < 10; i++) {
      peer.raw(frame).expectBinary(message);
    }
    String text = "é".repeat(LARGE / 2);
    peer.text(text).expectText(text);
  }

  // ---- streams and files

  @Test
  void streamIsOneMessageInFragments() throws Exception {
    WebSocketPeer peer = open(options -> options, log);
    byte[] bytes = random(3 * MEBI + 1, 2);
    AtomicBoolean closed = new AtomicBoolean();
    InputStream stream =
        new ByteArrayInputStream(bytes) {
          @Override
          public void close() {
            closed.set(true);
          }
        };
    assertThat(log.channel().send(stream)).isTrue();
    assertThat(log.channel().send("behind")).isTrue();
    assertThat(peer.readMessage(WebSocketPeer.BINARY)).isEqualTo(bytes);
    peer.expectText("behind");
    assertThat(closed).isTrue();
  }

  @Test
  void fileIsOneMessageInFragments() throws Exception {
    Path file = Files.write(requireNonNull(temporary).resolve("file"), random(300_000, 3));
    WebSocketPeer peer = open(options -> options, log);
    AsyncChannel channel = log.channel();
    assertThat(channel.send(file)).isTrue();
    assertThat(channel.send(Response.file(file))).isTrue();
    assertThat(channel.send(Response.parts(List.of("one", new byte[] {'t', 'w', 'o'})))).isTrue();
    assertThat(channel.send(Response.text("text"))).isTrue();
    assertThat(channel.send(new ByteArrayInputStream(new byte[0]))).isTrue();
    assertThat(channel.send(file, true)).isTrue();
    assertThat(channel.send("closed")).isFalse();

    assertThat(peer.readMessage(WebSocketPeer.BINARY)).isEqualTo(Files.readAllBytes(file));
    assertThat(peer.readMessage(WebSocketPeer.BINARY)).isEqualTo(Files.readAllBytes(file));
    assertThat(peer.readMessage(WebSocketPeer.BINARY)).asString().isEqualTo("onetwo");
    peer.expectText("text");
    assertThat(peer.readMessage(WebSocketPeer.BINARY)).isEmpty();
    assertThat(peer.readMessage(WebSocketPeer.BINARY)).isEqualTo(Files.readAllBytes(file));
    peer.expectClose(1000);
    log.expect("open");
    while (log.next().equals("drain")) {
      // a stream was sent
    }
  }

  /** A stream that gives a byte for each permit. */
  private static final class Slow extends InputStream {
    final Semaphore bytes = new Semaphore(0);
    final CountDownLatch closed = new CountDownLatch(1);
    private final int length;
    private final @Nullable IOException end;
    private int given;

    Slow(int length, @Nullable IOException end) {
      this.length = length;
      this.end = end;
    }

    @Override
    public int read() throws IOException {
      try {
        assertThat(bytes.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      if (given < length) {
        return 'a' + given++;
      }
      if (end != null) {
        throw end;
      }
      return -1;
    }

    @Override
    public int read(byte[] out, int offset, int count) throws IOException {
      int next = read();
      if (next >= 0) {
        out[offset] = (byte) next;
      }
      return next < 0 ? -1 : 1;
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  @Test
  void controlFramesOvertakeAStreamAndMessagesWait() throws Exception {
    Slow stream = new Slow(2, null);
    WebSocketPeer peer = open(options -> options, log);
    AsyncChannel channel = log.channel();
    assertThat(channel.send(stream)).isTrue();
    assertThat(channel.isWritable()).isFalse();
    assertThat(channel.send("queued")).isTrue();
    assertThat(channel.send(WebSocketPeer.utf8("bytes"))).isTrue();
    assertThat(channel.queuedBytes()).isPositive();

    stream.bytes.release();
    Frame first = peer.read();
    assertThat(first.opcode()).isEqualTo(WebSocketPeer.BINARY);
    assertThat(first.isFinal()).isFalse();
    assertThat(first.text()).isEqualTo("a");
    peer.ping("between").expectPong("between");
    assertThat(channel.ping(WebSocketPeer.utf8("mine"))).isTrue();
    peer.expectPing("mine");

    stream.bytes.release();
    Frame second = peer.read();
    assertThat(second.opcode()).isEqualTo(WebSocketPeer.CONTINUATION);
    assertThat(second.text()).isEqualTo("b");
    stream.bytes.release();
    Frame last = peer.read();
    assertThat(last.isFinal()).isTrue();
    assertThat(last.length()).isZero();
    peer.expectText("queued");
    assertThat(peer.read().opcode()).isEqualTo(WebSocketPeer.BINARY);
    // it was not writable while the stream was sent
    log.expect("open", "ping between", "drain");
    assertThat(channel.isWritable()).isTrue();
  }

  @Test
  void streamThatThrowsCloses1011() throws Exception {
    Slow stream = new Slow(1, new IOException("on purpose"));
    Slow never = new Slow(1, null);
    WebSocketPeer peer = open(options -> options, log);
    assertThat(log.channel().send(stream)).isTrue();
    assertThat(log.channel().send(never)).isTrue();
    stream.bytes.release(2);
    assertThat(peer.read().text()).isEqualTo("a");
    peer.expectClose(1011);
    WebSocketLog.await(stream.closed);
    WebSocketLog.await(never.closed);
    log.expect("open", "close INTERNAL_SERVER_ERROR 1011");
  }

  @Test
  void streamsThatNoWorkerCanBeHadForAreClosed() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicBoolean full = new AtomicBoolean();
    Executor workers =
        task -> {
          if (full.get()) {
            throw new RejectedExecutionException("on purpose");
          }
          threads.execute(task);
        };
    WebSocketLog asking =
        new WebSocketLog() {
          @Override
          public void onClose(AsyncChannel channel, CloseStatus status) throws Exception {
            // another thread may use the channel meanwhile
            Future<Boolean> isOpen = threads.submit(channel::isOpen);
            assertThat(isOpen.get(BOUND_SECONDS, TimeUnit.SECONDS)).isFalse();
            super.onClose(channel, status);
          }
        };
    try {
      HttpServer server =
          servers.start(request -> request.asChannel(asking), config -> config.executor(workers));
      WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
      AsyncChannel channel = asking.channel();
      Slow[] streams = {new Slow(1, null), new Slow(1, null), new Slow(1, null)};
      for (Slow each : streams) {
        assertThat(channel.send(each)).isTrue();
      }
      full.set(true);
      streams[0].bytes.release(2);
      assertThat(peer.readMessage(WebSocketPeer.BINARY)).hasSize(1);
      peer.expectClose(1011);
      for (Slow each : streams) {
        WebSocketLog.await(each.closed);
      }
      asking.expect("open", "close INTERNAL_SERVER_ERROR 1011");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void fileThatIsNotThereCloses1011() throws Exception {
    WebSocketPeer peer = open(options -> options, log);
    log.channel().send(requireNonNull(temporary).resolve("missing"));
    peer.expectClose(1011);
    log.expect("open", "close INTERNAL_SERVER_ERROR 1011");
  }

  @Test
  void streamIsClosedWhenThePeerIsGone() throws Exception {
    Slow stream = new Slow(100, null);
    Slow behind = new Slow(100, null);
    WebSocketPeer peer = open(options -> options, log);
    AsyncChannel channel = log.channel();
    assertThat(channel.send(stream)).isTrue();
    assertThat(channel.send(behind)).isTrue();
    CompletableFuture<Void> flushed = channel.flushed().toCompletableFuture();
    peer.close();
    log.expect("open");
    assertThat(log.next()).startsWith("close ABNORMAL 1006");
    WebSocketLog.await(behind.closed);
    stream.bytes.release(3);
    WebSocketLog.await(stream.closed);
    assertThatThrownBy(() -> flushed.get(20, TimeUnit.SECONDS))
        .isInstanceOfAny(ExecutionException.class, CancellationException.class);
    Slow late = new Slow(1, null);
    assertThat(channel.send(late)).isFalse();
    WebSocketLog.await(late.closed);
  }

  @Test
  void closeWaitsForTheStreamBeforeIt() throws Exception {
    Slow stream = new Slow(1, null);
    WebSocketPeer peer = open(options -> options, log);
    AsyncChannel channel = log.channel();
    assertThat(channel.send(stream)).isTrue();
    assertThat(channel.send("between")).isTrue();
    assertThat(channel.close(4000, "done")).isTrue();
    assertThat(channel.close()).isFalse();
    assertThat(channel.send("late")).isFalse();
    stream.bytes.release(2);
    assertThat(peer.readMessage(WebSocketPeer.BINARY)).hasSize(1);
    peer.expectText("between");
    assertThat(peer.expectClose(4000)).isEqualTo("done");
    log.expect("open", "close SERVER_CLOSE 4000 done");
  }

  // ---- flushed

  @Test
  void flushedCompletesWhenAllIsWithTheSystem() throws Exception {
    HttpServer server =
        servers.start(request -> request.asChannel(WebSocketSendingTest::unbounded, log));
    WebSocketPeer peer = WebSocketPeer.open(servers.connectNarrow(server));
    AsyncChannel channel = log.channel();
    channel.flushed().toCompletableFuture().get(20, TimeUnit.SECONDS);
    byte[] message = new byte[16 * MEBI];
    assertThat(channel.send(message)).isTrue();
    CompletableFuture<Void> flushed = channel.flushed().toCompletableFuture();
    assertThat(channel.queuedBytes()).isPositive();
    assertThat(flushed).isNotDone();
    peer.expectBinary(message);
    flushed.get(20, TimeUnit.SECONDS);
    assertThat(channel.queuedBytes()).isZero();
  }

  @Test
  void flushedFailsWhenThePeerIsGone() throws Exception {
    HttpServer server =
        servers.start(request -> request.asChannel(WebSocketSendingTest::unbounded, log));
    WebSocketPeer peer = WebSocketPeer.open(servers.connectNarrow(server));
    AsyncChannel channel = log.channel();
    assertThat(channel.send(new byte[16 * MEBI])).isTrue();
    CompletableFuture<Void> flushed = channel.flushed().toCompletableFuture();
    peer.wire().reset();
    assertThatThrownBy(() -> flushed.get(20, TimeUnit.SECONDS))
        .isInstanceOfAny(ExecutionException.class, CancellationException.class);
    assertThat(channel.flushed().toCompletableFuture()).isCompletedExceptionally();
  }
}
