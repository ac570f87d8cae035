package io.httpkit.client;

import static io.httpkit.client.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ScriptedServer.Peer;
import io.httpkit.http.Body;
import io.httpkit.http.Method;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a request that goes over a connection just when the server closes it. */
@Timeout(60)
class RetryTest {
  private static final String EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  private static final Duration A_MOMENT = Duration.ofMillis(50);

  @RegisterExtension final NothingLeft all = new NothingLeft();

  /** A connection that was used and is idle. */
  private static Peer used(HttpClient client, ScriptedServer server) throws Exception {
    CompletableFuture<ClientResponse> first = client.get(server.url("/first")).send();
    Peer peer = server.accept().expect(server.request("GET", "/first")).send(ok(""));
    assertThat(Outcome.of(first).isSuccess()).isTrue();
    return peer;
  }

  /** Takes the head of a request and closes the connection in its own way. */
  private enum Closing {
    END {
      @Override
      void close(Peer peer) throws IOException {
        peer.close();
      }
    },
    RESET {
      @Override
      void close(Peer peer) throws IOException {
        peer.reset();
      }
    },
    HALF {
      @Override
      void close(Peer peer) throws IOException {
        peer.halfClose();
      }
    };

    abstract void close(Peer peer) throws IOException;
  }

  private void assertRetries(int count) {
    assertThat(all.events.count(RecordingEvents.Kind.RETRY)).isEqualTo(count);
  }

  private void assertOutcomes(int count) {
    assertThat(all.events.outcomes()).isEqualTo(count);
  }

  // ---- what is sent again

  @ParameterizedTest
  @EnumSource(names = {"GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "QUERY"})
  void idempotentRequestIsSentAgain(Method method) throws Exception {
    for (Closing closing : Closing.values()) {
      ScriptedServer server = all.server();
      HttpClient client = all.client();
      Peer stale = used(client, server);
      CompletableFuture<ClientResponse> future = client.request(method, server.url("/a")).send();
      String head = stale.head();
      closing.close(stale);

      Peer fresh = server.accept();
      assertThat(fresh.head()).isEqualTo(head);
      fresh.send(EMPTY);
      assertThat(Outcome.of(future).isSuccess()).isTrue();
      assertThat(client.statistics()).isEqualTo(new ClientStatistics(1, 1, 0));
    }
    assertRetries(Closing.values().length);
    assertOutcomes(2 * Closing.values().length);
  }

  @ParameterizedTest
  @EnumSource(names = {"POST", "PATCH"})
  void otherRequestFails(Method method) throws Exception {
    for (Closing closing : Closing.values()) {
      ScriptedServer server = all.server();
      HttpClient client = all.client();
      Peer stale = used(client, server);
      CompletableFuture<ClientResponse> future =
          client.request(method, server.url("/a")).body("x").send();
      stale.head();
      stale.expect("x");
      closing.close(stale);

      assertThat(Outcome.failure(future, Kind.CLOSED))
          .hasMessageStartingWith(
              "the connection was closed before a response of " + server.url("/a"));
      assertThat(server.acceptsWithin(A_MOMENT)).isFalse();
      assertThat(client.statistics()).isEqualTo(new ClientStatistics(0, 0, 0));
    }
    assertRetries(0);
    assertOutcomes(2 * Closing.values().length);
  }

  /** Of what was sent nothing is lost, however much the server took. */
  @Test
  void largeBodyIsSentAgainWholly() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    Peer stale = used(client, server);
    String body = "0123456789".repeat(1_000_000);
    CompletableFuture<ClientResponse> future = client.put(server.url("/a")).body(body).send();
    stale.head();
    stale.bytes(1000);
    stale.reset();

    Peer fresh = server.accept();
    fresh.head();
    assertThat(new String(fresh.bytes(body.length()), StandardCharsets.ISO_8859_1)).isEqualTo(body);
    fresh.send(EMPTY);
    assertThat(Outcome.of(future).isSuccess()).isTrue();
    assertRetries(1);
  }

  @Test
  void fileIsReadAgain(@TempDir Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("f"), "content");
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    Peer stale = used(client, server);
    CompletableFuture<ClientResponse> future = client.put(server.url("/a")).body(file).send();
    stale.head();
    stale.expect("content").close();

    Peer fresh = server.accept();
    fresh.head();
    fresh.expect("content").send(EMPTY);
    assertThat(Outcome.of(future).isSuccess()).isTrue();
    assertRetries(1);
  }

