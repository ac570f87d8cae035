package io.httpkit.client;

import static io.httpkit.client.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.RetryPolicy.Failure;
import io.httpkit.client.RetryPolicy.Progress;
import io.httpkit.client.ScriptedServer.Peer;
import io.httpkit.http.Method;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that are sent again. */
@Timeout(60)
class RetryPolicyTest {
  @RegisterExtension final NothingLeft all = new NothingLeft();

  /** What a policy was told. */
  private final Queue<Failure> asked = new ConcurrentLinkedQueue<>();

  private RetryPolicy upTo(int attempts) {
    return failure -> {
      asked.add(failure);
      return failure.attempt() < attempts;
    };
  }

  private RetryPolicy always() {
    return upTo(Integer.MAX_VALUE);
  }

  private int retries() {
    return all.events.count(RecordingEvents.Kind.RETRY);
  }

  /** The server's end of a connection that is idle, and that the client may use again. */
  private static Peer idle(HttpClient client, ScriptedServer server) throws Exception {
    CompletableFuture<ClientResponse> first = client.get(server.url("/first")).send();
    Peer peer = server.accept().expect(server.request("GET", "/first")).send(ok(""));
    Outcome.of(first);
    return peer;
  }

  /** Where nobody listens any more. */
  private InetSocketAddress closedAddress() throws IOException {
    ScriptedServer server = all.server();
    InetSocketAddress address = server.address();
    server.stopListening();
    return address;
  }

  // ---- the policies that are there

  private static Arguments row(
      String name, UnaryOperator<ClientConfig.Builder> policy, Method method, boolean isRetried) {
    return Arguments.of(name, policy, method, isRetried);
  }

  static Stream<Arguments> staleConnections() {
    UnaryOperator<ClientConfig.Builder> unset = config -> config;
    UnaryOperator<ClientConfig.Builder> narrow = c -> c.retryPolicy(RetryPolicy.GET_AND_HEAD);
    return Stream.of(
        row("default", unset, Method.GET, true),
        row("default", unset, Method.HEAD, true),
        row("default", unset, Method.PUT, true),
        row("default", unset, Method.DELETE, true),
        row("default", unset, Method.OPTIONS, true),
        row("default", unset, Method.QUERY, true),
        row("default", unset, Method.POST, false),
        row("default", unset, Method.PATCH, false),
        row("default", unset, Method.LOCK, false),
        row("narrow", narrow, Method.GET, true),
        row("narrow", narrow, Method.HEAD, true),
        row("narrow", narrow, Method.PUT, false),
        row("narrow", narrow, Method.DELETE, false),
        row("narrow", narrow, Method.POST, false),
        row("never", c -> c.retryPolicy(RetryPolicy.NEVER), Method.GET, false),
        row("off", c -> c.retry(false), Method.GET, false),
        row("off", c -> c.retry(false).retryPolicy(failure -> true), Method.GET, false));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("staleConnections")
  void policySaysWhichMethodsAreSentAgainOverAStaleConnection(
      String name, UnaryOperator<ClientConfig.Builder> policy, Method method, boolean isRetried)
      throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(policy);
    Peer idle = idle(client, server);

    CompletableFuture<ClientResponse> future = client.request(method, server.url("/")).send();

    assertThat(idle.head()).startsWith(method + " / ");
    idle.close();
    if (isRetried) {
      Peer next = server.accept();
      assertThat(next.head()).startsWith(method + " / ");
      next.send("HTTP/1.1 204 No Content\r\n\r\n");
      assertThat(Outcome.of(future).status().code()).isEqualTo(204);
    } else {
      assertThat(Outcome.failure(future, Kind.CLOSED))
          .hasMessageContaining("keepAlive")
          .hasMessageContaining("retryPolicy");
    }
    assertThat(retries()).isEqualTo(isRetried ? 1 : 0);
  }

  @Test
  void defaultSendsNothingAgainOverANewConnection() throws Exception {
    ScriptedServer server = all.server();
    CompletableFuture<ClientResponse> future = all.client().get(server.url("/")).send();
    Peer peer = server.accept().expect(server.request("GET", "/"));
    peer.close();

    Outcome.failure(future, Kind.CLOSED);
    assertThat(retries()).isZero();
  }

  @Test
  void defaultSendsNothingAgainOfWhichAByteOfTheResponseHasCome() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    Peer idle = idle(client, server);
    CompletableFuture<ClientResponse> future = client.get(server.url("/")).send();
    idle.expect(server.request("GET", "/")).send("H").close();

