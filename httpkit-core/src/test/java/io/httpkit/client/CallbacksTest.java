package io.httpkit.client;

import static io.httpkit.client.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ScriptedServer.Peer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where callbacks run, and whether they may wait there. */
@Timeout(60)
class CallbacksTest {
  private static final int JAVA = Runtime.version().feature();

  /** More than there are threads of any kind that a machine has few of. */
  private static final int MANY = 200;

  @RegisterExtension final NothingLeft all = new NothingLeft();

  /** A callback that waits for another response of the same client, {@code /2}. */
  private static CompletableFuture<String> waiting(HttpClient client, ScriptedServer server) {
    return client
        .get(server.url("/1"))
        .send()
        .thenApply(response -> client.get(server.url("/2")).send().join().text());
  }

  private static Peer answerFirst(ScriptedServer server) throws Exception {
    return server.accept().expect(server.request("GET", "/1")).send(ok("1"));
  }

  @Test
  void guardRefusesToWaitInACallback() throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<String> waiting = waiting(all.client(config -> config.threads(2)), server);
    answerFirst(server);

    assertThat(Outcome.failure(waiting))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("deadlock-guard");
    assertThat(ClientConfig.DEFAULTS.deadlockGuard()).isTrue();
  }

  @Test
  void withoutTheGuardACallbackMayWait() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.threads(2).deadlockGuard(false));
    CompletableFuture<String> waiting = waiting(client, server);
    answerFirst(server).expect(server.request("GET", "/2")).send(ok("2"));

    assertThat(Outcome.of(waiting)).isEqualTo("2");
  }

  @Test
  void virtualThreadsNeedAJavaThatHasThem() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.virtualThreads());
    if (JAVA < 21) {
      assertThatIllegalStateException()
          .isThrownBy(() -> client.get(server.url("/1")).send())
          .withMessage("virtual threads need Java 21 or newer, this is " + JAVA);
      return;
    }
    CompletableFuture<String> thread =
        client
            .get(server.url("/1"))
            .send()
            .thenApply(response -> Thread.currentThread().toString());
    answerFirst(server);

    assertThat(Outcome.of(thread)).startsWith("VirtualThread[").contains("http-kit-client-worker-");
  }

  @Test
  void onVirtualThreadsAllCallbacksMayWaitAtOnce() throws Exception {
    if (JAVA < 21) {
      return;
    }
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.virtualThreads().maxConnectionsPerOrigin(MANY));
    List<CompletableFuture<String>> waiting = new ArrayList<>();
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      waiting.add(waiting(client, server));
      peers.add(server.accept().expect(server.request("GET", "/1")));
    }
    for (Peer peer : peers) {
      peer.send(ok("1"));
    }
    for (Peer peer : peers) {
      peer.expect(server.request("GET", "/2"));
    }
    for (Peer peer : peers) {
      peer.send(ok("2"));
    }

    for (CompletableFuture<String> future : waiting) {
      assertThat(Outcome.of(future)).isEqualTo("2");
    }
  }

  /** Also those whose callbacks wait for ever, and those that are waited for. */
  @Test
  void stopCompletesAllOnVirtualThreads() throws Exception {
    if (JAVA < 21) {
      return;
    }
    ScriptedServer server = all.server();
    HttpClient client =
        all.client(config -> config.virtualThreads().maxConnectionsPerOrigin(2).maxWaiting(MANY));
    CountDownLatch called = new CountDownLatch(1);
    CompletableFuture<String> blocking =
        client
            .get(server.url("/1"))
            .send()
            .thenApply(
                response -> {
                  called.countDown();
                  return block();
                });
    Peer peer = answerFirst(server);
    assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<String> waiting = waiting(client, server);
    peer.expect(server.request("GET", "/1")).send(ok("1")).expect(server.request("GET", "/2"));
    List<CompletableFuture<ClientResponse>> more = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      more.add(client.get(server.url("/3")).send());
    }

    Outcome.of(client.stop());

    assertThat(Outcome.of(blocking)).isEqualTo("interrupted");
    assertThat(Outcome.failure(waiting)).hasMessageContaining("HTTP client is stopped");
    for (CompletableFuture<ClientResponse> future : more) {
      Outcome.failure(future, Kind.STOPPED);
    }
    assertThat(all.events.outcomes()).isEqualTo(3 + MANY);
  }

  private static String block() {
    try {
      new CountDownLatch(1).await();
      return "never";
    } catch (InterruptedException e) {
      return "interrupted";
    }
  }
}
