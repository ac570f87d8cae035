package io.httpkit.client;

import static io.httpkit.client.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ScriptedServer.Peer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Code of the application that the client calls: what it must not do, and that it may throw. */
@Timeout(60)
class CallbackTest {
  private static final String GUARD = "deadlock-guard";

  @RegisterExtension final NothingLeft all = new NothingLeft();

  /** Where callbacks run. */
  private enum Where {
    LOOP,
    ONE_WORKER,
    EXECUTOR;

    ClientConfig.Builder apply(ClientConfig.Builder config) {
      return switch (this) {
        case LOOP -> config.loops(1).executor(Runnable::run);
        case ONE_WORKER -> config.threads(1);
        case EXECUTOR -> config.executor(ForkJoinPool.commonPool());
      };
    }
  }

  /** How a thread waits for a response. */
  private enum Waiting {
    GET {
      @Override
      ClientResponse wait(CompletableFuture<ClientResponse> future) throws Exception {
        return future.get();
      }
    },
    GET_WITH_LIMIT {
      @Override
      ClientResponse wait(CompletableFuture<ClientResponse> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
      }
    },
    JOIN {
      @Override
      ClientResponse wait(CompletableFuture<ClientResponse> future) {
        return future.join();
      }
    };

    abstract ClientResponse wait(CompletableFuture<ClientResponse> future) throws Exception;

    /** The message of what is thrown; {@code none} if it could wait. */
    String attempt(CompletableFuture<ClientResponse> future) {
      try {
        wait(future);
        return "none";
      } catch (Exception e) {
        return String.valueOf(e.getMessage());
      }
    }
  }

  static List<List<Object>> allWays() {
    return Stream.of(Where.values())
        .flatMap(where -> Stream.of(Waiting.values()).map(way -> List.<Object>of(where, way)))
        .toList();
  }

  private static void answer(Peer peer, ScriptedServer server, String path) throws IOException {
    peer.expect(server.request("GET", path)).send(ok(path));
  }

  // ---- waiting

  @ParameterizedTest
  @MethodSource("allWays")
  void callbackMustNotWaitForItsClient(List<Object> row) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(((Where) row.get(0))::apply);
    Waiting way = (Waiting) row.get(1);
    CompletableFuture<String> refusal = new CompletableFuture<>();
    CompletableFuture<ClientResponse> other = new CompletableFuture<>();
    CompletableFuture<ClientResponse> future =
        client
            .get(server.url("/1"))
            .send(
                (response, failure) -> {
                  CompletableFuture<ClientResponse> second = client.get(server.url("/2")).send();
                  refusal.complete(way.attempt(second));
                  CompletableFuture<?> unused = second.thenAccept(other::complete);
                });