    Outcome.failure(future, Kind.CLOSED);
    assertThat(retries()).isZero();
  }

  // ---- what a policy is told

  @Test
  void tellsOfEachAttemptToConnect() throws Exception {
    String url = "http://127.0.0.1:" + closedAddress().getPort() + "/";
    HttpClient client = all.client(config -> config.retryPolicy(upTo(3)));

    ClientException failure = Outcome.failure(client.post(url).body("x").send(), Kind.CONNECT);

    assertThat(asked)
        .extracting(Failure::attempt, Failure::progress)
        .containsExactly(
            tuple(1, Progress.NOT_SENT), tuple(2, Progress.NOT_SENT), tuple(3, Progress.NOT_SENT));
    assertThat(asked.stream().map(some -> some.request().toString())).containsOnly("POST " + url);
    assertThat(List.copyOf(asked).get(2).cause()).isSameAs(failure);
    assertThat(retries()).isEqualTo(2);
    assertThat(all.events.count(RecordingEvents.Kind.CONNECT_FAILURE)).isEqualTo(3);
    assertThat(all.events.outcomes()).isEqualTo(1);
  }

  @Test
  void tellsHowFarTheRequestCame() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.retryPolicy(always()));
    Peer idle = idle(client, server);
    CompletableFuture<ClientResponse> future = client.post(server.url("/")).body("x").send();

    assertThat(idle.head()).startsWith("POST / ");
    idle.expect("x").close();
    Peer second = server.accept();
    assertThat(second.head()).startsWith("POST / ");
    second.expect("x").close();
    Peer third = server.accept();
    assertThat(third.head()).startsWith("POST / ");
    third.expect("x").send("HTTP/1.1 200 OK\r\nContent-").close();
    Peer last = server.accept();
    assertThat(last.head()).startsWith("POST / ");
    last.expect("x").send(ok("done"));

    assertThat(Outcome.of(future).text()).isEqualTo("done");
    assertThat(asked)
        .extracting(Failure::attempt, Failure::progress)
        .containsExactly(
            tuple(1, Progress.STALE), tuple(2, Progress.SENT), tuple(3, Progress.SENT));
  }

  /** Each hop is a request of its own. */
  @Test
  void tellsOfTheRequestBehindARedirect() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.retryPolicy(upTo(2)));
    CompletableFuture<ClientResponse> future = client.post(server.url("/a")).body("x").send();
    Peer first = server.accept();
    assertThat(first.head()).startsWith("POST /a ");
    first.expect("x").close();
    Peer second = server.accept();
    assertThat(second.head()).startsWith("POST /a ");
    second.expect("x").send("HTTP/1.1 303 See Other\r\nLocation: /b\r\nContent-Length: 0\r\n\r\n");
    assertThat(second.head()).startsWith("GET /b ");
    second.close();
    Peer third = server.accept();
    assertThat(third.head()).startsWith("GET /b ");
    third.send(ok("b"));

    assertThat(Outcome.of(future).text()).isEqualTo("b");
    assertThat(asked)
        .extracting(some -> some.request().toString(), Failure::attempt, Failure::progress)
        .containsExactly(
            tuple("POST " + server.url("/a"), 1, Progress.SENT),
            tuple("GET " + server.url("/b"), 1, Progress.STALE));
  }

  @Test
  void slowServerCanBeAskedAgain() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    CompletableFuture<ClientResponse> future =
        client
            .get(server.url("/"))
            .firstByteTimeout(Duration.ofMillis(200))
            .retryPolicy(upTo(Integer.MAX_VALUE))
            .send();
    Peer slow = server.accept().expect(server.request("GET", "/"));
    slow.expectEof();
    // each attempt has as long, so that it may take some until one is answered in time
    while (!future.isDone()) {
      Peer next = server.accept().expect(server.request("GET", "/"));
      next.send(ok("soon"));
      Outcome.of(future);
    }

    assertThat(Outcome.of(future).text()).isEqualTo("soon");
    assertThat(List.copyOf(asked).get(0).cause().kind()).isEqualTo(Kind.FIRST_BYTE_TIMEOUT);
  }

  // ---- its limits

  @Test
  void noPolicySendsForEver() throws Exception {
    String url = "http://127.0.0.1:" + closedAddress().getPort() + "/";
    HttpClient client =
        all.client(config -> config.retryPolicy(always()).maxConnectionsPerOrigin(1));

    Outcome.failure(client.get(url).send(), Kind.CONNECT);

    assertThat(all.events.count(RecordingEvents.Kind.CONNECT_FAILURE))
        .isEqualTo(RetryPolicy.MAX_ATTEMPTS);
    assertThat(asked).hasSize(RetryPolicy.MAX_ATTEMPTS - 1);
  }

  static Stream<Arguments> finalResponses() {
    return Stream.of(
        Arguments.of("nonsense\r\n\r\n", Kind.PROTOCOL),
        Arguments.of("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n1", Kind.CLOSED),
        Arguments.of("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n", Kind.TOO_LARGE),
        Arguments.of("HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", Kind.REDIRECT),
        Arguments.of("", Kind.TOTAL_TIMEOUT));
  }

  @ParameterizedTest
  @MethodSource("finalResponses")
  void policyIsNotAskedWhenAnotherAttemptIsOfNoUse(String response, Kind kind) throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.retryPolicy(always()));
    Duration total = kind == Kind.TOTAL_TIMEOUT ? Duration.ofMillis(100) : Duration.ZERO;
    CompletableFuture<ClientResponse> future =
        client.get(server.url("/")).maxBody(100).totalTimeout(total).send();
    Peer peer = server.accept().expect(server.request("GET", "/")).send(response);
    if (kind == Kind.CLOSED) {
      peer.close();
    }

    Outcome.failure(future, kind);
    assertThat(asked).isEmpty();
  }

  @Test
  void policyIsNotAskedWhenTheApplicationEndsIt() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client =
        all.client(config -> config.retryPolicy(always()).maxConnectionsPerOrigin(1).maxWaiting(1));
    CompletableFuture<ClientResponse> active = client.get(server.url("/")).send();
    Peer peer = server.accept().expect(server.request("GET", "/"));
    CompletableFuture<ClientResponse> waiting = client.get(server.url("/")).send();
    Outcome.failure(client.get(server.url("/")).send(), Kind.POOL_FULL);
    active.cancel(false);
    peer.expectEof();
    server.accept().expect(server.request("GET", "/"));

    Outcome.of(client.stop());

    Outcome.failure(waiting, Kind.STOPPED);
    assertThat(asked).isEmpty();
  }

  @Test
  void bodyThatCanBeSentOnceIsNotSentTwice() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.retryPolicy(always()));
    TrackedStream body = TrackedStream.of("x");
    CompletableFuture<ClientResponse> future = client.put(server.url("/")).body(body).send();
    Peer peer = server.accept();
    assertThat(peer.head()).startsWith("PUT / ");
    assertThat(peer.chunks()).hasSize(1);
    peer.close();

    Outcome.failure(future, Kind.CLOSED);
    assertThat(asked).isEmpty();
    assertThat(body.isClosedSoon()).isTrue();
  }

  @Test
  void bodyThatCanBeSentOnceIsStillThereIfThereWasNoConnection() throws Exception {
    ScriptedServer server = all.server();
    Queue<SocketAddress> addresses = new ConcurrentLinkedQueue<>();
    addresses.add(closedAddress());
    addresses.add(server.address());
    HttpClient client =
        all.client(
            config -> config.retryPolicy(always()).addressFinder(origin -> addresses.remove()));
    TrackedStream body = TrackedStream.of("x");
    CompletableFuture<ClientResponse> future = client.put(server.url("/")).body(body).send();
    Peer peer = server.accept();
    assertThat(peer.head()).startsWith("PUT / ");
    assertThat(peer.chunks()).hasSize(1);
    peer.send(ok("done"));

    assertThat(Outcome.of(future).text()).isEqualTo("done");
    assertThat(asked).extracting(Failure::progress).containsExactly(Progress.NOT_SENT);
    assertThat(body.isClosedSoon()).isTrue();
  }

  @Test
  void policyThatThrowsFailsTheRequest() throws Exception {
    String url = "http://127.0.0.1:" + closedAddress().getPort() + "/";
    IllegalStateException thrown = new IllegalStateException("policy");
    HttpClient client =
        all.client(
            config ->
                config.retryPolicy(
                    failure -> {
                      throw thrown;
                    }));

    assertThat(Outcome.failure(client.get(url).send())).isSameAs(thrown);
    assertThat(all.events.outcomes()).isEqualTo(1);
  }
}
