package io.httpkit.client;

import static io.httpkit.client.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ScriptedServer.Peer;
import io.httpkit.internal.loop.FakeTicker;
import io.httpkit.tls.TestKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A request is given up while a connection is made for it, with a peer that does not answer the TLS
 * handshake, or does so late. The time of the handshake itself never ends.
 */
@Timeout(60)
class GivenUpDialTest {
  private static final Duration TOTAL = Duration.ofMillis(50);
  private static final Duration A_MOMENT = Duration.ofMillis(50);
  private static final SSLContext IDENTITY = TestKeys.localhost().context();

  @RegisterExtension final NothingLeft all = new NothingLeft();

  private final FakeTicker ticker = new FakeTicker(0);

  private enum GivingUp {
    CANCEL,
    NO_MORE_TIME
  }

  private HttpClient client(UnaryOperator<ClientConfig.Builder> options) {
    return all.client(options, ticker);
  }

  private static CompletableFuture<ClientResponse> secure(
      HttpClient client, ScriptedServer server, String path) {
    return client.get("https://" + server.host() + path).insecure().send();
  }

  /** A request that has little time. */
  private static CompletableFuture<ClientResponse> hasty(HttpClient client, ScriptedServer server) {
    return client.get("https://" + server.host() + "/").insecure().totalTimeout(TOTAL).send();
  }

  private static CompletableFuture<ClientResponse> plain(HttpClient client, ScriptedServer server) {
    return client.get(server.url("/plain")).send();
  }

  /** The server's end of a connection that waits for an answer to its greeting. */
  private static Peer greeted(ScriptedServer server) throws IOException {
    Peer peer = server.accept();
    assertThat(peer.bytes(1)).containsExactly(22);
    return peer;
  }

  private void giveUp(CompletableFuture<ClientResponse> hasty, GivingUp how) throws Exception {
    if (how == GivingUp.CANCEL) {
      assertThat(hasty.cancel(true)).isTrue();
    } else {
      ticker.advance(TOTAL.toNanos());
      Outcome.failure(hasty, Kind.TOTAL_TIMEOUT);
    }
  }

  private static void answerPlain(ScriptedServer server, CompletableFuture<ClientResponse> asked)
      throws Exception {
    server.accept().expect(server.request("GET", "/plain")).send(ok("plain"));
    assertThat(Outcome.of(asked).text()).isEqualTo("plain");
  }

  /** Takes a request within TLS. */
  private static void answerSecurely(SSLSocket tls, String path) throws IOException {
    assertThat(SecureTunnel.head(tls.getInputStream())).startsWith("GET " + path + " HTTP/1.1\r\n");
    SecureTunnel.send(tls.getOutputStream(), ok(path));
  }

  private static SSLSocket accept(ScriptedServer server) throws IOException {
    return SecureTunnel.layer(server.accept().socket(), IDENTITY);
  }

  private static ClientStatistics statistics(int open, int idle, int waiting) {
    return new ClientStatistics(open, idle, waiting);
  }