    Peer peer = server.accept();
    answer(peer, server, "/1");
    assertThat(Outcome.of(refusal)).contains(GUARD, "thenCompose");
    answer(peer, server, "/2");
    assertThat(Outcome.of(other).text()).isEqualTo("/2");
    assertThat(Outcome.of(future).text()).isEqualTo("/1");
  }

  /** What was chained before knows its client, too. */
  @ParameterizedTest
  @EnumSource
  void callbackMustNotWaitForWhatIsChained(Where where) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(where::apply);
    CompletableFuture<ClientResponse> chained =
        client.get(server.url("/1")).send().thenApply(response -> response).copy();
    Peer first = server.accept().expect(server.request("GET", "/1"));
    CompletableFuture<String> refusal =
        client.get(server.url("/2")).send().thenApply(response -> Waiting.JOIN.attempt(chained));
    answer(server.accept(), server, "/2");

    assertThat(Outcome.of(refusal)).contains(GUARD);
    first.send(ok("/1"));
    assertThat(Outcome.of(chained).text()).isEqualTo("/1");
  }

  @ParameterizedTest
  @EnumSource
  void callbackMayChain(Where where) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(where::apply);
    CompletableFuture<String> last =
        client
            .get(server.url("/1"))
            .send()
            .thenCompose(response -> client.get(server.url("/2")).send())
            .thenApply(ClientResponse::text);
    Peer peer = server.accept();
    answer(peer, server, "/1");
    answer(peer, server, "/2");
    assertThat(Outcome.of(last)).isEqualTo("/2");
  }

  @ParameterizedTest
  @EnumSource
  void callbackMayAskForWhatIsThere(Where where) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(where::apply);
    CompletableFuture<ClientResponse> done = client.get(server.url("/1")).send();
    Peer peer = server.accept();
    answer(peer, server, "/1");
    Outcome.of(done);
    CompletableFuture<String> text =
        client.get(server.url("/2")).send().thenApply(response -> done.join().text());
    answer(peer, server, "/2");
    assertThat(Outcome.of(text)).isEqualTo("/1");
  }

  @Test
  void callbackMayWaitForAnotherClient() throws Exception {
    ScriptedServer server = all.server();
    ScriptedServer elsewhere = all.server();
    HttpClient client = all.client();
    HttpClient other = all.client();
    CompletableFuture<String> text =
        client
            .get(server.url("/1"))
            .send()
            .thenApply(response -> other.get(elsewhere.url("/2")).send().join().text());
    answer(server.accept(), server, "/1");
    answer(elsewhere.accept(), elsewhere, "/2");
    assertThat(Outcome.of(text)).isEqualTo("/2");
  }

  /** Its only thread is the callback's. */
  @ParameterizedTest
  @EnumSource
  void callbackMustNotWaitForAnotherClientOfItsExecutor(Waiting way) throws Exception {
    ScriptedServer server = all.server();
    ExecutorService one = Executors.newSingleThreadExecutor();
    try {
      HttpClient client = all.client(config -> config.executor(one));
      HttpClient other = all.client(config -> config.executor(one));
      CompletableFuture<CompletableFuture<ClientResponse>> second = new CompletableFuture<>();
      CompletableFuture<String> refusal =
          client
              .get(server.url("/1"))
              .send()
              .thenApply(
                  response -> {
                    second.complete(other.get(server.url("/2")).send());
                    return way.attempt(second.join());
                  });
      answer(server.accept(), server, "/1");
      assertThat(Outcome.of(refusal)).contains(GUARD, "thenCompose");
      answer(server.accept(), server, "/2");
      assertThat(Outcome.of(Outcome.of(second)).text()).isEqualTo("/2");
    } finally {
      one.shutdown();
    }
  }

  /** All that it serves would wait, and each of two loops could wait for the other. */
  @Test
  void loopMustNotWaitForAnyClient() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(Where.LOOP::apply);
    HttpClient other = all.client();
    CompletableFuture<ClientResponse> second = other.get(server.url("/2")).send();
    Peer peer = server.accept().expect(server.request("GET", "/2"));
    CompletableFuture<String> refusal =
        client.get(server.url("/1")).send().thenApply(response -> Waiting.JOIN.attempt(second));
    answer(server.accept(), server, "/1");
    assertThat(Outcome.of(refusal)).contains(GUARD, "event loop");
    peer.send(ok("/2"));
    assertThat(Outcome.of(second).text()).isEqualTo("/2");
  }

  /**
   * What {@code allOf} gives is no future of the client: so it is to be chained, not waited for.
   */
  @ParameterizedTest
  @EnumSource
  void callbackMayChainSeveral(Where where) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> where.apply(config).maxConnectionsPerOrigin(1));
    CompletableFuture<String> texts =
        client
            .get(server.url("/1"))
            .send()
            .thenCompose(
                response -> {
                  CompletableFuture<ClientResponse> left = client.get(server.url("/2")).send();
                  CompletableFuture<ClientResponse> right = client.get(server.url("/3")).send();
                  return CompletableFuture.allOf(left, right)
                      .thenApply(nothing -> left.join().text() + right.join().text());
                });
    Peer peer = server.accept();
    answer(peer, server, "/1");
    answer(peer, server, "/2");
    answer(peer, server, "/3");
    assertThat(Outcome.of(texts)).isEqualTo("/2/3");
  }

  @ParameterizedTest
  @EnumSource
  void anyOtherThreadMayWait(Waiting way) throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = all.client().get(server.url("/1")).send();
    CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> way.attempt(future));
    answer(server.accept(), server, "/1");
    assertThat(Outcome.of(waiting)).isEqualTo("none");
  }

  /** The loop is what has to bring it. */
  @Test
  void loopMustNotWaitForABody() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(Where.LOOP::apply);
    CompletableFuture<String> refusal =
        client.get(server.url("/1")).stream()
            .thenApply(
                response -> {
                  try (response;
                      InputStream body = response.stream()) {
                    return "read " + body.read();
                  } catch (IOException | IllegalStateException e) {
                    return String.valueOf(e.getMessage());
                  }
                });
    Peer peer = server.accept().expect(server.request("GET", "/1"));
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    assertThat(Outcome.of(refusal)).contains(GUARD);
    peer.expectEof();
  }

  /** Events are told on the loop, wherever callbacks run. */
  @Test
  void eventsMustNotWaitForTheirClient() throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<HttpClient> self = new CompletableFuture<>();
    CompletableFuture<String> refusal = new CompletableFuture<>();
    ClientEvents events =
        new ClientEvents() {
          @Override
          public void onConnect(String origin, @Nullable SocketAddress remote, long nanos) {
            CompletableFuture<ClientResponse> second = self.join().get(server.url("/2")).send();
            refusal.complete(Waiting.JOIN.attempt(second));
            second.cancel(true);
          }
        };
    HttpClient client =
        all.client(config -> config.events(events).loops(1).maxConnectionsPerOrigin(1));
    self.complete(client);
    CompletableFuture<ClientResponse> first = client.get(server.url("/1")).send();
    assertThat(Outcome.of(refusal)).contains(GUARD);
    answer(server.accept(), server, "/1");
    assertThat(Outcome.of(first).text()).isEqualTo("/1");
  }

  // ---- throwing

  static List<List<Object>> allThrows() {
    return Stream.of(Where.values())
        .flatMap(
            where ->
                Stream.of(new IllegalStateException("unchecked"), new AssertionError("error"))
                    .map(thrown -> List.<Object>of(where, thrown)))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("allThrows")
  void callbackThatThrowsIsReportedOnce(List<Object> row) throws Exception {
    ScriptedServer server = all.server();
    Where where = (Where) row.get(0);
    HttpClient client = all.client(config -> where.apply(config).maxConnectionsPerOrigin(1));
    CompletableFuture<ClientResponse> future =
        client.get(server.url("/1")).send((response, failure) -> sneak(row.get(1)));
    CompletableFuture<ClientResponse> next = client.get(server.url("/2")).send();
    Peer peer = server.accept();
    answer(peer, server, "/1");
    assertThat(Outcome.failure(future)).isSameAs(row.get(1));
    // the connection and whoever waits for it go on
    answer(peer, server, "/2");
    assertThat(Outcome.of(next).text()).isEqualTo("/2");
    assertThat(all.events.all(RecordingEvents.Kind.CALLBACK_ERROR))
        .extracting(RecordingEvents.Event::error)
        .containsExactly((Throwable) row.get(1));
  }

  private static void sneak(Object thrown) {
    if (thrown instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    throw (Error) thrown;
  }

  @ParameterizedTest
  @EnumSource
  void callbackIsToldOnceOfAFailure(Where where) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(where::apply);
    AtomicInteger calls = new AtomicInteger();
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    CompletableFuture<ClientResponse> future =
        client
            .get(server.url("/1"))
            .send(
                (response, failure) -> {
                  calls.incrementAndGet();
                  told.complete(failure == null ? new AssertionError(response) : failure);
                  throw new IllegalStateException("thrown");
                });
    server.accept().expect(server.request("GET", "/1")).close();
    assertThat(Outcome.of(told))
        .isInstanceOfSatisfying(
            ClientException.class, known -> assertThat(known.kind()).isEqualTo(Kind.CLOSED));
    Outcome.failure(future, Kind.CLOSED);
    assertThat(all.events.await(RecordingEvents.Kind.CALLBACK_ERROR).error()).hasMessage("thrown");
    assertThat(calls).hasValue(1);
  }

  /** It is the chained future that tells of it. */
  @ParameterizedTest
  @EnumSource
  void chainThatThrowsConcernsNobodyElse(Where where) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(where::apply);
    IllegalStateException thrown = new IllegalStateException("thrown");
    CompletableFuture<ClientResponse> future = client.get(server.url("/1")).send();
    CompletableFuture<Object> chained =
        future.thenApply(
            response -> {
              throw thrown;
            });
    Peer peer = server.accept();
    answer(peer, server, "/1");
    assertThat(Outcome.failure(chained)).isSameAs(thrown);
    assertThat(Outcome.of(future).text()).isEqualTo("/1");
    CompletableFuture<ClientResponse> next = client.get(server.url("/2")).send();
    answer(peer, server, "/2");
    assertThat(Outcome.of(next).text()).isEqualTo("/2");
    assertThat(all.events.count(RecordingEvents.Kind.CALLBACK_ERROR)).isZero();
  }

  /** Who is only told of what happens must not change it. */
  @ParameterizedTest
  @EnumSource
  void eventsMayThrow(Where where) throws Exception {
    ScriptedServer server = all.server();
    AtomicInteger told = new AtomicInteger();
    ClientEvents throwing =
        (ClientEvents)
            Proxy.newProxyInstance(
                ClientEvents.class.getClassLoader(),
                new Class<?>[] {ClientEvents.class},
                (proxy, method, arguments) -> {
                  told.incrementAndGet();
                  throw new IllegalStateException("thrown by " + method.getName());
                });
    HttpClient client = all.client(config -> where.apply(config).events(throwing));
    CompletableFuture<ClientResponse> first = client.get(server.url("/1")).send();
    Peer peer = server.accept().expect(server.request("GET", "/1"));
    peer.send("HTTP/1.1 302 Found\r\nLocation: /2\r\nContent-Length: 0\r\n\r\n");
    answer(peer, server, "/2");
    assertThat(Outcome.of(first).text()).isEqualTo("/2");
    // connected, requested, redirected, requested, responded
    assertThat(told).hasValue(5);

    CompletableFuture<ClientResponse> retried = client.get(server.url("/3")).send();
    peer.expect(server.request("GET", "/3")).close();
    server.accept().expect(server.request("GET", "/3")).send("no HTTP at all\r\n\r\n");
    Outcome.failure(retried, Kind.PROTOCOL);
  }

  @ParameterizedTest
  @EnumSource
  void cookieJarMayThrow(Where where) throws Exception {
    ScriptedServer server = all.server();
    IllegalStateException thrown = new IllegalStateException("thrown");
    CookieJar jar =
        new CookieJar() {
          @Override
          public void save(Target target, List<String> setCookies) {
            throw thrown;
          }

          @Override
          public Optional<String> load(Target target) {
            return Optional.empty();
          }
        };
    HttpClient client = all.client(config -> where.apply(config).cookies(jar));
    CompletableFuture<ClientResponse> future = client.get(server.url("/1")).send();
    Peer peer = server.accept().expect(server.request("GET", "/1"));
    peer.send("HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 4\r\n\r\ngood");
    assertThat(Outcome.of(future).text()).isEqualTo("good");
    assertThat(all.events.all(RecordingEvents.Kind.CALLBACK_ERROR))
        .extracting(RecordingEvents.Event::error)
        .containsExactly(thrown);
    CompletableFuture<ClientResponse> next = client.get(server.url("/2")).send();
    answer(peer, server, "/2");
    assertThat(Outcome.of(next).text()).isEqualTo("/2");
  }

  /** Nobody is left waiting when nobody can be called. */
  @Test
  void executorThatTakesNothingFailsItsRequests() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client =
        all.client(
            config ->
                config.executor(
                    task -> {
                      throw new RejectedExecutionException("full");
                    }));
    CompletableFuture<ClientResponse> collected = client.get(server.url("/1")).send();
    Peer peer = server.accept();
    answer(peer, server, "/1");
    Outcome.failure(collected, Kind.RESPONSE_BODY);
    CompletableFuture<ClientResponse> streamed = client.get(server.url("/2")).stream();
    peer.expect(server.request("GET", "/2"));
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    Outcome.failure(streamed, Kind.RESPONSE_BODY);
    peer.expectEof();
    assertThat(all.events.outcomes()).isEqualTo(2);
  }

  // ---- completing from outside

  @Test
  void whoCompletesTheFutureGivesTheRequestUp() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    CompletableFuture<ClientResponse> future = client.get(server.url("/1")).send();
    Peer peer = server.accept().expect(server.request("GET", "/1"));
    assertThat(future.cancel(false)).isTrue();
    peer.expectEof();
    CompletableFuture<ClientResponse> late =
        client.get(server.url("/2")).send().orTimeout(20, TimeUnit.MILLISECONDS);
    server.accept().expect(server.request("GET", "/2")).expectEof();
    assertThat(future).isCompletedExceptionally();
    assertThat(late.handle((response, failure) -> failure).join())
        .isInstanceOf(TimeoutException.class);
    assertThat(future.handle((response, failure) -> failure).join())
        .isInstanceOf(CancellationException.class);
    all.events.await(RecordingEvents.Kind.FAILURE, 2);
    assertThat(all.events.outcomes()).isEqualTo(2);
  }
}
