package io.httpkit.client;

import static io.httpkit.client.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ScriptedServer.Peer;
import io.httpkit.http.Body;
import io.httpkit.internal.loop.EventLoop;
import io.httpkit.internal.loop.FakeTicker;
import io.httpkit.internal.loop.Ticker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.AbstractList;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Moments in which a request passes from one thread to another, and something else happens. */
@Timeout(60)
class HandOverTest {
  private static final long BOUND_SECONDS = 20;
  private static final String BODY = "hello";

  /** One in a hundred or so hits the moment. */
  private static final int ROUNDS = 500;

  private static final long MEETING_NANOS = 20_000;
  private static final Duration TOTAL = Duration.ofMillis(1);

  @RegisterExtension final NothingLeft all = new NothingLeft();

  @TempDir private Path directory;

  // ---- from the pool to the connection

  /** Does something when the request for a path has its connection and is not sent yet. */
  private record AtRequest(Map<String, Runnable> actions) implements ClientEvents {
    @Override
    public void onRequest(ClientRequest request) {
      String path = URI.create(request.url()).getPath();
      actions.getOrDefault(path, () -> {}).run();
    }
  }

  /**
   * A request that cannot be written gives its connection to one that waits, on the thread of who
   * has sent it; that is cancelled there, and the loop has looked for it, before it is sent.
   */
  @Test
  void requestThatIsCancelledBeforeItIsSentIsNotSent() throws Exception {
    ScriptedServer server = all.server();
    ScriptedServer other = all.server();
    AtomicReference<@Nullable HttpClient> made = new AtomicReference<>();
    AtomicReference<@Nullable CompletableFuture<ClientResponse>> waiting = new AtomicReference<>();
    Runnable sending = () -> waiting.set(client(made).get(server.url("/late")).send());
    Runnable cancelling =
        () -> {
          CompletableFuture<ClientResponse> late = waiting.get();
          assertThat(late != null && late.cancel(true)).isTrue();
          askOnTheSameLoop(client(made), other);
        };
    HttpClient client =
        all.client(
            config ->
                config
                    .loops(1)
                    .maxConnectionsPerOrigin(1)
                    .events(new AtRequest(Map.of("/broken", sending, "/late", cancelling))));
    made.set(client);
    CompletableFuture<ClientResponse> first = client.get(server.url("/first")).send();
    Peer peer = server.accept();
    peer.expect(server.request("GET", "/first")).send(ok("first"));
    assertThat(Outcome.of(first).text()).isEqualTo("first");

    Outcome.failure(
        client.post(server.url("/broken")).body(directory.resolve("missing")).send(),
        Kind.REQUEST_BODY);

    CompletableFuture<ClientResponse> next = client.get(server.url("/next")).send();
    peer.expect(server.request("GET", "/next")).send(ok("next"));
    assertThat(Outcome.of(next).text()).isEqualTo("next");
  }

  private static HttpClient client(AtomicReference<@Nullable HttpClient> made) {
    HttpClient client = made.get();
    if (client == null) {
      throw new AssertionError("no client yet");
    }
    return client;
  }