  /** Other idle connections are as old: the server may be closing them all. */
  @Test
  void isSentOverANewConnection() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.maxConnectionsPerOrigin(2));
    CompletableFuture<ClientResponse> one = client.get(server.url("/1")).send();
    Peer older = server.accept().expect(server.request("GET", "/1"));
    CompletableFuture<ClientResponse> two = client.get(server.url("/2")).send();
    Peer newer = server.accept().expect(server.request("GET", "/2"));
    older.send(ok(""));
    Outcome.of(one);
    newer.send(ok(""));
    Outcome.of(two);

    CompletableFuture<ClientResponse> future = client.get(server.url("/a")).send();
    newer.expect(server.request("GET", "/a")).close();
    server.accept().expect(server.request("GET", "/a")).send(ok("good"));
    assertThat(Outcome.of(future).text()).isEqualTo("good");
    assertThat(older.isSilentFor(A_MOMENT)).isTrue();
    assertRetries(1);
  }

  /** There is room for a new one only if an idle one goes. */
  @Test
  void makesRoomForTheNewConnection() throws Exception {
    ScriptedServer server = all.server();
    ScriptedServer other = all.server();
    HttpClient client = all.client(config -> config.maxConnections(2));
    Peer idle = used(client, other);
    Peer stale = used(client, server);
    CompletableFuture<ClientResponse> ofOther = client.get(other.url("/b")).send();
    idle.expect(other.request("GET", "/b"));
    CompletableFuture<ClientResponse> future = client.get(server.url("/a")).send();
    CompletableFuture<ClientResponse> waiting = client.get(server.url("/c")).send();
    stale.expect(server.request("GET", "/a")).close();

    // whoever waited has the place of the connection that is closed
    Peer fresh = server.accept().expect(server.request("GET", "/c")).send(ok("c"));
    assertThat(Outcome.of(waiting).text()).isEqualTo("c");
    fresh.expectEof();
    server.accept().expect(server.request("GET", "/a")).send(ok("a"));
    assertThat(Outcome.of(future).text()).isEqualTo("a");
    idle.send(ok("b"));
    assertThat(Outcome.of(ofOther).text()).isEqualTo("b");
    assertRetries(1);
  }

  // ---- what is not

  @Test
  void isSentTwiceAtMost() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    Peer stale = used(client, server);
    CompletableFuture<ClientResponse> future = client.get(server.url("/a")).send();
    stale.expect(server.request("GET", "/a")).close();
    server.accept().expect(server.request("GET", "/a")).close();

    assertThat(Outcome.failure(future, Kind.CLOSED))
        .hasMessageContaining("before a response of " + server.url("/a"));
    assertThat(server.acceptsWithin(A_MOMENT)).isFalse();
    assertRetries(1);
    assertOutcomes(2);
  }

  /** A server that closes a new connection does not want the request. */
  @Test
  void isNotSentAgainIfItsConnectionWasNew() throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = all.client().get(server.url("/a")).send();
    server.accept().expect(server.request("GET", "/a")).close();

    Outcome.failure(future, Kind.CLOSED);
    assertThat(server.acceptsWithin(A_MOMENT)).isFalse();
    assertRetries(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "H",
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 103 Early Hints\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell"
      })
  void isNotSentAgainIfTheResponseHasBegun(String begin) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    Peer used = used(client, server);
    CompletableFuture<ClientResponse> future = client.get(server.url("/a")).send();
    used.expect(server.request("GET", "/a")).send(begin).close();

    assertThat(Outcome.failure(future, Kind.CLOSED)).hasMessageContaining("closed within the ");
    assertThat(server.acceptsWithin(A_MOMENT)).isFalse();
    assertRetries(0);
  }

  @Test
  void isNotSentAgainIfTheServerIsOnlySlow() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    Peer used = used(client, server);
    CompletableFuture<ClientResponse> future =
        client.get(server.url("/a")).firstByteTimeout(A_MOMENT).send();
    used.expect(server.request("GET", "/a")).expectEof();

    Outcome.failure(future, Kind.FIRST_BYTE_TIMEOUT);
    assertRetries(0);
  }

  @Test
  void isNotSentAgainIfItIsCancelled() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    Peer used = used(client, server);
    CompletableFuture<ClientResponse> future = client.get(server.url("/a")).send();
    used.expect(server.request("GET", "/a"));
    future.cancel(true);
    used.expectEof();
    assertThat(server.acceptsWithin(A_MOMENT)).isFalse();
    assertRetries(0);
    assertOutcomes(2);
  }

  private static void failsWithoutRetry(
      ScriptedServer server, Peer stale, CompletableFuture<ClientResponse> future)
      throws Exception {
    stale.head();
    stale.close();
    Outcome.failure(future, Kind.CLOSED);
    assertThat(server.acceptsWithin(A_MOMENT)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void isNotSentAgainIfThatIsNotAllowed(boolean byTheClient) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.retry(!byTheClient));
    Peer stale = used(client, server);
    RequestBuilder request = client.get(server.url("/a"));
    failsWithoutRetry(server, stale, (byTheClient ? request : request.retry(false)).send());
    assertRetries(0);
  }

  @Test
  void streamCannotBeSentAgain() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    Peer stale = used(client, server);
    TrackedStream stream = TrackedStream.of("content");
    failsWithoutRetry(server, stale, client.put(server.url("/a")).body(stream).send());
    assertThat(stream.isClosedSoon()).isTrue();
    assertRetries(0);
  }

  @Test
  void streamAmongPartsCannotBeSentAgain() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    Peer stale = used(client, server);
    TrackedStream stream = TrackedStream.of("content");
    Body parts = new Body.Parts(List.of("before", stream));
    failsWithoutRetry(server, stale, client.put(server.url("/a")).body(parts).send());
    assertThat(stream.isClosedSoon()).isTrue();
    assertRetries(0);
  }

  @Test
  void publisherCannotBeAskedAgain() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    Peer stale = used(client, server);
    ManualPublisher publisher = new ManualPublisher();
    failsWithoutRetry(server, stale, client.put(server.url("/a")).body(publisher).send());
    publisher.awaitCancel();
    assertRetries(0);
  }
}
