package io.httpkit.client;

import static io.httpkit.client.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.httpkit.client.ScriptedServer.Peer;
import io.httpkit.internal.loop.FakeTicker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How old a connection becomes. */
@Timeout(60)
class ConnectionAgeTest {
  private static final Duration AGE = Duration.ofSeconds(100);

  /** Each connection has up to a tenth less. */
  private static final Duration YOUNG = AGE.multipliedBy(9).dividedBy(10).minusNanos(1);

  @RegisterExtension final NothingLeft all = new NothingLeft();

  private final FakeTicker ticker = new FakeTicker(Long.MAX_VALUE - AGE.toNanos() / 2);

  /** Nothing but the age ends a connection. */
  private HttpClient client(UnaryOperator<ClientConfig.Builder> options) {
    return all.client(
        config ->
            options.apply(
                config
                    .loops(1)
                    .maxConnectionAge(AGE)
                    .keepAlive(AGE.multipliedBy(100))
                    .acquireTimeout(Duration.ZERO)
                    .idleTimeout(Duration.ZERO)
                    .firstByteTimeout(Duration.ZERO)),
        ticker);
  }

  private HttpClient client(Duration age) {
    return client(config -> config.maxConnectionAge(age));
  }

  private void pass(Duration time) {
    ticker.advance(time.toNanos());
  }

  private static CompletableFuture<ClientResponse> get(HttpClient client, ScriptedServer server) {
    return client.get(server.url("/")).send();
  }

  private static void answer(ScriptedServer server, Peer peer) throws Exception {
    peer.expect(server.request("GET", "/")).send(ok(""));
  }

  /** The server's end of a connection that has served one request. */
  private static Peer used(HttpClient client, ScriptedServer server) throws Exception {
    CompletableFuture<ClientResponse> future = get(client, server);
    Peer peer = server.accept();
    answer(server, peer);
    Outcome.of(future);
    return peer;
  }

  @Test
  void youngConnectionIsUsedAgain() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = client(AGE);
    Peer peer = used(client, server);
    pass(YOUNG);

    CompletableFuture<ClientResponse> second = get(client, server);

    answer(server, peer);
    Outcome.of(second);
  }

  @Test
  void oldConnectionIsNotUsedAgain() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = client(AGE);
    Peer old = used(client, server);
    pass(AGE);

    CompletableFuture<ClientResponse> second = get(client, server);

    old.expectEof();
    answer(server, server.accept());
    Outcome.of(second);
    assertThat(all.events.count(RecordingEvents.Kind.RETRY)).isZero();
  }

  @Test
  void connectionThatGrewOldWithARequestIsClosedBehindIt() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = client(AGE);
    CompletableFuture<ClientResponse> first = get(client, server);
    Peer peer = server.accept().expect(server.request("GET", "/"));
    pass(AGE);
    peer.send(ok(""));
    Outcome.of(first);

    peer.expectEof();
  }

  /** How long requests take makes no connection older than it is. */
  @Test
  void ageCountsFromTheBeginningNotFromTheLastRequest() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = client(AGE);
    Peer peer = used(client, server);
    pass(YOUNG);
    CompletableFuture<ClientResponse> second = get(client, server);
    answer(server, peer);
    Outcome.of(second);
    pass(AGE.minus(YOUNG));

    CompletableFuture<ClientResponse> third = get(client, server);

    peer.expectEof();
    answer(server, server.accept());
    Outcome.of(third);
  }

  /** Its timer is due then; what wakes the loop is another connection. */
  @Test
  void idleConnectionIsClosedWhenItIsOld() throws Exception {
    ScriptedServer server = all.server();
    ScriptedServer other = all.server();
    HttpClient client = client(AGE);
    Peer peer = used(client, server);
    pass(AGE);
    used(client, other);

    peer.expectEof();
  }

  @Test
  void whoWaitsGetsANewConnectionInPlaceOfAnOldOne() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = client(config -> config.maxConnectionsPerOrigin(1));
    CompletableFuture<ClientResponse> first = get(client, server);
    Peer old = server.accept().expect(server.request("GET", "/"));
    CompletableFuture<ClientResponse> second = get(client, server);
    assertThat(client.statistics().waiting()).isEqualTo(1);
    pass(AGE);
    old.send(ok(""));
    Outcome.of(first);

    old.expectEof();
    old.close();
    answer(server, server.accept());
    Outcome.of(second);
  }

  @Test
  void withoutALimitAnyAgeWillDo() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = client(Duration.ZERO);
    Peer peer = used(client, server);
    pass(AGE.multipliedBy(99));

    CompletableFuture<ClientResponse> second = get(client, server);

    answer(server, peer);
    Outcome.of(second);
  }

  @Test
  void longestDurationIsNoLimit() throws Exception {
    ScriptedServer server = all.server();
    Duration longest = Duration.ofSeconds(Long.MAX_VALUE);
    HttpClient client = client(config -> config.maxConnectionAge(longest).keepAlive(longest));
    Peer peer = used(client, server);
    pass(AGE.multipliedBy(99));

    CompletableFuture<ClientResponse> second = get(client, server);

    answer(server, peer);
    Outcome.of(second);
  }

  @Test
  void ageIsNotNegative() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientConfig.builder().maxConnectionAge(Duration.ofNanos(-1)).build())
        .withMessage("maxConnectionAge must not be negative but was PT-0.000000001S");
    assertThat(ClientConfig.DEFAULTS.pool().maxAge()).isEqualTo(Duration.ZERO);
  }
}