  private static void askOnTheSameLoop(HttpClient client, ScriptedServer other) {
    try {
      CompletableFuture<ClientResponse> asked = client.get(other.url("/")).send();
      other.accept().expect(other.request("GET", "/")).send(ok(""));
      Outcome.of(asked);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  // ---- from the loop to who sends

  /** What ends a connection that is idle. */
  private enum Ending {
    EOF {
      @Override
      void tell(Http1ClientProtocol connection) {
        connection.onEof();
      }
    },
    STRAY_BYTES {
      @Override
      void tell(Http1ClientProtocol connection) {
        connection.onBytes(ByteBuffer.wrap("stray\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
      }
    };

    abstract void tell(Http1ClientProtocol connection);
  }

  /** Often, as the request has to come while the loop looks whether there is one. */
  @ParameterizedTest
  @EnumSource
  void connectionThatEndsWhileARequestBeginsIsClosed(Ending ending) throws Exception {
    String url =
        "http://127.0.0.1:" + all.httpServer(new EchoHandler(), config -> config).port() + "/";
    ClientEngine engine =
        new ClientEngine(ClientConfig.builder().loops(1).build(), all.events, Ticker.SYSTEM);
    ClientRequest request = all.client().post(url).build();
    PoolKey key = engine.poolKey(request.uri().origin(), request.options());
    try {
      for (int i = 0; i < ROUNDS; i++) {
        Outcome.of(engine.send(request));
        Http1ClientProtocol connection = engine.pool().takeIdle(key);
        assertThat(connection).isNotNull();
        endAndStart(connection, ending, new Call(engine, request, null), i % 8);
        assertThat(connection.isClosed()).as("closed in round %d", i).isTrue();
      }
    } finally {
      Outcome.of(engine.stop());
    }
  }

  /** What ends a request, and with it its connection. */
  private enum Giving {
    UP {
      @Override
      void end(Http1ClientProtocol connection, ClientExchange exchange, Runnable meeting) {
        connection
            .connection()
            .io()
            .loop()
            .execute(
                () -> {
                  meeting.run();
                  connection.abort(exchange, ClientException.cancelled());
                });
      }
    },
    NO_MORE_TIME {
      @Override
      void end(Http1ClientProtocol connection, ClientExchange exchange, Runnable meeting) {
        // just before the timer of the connection, in the same turn
        EventLoop loop = connection.connection().io().loop();
        loop.execute(() -> loop.schedule(TOTAL.toNanos() - 1, meeting));
      }
    };

    /** Has the loop end it as soon as the meeting is over and time has passed. */
    abstract void end(Http1ClientProtocol connection, ClientExchange exchange, Runnable meeting);
  }

  /** Often, as the first has to be taken back while the loop looks whether it is still there. */
  @ParameterizedTest
  @EnumSource
  void whatEndsARequestDoesNotEndTheNextOneOfItsConnection(Giving giving) throws Exception {
    String url =
        "http://127.0.0.1:" + all.httpServer(new EchoHandler(), config -> config).port() + "/";
    FakeTicker ticker = new FakeTicker(0);
    AtomicBoolean workersRest = new AtomicBoolean();
    Executor workers =
        task -> {
          if (!workersRest.get()) {
            task.run();
          }
        };
    ClientEngine engine =
        new ClientEngine(
            ClientConfig.builder().loops(1).maxConnectionsPerOrigin(1).executor(workers).build(),
            all.events,
            ticker);
    HttpClient builders = all.client();
    ClientRequest given =
        builders.post(url).body(directory.resolve("missing")).totalTimeout(TOTAL).build();
    ClientRequest next = builders.post(url).body("next").build();
    try {
      Outcome.of(engine.send(next));
      for (int i = 0; i < ROUNDS; i++) {
        Http1ClientProtocol connection =
            engine.pool().takeIdle(engine.poolKey(next.uri().origin(), next.options()));
        assertThat(connection).isNotNull();
        workersRest.set(true);
        ClientExchange exchange = startOnTheLoop(connection, new Call(engine, given, null));
        workersRest.set(false);
        CompletableFuture<ClientResponse> waiting = engine.send(next);
        AtomicInteger ready = new AtomicInteger();
        giving.end(connection, exchange, () -> meet(ready));
        connection.connection().io().loop().execute(() -> ticker.advance(TOTAL.toNanos()));
        meet(ready);
        spin(10 * (i % 32));
        connection.takeBack(exchange);

        assertThat(Outcome.of(waiting).text()).as("in round %d", i).isEqualTo("next");
      }
    } finally {
      Outcome.of(engine.stop());
    }
  }

  /** Has it wait for a worker, which opens files. */
  private static ClientExchange startOnTheLoop(Http1ClientProtocol connection, Call call)
      throws Exception {
    ClientRequest request = call.request();
    Hop hop = new Hop(request.method(), request.uri(), request.headers(), request.upload());
    ClientExchange exchange = new ClientExchange(call, hop, connection);
    Outcome.of(
        CompletableFuture.runAsync(
            () -> assertThat(connection.start(exchange)).isTrue(),
            connection.connection().io().loop()));
    return exchange;
  }

  private static void spin(int times) {
    for (int i = 0; i < times; i++) {
      Thread.onSpinWait();
    }
  }

  /** Both at once: the loop is told of the end, and this thread starts a request. */
  private static void endAndStart(
      Http1ClientProtocol connection, Ending ending, Call call, int later) throws Exception {
    ClientRequest request = call.request();
    Hop hop = new Hop(request.method(), request.uri(), request.headers(), null);
    ClientExchange exchange = new ClientExchange(call, hop, connection);
    AtomicInteger ready = new AtomicInteger();
    CompletableFuture<Void> told =
        CompletableFuture.runAsync(
            () -> {
              meet(ready);
              ending.tell(connection);
            },
            connection.connection().io().loop());
    meet(ready);
    spin(later);
    boolean unused = connection.start(exchange);
    Outcome.of(told);
  }

  /** Waits for the other thread, and then until the clock says that both go on. */
  private static void meet(AtomicInteger ready) {
    ready.incrementAndGet();
    while (ready.get() < 2) {
      Thread.onSpinWait();
    }
    long go = (System.nanoTime() / MEETING_NANOS + 1) * MEETING_NANOS;
    while (System.nanoTime() < go) {
      Thread.onSpinWait();
    }
  }

  // ---- from the loop to a worker

  /** Does something when a connection is closed, on its loop. */
  private record AtClose(Runnable action) implements ClientEvents {
    @Override
    public void onClose(String origin) {
      action.run();
    }
  }

  /**
   * A worker comes to the request just when it is told that the connection is closed; the body is
   * left alone then.
   */
  @Test
  void bodyOfARequestThatIsOverIsNotBegun() throws Exception {
    ScriptedServer server = all.server();
    BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    AtomicInteger looks = new AtomicInteger();
    CompletableFuture<Integer> looksOfSending = new CompletableFuture<>();
    Runnable sending =
        () -> {
          looks.set(0);
          runAll(tasks);
          looksOfSending.complete(looks.get());
        };
    HttpClient client =
        all.client(config -> config.executor(tasks::add).events(new AtClose(sending)));
    CompletableFuture<ClientResponse> future =
        client.post(server.url("/")).body(Body.ofParts(counted(looks))).send();
    Peer peer = server.accept();
    Runnable first = tasks.poll(BOUND_SECONDS, TimeUnit.SECONDS);
    assertThat(first).isNotNull();
    tasks.add(first);

    assertThat(future.cancel(true)).isTrue();

    assertThat(Outcome.of(looksOfSending)).isZero();
    peer.expectEof();
  }

  private static void runAll(BlockingQueue<Runnable> tasks) {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** A worker may find that it cannot send, and then another request has the connection. */
  @Test
  void connectionOfARequestThatIsNotBegunTakesNoAnswer() throws Exception {
    ScriptedServer server = all.server();
    BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
    HttpClient client = all.client(config -> config.executor(tasks::add));
    CompletableFuture<ClientResponse> future =
        client.post(server.url("/")).body(directory.resolve("missing")).send();
    Peer peer = server.accept();
    Runnable sending = tasks.poll(BOUND_SECONDS, TimeUnit.SECONDS);
    assertThat(sending).isNotNull();

    peer.send("HTTP/1.1 200 OK\r\nContent-Le").expectEof();
    all.events.awaitOutcomes(1);
    sending.run();
    Runnable telling = tasks.poll(BOUND_SECONDS, TimeUnit.SECONDS);
    assertThat(telling).isNotNull();
    telling.run();

    Outcome.failure(future, Kind.CLOSED);
  }

  /** Counts how often something of it is taken. */
  private static AbstractList<String> counted(AtomicInteger looks) {
    return new AbstractList<>() {
      @Override
      public String get(int index) {
        looks.incrementAndGet();
        return BODY;
      }

      @Override
      public int size() {
        return 1;
      }
    };
  }

  // ---- from a worker to the loop

  /** The server answers all of the body, while who sends it is not through yet. */
  @Test
  void connectionIsKeptThoughTheStreamIsStillBeingClosed() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    CountDownLatch answered = new CountDownLatch(1);
    InputStream closedLate =
        new ByteArrayInputStream(BODY.getBytes(StandardCharsets.UTF_8)) {
          @Override
          public void close() throws IOException {
            try {
              assertThat(answered.await(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new IOException(e);
            }
          }
        };
    CompletableFuture<ClientResponse> future =
        client.post(server.url("/")).body(Body.of(closedLate, BODY.length())).send();
    Peer peer = answerBody(server);
    assertThat(Outcome.of(future).text()).isEqualTo("first");
    answered.countDown();

    expectReuse(client, server, peer);
  }

  @Test
  void connectionIsKeptThoughThePublisherHasNotSaidThatItIsThrough() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    ManualPublisher publisher = new ManualPublisher();
    CompletableFuture<ClientResponse> future =
        client.post(server.url("/")).body(publisher, BODY.length()).send();
    assertThat(publisher.wish()).isEqualTo("request 1");
    publisher.next(BODY.getBytes(StandardCharsets.UTF_8));
    Peer peer = answerBody(server);
    assertThat(Outcome.of(future).text()).isEqualTo("first");
    publisher.complete();

    expectReuse(client, server, peer);
  }

  private static Peer answerBody(ScriptedServer server) throws Exception {
    Peer peer = server.accept();
    assertThat(peer.head()).contains("\r\nContent-Length: " + BODY.length() + "\r\n");
    return peer.expect(BODY).send(ok("first"));
  }

  private static void expectReuse(HttpClient client, ScriptedServer server, Peer peer)
      throws Exception {
    CompletableFuture<ClientResponse> next = client.get(server.url("/next")).send();
    peer.expect(server.request("GET", "/next")).send(ok("next"));
    assertThat(Outcome.of(next).text()).isEqualTo("next");
  }

  /** Often, as the answer has to come between the last write and its return. */
  @Test
  void connectionIsKeptHoweverEarlyTheAnswerComes() throws Exception {
    String url =
        "http://127.0.0.1:" + all.httpServer(new EchoHandler(), config -> config).port() + "/";
    HttpClient client = all.client();
    for (int i = 0; i < 2000; i++) {
      InputStream body = new ByteArrayInputStream(ByteBuffer.allocate(4).putInt(0, i).array());
      assertThat(Outcome.of(client.post(url).body(body).send()).bytes())
          .isEqualTo(ByteBuffer.allocate(4).putInt(0, i).array());
    }
    assertThat(all.events.count(RecordingEvents.Kind.CONNECT)).isEqualTo(1);
  }
}
