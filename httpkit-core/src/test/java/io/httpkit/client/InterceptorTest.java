package io.httpkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.http.Headers;
import io.httpkit.http.Status;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Response;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Code around the requests of a client. */
@Timeout(60)
class InterceptorTest {
  @RegisterExtension final NothingLeft made = new NothingLeft();

  private static Interceptor adding(String value) {
    return (request, chain) ->
        chain.proceed(request.withHeader("X", request.headers().get("X").orElse("") + value));
  }

  private String url(HttpServer server, String path) {
    return "http://127.0.0.1:" + server.port() + path;
  }

  private HttpServer echo() throws Exception {
    return made.httpServer(
        request -> Response.text(request.path() + request.header("X").orElse("")),
        config -> config);
  }

  @Test
  void firstGivenIsOutermost() throws Exception {
    HttpServer server = echo();
    HttpClient client =
        made.client(config -> config.interceptor(adding("1")).interceptor(adding("2")));

    assertThat(Outcome.of(client.get(url(server, "/")).send()).text()).isEqualTo("/12");
  }

  @Test
  void interceptorMayAnswerItself() throws Exception {
    HttpClient client =
        made.client(
            config ->
                config.interceptor(
                    (request, chain) ->
                        CompletableFuture.completedFuture(
                            ClientResponse.of(
                                Status.OK,
                                Headers.empty(),
                                "kept".getBytes(StandardCharsets.UTF_8),
                                request.url()))));

    assertThat(Outcome.of(client.get("http://nowhere.test/").send()).text()).isEqualTo("kept");
  }

  @Test
  void interceptorMayAskAgain() throws Exception {
    ScriptedServer server = made.server();
    HttpClient client =
        made.client(
            config ->
                config.interceptor(
                    (request, chain) ->
                        chain
                            .proceed(request)
                            .thenCompose(
                                response ->
                                    response.isSuccess()
                                        ? CompletableFuture.completedFuture(response)
                                        : chain.proceed(request.withHeader("X", "again")))));
    Future<ClientResponse> response = client.get(server.url("/")).send();

    ScriptedServer.Peer peer = server.accept();
    assertThat(peer.head()).doesNotContain("X: again");
    peer.send("HTTP/1.1 401 Who\r\nContent-Length: 0\r\n\r\n");
    assertThat(peer.head()).contains("X: again");
    peer.send(ScriptedServer.ok("yes"));

    assertThat(Outcome.of(response).text()).isEqualTo("yes");
  }

  @Test
  void whatItThrowsFailsTheRequest() throws Exception {
    IllegalStateException thrown = new IllegalStateException("no");
    Interceptor throwing =
        (request, chain) -> {
          throw thrown;
        };
    Interceptor failing = (request, chain) -> CompletableFuture.failedFuture(thrown);
    Interceptor mapping =
        (request, chain) -> chain.proceed(request).thenApply(InterceptorTest::throwing);
    HttpServer server = echo();

    for (Interceptor interceptor : new Interceptor[] {throwing, failing, mapping}) {
      HttpClient client = made.client(config -> config.interceptor(interceptor));
      assertThat(Outcome.failure(client.get(url(server, "/")).send()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no");
    }
  }

  private static ClientResponse throwing(ClientResponse response) {
    throw new IllegalStateException("no");
  }

  @Test
  void noResponseFailsTheRequest() throws Exception {
    HttpServer server = echo();
    Interceptor nothing =
        (request, chain) -> {
          CompletionStage<ClientResponse> response = chain.proceed(request);
          return response.handle((value, failure) -> nothing());
        };
    HttpClient client = made.client(config -> config.interceptor(nothing));

    assertThat(Outcome.failure(client.get(url(server, "/")).send()))
        .isInstanceOf(NullPointerException.class);
  }

  @SuppressWarnings("NullAway") // what a careless interceptor does
  private static ClientResponse nothing() {
    return null;
  }

  /** It may be sent several times, in any way. */
  @Test
  void askingForAStreamDoesNotChangeTheBuilder() throws Exception {
    ScriptedServer server = made.server();
    RequestBuilder builder = made.client().get(server.url("/"));
    Future<ClientResponse> streamed = builder.stream();
    ScriptedServer.Peer peer = server.accept();
    peer.head();
    peer.send(ScriptedServer.ok("first"));
    assertThat(Outcome.of(streamed).stream().readAllBytes()).hasSize(5);

    Future<ClientResponse> whole = builder.send();
    peer.head();
    peer.send(ScriptedServer.ok("second"));
    assertThat(Outcome.of(whole).text()).isEqualTo("second");
  }

  @Test
  void seesTheTemplateOfTheUrlAlsoOnceItChangesTheRequest() {
    HttpClient client = made.client(config -> config);
    ClientRequest request = client.get("http://a.test/users/7").uriTemplate("/users/{id}").build();

    assertThat(request.uriTemplate()).isEqualTo("/users/{id}");
    assertThat(request.withHeader("A", "b").withUrl("http://b.test/").uriTemplate())
        .isEqualTo("/users/{id}");
    assertThat(client.get("http://a.test/users/7").build().uriTemplate()).isNull();
  }

  @Test
  void cancellingReachesTheRequest() throws Exception {
    ScriptedServer server = made.server();
    HttpClient client = made.client(config -> config.interceptor(adding("1")));
    CompletableFuture<ClientResponse> response = client.get(server.url("/")).send();
    ScriptedServer.Peer peer = server.accept();
    peer.head();

    response.cancel(false);

    peer.expectEof();
    assertThat(made.events.await(RecordingEvents.Kind.FAILURE).error())
        .isInstanceOfSatisfying(
            ClientException.class, failure -> assertThat(failure.kind()).isEqualTo(Kind.CANCELLED));
  }

  @Test
  void cancellingReachesWhatWasChained() throws Exception {
    ScriptedServer server = made.server();
    Interceptor chaining = (request, chain) -> chain.proceed(request).thenApply(same -> same);
    HttpClient client = made.client(config -> config.interceptor(chaining));
    CompletableFuture<ClientResponse> response = client.get(server.url("/")).send();
    ScriptedServer.Peer peer = server.accept();
    peer.head();

    response.cancel(false);

    peer.expectEof();
  }
}
