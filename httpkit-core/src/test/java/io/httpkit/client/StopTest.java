package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Response;
import io.httpkit.server.ServerConfig;
import io.httpkit.server.ServerTls;
import io.httpkit.tls.TestKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The end of a client. */
class StopTest {
  private static final String BEGINNING = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel";

  @RegisterExtension final NothingLeft all = new NothingLeft();

  @Test
  void startsNoThreadToStopAClientThatSentNothing() throws Exception {
    HttpClient client = all.client();
    assertThat(client.stop()).isCompleted();
    Outcome.failure(client.get("http://127.0.0.1:1/").send(), Kind.STOPPED);
    assertThat(client.stop()).isCompleted();
    assertThat(NothingLeft.threads()).isEmpty();
  }

  @Test
  void failsWhatIsActiveWhatWaitsAndWhatComesLater() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.maxConnectionsPerOrigin(1));
    CompletableFuture<ClientResponse> active = client.get(server.url("/")).send();
    server.accept().head();
    CompletableFuture<ClientResponse> waiting = client.get(server.url("/")).send();

    CompletableFuture<Void> stopped = client.stop();

    Outcome.failure(active, Kind.STOPPED);
    Outcome.failure(waiting, Kind.STOPPED);
    Outcome.of(stopped);
    Outcome.failure(client.get(server.url("/")).send(), Kind.STOPPED);
    assertThat(all.events.outcomes()).isEqualTo(3);
  }

  @Test
  void failsABodyThatIsStillComing() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    CompletableFuture<ClientResponse> head = client.get(server.url("/")).stream();
    server.accept().expect(server.request("GET", "/")).send(BEGINNING);
    ManualSubscriber body = new ManualSubscriber();
    Outcome.of(head).publisher().subscribe(body);
    body.request(Long.MAX_VALUE);

    Outcome.of(client.stop());

    Outcome.failure(body.end, Kind.STOPPED);
  }

  @Test
  void failsAnUploadThatIsStillGoing() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client();
    ManualPublisher body = new ManualPublisher();
    CompletableFuture<ClientResponse> uploading = client.post(server.url("/")).body(body).send();
    ScriptedServer.Peer peer = server.accept();
    peer.head();
    body.next("some");

    Outcome.of(client.stop());

    Outcome.failure(uploading, Kind.STOPPED);
    body.awaitCancel();
    assertThat(client.statistics().open()).isZero();
  }

  @Test
  void failsWhatWaitsForAResolverThatNeverAnswers() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    HttpClient client =
        all.client(
            config ->
                config.resolver(
                    host -> {
                      asked.countDown();
                      return new CompletableFuture<>();
                    }));
    CompletableFuture<ClientResponse> lost = client.get("http://never.test/").send();
    assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

    Outcome.of(client.stop());

    Outcome.failure(lost, Kind.STOPPED);
  }

  /** An interceptor may wait, or forget to answer. */
  @Test
  void failsWhatAnInterceptorHolds() throws Exception {
    HttpClient client =
        all.client(config -> config.interceptor((request, chain) -> new CompletableFuture<>()));
    CompletableFuture<ClientResponse> held = client.get("http://127.0.0.1:1/").send();

    CompletableFuture<Void> stopped = client.stop();

    Outcome.failure(held, Kind.STOPPED);
    Outcome.of(stopped);
    Outcome.failure(client.get("http://127.0.0.1:1/").send(), Kind.STOPPED);
  }

  /** Each time a little later, so that the stop also meets the ends of handshakes. */
  @Test
  void completesRequestsWhoseHandshakeIsAboutToEnd() throws Exception {
    ServerConfig config =
        ServerConfig.builder()
            .ip("127.0.0.1")
            .port(0)
            .tls(ServerTls.of(TestKeys.of("localhost", "EC").context()))
            .build();
    try (HttpServer server = HttpServer.start(request -> Response.text("hello"), config)) {
      String url = "https://127.0.0.1:" + server.port() + "/";
      ClientTls tls = ClientTls.DEFAULTS.insecure();
      for (int round = 0; round < 150; round++) {
        HttpClient client = all.client(some -> some.tls(tls).loops(1));
        List<CompletableFuture<ClientResponse>> sent = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          sent.add(client.get(url).send());
        }
        long until = System.nanoTime() + round * 50_000L;
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
        Outcome.of(client.stop());
        for (CompletableFuture<ClientResponse> one : sent) {
          assertThat(one).isDone();
        }
        assertThat(client.statistics().open()).isZero();
      }
    }
  }

  /** The workers are not done in the second that they have. */
  @Test
  void completesAllBehindCallbacksThatWaitForEver() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.threads(2).maxConnectionsPerOrigin(2));
    CountDownLatch called = new CountDownLatch(2);
    CountDownLatch never = new CountDownLatch(1);
    List<CompletableFuture<ClientResponse>> blocking = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      blocking.add(
          client
              .get(server.url("/"))
              .send()
              .whenComplete(
                  (response, failure) -> {
                    called.countDown();
                    block(never);
                  }));
    }
    // both are asked for before one is answered, so that each has a connection
    List<ScriptedServer.Peer> peers = List.of(server.accept(), server.accept());
    for (ScriptedServer.Peer peer : peers) {
      peer.expect(server.request("GET", "/")).send(ScriptedServer.ok(""));
    }
    assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
    List<CompletableFuture<ClientResponse>> more = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      more.add(client.get(server.url("/")).send());
    }

    Outcome.of(client.stop());

    for (CompletableFuture<ClientResponse> future : more) {
      Outcome.failure(future, Kind.STOPPED);
    }
    for (CompletableFuture<ClientResponse> future : blocking) {
      assertThat(Outcome.of(future).bytes()).isEmpty();
    }
  }

  private static void block(CountDownLatch never) {
    try {
      never.await();
    } catch (InterruptedException e) {
      // the end of its thread
    }
  }
}