  @ParameterizedTest
  @EnumSource
  void connectionThatNobodyWaitsForIsClosedAtOnce(GivingUp how) throws Exception {
    ScriptedServer silent = all.server();
    ScriptedServer other = all.server();
    HttpClient client = client(config -> config.maxConnections(1));
    CompletableFuture<ClientResponse> first = hasty(client, silent);
    Peer peer = greeted(silent);

    giveUp(first, how);
    peer.readToEnd();

    assertThat(all.events.await(RecordingEvents.Kind.CONNECT_FAILURE).error())
        .isInstanceOfSatisfying(
            ClientException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CANCELLED))
        .hasMessageContaining("nobody waits for a connection to https://" + silent.host());
    answerPlain(other, plain(client, other));
    assertThat(client.statistics()).isEqualTo(statistics(1, 1, 0));
  }

  @ParameterizedTest
  @EnumSource
  void itsPlaceIsForWhoeverWaitsElsewhere(GivingUp how) throws Exception {
    ScriptedServer silent = all.server();
    ScriptedServer other = all.server();
    HttpClient client = client(config -> config.maxConnections(1));
    CompletableFuture<ClientResponse> first = hasty(client, silent);
    Peer peer = greeted(silent);
    CompletableFuture<ClientResponse> waiting = plain(client, other);
    assertThat(client.statistics()).isEqualTo(statistics(1, 0, 1));

    giveUp(first, how);

    answerPlain(other, waiting);
    peer.readToEnd();
  }

  @ParameterizedTest
  @EnumSource
  void itIsForWhoeverWaitsForOneLikeIt(GivingUp how) throws Exception {
    ScriptedServer server = all.server();
    ScriptedServer other = all.server();
    HttpClient client = client(config -> config.maxConnections(1));
    CompletableFuture<ClientResponse> first = hasty(client, server);
    try (SSLSocket tls = accept(server)) {
      CompletableFuture<ClientResponse> waiting = secure(client, server, "/2");
      CompletableFuture<ClientResponse> later = plain(client, other);
      giveUp(first, how);
      assertThat(client.statistics()).isEqualTo(statistics(1, 0, 2));

      answerSecurely(tls, "/2");
      assertThat(Outcome.of(waiting).text()).isEqualTo("/2");
      answerPlain(other, later);
    }
    assertThat(server.acceptsWithin(A_MOMENT)).isFalse();
    assertThat(all.events.count(RecordingEvents.Kind.CONNECT_FAILURE)).isZero();
  }

  @Test
  void itIsClosedWhenTheLastThatWaitsIsGivenUpToo() throws Exception {
    ScriptedServer silent = all.server();
    HttpClient client = client(config -> config.maxConnectionsPerOrigin(1));
    CompletableFuture<ClientResponse> first = hasty(client, silent);
    Peer peer = greeted(silent);
    CompletableFuture<ClientResponse> second = secure(client, silent, "/2");
    CompletableFuture<ClientResponse> third = secure(client, silent, "/3");
    assertThat(first.cancel(true)).isTrue();
    assertThat(second.cancel(true)).isTrue();
    assertThat(client.statistics()).isEqualTo(statistics(1, 0, 1));
    assertThat(all.events.count(RecordingEvents.Kind.CONNECT_FAILURE)).isZero();

    assertThat(third.cancel(true)).isTrue();

    peer.readToEnd();
    all.events.await(RecordingEvents.Kind.CONNECT_FAILURE);
  }

  @Test
  void whoHasWaitedLongerElsewhereGoesFirst() throws Exception {
    ScriptedServer server = all.server();
    ScriptedServer other = all.server();
    HttpClient client = client(config -> config.maxConnections(1));
    CompletableFuture<ClientResponse> first = hasty(client, server);
    Peer peer = greeted(server);
    CompletableFuture<ClientResponse> elsewhere = plain(client, other);
    CompletableFuture<ClientResponse> likeIt = secure(client, server, "/2");

    assertThat(first.cancel(true)).isTrue();

    peer.readToEnd();
    answerPlain(other, elsewhere);
    try (SSLSocket tls = accept(server)) {
      answerSecurely(tls, "/2");
      assertThat(Outcome.of(likeIt).text()).isEqualTo("/2");
    }
  }

  @Test
  void itIsClosedWhenWhoWaitsGetsAnother() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = client(config -> config.maxConnectionsPerOrigin(2));
    CompletableFuture<ClientResponse> active = secure(client, server, "/1");
    try (SSLSocket tls = accept(server)) {
      assertThat(SecureTunnel.head(tls.getInputStream())).startsWith("GET /1 ");
      CompletableFuture<ClientResponse> first = hasty(client, server);
      Peer peer = greeted(server);
      CompletableFuture<ClientResponse> waiting = secure(client, server, "/2");
      assertThat(first.cancel(true)).isTrue();
      assertThat(client.statistics()).isEqualTo(statistics(2, 0, 1));

      SecureTunnel.send(tls.getOutputStream(), ok("/1"));
      answerSecurely(tls, "/2");

      peer.readToEnd();
      assertThat(Outcome.of(active).text()).isEqualTo("/1");
      assertThat(Outcome.of(waiting).text()).isEqualTo("/2");
    }
  }

  /** The loop is busy with the first when the second comes and goes. */
  @Test
  void connectionIsNotEvenBegunForWhoHasGone() throws Exception {
    ScriptedServer server = all.server();
    Queue<String> resolved = new ConcurrentLinkedQueue<>();
    CountDownLatch gone = new CountDownLatch(1);
    HttpClient client =
        client(
            config ->
                config
                    .loops(1)
                    .resolver(
                        host -> {
                          resolved.add(host);
                          await(gone);
                          return CompletableFuture.completedFuture(
                              List.of(InetAddress.getLoopbackAddress()));
                        }));
    CompletableFuture<ClientResponse> first =
        client.get("http://first.test:" + server.port() + "/").send();
    CompletableFuture<ClientResponse> second =
        client.get("http://second.test:" + server.port() + "/").send();
    assertThat(second.cancel(true)).isTrue();
    gone.countDown();
    Peer peer = server.accept();
    assertThat(peer.head()).contains("Host: first.test:");
    peer.send(ok("first"));

    assertThat(Outcome.of(first).text()).isEqualTo("first");
    assertThat(resolved).containsExactly("first.test");
    assertThat(client.statistics()).isEqualTo(statistics(1, 1, 0));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
