package io.httpkit.client;

import static io.httpkit.client.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ScriptedServer.Peer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The connections of a client: how many, for whom, and for how long. */
@Timeout(60)
class PoolTest {
  private static final Duration A_MOMENT = Duration.ofMillis(50);

  @RegisterExtension final NothingLeft all = new NothingLeft();

  private static CompletableFuture<ClientResponse> send(
      HttpClient client, ScriptedServer server, String path) {
    return client.get(server.url(path)).send();
  }

  /** Takes this request and answers it with its path; the connection goes on. */
  private static void answer(Peer peer, ScriptedServer server, String path) throws Exception {
    peer.expect(server.request("GET", path)).send(ok(path));
  }

  private static String text(CompletableFuture<ClientResponse> future) throws Exception {
    return Outcome.of(future).text();
  }

  private static ClientStatistics statistics(int open, int idle, int waiting) {
    return new ClientStatistics(open, idle, waiting);
  }

  // ---- how many

  @ParameterizedTest
  @CsvSource({"2, 100", "100, 2", "2, 2"})
  void noMoreConnectionsAreMadeThanAllowed(int perOrigin, int total) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client =
        all.client(config -> config.maxConnectionsPerOrigin(perOrigin).maxConnections(total));
    List<CompletableFuture<ClientResponse>> futures = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      futures.add(send(client, server, "/" + i));
    }
    assertThat(client.statistics()).isEqualTo(statistics(2, 0, 4));
    List<Peer> peers = List.of(server.accept(), server.accept());
    assertThat(server.acceptsWithin(A_MOMENT)).isFalse();

    // the first two may come in any order
    for (Peer peer : peers) {
      peer.head();
    }
    for (int i = 2; i < 6; i++) {
      answerTo(peers.get(i % 2), server, "/" + i);
    }
    for (Peer peer : peers) {
      peer.send(ok(""));
    }
    for (CompletableFuture<ClientResponse> future : futures) {
      assertThat(Outcome.of(future).isSuccess()).isTrue();
    }
    assertThat(client.statistics()).isEqualTo(statistics(2, 2, 0));
    assertThat(server.acceptsWithin(A_MOMENT)).isFalse();
  }

  /** Answers what this peer was asked before, and then is asked this. */
  private static void answerTo(Peer peer, ScriptedServer server, String next) throws Exception {
    peer.send(ok("")).expect(server.request("GET", next));
  }

  @Test
  void eachOriginHasItsOwnLimit() throws Exception {
    ScriptedServer one = all.server();
    ScriptedServer other = all.server();
    HttpClient client = all.client(config -> config.maxConnectionsPerOrigin(1));
    CompletableFuture<ClientResponse> first = send(client, one, "/1");
    CompletableFuture<ClientResponse> waiting = send(client, one, "/2");
    CompletableFuture<ClientResponse> elsewhere = send(client, other, "/3");

    answer(other.accept(), other, "/3");
    assertThat(text(elsewhere)).isEqualTo("/3");
    assertThat(client.statistics()).isEqualTo(statistics(2, 1, 1));
    Peer peer = one.accept();
    answer(peer, one, "/1");
    answer(peer, one, "/2");
    assertThat(text(first)).isEqualTo("/1");
    assertThat(text(waiting)).isEqualTo("/2");
  }

  @Test
  void idleConnectionToOneOriginMakesRoomForAnother() throws Exception {
    ScriptedServer one = all.server();
    ScriptedServer other = all.server();
    HttpClient client = all.client(config -> config.maxConnections(1));
    CompletableFuture<ClientResponse> first = send(client, one, "/1");
    Peer peer = one.accept();
    answer(peer, one, "/1");
    assertThat(text(first)).isEqualTo("/1");
    assertThat(client.statistics()).isEqualTo(statistics(1, 1, 0));

    CompletableFuture<ClientResponse> second = send(client, other, "/2");
    peer.expectEof();
    answer(other.accept(), other, "/2");
    assertThat(text(second)).isEqualTo("/2");
    assertThat(client.statistics()).isEqualTo(statistics(1, 1, 0));
  }

  // ---- several ways to one origin

  /** Ways that do not share a connection. Each leads to the server that is given. */
  private enum Way {
    PROXY {
      @Override
      RequestBuilder apply(RequestBuilder request, ScriptedServer by) {
        return request.proxy(Proxy.http("127.0.0.1", by.port()));
      }
    },
    ADDRESS {
      @Override
      RequestBuilder apply(RequestBuilder request, ScriptedServer by) {
        return request.address(by.address());
      }
    };

    abstract RequestBuilder apply(RequestBuilder request, ScriptedServer by);
  }

  private record TwoWays(HttpClient client, ScriptedServer direct, ScriptedServer other, Way way) {
    CompletableFuture<ClientResponse> sendDirectly(String path) {
      return send(client, direct, path);
    }

    CompletableFuture<ClientResponse> sendOtherwise(String path) {
      return way.apply(client.get(direct.url(path)), other).send();
    }

    static void answerAny(Peer peer, String path) throws Exception {
      assertThat(peer.head()).contains(path + " HTTP/1.1\r\n");
      peer.send(ok(path));
    }
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void allWaysToAnOriginCountTogether(Way way) throws Exception {
    HttpClient client = all.client(config -> config.maxConnectionsPerOrigin(1));
    TwoWays ways = new TwoWays(client, all.server(), all.server(), way);
    CompletableFuture<ClientResponse> first = ways.sendDirectly("/1");
    CompletableFuture<ClientResponse> otherwise = ways.sendOtherwise("/2");
    CompletableFuture<ClientResponse> last = ways.sendDirectly("/3");
    assertThat(client.statistics()).isEqualTo(statistics(1, 0, 2));

    Peer one = ways.direct().accept();
    TwoWays.answerAny(one, "/1");
    one.expectEof();
    Peer two = ways.other().accept();
    TwoWays.answerAny(two, "/2");
    two.expectEof();
    TwoWays.answerAny(ways.direct().accept(), "/3");

    assertThat(text(first)).isEqualTo("/1");
    assertThat(text(otherwise)).isEqualTo("/2");
    assertThat(text(last)).isEqualTo("/3");
    assertThat(client.statistics()).isEqualTo(statistics(1, 1, 0));
  }

  @ParameterizedTest
  @CsvSource({"PROXY, 1, 100", "PROXY, 100, 1", "ADDRESS, 1, 100", "ADDRESS, 100, 1"})
  void idleConnectionOfAnotherWayGivesWay(Way way, int perOrigin, int total) throws Exception {
    HttpClient client =
        all.client(
            config ->
                config.maxConnectionsPerOrigin(perOrigin).maxConnections(total).maxWaiting(0));
    TwoWays ways = new TwoWays(client, all.server(), all.server(), way);
    CompletableFuture<ClientResponse> first = ways.sendDirectly("/1");
    Peer idle = ways.direct().accept();
    TwoWays.answerAny(idle, "/1");
    assertThat(text(first)).isEqualTo("/1");

    CompletableFuture<ClientResponse> second = ways.sendOtherwise("/2");
    idle.expectEof();
    TwoWays.answerAny(ways.other().accept(), "/2");
    assertThat(text(second)).isEqualTo("/2");
    assertThat(client.statistics()).isEqualTo(statistics(1, 1, 0));
  }

  /** A connection to another origin would not help, and is kept. */
  @Test
  void onlyWhatHelpsGivesWay() throws Exception {
    HttpClient client = all.client(config -> config.maxConnectionsPerOrigin(1));
    TwoWays ways = new TwoWays(client, all.server(), all.server(), Way.ADDRESS);
    ScriptedServer elsewhere = all.server();
    CompletableFuture<ClientResponse> kept = send(client, elsewhere, "/kept");
    Peer peer = elsewhere.accept();
    answer(peer, elsewhere, "/kept");
    assertThat(text(kept)).isEqualTo("/kept");

    CompletableFuture<ClientResponse> first = ways.sendDirectly("/1");
    CompletableFuture<ClientResponse> second = ways.sendOtherwise("/2");
    assertThat(client.statistics()).isEqualTo(statistics(2, 1, 1));
    TwoWays.answerAny(ways.direct().accept(), "/1");
    TwoWays.answerAny(ways.other().accept(), "/2");
    assertThat(text(first)).isEqualTo("/1");
    assertThat(text(second)).isEqualTo("/2");
    CompletableFuture<ClientResponse> again = send(client, elsewhere, "/again");
    answer(peer, elsewhere, "/again");
    assertThat(text(again)).isEqualTo("/again");
  }

  // ---- who waits

  @Test
  void tooManyThatWaitAreRefused() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client =
        all.client(config -> config.maxConnectionsPerOrigin(1).maxConnections(7).maxWaiting(1));
    CompletableFuture<ClientResponse> active = send(client, server, "/1");
    CompletableFuture<ClientResponse> waiting = send(client, server, "/2");

    assertThat(Outcome.failure(send(client, server, "/3"), Kind.POOL_FULL))
        .hasMessage(
            "1 requests wait for a connection already (maxWaiting), one more is refused:"
                + " all 1 connections to http://"
                + server.host()
                + " (maxConnectionsPerOrigin) are in use");
    assertThat(client.statistics()).isEqualTo(statistics(1, 0, 1));

    Peer peer = server.accept();
    answer(peer, server, "/1");
    answer(peer, server, "/2");
    assertThat(text(active)).isEqualTo("/1");
    assertThat(text(waiting)).isEqualTo("/2");
    assertThat(all.events.outcomes()).isEqualTo(3);
  }

  @Test
  void whoWaitsTooLongIsToldHowManyConnectionsThereAre() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.maxConnectionsPerOrigin(9).maxConnections(1));
    CompletableFuture<ClientResponse> active = send(client, server, "/1");
    CompletableFuture<ClientResponse> waiting = send(client, server, "/2");

    assertThat(
            Outcome.failure(
                client.get(server.url("/3")).acquireTimeout(A_MOMENT).send(), Kind.ACQUIRE_TIMEOUT))
        .hasMessage(
            "no connection to http://"
                + server.host()
                + " was free for PT0.05S (acquireTimeout): all 1 connections (maxConnections) are"
                + " in use, and 2 requests wait");

    Peer peer = server.accept();
    answer(peer, server, "/1");
    answer(peer, server, "/2");
    assertThat(text(active)).isEqualTo("/1");
    assertThat(text(waiting)).isEqualTo("/2");
  }

  @Test
  void whoIsCancelledDoesNotWaitAnyMore() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.maxConnectionsPerOrigin(1).maxWaiting(2));
    CompletableFuture<ClientResponse> active = send(client, server, "/1");
    CompletableFuture<ClientResponse> cancelled = send(client, server, "/2");
    CompletableFuture<ClientResponse> waiting = send(client, server, "/3");
    assertThat(client.statistics()).isEqualTo(statistics(1, 0, 2));

    assertThat(cancelled.cancel(true)).isTrue();
    assertThat(client.statistics()).isEqualTo(statistics(1, 0, 1));
    CompletableFuture<ClientResponse> last = send(client, server, "/4");

    Peer peer = server.accept();
    answer(peer, server, "/1");
    answer(peer, server, "/3");
    answer(peer, server, "/4");
    assertThat(text(active)).isEqualTo("/1");
    assertThat(text(waiting)).isEqualTo("/3");
    assertThat(text(last)).isEqualTo("/4");
    assertThat(all.events.outcomes()).isEqualTo(4);
  }

  @Test
  void whoWaitsIsServedInTheOrderOfComing() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.maxConnectionsPerOrigin(1));
    List<CompletableFuture<ClientResponse>> futures = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      futures.add(send(client, server, "/" + i));
    }
    Peer peer = server.accept();
    for (int i = 0; i < 20; i++) {
      answer(peer, server, "/" + i);
      assertThat(text(futures.get(i))).isEqualTo("/" + i);
    }
  }

  /** An origin that always has more to ask does not keep the only connection for itself. */
  @Test
  void busyOriginDoesNotStarveAnother() throws Exception {
    ScriptedServer busy = all.server();
    ScriptedServer quiet = all.server();
    HttpClient client = all.client(config -> config.maxConnections(1));
    Deque<CompletableFuture<ClientResponse>> ofBusy = new ArrayDeque<>();
    ofBusy.add(send(client, busy, "/1"));
    ofBusy.add(send(client, busy, "/2"));
    CompletableFuture<ClientResponse> ofQuiet = send(client, quiet, "/3");
    ofBusy.add(send(client, busy, "/4"));
    ofBusy.add(send(client, busy, "/5"));

    Peer first = busy.accept();
    answer(first, busy, "/1");
    answer(first, busy, "/2");
    first.expectEof();
    Peer between = quiet.accept();
    answer(between, quiet, "/3");
    between.expectEof();
    Peer last = busy.accept();
    answer(last, busy, "/4");
    answer(last, busy, "/5");

    assertThat(text(ofQuiet)).isEqualTo("/3");
    for (CompletableFuture<ClientResponse> future : ofBusy) {
      assertThat(Outcome.of(future).isSuccess()).isTrue();
    }
    assertThat(client.statistics()).isEqualTo(statistics(1, 1, 0));
  }

  @Test
  void whoWaitsGetsThePlaceOfAConnectionThatBreaks() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.maxConnectionsPerOrigin(1));
    CompletableFuture<ClientResponse> broken = send(client, server, "/1");
    CompletableFuture<ClientResponse> waiting = send(client, server, "/2");

    server.accept().expect(server.request("GET", "/1")).close();
    Outcome.failure(broken, Kind.CLOSED);
    answer(server.accept(), server, "/2");
    assertThat(text(waiting)).isEqualTo("/2");
  }

  @Test
  void whoWaitsGetsThePlaceOfAConnectionThatCannotBeMade() throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<List<java.net.InetAddress>> resolved = new CompletableFuture<>();
    HttpClient client = all.client(config -> config.maxConnections(1).resolver(host -> resolved));
    CompletableFuture<ClientResponse> failed = client.get("http://nobody.test/").send();
    CompletableFuture<ClientResponse> waiting = send(client, server, "/2");
    assertThat(client.statistics()).isEqualTo(statistics(1, 0, 1));

    resolved.complete(List.of());
    Outcome.failure(failed, Kind.UNKNOWN_HOST);
    answer(server.accept(), server, "/2");
    assertThat(text(waiting)).isEqualTo("/2");
  }

  // ---- for how long

  @Test
  void idleConnectionIsUsedAgain() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    CompletableFuture<ClientResponse> first = send(client, server, "/1");
    Peer peer = server.accept();
    answer(peer, server, "/1");
    assertThat(text(first)).isEqualTo("/1");
    CompletableFuture<ClientResponse> second = send(client, server, "/2");
    answer(peer, server, "/2");
    assertThat(text(second)).isEqualTo("/2");
    assertThat(all.events.count(RecordingEvents.Kind.CONNECT)).isEqualTo(1);
  }

  /** Newer ones are less likely to be closed by the server soon; older ones may end. */
  @Test
  void lastUsedConnectionIsUsedFirst() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    CompletableFuture<ClientResponse> one = send(client, server, "/1");
    Peer older = server.accept();
    CompletableFuture<ClientResponse> two = send(client, server, "/2");
    Peer newer = server.accept();
    answer(older, server, "/1");
    assertThat(text(one)).isEqualTo("/1");
    answer(newer, server, "/2");
    assertThat(text(two)).isEqualTo("/2");
    assertThat(client.statistics()).isEqualTo(statistics(2, 2, 0));

    CompletableFuture<ClientResponse> three = send(client, server, "/3");
    answer(newer, server, "/3");
    assertThat(text(three)).isEqualTo("/3");
  }

  /**
   * @param said by the server; an empty one says nothing
   */
  @ParameterizedTest
  @CsvSource({
    "'', 50",
    "timeout=100, 50",
    "'max=5, timeout=100', 50",
    "timeout=99999999999999999999, 50",
    "timeout=2, 60000",
    "'timeout=2, max=100', 60000",
  })
  void idleConnectionIsClosedInTime(String said, int keepAliveMillis) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.keepAlive(Duration.ofMillis(keepAliveMillis)));
    CompletableFuture<ClientResponse> future = send(client, server, "/");
    Peer peer = server.accept().expect(server.request("GET", "/"));
    String field = said.isEmpty() ? "" : "Keep-Alive: " + said + "\r\n";
    peer.send("HTTP/1.1 200 OK\r\n" + field + "Content-Length: 0\r\n\r\n");
    assertThat(Outcome.of(future).isSuccess()).isTrue();

    peer.expectEof();
    all.events.await(RecordingEvents.Kind.CLOSE);
    assertThat(client.statistics()).isEqualTo(statistics(0, 0, 0));
    CompletableFuture<ClientResponse> next = send(client, server, "/next");
    answer(server.accept(), server, "/next");
    assertThat(text(next)).isEqualTo("/next");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Keep-Alive: timeout=1", "Keep-Alive: timeout=0", "Connection: close"})
  void connectionIsNotKeptIfTheServerDoesNot(String field) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    CompletableFuture<ClientResponse> future = send(client, server, "/");
    Peer peer = server.accept().expect(server.request("GET", "/"));
    peer.send("HTTP/1.1 200 OK\r\n" + field + "\r\nContent-Length: 0\r\n\r\n");
    assertThat(Outcome.of(future).isSuccess()).isTrue();
    peer.expectEof();
    assertThat(client.statistics().idle()).isZero();
  }

  @Test
  void noConnectionIsKeptIfTheClientKeepsNone() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.keepAlive(Duration.ZERO));
    for (String path : List.of("/1", "/2")) {
      CompletableFuture<ClientResponse> future = send(client, server, path);
      Peer peer = server.accept();
      answer(peer, server, path);
      assertThat(text(future)).isEqualTo(path);
      peer.expectEof();
    }
    all.events.await(RecordingEvents.Kind.CLOSE, 2);
    assertThat(client.statistics()).isEqualTo(statistics(0, 0, 0));
  }

  @Test
  void connectionIsNotKeptIfItsRequestSaysSo() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    CompletableFuture<ClientResponse> future = client.get(server.url("/")).keepAlive(false).send();
    Peer peer = server.accept();
    assertThat(peer.head()).contains("\r\nConnection: close\r\n");
    peer.send(ok(""));
    assertThat(Outcome.of(future).isSuccess()).isTrue();
    peer.expectEof();
  }

  /** The server has closed it, which is seen before it is used again. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void idleConnectionThatTheServerClosesIsForgotten(boolean withReset) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    CompletableFuture<ClientResponse> first = send(client, server, "/1");
    Peer peer = server.accept();
    answer(peer, server, "/1");
    assertThat(text(first)).isEqualTo("/1");
    if (withReset) {
      peer.reset();
    } else {
      peer.close();
    }
    all.events.await(RecordingEvents.Kind.CLOSE);
    assertThat(client.statistics()).isEqualTo(statistics(0, 0, 0));

    CompletableFuture<ClientResponse> second = client.post(server.url("/2")).body("x").send();
    Peer fresh = server.accept();
    fresh.head();
    fresh.expect("x").send(ok("/2"));
    assertThat(text(second)).isEqualTo("/2");
    assertThat(all.events.count(RecordingEvents.Kind.RETRY)).isZero();
  }
}
