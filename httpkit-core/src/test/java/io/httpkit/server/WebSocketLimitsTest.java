package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelListener;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.SharedMessage;
import io.httpkit.channel.SlowReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a WebSocket may cost: memory when an end is slow, workers, and time. */
class WebSocketLimitsTest {
  private static final int KIBI = 1024;
  private static final int MEBI = 1024 * 1024;
  private static final Duration SHORT = Duration.ofMillis(200);

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final WebSocketLog log = new WebSocketLog();

  private HttpServer start(
      ChannelListener listener, UnaryOperator<ChannelOptions> options, Duration linger) {
    return servers.start(
        request -> request.asChannel(listener),
        config -> config.lingerTimeout(linger).channels(options.apply(ChannelOptions.DEFAULTS)));
  }

  private HttpServer start(ChannelListener listener, UnaryOperator<ChannelOptions> options) {
    return start(listener, options, Duration.ofSeconds(2));
  }

  /** What begins with a number. */
  private static byte[] numbered(int number, int length) {
    return ByteBuffer.allocate(length).putInt(number).array();
  }

  private static int number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getInt();
  }

  /** Takes numbers until none comes for a while; how many there were. */
  private static int untilStill(LinkedBlockingQueue<Integer> numbers) throws InterruptedException {
    int count = 0;
    while (numbers.poll(400, TimeUnit.MILLISECONDS) != null) {
      count++;
    }
    return count;
  }

  // ---- workers

  @Test
  void channelThatNoWorkerCanBeHadForIsClosed1013() throws Exception {
    CountDownLatch busy = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    WebSocketLog blocking =
        new WebSocketLog() {
          @Override
          public void onText(AsyncChannel channel, String text) throws Exception {
            busy.countDown();
            await(go);
            super.onText(channel, text);
          }
        };
    WebSocketLog waiting = new WebSocketLog();
    WebSocketLog refused = new WebSocketLog();
    AtomicReference<ChannelListener> next = new AtomicReference<>(blocking);
    HttpServer server =
        servers.start(
            request -> request.asChannel(next.get()), config -> config.thread(1).queueSize(1));
    WebSocketPeer first = WebSocketPeer.open(servers.connect(server));
    next.set(waiting);
    WebSocketPeer second = WebSocketPeer.open(servers.connect(server));
    next.set(refused);
    WebSocketPeer third = WebSocketPeer.open(servers.connect(server));
    blocking.expect("open");
    waiting.expect("open");
    refused.expect("open");

    first.text("keeps the worker");
    WebSocketLog.await(busy);
    second.text("waits for it").ping("").expectPong("");
    third.text("finds no place").text("nor does this");
    assertThat(third.expectClose(1013)).isEqualTo("Server overloaded");
    refused.expect("close TRY_AGAIN_LATER 1013 Server overloaded");
    third.closing(1013, "").expectEof();

    // what is in its turn waits for no place
    first.closing(1000, "").expectClose(1000);
    go.countDown();
    blocking.expect("text keeps the worker", "close NORMAL 1000");
    waiting.expect("text waits for it", "ping ");
    second.text("again");
    waiting.expect("text again");
    refused.expectNoMore();
  }

  // ---- a slow listener

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void peerWaitsForASlowListener(boolean handlerWaitsToo) throws Exception {
    int count = 1024;
    int size = 64 * KIBI;
    CountDownLatch go = new CountDownLatch(1);
    LinkedBlockingQueue<Integer> received = new LinkedBlockingQueue<>();
    WebSocketLog slow =
        new WebSocketLog() {
          @Override
          public void onOpen(AsyncChannel channel) throws Exception {
            super.onOpen(channel);
            if (handlerWaitsToo) {
              await(go);
            }
          }

          @Override
          public void onBinary(AsyncChannel channel, byte[] bytes) {
            await(go);
            received.add(number(bytes));
          }
        };
    HttpServer server = start(slow, options -> options);
    ScriptedPeer wire = servers.connect(server);
    LinkedBlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
    CompletableFuture<Void> sender =
        CompletableFuture.runAsync(
            () -> {
              try {
                wire.send(WebSocketPeer.handshake());
                for (int i = 0; i < count; i++) {
                  wire.send(
                      WebSocketPeer.frame(
                          WebSocketPeer.FIN | WebSocketPeer.BINARY, numbered(i, size)));
                  sent.add(i);
                }
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });

    // the buffers of both sockets take some of it
    int taken = untilStill(sent);
    assertThat(taken * (long) size).isLessThan(24L * MEBI);
    go.countDown();
    sender.get(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS);
    for (int i = 0; i < count; i++) {
      assertThat(received.poll(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS)).isEqualTo(i);
    }
    WebSocketPeer.answered(wire).ping("").expectPong("");
  }

  @Test
  void manySmallMessagesComeInOrder() throws Exception {
    int count = 200_000;
    CountDownLatch go = new CountDownLatch(1);
    LinkedBlockingQueue<Integer> received = new LinkedBlockingQueue<>();
    WebSocketLog slow =
        new WebSocketLog() {
          @Override
          public void onBinary(AsyncChannel channel, byte[] bytes) {
            await(go);
            received.add(number(bytes));
          }
        };
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(start(slow, options -> options)));
    CompletableFuture<Void> sender =
        CompletableFuture.runAsync(
            () -> {
              ByteBuffer many = ByteBuffer.allocate(count * 10);
              for (int i = 0; i < count; i++) {
                many.put(
                    WebSocketPeer.frame(WebSocketPeer.FIN | WebSocketPeer.BINARY, numbered(i, 4)));
              }
              try {
                peer.raw(many.array());
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    slow.expect("open");
    go.countDown();
    for (int i = 0; i < count; i++) {
      assertThat(received.poll(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS)).isEqualTo(i);
    }
    sender.get(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void serverClosesWhileTheListenerIsBehind() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    WebSocketLog slow =
        new WebSocketLog() {
          @Override
          public void onBinary(AsyncChannel channel, byte[] bytes) {
            await(go);
          }
        };
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(start(slow, options -> options)));
    AsyncChannel channel = slow.channel();
    for (int i = 0; i < 8; i++) {
      peer.binary(new byte[64 * KIBI]);
    }
    assertThat(channel.close(4000, "enough")).isTrue();
    peer.expectClose(4000);
    peer.closing(4000, "").expectEof();
    go.countDown();
    slow.expect("open", "close SERVER_CLOSE 4000 enough");
  }

  // ---- a slow reader

  private static final int MESSAGE = 64 * KIBI;

  private static ChannelOptions slowReader(ChannelOptions options, SlowReader policy) {
    return options.withSlowReader(policy).withMaxQueuedBytes(4 * MESSAGE);
  }

  private WebSocketPeer openNarrow(ChannelListener listener, SlowReader policy) throws Exception {
    HttpServer server = start(listener, options -> slowReader(options, policy));
    return WebSocketPeer.open(servers.connectNarrow(server));
  }

  private static void assertBounded(AsyncChannel channel) {
    assertThat(channel.queuedBytes()).isLessThanOrEqualTo(5 * MESSAGE);
  }

  /** Sends numbered messages until one is not taken; how many were. */
  private static int fill(AsyncChannel channel) {
    int count = 0;
    while (channel.send(numbered(count, MESSAGE))) {
      assertBounded(channel);
      count++;
    }
    assertBounded(channel);
    return count;
  }

  private static void expectNumbered(WebSocketPeer peer, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      assertThat(number(peer.readMessage(WebSocketPeer.BINARY))).isEqualTo(i);
    }
  }

  @Test
  void slowReaderIsClosed1013() throws Exception {
    WebSocketPeer peer = openNarrow(log, SlowReader.CLOSE);
    AsyncChannel channel = log.channel();
    int count = fill(channel);
    log.expect("open", "close TRY_AGAIN_LATER 1013 too slow a reader");
    assertThat(channel.isOpen()).isFalse();
    expectNumbered(peer, count);
    assertThat(peer.expectClose(1013)).isEqualTo("too slow a reader");
    peer.closing(1013, "").expectEof();
    log.expectNoMore();
  }

  @Test
  void messagesToASlowReaderAreDropped() throws Exception {
    WebSocketPeer peer = openNarrow(log, SlowReader.DROP);
    AsyncChannel channel = log.channel();
    int count = fill(channel);
    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.isWritable()).isFalse();
    assertThat(channel.send(SharedMessage.of(new byte[MESSAGE]))).isFalse();
    assertThat(channel.send(new byte[MESSAGE])).isFalse();

    expectNumbered(peer, count);
    log.expect("open", "drain");
    assertThat(channel.isWritable()).isTrue();
    assertThat(channel.send("again")).isTrue();
    peer.expectText("again");
    log.expectNoMore();
  }

  @Test
  void messageLargerThanTheLimitIsTakenWhenNothingWaits() throws Exception {
    WebSocketPeer peer = openNarrow(log, SlowReader.DROP);
    AsyncChannel channel = log.channel();
    byte[] large = new byte[12 * MEBI];
    assertThat(channel.send(large)).isTrue();
    assertThat(channel.send("no room")).isFalse();
    peer.expectBinary(large);
    log.expect("open", "drain");
    assertThat(channel.send("room")).isTrue();
    peer.expectText("room");
  }

  @Test
  void senderWaitsForASlowReader() throws Exception {
    int count = 256;
    WebSocketPeer peer = openNarrow(log, SlowReader.WAIT);
    AsyncChannel channel = log.channel();
    LinkedBlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
    ExecutorService threads = Executors.newFixedThreadPool(1);
    try {
      Future<?> sender =
          threads.submit(
              () -> {
                for (int i = 0; i < count; i++) {
                  assertThat(channel.send(numbered(i, MESSAGE))).isTrue();
                  assertBounded(channel);
                  sent.add(i);
                }
              });
      assertThat(untilStill(sent)).isLessThan(count);
      // who must not wait drops
      assertThat(channel.send(SharedMessage.of(new byte[MESSAGE]))).isFalse();
      expectNumbered(peer, count);
      sender.get(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS);
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void senderThatWaitsIsToldOfTheEnd(boolean byPeer) throws Exception {
    WebSocketPeer peer = openNarrow(log, SlowReader.WAIT);
    AsyncChannel channel = log.channel();
    CompletableFuture<Integer> sender = CompletableFuture.supplyAsync(() -> fill(channel));
    LinkedBlockingQueue<Integer> never = new LinkedBlockingQueue<>();
    assertThat(untilStill(never)).isZero();
    assertThat(sender).isNotDone();
    if (byPeer) {
      peer.wire().reset();
    } else {
      channel.close();
    }
    assertThat(sender.get(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS)).isPositive();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void senderThatWaitsMayBeInterrupted() throws Exception {
    WebSocketPeer peer = openNarrow(log, SlowReader.WAIT);
    AsyncChannel channel = log.channel();
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread sender =
        new Thread(
            () -> {
              int unused = fill(channel);
              interrupted.complete(Thread.currentThread().isInterrupted());
            });
    sender.start();
    while (sender.getState() != Thread.State.WAITING) {
      sender.join(10);
    }
    sender.interrupt();
    assertThat(interrupted.get(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
    sender.join();
    assertThat(channel.isOpen()).isTrue();
    assertThat(peer.readMessage(WebSocketPeer.BINARY)).hasSize(MESSAGE);
  }

  /** What waits may be less than the mark at which writers are told that there is room. */
  @Test
  void waitingForRoomTakesNoTurnsOfTheLoop() throws Exception {
    HttpServer server =
        start(log, options -> options.withSlowReader(SlowReader.WAIT).withMaxQueuedBytes(100));
    WebSocketPeer peer = WebSocketPeer.open(servers.connectNarrow(server));
    AsyncChannel channel = log.channel();
    LinkedBlockingQueue<Integer> sent = new LinkedBlockingQueue<>();
    CompletableFuture<Void> sender =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; channel.send(numbered(i, 8 * KIBI)); i++) {
                sent.add(i);
              }
            });
    int count = untilStill(sent);
    log.expect("open");
    log.expectNoMore();
    expectNumbered(peer, count + 1);
    channel.close();
    sender.get(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void pingsOfAPeerThatDoesNotReadAreNotPiledUp() throws Exception {
    WebSocketPeer peer = openNarrow(log, SlowReader.DROP);
    AsyncChannel channel = log.channel();
    int count = fill(channel);
    long queued = channel.queuedBytes();
    byte[] ping = WebSocketPeer.frame(WebSocketPeer.FIN | WebSocketPeer.PING, new byte[125]);
    ByteBuffer many = ByteBuffer.allocate(20_000 * ping.length);
    while (many.hasRemaining()) {
      many.put(ping);
    }
    peer.raw(many.array()).text("behind");
    log.expect("open");
    String next = log.next();
    while (next.startsWith("ping")) {
      next = log.next();
    }
    assertThat(next).isEqualTo("text behind");
    assertThat(channel.queuedBytes()).isLessThanOrEqualTo(queued);
    expectNumbered(peer, count);
    // the latest of them is answered now that the peer reads
    peer.expectPong("\0".repeat(125));
    peer.ping("now").expectPong("now");
  }

  // ---- time

  @Test
  void silentPeerIsPingedAndClosedIfItDoesNotAnswer() throws Exception {
    HttpServer server =
        start(log, options -> options.withPingInterval(SHORT).withPongTimeout(SHORT));
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    for (int i = 0; i < 3; i++) {
      peer.expectPing("").pong("");
    }
    // anything that comes shows that it lives
    peer.expectPing("").text("here");
    peer.expectPing("").expectEof();
    log.expect("open", "pong ", "pong ", "pong ", "text here");
    log.expect("close ABNORMAL 1006 no answer to a ping");
  }

  @Test
  void peerThatTalksIsNotPinged() throws Exception {
    HttpServer server = start(log, options -> options.withPingInterval(Duration.ofSeconds(2)));
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    for (int i = 0; i < 10; i++) {
      peer.text("t");
      assertThat(peer.hasWithin(Duration.ofMillis(50))).isFalse();
    }
  }

  @Test
  void messageThatIsNotCompleteInTimeEndsTheChannel() throws Exception {
    HttpServer server = start(log, options -> options.withMessageTimeout(SHORT));
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    peer.send(WebSocketPeer.TEXT, WebSocketPeer.utf8("begun"));
    // other frames do not make up for it
    peer.ping("a").expectPong("a");
    assertThat(peer.skipToClose(1008)).isEqualTo("too slow a message");
    peer.expectEof();
    log.expect("open", "ping a", "close POLICY_VIOLATION 1008 too slow a message");
  }

  @Test
  void eachMessageHasATimeOfItsOwn() throws Exception {
    HttpServer server = start(log, options -> options.withMessageTimeout(Duration.ofSeconds(1)));
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    log.expect("open");
    byte[] begin = WebSocketPeer.frame(WebSocketPeer.TEXT, WebSocketPeer.utf8("a"));
    byte[] end = WebSocketPeer.frame(WebSocketPeer.FIN, WebSocketPeer.utf8("b"));
    byte[] endAndBegin = ByteBuffer.allocate(end.length + begin.length).put(end).put(begin).array();
    peer.raw(begin);
    for (int i = 0; i < 20; i++) {
      assertThat(peer.hasWithin(Duration.ofMillis(100))).isFalse();
      peer.raw(endAndBegin);
      log.expect("text ab");
    }
  }

  @Test
  void peerThatDoesNotAnswerACloseIsCut() throws Exception {
    HttpServer server = start(log, options -> options.withCloseTimeout(SHORT));
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    log.channel().close(4000, "");
    peer.expectClose(4000);
    long start = System.nanoTime();
    peer.text("still talking");
    assertThat(peer.wire().readToEnd()).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    log.expect("open", "close SERVER_CLOSE 4000");
    log.expectNoMore();
  }

  @Test
  void idleChannelIsClosed1001() throws Exception {
    HttpServer server = start(log, options -> options.withIdleTimeout(Duration.ofMillis(600)));
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    AsyncChannel channel = log.channel();
    // messages either way keep it open, pings do not
    for (int i = 0; i < 6; i++) {
      if (i % 2 == 0) {
        peer.text("t");
      } else {
        assertThat(channel.send("t")).isTrue();
        peer.expectText("t");
      }
      assertThat(peer.hasWithin(Duration.ofMillis(150))).isFalse();
    }
    peer.ping("").expectPong("");
    assertThat(peer.expectClose(1001)).isEqualTo("idle");
    peer.closing(1001, "").expectEof();
    log.expect("open", "text t", "text t", "text t", "ping ", "close GOING_AWAY 1001 idle");
  }

  @Test
  void peerThatStillTakesAMessageNeedNotAnswerAPing() throws Exception {
    HttpServer server =
        start(
            log,
            options ->
                options.withPingInterval(SHORT).withPongTimeout(SHORT).withIdleTimeout(SHORT));
    WebSocketPeer peer = WebSocketPeer.open(servers.connectNarrow(server));
    byte[] message = new byte[16 * MEBI];
    assertThat(log.channel().send(message)).isTrue();
    assertThat(log.nextWithin(10)).isEqualTo("open");
    assertThat(log.nextWithin(1000)).isNull();
    peer.expectBinary(message);
    log.expect("drain");
  }

  @Test
  void channelThatSendsAStreamIsNotIdle() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    InputStream stream =
        new InputStream() {
          private int left = 10;

          @Override
          public int read() throws IOException {
            try {
              assertThat(over.await(100, TimeUnit.MILLISECONDS)).isFalse();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
            return left-- > 0 ? 'a' : -1;
          }

          @Override
          public int read(byte[] out, int offset, int count) throws IOException {
            int next = read();
            out[offset] = (byte) next;
            return next < 0 ? -1 : 1;
          }
        };
    HttpServer server = start(log, options -> options.withIdleTimeout(Duration.ofMillis(500)));
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    assertThat(log.channel().send(stream)).isTrue();
    assertThat(peer.readMessage(WebSocketPeer.BINARY)).hasSize(10);
    peer.expectClose(1001);
  }

  @Test
  void peerThatTakesNothingIsCutByTheWriteTimeout() throws Exception {
    HttpServer server =
        servers.start(request -> request.asChannel(log), config -> config.writeTimeout(SHORT));
    WebSocketPeer peer = WebSocketPeer.open(servers.connectNarrow(server));
    assertThat(log.channel().send(new byte[16 * MEBI])).isTrue();
    log.expect("open");
    assertThat(log.next()).startsWith("close ABNORMAL 1006");
    assertThat(peer.wire().readToEnd()).hasSizeLessThan(16 * MEBI);
  }

  // ---- the end of the server

  private static final Duration LONG_STOP = Duration.ofSeconds(10);

  private static void assertStopsSoon(HttpServer server) throws Exception {
    long start = System.nanoTime();
    server.stop(LONG_STOP).get(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
  }

  @Test
  void stopClosesAllWith1001() throws Exception {
    HttpServer server = start(log, options -> options);
    WebSocketPeer[] peers = new WebSocketPeer[20];
    for (int i = 0; i < peers.length; i++) {
      peers[i] = WebSocketPeer.open(servers.connect(server));
      log.expect("open");
    }
    CompletableFuture<Void> stopped = server.stop(LONG_STOP);
    for (WebSocketPeer peer : peers) {
      assertThat(peer.expectClose(1001)).isEqualTo("the server is stopping");
      log.expect("close GOING_AWAY 1001 the server is stopping");
    }
    for (WebSocketPeer peer : peers) {
      peer.closing(1001, "").expectEof();
      peer.close();
    }
    stopped.get(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS);
    log.expectNoMore();
  }

  @Test
  void stopDoesNotWaitForAPeerThatDoesNotAnswer() throws Exception {
    HttpServer server = start(log, options -> options, SHORT);
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    log.expect("open");
    assertStopsSoon(server);
    peer.expectClose(1001);
    peer.expectEof();
  }

  @Test
  void stopDoesNotWaitForAPeerThatDoesNotRead() throws Exception {
    HttpServer server = start(log, options -> options, SHORT);
    WebSocketPeer peer = WebSocketPeer.open(servers.connectNarrow(server));
    assertThat(log.channel().send(new byte[16 * MEBI])).isTrue();
    assertThat(log.channel().queuedBytes()).isPositive();
    assertStopsSoon(server);
    log.expect("open", "close GOING_AWAY 1001 the server is stopping");
    assertThat(peer.wire().readToEnd()).hasSizeLessThan(16 * MEBI);
  }

  @Test
  void stopLetsAReaderHaveWhatWaitsForIt() throws Exception {
    HttpServer server = start(log, options -> options);
    WebSocketPeer peer = WebSocketPeer.open(servers.connectNarrow(server));
    byte[] message = new byte[16 * MEBI];
    assertThat(log.channel().send(message)).isTrue();
    CompletableFuture<Void> stopped = server.stop(LONG_STOP);
    peer.expectBinary(message).expectClose(1001);
    peer.close();
    stopped.get(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void handshakeThatIsAnsweredWhileStoppingIsClosedAtOnce() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    HttpServer server =
        servers.start(
            request -> {
              WebSocketLog.await(go);
              return request.asChannel(log);
            },
            config -> config.lingerTimeout(SHORT));
    ScriptedPeer wire = servers.connect(server).send(WebSocketPeer.handshake());
    servers.events.await(RecordingEvents.Kind.REQUEST);
    CompletableFuture<Void> stopped = server.stop(LONG_STOP);
    go.countDown();
    WebSocketPeer peer = WebSocketPeer.answered(wire);
    peer.expectClose(1001);
    peer.expectEof();
    stopped.get(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS);
    log.expect("open", "close GOING_AWAY 1001 the server is stopping");
  }

  @Test
  void stopAtOnceTellsTheListener() throws Exception {
    HttpServer server = start(log, options -> options);
    WebSocketPeer peer = WebSocketPeer.open(servers.connect(server));
    log.expect("open");
    server.stop(Duration.ZERO).get(WebSocketLog.BOUND_SECONDS, TimeUnit.SECONDS);
    assertThat(log.next()).startsWith("close ");
    log.expectNoMore();
    byte[] unused = peer.wire().readToEnd();
  }
}
