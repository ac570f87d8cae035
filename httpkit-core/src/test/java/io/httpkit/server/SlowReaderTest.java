package io.httpkit.server;

import static io.httpkit.server.RecordingListener.readHead;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.ChannelGroup;
import io.httpkit.channel.ChannelOptions;
import io.httpkit.channel.CloseStatus.Kind;
import io.httpkit.channel.SharedMessage;
import io.httpkit.channel.SlowReader;
import io.httpkit.http.Body;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is done about a client that does not read what is sent over its channel. */
class SlowReaderTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final int PIECE = 50_000;
  private static final int MAX_QUEUED = 300_000;

  /** More than the system takes for a client that does not read. */
  private static final int MANY = 1_000;

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final RecordingListener listener = new RecordingListener();

  private HttpServer server(SlowReader policy, long maxQueued) {
    return servers.start(
        request ->
            request.asChannel(
                options -> options.withSlowReader(policy).withMaxQueuedBytes(maxQueued), listener));
  }

  private ScriptedPeer narrowPeer(SlowReader policy) throws IOException {
    return servers.connectNarrow(server(policy, MAX_QUEUED)).send(GET);
  }

  /** Sends until something is queued that the system does not take. */
  private static int fill(AsyncChannel channel, byte[] piece) {
    int sent = 0;
    while (channel.queuedBytes() == 0) {
      assertThat(channel.send(piece, false)).isTrue();
      assertThat(++sent).isLessThan(100 * MANY);
    }
    return sent;
  }

  private static <T> FutureTask<T> elsewhere(Callable<T> action) {
    FutureTask<T> task = new FutureTask<>(action);
    new Thread(task, "elsewhere").start();
    return task;
  }

  private static <T> T get(FutureTask<T> task) throws Exception {
    return task.get(20, TimeUnit.SECONDS);
  }

  private static void awaitWaiting(Thread thread) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (thread.getState() != Thread.State.WAITING) {
      assertThat(System.nanoTime()).as("%s waits", thread).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  // ---- what is queued

  @ParameterizedTest
  @EnumSource(
      value = SlowReader.class,
      names = {"DROP", "CLOSE"})
  void noMoreIsQueuedThanAllowed(SlowReader policy) throws Exception {
    ScriptedPeer unread = narrowPeer(policy);
    AsyncChannel channel = listener.awaitOpen();
    int sent = 0;
    while (channel.send(new byte[PIECE], false)) {
      assertThat(channel.queuedBytes()).isLessThanOrEqualTo(MAX_QUEUED + 100);
      assertThat(++sent).isLessThan(MANY);
    }

    assertThat(sent).isGreaterThan(MAX_QUEUED / PIECE - 1);
    assertThat(channel.isWritable()).isFalse();
    unread.reset();
    listener.awaitClose();
  }

  @Test
  void bodiesOfResponsesCountToo() throws Exception {
    ScriptedPeer unread = narrowPeer(SlowReader.DROP);
    AsyncChannel channel = listener.awaitOpen();
    Response piece = Response.bytes(new byte[PIECE]);
    int sent = 0;
    while (channel.send(piece, false)) {
      assertThat(channel.queuedBytes()).isLessThanOrEqualTo(MAX_QUEUED + 100);
      assertThat(++sent).isLessThan(MANY);
    }
    unread.reset();
  }

  @Test
  void whatWaitsBehindAStreamCountsToo() throws Exception {
    ScriptedPeer unread = narrowPeer(SlowReader.DROP);
    AsyncChannel channel = listener.awaitOpen();
    fill(channel, new byte[PIECE]);
    channel.send(new ByteArrayInputStream(new byte[10 * MAX_QUEUED]), false);
    int sent = 0;
    while (channel.send(new byte[PIECE], false)) {
      assertThat(channel.queuedBytes()).isLessThanOrEqualTo(MAX_QUEUED + 100);
      assertThat(++sent).isLessThan(MANY);
    }
    assertThat(sent).isPositive();
    unread.reset();
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.CLIENT_CLOSE);
    assertThat(channel.queuedBytes()).isZero();
  }

  @ParameterizedTest
  @EnumSource(SlowReader.class)
  void messageLargerThanAllowedIsTakenWhenNothingIsQueued(SlowReader policy) throws Exception {
    ScriptedPeer peer = servers.connectNarrow(server(policy, 1_000)).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    byte[] large = new byte[8_000_000];

    assertThat(channel.send(large, false)).isTrue();
    assertThat(channel.queuedBytes()).isPositive();
    channel.close();

    assertThat(peer.read().body()).hasSize(large.length);
  }

  @Test
  void channelSaysWhenItIsWritableAgain() throws Exception {
    ScriptedPeer peer = narrowPeer(SlowReader.DROP);
    AsyncChannel channel = listener.awaitOpen();
    byte[] piece = new byte[PIECE];
    int sent = 0;
    assertThat(channel.isWritable()).isTrue();
    while (channel.isWritable()) {
      assertThat(channel.send(piece, false)).isTrue();
      sent++;
    }
    assertThat(listener.calls).doesNotContain("drain");
    readHead(peer);
    for (int i = 0; i < sent; i++) {
      assertThat(peer.line()).isEqualTo(Integer.toHexString(PIECE));
      assertThat(peer.bytes(PIECE + 2)).hasSize(PIECE + 2);
    }

    listener.awaitDrain();
    assertThat(channel.isWritable()).isTrue();
    assertThat(channel.send("x")).isTrue();
    peer.expect("1\r\nx\r\n0\r\n\r\n");
  }

  @Test
  void drainCanBeAnAction() throws Exception {
    ScriptedPeer peer = narrowPeer(SlowReader.DROP);
    AsyncChannel channel = listener.awaitOpen();
    CountDownLatch drained = new CountDownLatch(1);
    channel.onDrain(
        () -> {
          channel.send("end");
          drained.countDown();
        });
    channel.send(new byte[8_000_000], false);

    assertThat(peer.read().body()).hasSize(8_000_003);
    assertThat(drained.await(20, TimeUnit.SECONDS)).isTrue();
  }

  // ---- WAIT

  @ParameterizedTest
  @ValueSource(longs = {MAX_QUEUED, 1_000})
  void waitsUntilThePeerReads(long maxQueued) throws Exception {
    ScriptedPeer peer = servers.connectNarrow(server(SlowReader.WAIT, maxQueued)).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    int pieces = 200;
    FutureTask<Integer> sender =
        elsewhere(
            () -> {
              int sent = 0;
              while (sent < pieces && channel.send(new byte[PIECE], false)) {
                sent++;
              }
              channel.close();
              return sent;
            });

    assertThat(peer.read().body()).hasSize(pieces * PIECE);
    assertThat(get(sender)).isEqualTo(pieces);
  }

  private FutureTask<Boolean> waitingSender(AsyncChannel channel, Thread[] thread) {
    FutureTask<Boolean> task =
        new FutureTask<>(
            () -> {
              for (int i = 0; i < MANY; i++) {
                if (!channel.send(new byte[PIECE], false)) {
                  return Thread.interrupted();
                }
              }
              throw new AssertionError("everything was taken");
            });
    thread[0] = new Thread(task, "waits");
    thread[0].start();
    awaitWaiting(thread[0]);
    return task;
  }

  @Test
  void waitsNoMoreWhenThePeerIsGone() throws Exception {
    ScriptedPeer peer = narrowPeer(SlowReader.WAIT);
    AsyncChannel channel = listener.awaitOpen();
    FutureTask<Boolean> sender = waitingSender(channel, new Thread[1]);
    peer.reset();

    assertThat(get(sender)).isFalse();
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.CLIENT_CLOSE);
  }

  @Test
  void waitsNoMoreWhenTheChannelIsClosed() throws Exception {
    ScriptedPeer peer = narrowPeer(SlowReader.WAIT);
    AsyncChannel channel = listener.awaitOpen();
    FutureTask<Boolean> sender = waitingSender(channel, new Thread[1]);
    assertThat(channel.close()).isTrue();

    assertThat(get(sender)).isFalse();
    assertThat(peer.read().body().length % PIECE).isZero();
  }

  @Test
  void waitsNoMoreWhenTheChannelEndsBehindAStream() throws Exception {
    ScriptedPeer peer = narrowPeer(SlowReader.WAIT);
    AsyncChannel channel = listener.awaitOpen();
    fill(channel, new byte[PIECE]);
    channel.send(new ByteArrayInputStream(new byte[10 * MAX_QUEUED]), false);
    FutureTask<Boolean> sender = waitingSender(channel, new Thread[1]);
    assertThat(channel.close()).isTrue();

    assertThat(get(sender)).isFalse();
    assertThat(peer.read().body().length % PIECE).isZero();
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
  }

  @Test
  void waitsNoMoreWhenInterrupted() throws Exception {
    ScriptedPeer peer = narrowPeer(SlowReader.WAIT);
    AsyncChannel channel = listener.awaitOpen();
    Thread[] thread = new Thread[1];
    FutureTask<Boolean> sender = waitingSender(channel, thread);
    thread[0].interrupt();

    assertThat(get(sender)).as("is still interrupted").isTrue();
    assertThat(channel.isOpen()).isTrue();
    channel.close();
    assertThat(peer.read().body().length % PIECE).isZero();
  }

  @Test
  void waitsNoMoreWhenTheServerStops() throws Exception {
    HttpServer server = server(SlowReader.WAIT, MAX_QUEUED);
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    FutureTask<Boolean> sender = waitingSender(channel, new Thread[1]);
    CompletableFuture<Void> stopped = server.stop(Duration.ofSeconds(20));

    assertThat(get(sender)).isFalse();
    assertThat(peer.read().body().length % PIECE).isZero();
    stopped.get(20, TimeUnit.SECONDS);
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.GOING_AWAY);
  }

  @Test
  void broadcastNeverWaits() throws Exception {
    ScriptedPeer peer = narrowPeer(SlowReader.WAIT);
    AsyncChannel channel = listener.awaitOpen();
    SharedMessage message = SharedMessage.of(new byte[PIECE]);
    channel.send("", false);
    int sent = 0;
    while (channel.send(message, false)) {
      assertThat(++sent).isLessThan(MANY);
    }
    ChannelGroup group = new ChannelGroup();
    group.join(channel);

    assertThat(group.broadcast(message)).isZero();
    assertThat(channel.isOpen()).isTrue();
    peer.reset();
  }

  @Test
  void loopNeverWaits() throws Exception {
    RecordingListener onLoop =
        new RecordingListener(
            channel -> {
              int sent = 0;
              while (channel.send(new byte[PIECE], false)) {
                assertThat(++sent).isLessThan(MANY);
              }
            }) {
          @Override
          public boolean isNonBlocking() {
            return true;
          }
        };
    HttpServer server =
        servers.start(
            Handler.nonBlocking(
                request ->
                    request.asChannel(options -> options.withSlowReader(SlowReader.WAIT), onLoop)));
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    AsyncChannel channel = onLoop.awaitOpen();
    readHead(peer);
    assertThat(channel.isOpen()).isTrue();
    peer.reset();
    assertThat(onLoop.awaitClose().kind()).isEqualTo(Kind.CLIENT_CLOSE);
  }

  // ---- DROP

  @ParameterizedTest
  @ValueSource(longs = {MAX_QUEUED, 1_000})
  void dropsAndGoesOnLater(long maxQueued) throws Exception {
    ScriptedPeer peer = servers.connectNarrow(server(SlowReader.DROP, maxQueued)).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    int sent = 0;
    while (channel.send(new byte[PIECE], false)) {
      assertThat(++sent).isLessThan(MANY);
    }
    assertThat(channel.isOpen()).isTrue();
    assertThat(channel.isWritable()).isFalse();
    readHead(peer);
    for (int i = 0; i < sent; i++) {
      assertThat(peer.line()).isEqualTo(Integer.toHexString(PIECE));
      assertThat(peer.bytes(PIECE + 2)).hasSize(PIECE + 2);
    }

    listener.awaitDrain();
    assertThat(channel.isWritable()).isTrue();
    assertThat(channel.send("later")).isTrue();
    peer.expect("5\r\nlater\r\n0\r\n\r\n");
  }

  @Test
  void whoWasRefusedALargeMessageIsToldWhenThereIsRoom() throws Exception {
    ScriptedPeer peer = narrowPeer(SlowReader.DROP);
    AsyncChannel channel = listener.awaitOpen();
    int sent = fill(channel, new byte[1_000]);
    byte[] large = new byte[MAX_QUEUED];
    assertThat(channel.send(large, false)).isFalse();
    assertThat(channel.isWritable()).isTrue();
    readHead(peer);
    for (int i = 0; i < sent; i++) {
      assertThat(peer.line()).isEqualTo(Integer.toHexString(1_000));
      assertThat(peer.bytes(1_002)).hasSize(1_002);
    }

    listener.awaitDrain();
    assertThat(channel.send(large, false)).isTrue();
    peer.reset();
  }

  // ---- CLOSE

  @Test
  void closesTheConnection() throws Exception {
    HttpServer server = server(SlowReader.CLOSE, MAX_QUEUED);
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    int sent = 0;
    while (channel.send(new byte[PIECE], false)) {
      assertThat(++sent).isLessThan(MANY);
    }

    assertThat(channel.isOpen()).isFalse();
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.TRY_AGAIN_LATER);
    servers.events.await(RecordingEvents.Kind.CLOSE, 1);
    assertThat(peer.readToEnd().length).isLessThan(sent * PIECE);
    assertThat(server.activeRequests()).isZero();
  }

  // ---- streams and heartbeats

  @Test
  void streamIsReadAsThePeerTakesIt() throws Exception {
    int length = 20_000_000;
    ScriptedPeer peer = narrowPeer(SlowReader.CLOSE);
    AsyncChannel channel = listener.awaitOpen();
    ByteArrayInputStream stream = new ByteArrayInputStream(new byte[length]);
    channel.send(stream, false);
    readHead(peer);
    assertThat(channel.queuedBytes()).isLessThan(100_000);
    assertThat(stream.available()).isGreaterThan(length / 4);
    channel.send("end");

    int received = 0;
    for (int size = Integer.parseInt(peer.line(), 16); size > 0; ) {
      received += peer.bytes(size + 2).length - 2;
      size = Integer.parseInt(peer.line(), 16);
    }
    assertThat(received).isEqualTo(length + 3);
  }

  @Test
  void lastStreamReachesASlowReaderBehindOthers() throws Exception {
    ScriptedPeer peer = narrowPeer(SlowReader.WAIT).send(GET);
    for (int i = 0; i < 2; i++) {
      AsyncChannel channel = listener.awaitOpen();
      Body body = Body.of(new ByteArrayInputStream(new byte[2_000_000]), 2_000_000);
      assertThat(channel.send(Response.of(Status.OK, Headers.empty(), body))).isTrue();
      assertThat(peer.read().body()).hasSize(2_000_000);
      assertThat(listener.awaitClose().kind()).isEqualTo(Kind.SERVER_CLOSE);
    }
  }

  @Test
  void pollsBehindASlowlyReadAnswerAreAnswered() throws Exception {
    HttpServer server = server(SlowReader.CLOSE, 20_000_000);
    ScriptedPeer peer = servers.connectNarrow(server).send(GET.repeat(3));
    FutureTask<Integer> sender =
        elsewhere(
            () -> {
              for (int i = 0; i < 3; i++) {
                assertThat(listener.awaitOpen().send(new byte[4_000_000])).isTrue();
              }
              return 3;
            });

    for (int i = 0; i < 3; i++) {
      assertThat(peer.read().body()).hasSize(4_000_000);
    }
    assertThat(get(sender)).isEqualTo(3);
  }

  @Test
  void heartbeatsDoNotPileUp() throws Exception {
    ChannelOptions often = ChannelOptions.DEFAULTS.withHeartbeat(Duration.ofMillis(10));
    HttpServer server =
        servers.start(
            request -> request.asEventStream(listener), options -> options.channels(often));
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    String event = "x".repeat(1_000);
    int sent = 0;
    while (channel.queuedBytes() == 0) {
      channel.send(event);
      assertThat(++sent).isLessThan(100_000);
    }
    long queued = channel.queuedBytes();
    readHead(peer);
    assertThat(queued).isLessThan(3_000);

    ScriptedPeer other = servers.connect(server).send(GET);
    listener.awaitOpen();
    readHead(other);
    for (int i = 0; i < 5; i++) {
      other.expect("4\r\n: \n\n\r\n");
    }

    assertThat(channel.queuedBytes()).isLessThanOrEqualTo(queued);
    peer.reset();
  }
}
