package io.httpkit.server;

import static io.httpkit.server.RecordingListener.readHead;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.channel.AsyncChannel;
import io.httpkit.channel.CloseStatus;
import io.httpkit.channel.CloseStatus.Kind;
import io.httpkit.server.ScriptedPeer.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Channels of a server that stops, and on which threads a channel is opened. */
class ChannelDrainTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String EVENTS = "GET /events HTTP/1.1\r\nHost: a\r\n\r\n";

  /** Far longer than stopping may take. */
  private static final Duration GRACE = Duration.ofSeconds(30);

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final RecordingListener listener = new RecordingListener();

  private Response handle(Request request) {
    return request.path().equals("/events")
        ? request.asEventStream(listener)
        : request.asChannel(listener);
  }

  /** A server that does not wait long for clients to leave. */
  private HttpServer start(Handler handler) {
    return servers.start(
        handler,
        options -> options.lingerTimeout(Duration.ofMillis(50)).headTimeout(Duration.ofSeconds(1)));
  }

  private static void assertStopsSoon(HttpServer server) throws Exception {
    long before = System.nanoTime();
    server.stop(GRACE).get(20, TimeUnit.SECONDS);
    assertThat(System.nanoTime() - before).isLessThan(Duration.ofSeconds(10).toNanos());
    assertThat(server.activeRequests()).isZero();
  }

  // ---- stopping

  @Test
  void pollsAreTurnedAway() throws Exception {
    HttpServer server = start(this::handle);
    ScriptedPeer peer = servers.connect(server).send(GET);
    AsyncChannel channel = listener.awaitOpen();

    assertStopsSoon(server);

    Reply reply = peer.read();
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.text()).contains("stopping");
    assertThat(reply.header("Retry-After")).isEqualTo("1");
    assertThat(reply.header("Connection")).isEqualTo("close");
    peer.expectEof();
    CloseStatus status = listener.awaitClose();
    assertThat(status.kind()).isEqualTo(Kind.GOING_AWAY);
    assertThat(status.reason()).isEqualTo("the server is stopping");
    assertThat(channel.send("late")).isFalse();
    assertThat(listener.calls).containsExactly("init", "open", "close GOING_AWAY");
  }

  @ParameterizedTest
  @ValueSource(strings = {GET, EVENTS})
  void streamsAreEnded(String request) throws Exception {
    HttpServer server = start(this::handle);
    ScriptedPeer peer = servers.connect(server).send(request);
    AsyncChannel channel = listener.awaitOpen();
    channel.send("a", false);
    readHead(peer);
    String first = request.equals(GET) ? "1\r\na\r\n" : "9\r\ndata: a\n\n\r\n";
    peer.expect(first);

    assertStopsSoon(server);

    peer.expect("0\r\n\r\n").expectEof();
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.GOING_AWAY);
  }

  @Test
  void aStreamThatIsNotReadDoesNotHoldUpTheStop() throws Exception {
    HttpServer server = start(this::handle);
    ScriptedPeer peer = servers.connectNarrow(server).send(EVENTS);
    AsyncChannel channel = listener.awaitOpen();
    String data = "x".repeat(16 * 1024);
    while (channel.queuedBytes() < 100_000) {
      assertThat(channel.send(data)).isTrue();
    }

    assertStopsSoon(server);

    assertThat(peer.readToEnd()).isNotEmpty();
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.GOING_AWAY);
  }

  @Test
  void manyOfEachKindEndAtOnce() throws Exception {
    HttpServer server = start(this::handle);
    List<ScriptedPeer> polls = new ArrayList<>();
    List<ScriptedPeer> streams = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      polls.add(servers.connect(server).send(GET));
      listener.awaitOpen();
      streams.add(servers.connect(server).send(EVENTS));
      listener.awaitOpen().send("x");
    }
    assertThat(server.activeRequests()).isEqualTo(40);

    assertStopsSoon(server);

    for (int i = 0; i < 20; i++) {
      assertThat(polls.get(i).read().status()).isEqualTo(503);
      assertThat(streams.get(i).read().text()).isEqualTo("data: x\n\n");
    }
    for (int i = 0; i < 40; i++) {
      assertThat(listener.awaitClose().kind()).isEqualTo(Kind.GOING_AWAY);
    }
    assertThat(listener.isClosed()).isFalse();
  }

  /** Gives bytes when it is let, and then ends. */
  private static final class Held extends InputStream {
    private final CountDownLatch released = new CountDownLatch(1);
    private final InputStream content = new ByteArrayInputStream(new byte[100_000]);

    @Override
    public int read() throws IOException {
      return content.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      try {
        if (!released.await(20, TimeUnit.SECONDS)) {
          throw new IOException("never released");
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return content.read(bytes, offset, length);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsBeingSentIsCompletedFirst(boolean last) throws Exception {
    HttpServer server = start(this::handle);
    ScriptedPeer peer = servers.connect(server).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    Held held = new Held();
    channel.send("a", false);
    channel.send(held, last);
    if (!last) {
      channel.send("z", false);
    }
    CompletableFuture<Void> stopped = server.stop(GRACE);
    assertThat(stopped).isNotDone();
    held.released.countDown();

    assertThat(peer.read().body()).hasSize(last ? 100_001 : 100_002);
    peer.expectEof();
    stopped.get(20, TimeUnit.SECONDS);
    assertThat(channel.isOpen()).isFalse();
    assertThat(listener.awaitClose().kind()).isEqualTo(last ? Kind.SERVER_CLOSE : Kind.GOING_AWAY);
  }

  @Test
  void whoDoesNotReadIsCut() throws Exception {
    HttpServer server =
        servers.start(
            request ->
                request.asChannel(options -> options.withMaxQueuedBytes(20_000_000), listener));
    servers.connectNarrow(server).send(GET);
    listener.awaitOpen().send(new byte[10_000_000], false);

    server.stop(Duration.ofMillis(100)).get(20, TimeUnit.SECONDS);

    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.GOING_AWAY);
  }

  @Test
  void channelThatIsOpenedWhileStoppingIsEndedToo() throws Exception {
    CountDownLatch mayOpen = new CountDownLatch(1);
    HttpServer server =
        start(
            request -> {
              assertThat(mayOpen.await(20, TimeUnit.SECONDS)).isTrue();
              return request.asChannel(listener);
            });
    ScriptedPeer peer = servers.connect(server).send(GET);
    servers.events.await(RecordingEvents.Kind.REQUEST, 1);
    CompletableFuture<Void> stopped = server.stop(GRACE);
    mayOpen.countDown();

    assertThat(peer.read().status()).isEqualTo(503);
    stopped.get(20, TimeUnit.SECONDS);
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.GOING_AWAY);
  }

  @Test
  void lastAnswerSaysThatItIsTheLast() throws Exception {
    AtomicBoolean answered = new AtomicBoolean();
    RecordingListener answering =
        new RecordingListener() {
          @Override
          public void onClose(AsyncChannel channel, CloseStatus status) {
            answered.set(channel.send("late"));
            super.onClose(channel, status);
          }
        };
    HttpServer server = start(request -> request.asChannel(answering));
    ScriptedPeer peer = servers.connect(server).send(GET);
    answering.awaitOpen();
    assertStopsSoon(server);
    answering.awaitClose();
    assertThat(answered).isFalse();
    assertThat(peer.read().header("Connection")).isEqualTo("close");
  }

  // ---- where a channel is opened

  private static void assertWorker(BlockingQueue<String> threads) throws Exception {
    assertThat(RecordingListener.await(threads, "a call")).startsWith("worker-");
  }

  /** Notes the thread of each call. */
  private static RecordingListener noting(BlockingQueue<String> threads, boolean nonBlocking) {
    return new RecordingListener(channel -> threads.add(Thread.currentThread().getName())) {
      @Override
      public void onClose(AsyncChannel channel, CloseStatus status) {
        threads.add(Thread.currentThread().getName());
        super.onClose(channel, status);
      }

      @Override
      public boolean isNonBlocking() {
        return nonBlocking;
      }
    };
  }

  @Test
  void listenerThatMayWaitIsCalledOnAWorker() throws Exception {
    BlockingQueue<String> threads = new LinkedBlockingQueue<>();
    RecordingListener blocking = noting(threads, false);
    List<Handler> handlers =
        List.of(
            request -> request.asChannel(blocking),
            Handler.nonBlocking(request -> request.asChannel(blocking)),
            request ->
                Response.async(CompletableFuture.completedFuture(request.asChannel(blocking))));
    for (Handler handler : handlers) {
      ScriptedPeer peer = servers.connect(servers.start(handler)).send(GET);
      blocking.awaitOpen();
      assertWorker(threads);
      peer.close();
      blocking.awaitClose();
      assertWorker(threads);
    }
  }

  @Test
  void listenerThatNeverWaitsIsCalledOnTheLoop() throws Exception {
    BlockingQueue<String> threads = new LinkedBlockingQueue<>();
    RecordingListener onLoop = noting(threads, true);
    HttpServer server = servers.start(Handler.nonBlocking(request -> request.asChannel(onLoop)));
    ScriptedPeer peer = servers.connect(server).send(GET);
    onLoop.awaitOpen().send("x");

    assertThat(peer.read().text()).isEqualTo("x");
    onLoop.awaitClose();
    assertThat(threads).hasSize(2).allMatch(name -> name.startsWith("http-kit-loop-"));
  }

  @Test
  void laterAnswerMayOpenAChannel() throws Exception {
    CompletableFuture<Response> later = new CompletableFuture<>();
    BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    HttpServer server =
        servers.start(
            Handler.nonBlocking(
                request -> {
                  requests.add(request);
                  return Response.async(later).withHeader("X-Later", "1");
                }));
    ScriptedPeer peer = servers.connect(server).send(GET);
    later.complete(RecordingListener.await(requests, "a request").asChannel(listener));
    AsyncChannel channel = listener.awaitOpen();
    channel.send("first ", false);
    channel.send("last");

    Reply reply = peer.read();
    assertThat(reply.text()).isEqualTo("first last");
    assertThat(reply.header("X-Later")).isEqualTo("1");
  }

  @Test
  void noWorkerForTheListenerIsAnsweredAsOverload() throws Exception {
    Executor full =
        task -> {
          throw new RejectedExecutionException("full");
        };
    HttpServer server =
        servers.start(Handler.nonBlocking(this::handle), options -> options.executor(full));
    ScriptedPeer peer = servers.connect(server).send(GET);

    assertThat(peer.read().status()).isEqualTo(503);
    assertThat(listener.awaitClose().kind()).isEqualTo(Kind.TRY_AGAIN_LATER);
    assertThat(listener.calls).containsExactly("init", "close TRY_AGAIN_LATER");
    assertThat(peer.send(GET).read().status()).isEqualTo(503);
    listener.awaitClose();
    assertThat(listener.isClosed()).isFalse();
  }

  @Test
  void drainIsToldWhenThereIsAWorkerAgain() throws Exception {
    AtomicInteger refusals = new AtomicInteger(Integer.MIN_VALUE);
    Executor busy =
        task -> {
          if (refusals.getAndDecrement() > 0) {
            throw new RejectedExecutionException("full");
          }
          new Thread(task, "own-worker-").start();
        };
    HttpServer server =
        servers.start(
            request ->
                request.asChannel(options -> options.withMaxQueuedBytes(20_000_000), listener),
            options -> options.executor(busy));
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    AsyncChannel channel = listener.awaitOpen();
    channel.send(new byte[10_000_000], false);
    refusals.set(2);
    readHead(peer);
    assertThat(peer.line()).isEqualTo(Integer.toHexString(10_000_000));
    assertThat(peer.bytes(10_000_002)).hasSize(10_000_002);

    listener.awaitDrain();
    assertThat(refusals.get()).isNegative();
    channel.close();
    peer.expect("0\r\n\r\n");
  }
}
