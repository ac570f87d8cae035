package io.httpkit.spring.boot.autoconfigure;

import static io.httpkit.spring.boot.autoconfigure.PropertyRow.behaviour;
import static io.httpkit.spring.boot.autoconfigure.PropertyRow.option;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.httpkit.client.ClientException;
import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ClientResponse;
import io.httpkit.client.HttpClient;
import io.httpkit.client.ProxyRules;
import io.httpkit.http.Status;
import io.httpkit.server.HttpServer;
import io.httpkit.server.Request;
import io.httpkit.server.Response;
import io.httpkit.server.ServerConfig;
import io.httpkit.server.ServerTls;
import io.httpkit.spring.boot.support.Http;
import io.httpkit.spring.boot.support.Keys;
import io.httpkit.spring.boot.support.Peer;
import io.httpkit.spring.boot.support.Wire;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What the properties of the client do. */
@Timeout(60)
class ClientPropertiesTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  private static final String CLOSING = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok";
  private static final long LIMIT_SECONDS = Http.LIMIT.toSeconds();
  private static final Keys KEYS = Keys.of("one.example");

  /** A client, and two that it may ask: a server, and one that does what a test says. */
  private record Setup(HttpClient client, HttpServer server, Peer peer) {
    static Setup of(AssertableApplicationContext context) {
      return new Setup(
          context.getBean(HttpClient.class),
          context.getBean(HttpServer.class),
          context.getBean(Peer.class));
    }

    CompletableFuture<ClientResponse> ask(String path) {
      return client.get("http://127.0.0.1:" + server.port() + path).send();
    }

    ClientResponse get(String path) throws Exception {
      return await(ask(path));
    }

    String text(String path) throws Exception {
      return get(path).text();
    }

    CompletableFuture<ClientResponse> askPeer(String scheme) {
      return client.get(scheme + "://127.0.0.1:" + peer.port() + "/").send();
    }
  }

  private final Peer peer = new Peer();

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  SslAutoConfiguration.class, HttpKitClientAutoConfiguration.class))
          .withBean(Peer.class, () -> peer)
          .withBean(HttpServer.class, ClientPropertiesTest::server)
          .withPropertyValues("peer.port=" + peer.port())
          .withPropertyValues(
              "spring.ssl.bundle.pem.trust.truststore.certificate=file:" + KEYS.certificatePem());

  private static HttpServer server() {
    return HttpServer.start(
        ClientPropertiesTest::answer, ServerConfig.builder().ip("127.0.0.1").port(0).build());
  }

  private static Response answer(Request request) {
    return switch (request.path()) {
      case "/long" -> Response.of(Status.OK).withHeader("X-Long", "x".repeat(300));
      case "/first" -> Response.of(Status.FOUND).withHeader("Location", "/second");
      case "/second" -> Response.of(Status.FOUND).withHeader("Location", "/third");
      case "/cookie" ->
          request.cookie("a").isPresent()
              ? Response.text("back")
              : Response.text("set").withHeader("Set-Cookie", "a=b");
      case "/peer" -> Response.text(String.valueOf(request.remoteAddress()));
      default -> Response.text(request.header(request.path().substring(1)).orElse("none"));
    };
  }

  static Stream<PropertyRow> rows() {
    return Stream.of(threads(), timeouts(), pool(), limits(), requests(), proxies(), tls())
        .flatMap(Collection::stream);
  }

  private static List<PropertyRow> threads() {
    int many = 2 * Math.max(2, Runtime.getRuntime().availableProcessors()) + 1;
    boolean hasVirtual = Runtime.version().feature() >= 21;
    return List.of(
        client(
            "loops=19",
            setup -> {
              setup.get("/none");
              assertThat(Thread.getAllStackTraces().keySet())
                  .extracting(Thread::getName)
                  .contains("http-kit-client-loop-19");
            }),
        client(
            "threads=" + many,
            setup -> {
              CyclicBarrier together = new CyclicBarrier(many);
              callbacks(setup, many, () -> together.await(LIMIT_SECONDS, TimeUnit.SECONDS));
            }),
        // on a JVM without virtual threads they are refused, which is a test of its own
        client(
            "virtual-threads=" + hasVirtual,
            setup ->
                assertThat(callbacks(setup, 1, () -> Thread.currentThread().toString()))
                    .allMatch(thread -> thread.startsWith("VirtualThread") == hasVirtual)),
        client(
            "deadlock-guard=false",
            setup -> {
              CompletableFuture<String> second =
                  setup.ask("/1").thenApply(one -> setup.ask("/2").join().text());
              assertThat(await(second)).isEqualTo("none");
            }));
  }

  /** What so many callbacks say, of responses that come when all of them are waited for. */
  private static <T> List<T> callbacks(Setup setup, int count, Callable<T> callback)
      throws Exception {
    CompletableFuture<Response> late = new CompletableFuture<>();
    ServerConfig config = ServerConfig.builder().ip("127.0.0.1").port(0).build();
    try (HttpServer server = HttpServer.start(request -> Response.async(late), config)) {
      String url = "http://127.0.0.1:" + server.port() + "/";
      List<CompletableFuture<T>> all = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        all.add(setup.client().get(url).send().thenApply(response -> call(callback)));
      }
      late.complete(Response.text("now"));
      List<T> said = new ArrayList<>();
      for (CompletableFuture<T> one : all) {
        said.add(await(one));
      }
      return said;
    }
  }

  private static <T> T call(Callable<T> callback) {
    try {
      return callback.call();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<PropertyRow> timeouts() {
    return List.of(
        client(
            "connect-timeout=100ms",
            setup ->
                assertThat(failure(setup.client().get("http://else.example/").send()))
                    .isEqualTo(Kind.CONNECT_TIMEOUT),
            "httpkit.client.proxy.url=http://localhost:${peer.port}",
            "httpkit.client.proxy.tunnel=true"),
        silence("tls-timeout=100ms", "https", Kind.TLS_TIMEOUT),
        silence("first-byte-timeout=100ms", "http", Kind.FIRST_BYTE_TIMEOUT),
        silence("idle-timeout=100ms", "http", Kind.IDLE_TIMEOUT),
        silence("total-timeout=100ms", "http", Kind.TOTAL_TIMEOUT),
        second("acquire-timeout=100ms", Kind.ACQUIRE_TIMEOUT, "httpkit.client.max-connections=1"));
  }

  private static List<PropertyRow> pool() {
    String none = "httpkit.client.max-waiting=0";
    return List.of(
        second("max-waiting=0", Kind.POOL_FULL, "httpkit.client.max-connections=1"),
        second("max-connections=1", Kind.POOL_FULL, none),
        second("max-connections-per-origin=1", Kind.POOL_FULL, none),
        client(
            "keep-alive=0s",
            setup -> assertThat(setup.text("/peer")).isNotEqualTo(setup.text("/peer"))),
        client(
            "max-connection-age=1ns",
            setup -> assertThat(setup.text("/peer")).isNotEqualTo(setup.text("/peer"))));
  }

  private static List<PropertyRow> limits() {
    return List.of(
        fails("max-line=64B", "/long", Kind.PROTOCOL),
        fails("max-header-bytes=64B", "/long", Kind.PROTOCOL),
        fails("max-headers=1", "/long", Kind.PROTOCOL),
        fails("max-body=3B", "/none", Kind.TOO_LARGE));
  }

  private static List<PropertyRow> requests() {
    return List.of(
        client(
            "follow-redirects=false",
            setup -> assertThat(setup.get("/first").status()).isEqualTo(Status.FOUND)),
        fails("max-redirects=1", "/first", Kind.REDIRECT),
        says("compression=false", "/Accept-Encoding", "none"),
        client(
            "cookies=true",
            setup ->
                assertThat(List.of(setup.text("/cookie"), setup.text("/cookie")))
                    .containsExactly("set", "back")),
        says("user-agent=mine/1", "/User-Agent", "mine/1"),
        says("user-agent=", "/User-Agent", "none"),
        client(
            "bind-address=127.0.0.2",
            setup -> assertThat(setup.text("/peer")).contains("127.0.0.2")),
        client("retry=false", ClientPropertiesTest::doesNotTryAgain));
  }

  private static List<PropertyRow> proxies() {
    String url = "httpkit.client.proxy.url=http://localhost:${peer.port}";
    String user = "httpkit.client.proxy.username=ada";
    String password = "httpkit.client.proxy.password=lovelace";
    String basic = "Proxy-Authorization: Basic YWRhOmxvdmVsYWNl\r\n";
    return List.of(
        proxied("url=http://localhost:${peer.port}", "GET http://else.example/ HTTP/1.1\r\n"),
        proxied("username=ada", basic, password, url),
        proxied("password=lovelace", basic, user, url),
        proxied("tunnel=true", "CONNECT else.example:80 HTTP/1.1\r\n", url),
        behaviour(
            "httpkit.client.proxy.no-proxy=127.0.0.1",
            context -> assertThat(Setup.of(context).text("/none")).isEqualTo("none"),
            url),
        option(
            "httpkit.client.proxy.from-environment=true",
            context -> {
              HttpKitClientProperties.Proxy proxy =
                  context.getBean(HttpKitClientProperties.class).proxy();
              Map<String, String> environment = Map.of("ALL_PROXY", "http://proxy.example:3128");
              assertThat(ClientOptions.proxies(proxy, environment))
                  .isEqualTo(ProxyRules.fromEnvironment(environment));
            }));
  }

  private static List<PropertyRow> tls() {
    return List.of(
        client("ssl.bundle=trust", ClientPropertiesTest::asksOverTls),
        client("ssl.insecure=true", ClientPropertiesTest::asksOverTls));
  }

  /** What a client does. */
  @FunctionalInterface
  private interface ClientCheck {
    void run(Setup setup) throws Exception;
  }

  private static PropertyRow client(String setting, ClientCheck check, String... others) {
    return behaviour("httpkit.client." + setting, context -> check.run(Setup.of(context)), others);
  }

  private static PropertyRow says(String setting, String path, String expected) {
    return client(setting, setup -> assertThat(setup.text(path)).isEqualTo(expected));
  }

  private static PropertyRow fails(String setting, String path, Kind kind) {
    return client(setting, setup -> assertThat(failure(setup.ask(path))).isEqualTo(kind));
  }

  /** A server that takes connections and says nothing. */
  private static PropertyRow silence(String setting, String scheme, Kind kind) {
    return client(setting, setup -> assertThat(failure(setup.askPeer(scheme))).isEqualTo(kind));
  }

  /** Of two requests at once the second fails, as the first has the only connection. */
  private static PropertyRow second(String setting, Kind kind, String... others) {
    return client(
        setting,
        setup -> {
          CompletableFuture<ClientResponse> first = setup.askPeer("http");
          try (Wire wire = setup.peer().accept()) {
            wire.head();
            assertThat(failure(setup.askPeer("http"))).isEqualTo(kind);
            wire.send(OK);
            assertThat(await(first).text()).isEqualTo("ok");
          }
        },
        others);
  }

  /** The server closes a kept connection on the second request. */
  private static void doesNotTryAgain(Setup setup) throws Exception {
    CompletableFuture<ClientResponse> first = setup.askPeer("http");
    CompletableFuture<ClientResponse> second;
    try (Wire wire = setup.peer().accept()) {
      wire.head();
      wire.send(OK);
      await(first);
      second = setup.askPeer("http");
      wire.head();
    }
    assertThat(failure(second)).isEqualTo(Kind.CLOSED);
  }

  /** A proxy sees this in the head of a request. */
  private static PropertyRow proxied(String setting, String contained, String... others) {
    return client(
        "proxy." + setting,
        setup -> {
          CompletableFuture<String> head = setup.peer().answer(CLOSING);
          var unused = setup.client().get("http://else.example/").send();
          assertThat(await(head)).contains(contained);
        },
        others);
  }

  private static void asksOverTls(Setup setup) throws Exception {
    ServerConfig config = ServerConfig.builder().port(0).tls(ServerTls.of(KEYS.trusting())).build();
    try (HttpServer secure = HttpServer.start(request -> Response.text("secret"), config)) {
      String url = "https://localhost:" + secure.port() + "/";
      assertThat(await(setup.client().get(url).send()).text()).isEqualTo("secret");
    }
  }

  private static <T> T await(CompletableFuture<T> future) throws Exception {
    return future.get(LIMIT_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Within a time that is longer than the time-outs that are set, and shorter than the defaults.
   */
  private static Kind failure(CompletableFuture<ClientResponse> response) {
    Throwable thrown = catchThrowable(() -> response.get(8, TimeUnit.SECONDS));
    if (thrown != null && thrown.getCause() instanceof ClientException failure) {
      return failure.kind();
    }
    throw new AssertionError("the request did not fail as it should", thrown);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void changesWhatTheClientDoes(PropertyRow row) {
    runner.withPropertyValues(row.assignments()).run(row::verify);
  }
}
