package io.httpkit.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.httpkit.http.Status;
import io.httpkit.server.RecordingEvents.Event;
import io.httpkit.server.RecordingEvents.Kind;
import io.httpkit.server.ScriptedPeer.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** From start to stop, with what is asked of a server meanwhile. */
class LifecycleTest {
  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  @RegisterExtension final NothingLeft servers = new NothingLeft();

  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch leave = new CountDownLatch(1);
  private final CountDownLatch interrupted = new CountDownLatch(1);

  private static Response hello(Request request) {
    return Response.text("hello");
  }

  private static Response threadName(Request request) {
    return Response.text(Thread.currentThread().getName());
  }

  /** Answers when the test says so. */
  private Response slow(Request request) throws InterruptedException {
    entered.countDown();
    try {
      assertThat(leave.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      interrupted.countDown();
      throw e;
    }
    return Response.text("slow");
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
  }

  private static void await(CompletableFuture<Void> future) throws Exception {
    future.get(20, TimeUnit.SECONDS);
  }

  @Test
  void startsAndStopsAndStartsAgain() throws Exception {
    HttpServer server = servers.create(LifecycleTest::hello, config -> config);
    assertThat(server.status()).isEqualTo(ServerStatus.STOPPED);
    assertThat(server.port()).isEqualTo(-1);
    assertThat(server.address()).hasToString("/127.0.0.1:0");
    assertThat(server.stop(Duration.ZERO)).isCompleted();
    server.join();
    for (int i = 0; i < 3; i++) {
      server.start();
      assertThat(server.status()).isEqualTo(ServerStatus.RUNNING);
      assertThat(server.port()).isPositive();
      assertThat(server.address()).hasToString("/127.0.0.1:" + server.port());
      assertThat(servers.connect(server).send(GET).read().text()).isEqualTo("hello");
      await(server.stop(Duration.ZERO));
      assertThat(server.status()).isEqualTo(ServerStatus.STOPPED);
      assertThat(server.port()).isEqualTo(-1);
      assertThat(server.stop(Duration.ZERO)).isCompleted();
    }
  }

  @Test
  void startsAgainOnTheSamePort() throws Exception {
    HttpServer first = servers.start(LifecycleTest::hello);
    int port = first.port();
    ScriptedPeer peer = servers.connect(first);
    peer.send(GET).read();
    await(first.stop(Duration.ZERO));
    HttpServer second = servers.start(LifecycleTest::hello, config -> config.port(port));
    assertThat(second.port()).isEqualTo(port);
    assertThat(servers.connect(second).send(GET).read().text()).isEqualTo("hello");
  }

  @Test
  void eachServerGetsAPortOfItsOwn() {
    assertThat(servers.start(LifecycleTest::hello).port())
        .isNotEqualTo(servers.start(LifecycleTest::hello).port());
  }

  @Test
  void cannotBeStartedWhileItRunsOrStops() throws Exception {
    HttpServer server = servers.start(this::slow);
    assertThatIllegalStateException().isThrownBy(server::start).withMessageContaining("RUNNING");
    ScriptedPeer peer = servers.connect(server).send(GET);
    await(entered);
    CompletableFuture<Void> stopped = server.stop(Duration.ofSeconds(20));
    assertThat(server.status()).isEqualTo(ServerStatus.STOPPING);
    assertThatIllegalStateException().isThrownBy(server::start).withMessageContaining("STOPPING");
    leave.countDown();
    assertThat(peer.read().status()).isEqualTo(200);
    await(stopped);
    server.start();
    assertThat(server.status()).isEqualTo(ServerStatus.RUNNING);
  }

  @Test
  void joinWaitsUntilTheServerIsStopped() throws Exception {
    HttpServer server = servers.start(LifecycleTest::hello);
    CountDownLatch joining = new CountDownLatch(1);
    AtomicReference<@Nullable ServerStatus> seen = new AtomicReference<>();
    Thread joiner =
        new Thread(
            () -> {
              joining.countDown();
              try {
                server.join();
                seen.set(server.status());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    joiner.start();
    await(joining);
    joiner.join(50);
    assertThat(joiner.isAlive()).isTrue();
    assertThat(seen).hasNullValue();
    await(server.stop(Duration.ZERO));
    joiner.join(20_000);
    assertThat(seen).hasValue(ServerStatus.STOPPED);
  }

  @Test
  void stopCutsWhatTakesLongerThanItsTimeout() throws Exception {
    HttpServer server = servers.start(this::slow);
    ScriptedPeer peer = servers.connect(server).send(GET);
    await(entered);
    CompletableFuture<Void> stopped = server.stop(Duration.ofMillis(100));
    assertThat(stopped).isNotDone();
    await(stopped);
    await(interrupted);
    assertThat(peer.readToEnd()).isEmpty();
    assertThat(server.activeRequests()).isZero();
  }

  @Test
  void stopLetsARequestFinishWithinItsTimeout() throws Exception {
    HttpServer server = servers.start(this::slow);
    ScriptedPeer peer = servers.connect(server).send(GET);
    await(entered);
    CompletableFuture<Void> stopped = server.stop(Duration.ofMinutes(1));
    assertThat(server.status()).isEqualTo(ServerStatus.STOPPING);
    assertThat(server.activeRequests()).isEqualTo(1);
    leave.countDown();
    Reply reply = peer.read();
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEqualTo("slow");
    assertThat(reply.header("Connection")).isEqualTo("close");
    peer.expectEof();
    peer.close();
    await(stopped);
  }

  @Test
  void stopLetsABodyComeInWithinItsTimeout() throws Exception {
    HttpServer server = servers.start(request -> Response.text(request.text()));
    ScriptedPeer peer = servers.connect(server);
    peer.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n01234");
    servers.events.await(Kind.REQUEST);
    CompletableFuture<Void> stopped = server.stop(Duration.ofMinutes(1));
    Reply reply = peer.send("56789").read();
    assertThat(reply.text()).isEqualTo("0123456789");
    assertThat(reply.header("Connection")).isEqualTo("close");
    peer.expectEof();
    peer.close();
    await(stopped);
  }

  @Test
  void stopLetsALargeAnswerLeaveWithinItsTimeout() throws Exception {
    byte[] large = new byte[32 * 1024 * 1024];
    HttpServer server = servers.start(request -> Response.bytes(large));
    ScriptedPeer peer = servers.connectNarrow(server).send(GET);
    servers.events.await(Kind.RESPONSE);
    CompletableFuture<Void> stopped = server.stop(Duration.ofMinutes(1));
    assertThat(peer.read().body()).isEqualTo(large);
    peer.expectEof();
    peer.close();
    await(stopped);
  }

  @Test
  void stopRunsNothingThatIsPipelinedBehindARequest() throws Exception {
    HttpServer server = servers.start(this::slow);
    ScriptedPeer peer = servers.connect(server).send(GET + GET);
    await(entered);
    CompletableFuture<Void> stopped = server.stop(Duration.ofMinutes(1));
    leave.countDown();
    assertThat(peer.read().header("Connection")).isEqualTo("close");
    peer.expectEof();
    peer.close();
    await(stopped);
    assertThat(servers.events.count(Kind.REQUEST)).isEqualTo(1);
  }

  @Test
  void stopClosesIdleConnectionsAtOnce() throws Exception {
    HttpServer server = servers.start(LifecycleTest::hello);
    ScriptedPeer fresh = servers.connect(server);
    ScriptedPeer used = servers.connect(server);
    assertThat(used.send(GET).read().status()).isEqualTo(200);
    servers.events.await(Kind.ACCEPT, 2);
    CompletableFuture<Void> stopped = server.stop(Duration.ofMinutes(1));
    fresh.expectEof();
    used.expectEof();
    await(stopped);
  }

  @Test
  void stopAcceptsNothingMore() throws Exception {
    HttpServer server = servers.start(this::slow);
    ScriptedPeer peer = servers.connect(server).send(GET);
    await(entered);
    CompletableFuture<Void> stopped = server.stop(Duration.ofMinutes(1));
    assertThat(catchThrowable(() -> connectUntilRefused(server)))
        .isInstanceOf(ConnectException.class);
    leave.countDown();
    assertThat(peer.read().status()).isEqualTo(200);
    peer.close();
    await(stopped);
  }

  private void connectUntilRefused(HttpServer server) throws IOException {
    for (int i = 0; i < 10_000; i++) {
      try {
        ScriptedPeer.connect(server).close();
      } catch (ConnectException e) {
        throw e;
      } catch (SocketException e) {
        // it met the moment of closing, and was reset; the next one is refused
      }
    }
  }

  @Test
  void aSecondStopHastensTheFirst() throws Exception {
    HttpServer server = servers.start(this::slow);
    ScriptedPeer peer = servers.connect(server).send(GET);
    await(entered);
    CompletableFuture<Void> first = server.stop(Duration.ofHours(1));
    CompletableFuture<Void> second = server.stop(Duration.ofMillis(50));
    await(first);
    await(second);
    await(interrupted);
    assertThat(peer.readToEnd()).isEmpty();
  }

  @Test
  void aSecondStopHastensTheFirstThatWaitsForAHandlerOnly() throws Exception {
    HttpServer server = servers.start(this::slow);
    ScriptedPeer peer = servers.connect(server).send(GET);
    await(entered);
    peer.reset();
    servers.events.await(Kind.CLOSE);
    CompletableFuture<Void> first = server.stop(Duration.ofHours(1));
    assertThat(server.status()).isEqualTo(ServerStatus.STOPPING);
    await(server.stop(Duration.ofMillis(50)));
    await(first);
    await(interrupted);
  }

  @Test
  void aSecondStopCannotDelayTheFirst() throws Exception {
    HttpServer server = servers.start(this::slow);
    ScriptedPeer peer = servers.connect(server).send(GET);
    await(entered);
    CompletableFuture<Void> first = server.stop(Duration.ofMillis(50));
    CompletableFuture<Void> second = server.stop(Duration.ofHours(1));
    await(first);
    await(second);
    assertThat(peer.readToEnd()).isEmpty();
  }

  @Test
  void whoWaitsForAStopCannotEndIt() throws Exception {
    HttpServer server = servers.start(this::slow);
    ScriptedPeer peer = servers.connect(server).send(GET);
    await(entered);
    CompletableFuture<Void> stopped = server.stop(Duration.ofMinutes(1));
    stopped.complete(null);
    assertThat(server.status()).isEqualTo(ServerStatus.STOPPING);
    leave.countDown();
    assertThat(peer.read().status()).isEqualTo(200);
  }

  @Test
  void closeStopsAtOnce() throws Exception {
    try (HttpServer server = servers.start(this::slow)) {
      servers.connect(server).send(GET);
      await(entered);
    }
    await(interrupted);
  }

  @Test
  void aHandlerMayStopItsServer() throws Exception {
    AtomicReference<@Nullable HttpServer> self = new AtomicReference<>();
    HttpServer server =
        servers.start(
            request -> {
              HttpServer mine = self.get();
              assertThat(mine).isNotNull();
              CompletableFuture<Void> unused = mine.stop(Duration.ofSeconds(20));
              return Response.text("good-bye");
            });
    self.set(server);
    ScriptedPeer peer = servers.connect(server).send(GET);
    Reply reply = peer.read();
    assertThat(reply.text()).isEqualTo("good-bye");
    assertThat(reply.header("Connection")).isEqualTo("close");
    peer.close();
    server.join();
  }

  @Test
  void aPortThatIsTakenIsAnErrorThatNamesIt() throws Exception {
    HttpServer other = servers.start(LifecycleTest::hello);
    ServerConfig config = ServerConfig.builder().ip("127.0.0.1").port(other.port()).build();
    HttpServer server = servers.add(HttpServer.create(LifecycleTest::hello, config));
    assertThatExceptionOfType(BindException.class).isThrownBy(server::start);
    assertThat(server.status()).isEqualTo(ServerStatus.STOPPED);
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(() -> HttpServer.start(LifecycleTest::hello, config))
        .withMessageContaining("127.0.0.1:" + other.port())
        .withCauseInstanceOf(BindException.class);
    await(other.stop(Duration.ZERO));
    server.start();
    assertThat(servers.connect(server).send(GET).read().text()).isEqualTo("hello");
  }

  @Test
  void usesTheGivenExecutorAndLeavesItRunning() throws Exception {
    ExecutorService executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(1),
            task -> new Thread(task, "given"));
    try {
      HttpServer server =
          servers.start(
              request -> request.path().equals("/slow") ? slow(request) : threadName(request),
              config -> config.loops(1).executor(executor));
      assertThat(servers.connect(server).send(GET).read().text()).isEqualTo("given");
      assertThat(Thread.getAllStackTraces().keySet())
          .noneMatch(thread -> thread.getName().startsWith("worker-"));
      // one that runs, one that waits, one too many
      ScriptedPeer running = servers.connect(server).send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
      await(entered);
      ScriptedPeer waiting = servers.connect(server).send(GET);
      servers.events.await(Kind.REQUEST, 3);
      assertThat(servers.connect(server).send(GET).read().status()).isEqualTo(503);
      leave.countDown();
      assertThat(running.read().status()).isEqualTo(200);
      assertThat(waiting.read().status()).isEqualTo(200);
      await(server.stop(Duration.ofSeconds(20)));
      assertThat(executor.isShutdown()).isFalse();
      assertThat(executor.submit(() -> "still runs").get(20, TimeUnit.SECONDS))
          .isEqualTo("still runs");
    } finally {
      executor.shutdownNow();
    }
  }

  @Test
  void answersWithAnExecutorThatRunsTasksInTheCallersThread() throws IOException {
    HttpServer server = servers.start(LifecycleTest::threadName, c -> c.executor(Runnable::run));
    assertThat(servers.connect(server).send(GET).read().text()).startsWith("http-kit-loop-");
  }

  @Test
  void replacesTheHandlerWhileItRuns() throws IOException {
    HttpServer server = servers.start(request -> Response.text("one"));
    ScriptedPeer peer = servers.connect(server);
    assertThat(peer.send(GET).read().text()).isEqualTo("one");
    server.handler(request -> Response.text("two"));
    assertThat(peer.send(GET).read().text()).isEqualTo("two");
  }

  @Test
  void listensOnIpv6() throws IOException {
    if (!hasIpv6()) {
      return;
    }
    HttpServer server =
        servers.start(
            request -> Response.text(request.header("Host").orElse("")),
            config -> config.ip("::1"));
    String host = "[::1]:" + server.port();
    assertThat(servers.connect(server).send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n").read())
        .extracting(Reply::text)
        .isEqualTo(host);
  }

  private static boolean hasIpv6() {
    try (ServerSocketChannel channel = ServerSocketChannel.open()) {
      byte[] loopback = new byte[16];
      loopback[15] = 1;
      channel.bind(new InetSocketAddress(InetAddress.getByAddress(loopback), 0));
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  @Test
  void listensOnAllAddressesByDefault() throws IOException {
    HttpServer server = servers.start(LifecycleTest::hello, config -> config.ip("0.0.0.0"));
    assertThat(servers.connect(server).send(GET).read().text()).isEqualTo("hello");
  }

  // ---- Unix domain sockets

  @Test
  void listensOnAUnixDomainSocket(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("http.sock");
    HttpServer server = servers.start(LifecycleTest::hello, config -> config.unixSocket(path));
    for (int i = 0; i < 2; i++) {
      assertThat(server.port()).isEqualTo(-1);
      assertThat(server.address()).isEqualTo(UnixDomainSocketAddress.of(path));
      ScriptedPeer peer = servers.connect(server);
      assertThat(peer.send(GET).read().text()).isEqualTo("hello");
      assertThat(peer.send(GET).read().text()).isEqualTo("hello");
      await(server.stop(Duration.ZERO));
      assertThat(path).doesNotExist();
      server.start();
    }
  }

  @Test
  void takesTheUnixDomainSocketThatADeadServerLeft(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("http.sock");
    try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      dead.bind(UnixDomainSocketAddress.of(path));
    }
    assertThat(path).exists();
    HttpServer server = servers.start(LifecycleTest::hello, config -> config.unixSocket(path));
    assertThat(servers.connect(server).send(GET).read().text()).isEqualTo("hello");
  }

  @Test
  void doesNotTakeTheUnixDomainSocketOfALiveServer(@TempDir Path directory) throws Exception {
    Path path = directory.resolve("http.sock");
    HttpServer live = servers.start(LifecycleTest::hello, config -> config.unixSocket(path));
    HttpServer other = servers.create(LifecycleTest::hello, config -> config.unixSocket(path));
    assertThatExceptionOfType(BindException.class).isThrownBy(other::start);
    assertThat(other.status()).isEqualTo(ServerStatus.STOPPED);
    assertThatExceptionOfType(UncheckedIOException.class)
        .isThrownBy(
            () ->
                HttpServer.start(
                    LifecycleTest::hello, ServerConfig.builder().unixSocket(path).build()))
        .withMessageContaining(path.toString());
    assertThat(servers.connect(live).send(GET).read().text()).isEqualTo("hello");
  }

  @Test
  void doesNotRemoveAFileThatIsNoSocket(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("precious"), "data");
    HttpServer server = servers.create(LifecycleTest::hello, config -> config.unixSocket(file));
    assertThatExceptionOfType(BindException.class).isThrownBy(server::start);
    assertThat(file).hasContent("data");
    Path none = directory.resolve("missing/http.sock");
    HttpServer nowhere = servers.create(LifecycleTest::hello, config -> config.unixSocket(none));
    assertThatExceptionOfType(IOException.class).isThrownBy(nowhere::start);
  }

  // ---- threads

  @Test
  void namesItsWorkers() throws IOException {
    HttpServer server = servers.start(LifecycleTest::threadName);
    assertThat(servers.connect(server).send(GET).read().text()).matches("worker-[1-4]");
    server =
        servers.start(
            LifecycleTest::threadName, config -> config.thread(1).workerNamePrefix("own-worker-"));
    assertThat(servers.connect(server).send(GET).read().text()).isEqualTo("own-worker-1");
  }

  @Test
  void runsAHandlerThatDoesNotBlockOnTheLoop() throws IOException {
    HttpServer server =
        servers.start(
            new Handler() {
              @Override
              public Response handle(Request request) {
                return threadName(request);
              }

              @Override
              public boolean isNonBlocking(Request request) {
                return request.path().equals("/fast");
              }
            });
    ScriptedPeer peer = servers.connect(server);
    assertThat(peer.send("GET /fast HTTP/1.1\r\nHost: a\r\n\r\n").read().text())
        .matches("http-kit-loop-[12]");
    assertThat(peer.send(GET).read().text()).startsWith("worker-");
    server = servers.start(Handler.nonBlocking(LifecycleTest::threadName), c -> c.loops(1));
    assertThat(servers.connect(server).send(GET).read().text()).isEqualTo("http-kit-loop-1");
  }

  @Test
  void runsHandlersOnVirtualThreadsWhereThereAreAny() throws Exception {
    HttpServer server =
        servers.create(
            request -> Response.text(Thread.currentThread().toString()),
            config -> config.virtualThreads());
    if (Runtime.version().feature() < 21) {
      assertThatIllegalStateException()
          .isThrownBy(server::start)
          .withMessageContaining("Java 21")
          .withMessageContaining("17");
      assertThat(server.status()).isEqualTo(ServerStatus.STOPPED);
      return;
    }
    server.start();
    assertThat(servers.connect(server).send(GET).read().text())
        .startsWith("VirtualThread[")
        .contains("worker-");
  }

  // ---- events

  @Test
  void tellsWhatHappensInOrder() throws Exception {
    RecordingEvents events = servers.events;
    HttpServer server = servers.start(LifecycleTest::hello);
    ScriptedPeer peer = servers.connect(server);
    SocketAddress remote = peer.localAddress();
    assertThat(peer.send(GET).read().status()).isEqualTo(200);
    peer.close();
    events.await(Kind.CLOSE);
    assertThat(events.kinds())
        .containsExactly(Kind.ACCEPT, Kind.REQUEST, Kind.RESPONSE, Kind.CLOSE);
    assertThat(events.await(Kind.ACCEPT).remote()).isEqualTo(remote);
    Event request = events.await(Kind.REQUEST);
    assertThat(request.request()).hasToString("GET /");
    Event response = events.await(Kind.RESPONSE);
    assertThat(response.request()).isSameAs(request.request());
    assertThat(response.status()).isEqualTo(Status.OK);
    assertThat(response.bodyBytes()).isEqualTo(5);
    assertThat(response.nanos()).isPositive().isLessThan(20_000_000_000L);
  }

  @Test
  void tellsOfErrorsAndOfThatWhichIsNoRequest() throws Exception {
    RecordingEvents events = servers.events;
    RuntimeException failure = new IllegalStateException("secret");
    HttpServer server =
        servers.start(
            request -> {
              throw failure;
            });
    ScriptedPeer peer = servers.connect(server).send(GET);
    assertThat(peer.read().status()).isEqualTo(500);
    assertThat(events.await(Kind.ERROR).error()).isSameAs(failure);
    assertThat(events.await(Kind.ERROR).request()).hasToString("GET /");
    peer.send("Broken\r\n").read().assertRefused(400);
    Event refused = events.await(Kind.RESPONSE, 2);
    assertThat(refused.request()).isNull();
    assertThat(refused.status()).isEqualTo(Status.BAD_REQUEST);
    assertThat(refused.bodyBytes()).isPositive();
    assertThat(events.count(Kind.ERROR)).isEqualTo(1);
  }

  @Test
  void isNotHurtByListenersThatThrow() throws Exception {
    HttpServer server =
        servers.start(
            request -> {
              if (request.path().equals("/error")) {
                throw new IllegalStateException();
              }
              return Response.text("hello");
            },
            config -> config.events(new ThrowingEvents()).maxConnections(1));
    ScriptedPeer peer = servers.connect(server);
    assertThat(peer.send(GET).read().status()).isEqualTo(200);
    assertThat(peer.send("GET /error HTTP/1.1\r\nHost: a\r\n\r\n").read().status()).isEqualTo(500);
    ScriptedPeer second = servers.connect(server).send(GET);
    assertThat(peer.send(GET).read().status()).isEqualTo(200);
    peer.close();
    assertThat(second.read().status()).isEqualTo(200);
  }

  private static final class ThrowingEvents implements ServerEvents {
    @Override
    public void onAccept(@Nullable SocketAddress remote) {
      throw new IllegalStateException();
    }

    @Override
    public void onRequest(Request request) {
      throw new IllegalStateException();
    }

    @Override
    public void onResponse(@Nullable Request request, Status status, long bytes, long nanos) {
      throw new AssertionError();
    }

    @Override
    public void onError(Request request, Throwable error) {
      throw new IllegalStateException();
    }

    @Override
    public void onClose(@Nullable SocketAddress remote) {
      throw new IllegalStateException();
    }

    @Override
    public void onAcceptPaused(@Nullable Throwable cause) {
      throw new IllegalStateException();
    }

    @Override
    public void onAcceptResumed() {
      throw new IllegalStateException();
    }
  }
}
