package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ManualSubscriber.Signal;
import io.httpkit.client.ScriptedServer.Peer;
import io.httpkit.internal.codec.content.Compressed;
import io.httpkit.internal.loop.EventLoop;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** On which threads bodies are decompressed and told: never on a loop, unless that is asked for. */
@Timeout(60)
class BodyThreadsTest {
  private static final String EXECUTOR_NAME = "of-the-application";

  @RegisterExtension final NothingLeft all = new NothingLeft();

  private final ExecutorService executor =
      Executors.newFixedThreadPool(2, task -> new Thread(task, EXECUTOR_NAME));

  @AfterEach
  void endExecutor() {
    executor.shutdown();
  }

  /** Where callbacks run. */
  private enum Where {
    WORKERS("http-kit-client-worker-"),
    EXECUTOR(EXECUTOR_NAME),
    LOOP("http-kit-client-loop-");

    final String threads;

    Where(String threads) {
      this.threads = threads;
    }

    ClientConfig.Builder apply(ClientConfig.Builder config, ExecutorService executor) {
      return switch (this) {
        case WORKERS -> config;
        case EXECUTOR -> config.executor(executor);
        case LOOP -> config.executor(Runnable::run);
      };
    }
  }

  private HttpClient client(Where where) {
    return all.client(config -> where.apply(config.compression(true), executor));
  }

  /** Answers with a compressed body, in pieces. */
  private static void answer(Peer peer, byte[] body) throws IOException {
    peer.head();
    peer.send(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: " + body.length + "\r\n\r\n");
    peer.send(Arrays.copyOf(body, 5));
    peer.send(Arrays.copyOfRange(body, 5, body.length));
  }

  private static boolean isOnLoop(Throwable thrown) {
    return Arrays.stream(thrown.getStackTrace())
        .anyMatch(frame -> frame.getClassName().equals(EventLoop.class.getName()));
  }

  @ParameterizedTest
  @EnumSource
  void callbackIsToldOfACollectedBodyThere(Where where) throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<String> thread = new CompletableFuture<>();
    CompletableFuture<ClientResponse> future =
        client(where)
            .get(server.url("/"))
            .send((response, failure) -> thread.complete(Thread.currentThread().getName()));
    answer(server.accept(), Compressed.gzip("a text"));

    assertThat(Outcome.of(thread)).startsWith(where.threads);
    assertThat(Outcome.of(future).text()).isEqualTo("a text");
  }

  /** Where it was found out that it is damaged. */
  @ParameterizedTest
  @EnumSource
  void collectedBodyIsDecompressedThere(Where where) throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = client(where).get(server.url("/")).send();
    answer(server.accept(), Compressed.damaged(0, Compressed.gzip("a text")));

    ClientException failure = Outcome.failure(future, Kind.RESPONSE_BODY);
    assertThat(failure).hasMessageContaining("cannot be decompressed");
    assertThat(isOnLoop(failure)).isEqualTo(where == Where.LOOP);
  }

  @ParameterizedTest
  @EnumSource
  void subscriberIsToldThere(Where where) throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = client(where).get(server.url("/")).stream();
    List<String> threads = new CopyOnWriteArrayList<>();
    ManualSubscriber subscriber =
        new ManualSubscriber(
            (signal, subscription) -> {
              if (signal == Signal.SUBSCRIBE) {
                subscription.request(Long.MAX_VALUE);
              } else {
                threads.add(Thread.currentThread().getName());
              }
            });
    CompletableFuture<Void> subscribed =
        future.thenAccept(response -> response.publisher().subscribe(subscriber));
    answer(server.accept(), Compressed.gzip("a text"));

    Outcome.of(subscribed);
    Outcome.of(subscriber.end);
    assertThat(threads).isNotEmpty().allMatch(name -> name.startsWith(where.threads));
  }

  @ParameterizedTest
  @EnumSource
  void piecesAreDecompressedThere(Where where) throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = client(where).get(server.url("/")).stream();
    ManualSubscriber subscriber = new ManualSubscriber();
    CompletableFuture<Void> subscribed =
        future.thenAccept(response -> response.publisher().subscribe(subscriber));
    Peer peer = server.accept();
    peer.head();
    peer.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 21\r\n\r\n");
    Outcome.of(subscribed);
    subscriber.request(1);
    peer.send("this is not gzip now.");

    ClientException failure = Outcome.failure(subscriber.end, Kind.RESPONSE_BODY);
    assertThat(isOnLoop(failure)).isEqualTo(where == Where.LOOP);
  }
}
