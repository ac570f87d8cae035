package io.httpkit.client;

import static io.httpkit.client.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.httpkit.client.ClientException.Kind;
import io.httpkit.client.ScriptedServer.Peer;
import io.httpkit.tls.TestKeys;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The six time-outs: each ends one request, says which it was, and lets all others go on. */
@Timeout(60)
class TimeoutsTest {
  private static final Duration SHORT = Duration.ofMillis(60);
  private static final Duration LONG = Duration.ofMinutes(5);

  @RegisterExtension final NothingLeft all = new NothingLeft();

  private enum Rule {
    CONNECT("connectTimeout"),
    TLS("tlsTimeout"),
    ACQUIRE("acquireTimeout"),
    FIRST_BYTE("firstByteTimeout"),
    IDLE("idleTimeout"),
    TOTAL("totalTimeout");

    final String option;

    Rule(String option) {
      this.option = option;
    }

    /** Of all requests of a client. */
    ClientConfig.Builder apply(ClientConfig.Builder config, Duration time) {
      return switch (this) {
        case CONNECT -> config.connectTimeout(time);
        case TLS -> config.tlsTimeout(time);
        case ACQUIRE -> config.acquireTimeout(time);
        case FIRST_BYTE -> config.firstByteTimeout(time);
        case IDLE -> config.idleTimeout(time);
        case TOTAL -> config.totalTimeout(time);
      };
    }

    /** Of one. */
    RequestBuilder apply(RequestBuilder request, Duration time) {
      return switch (this) {
        case CONNECT -> request.connectTimeout(time);
        case TLS -> request.tlsTimeout(time);
        case ACQUIRE -> request.acquireTimeout(time);
        case FIRST_BYTE -> request.firstByteTimeout(time);
        case IDLE -> request.idleTimeout(time);
        case TOTAL -> request.totalTimeout(time);
      };
    }

    Kind kind() {
      return Kind.valueOf(name() + "_TIMEOUT");
    }

    /** What it waits for. */
    Stalled stalled(ScriptedServer server) {
      return switch (this) {
        case CONNECT -> new WithoutAddress(server);
        case TLS -> new WithoutTls(server);
        case ACQUIRE -> new WithoutConnection(server);
        case FIRST_BYTE, TOTAL -> new WithoutResponse(server, "");
        case IDLE -> new WithoutResponse(server, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\ng");
      };
    }
  }

  /** Requests that stand still at the same point, until one of them is helped. */
  private abstract static class Stalled {
    final ScriptedServer server;
    private final Map<String, Peer> peers = new ConcurrentHashMap<>();

    Stalled(ScriptedServer server) {
      this.server = server;
    }

    /** What their client must be like. */
    ClientConfig.Builder client(ClientConfig.Builder config) {
      return config;
    }

    /** Called before the first of them. */
    void prepare(HttpClient client) throws Exception {}

    /** Where a request goes. */
    String url(String who) {
      return server.url("/" + who);
    }

    /** What names the peer in the message. */
    String origin(String who) {
      return server.host();
    }

    RequestBuilder request(HttpClient client, String who) {
      return client.get(url(who));
    }

    /** Called when the request is sent, before the next is. */
    void begun(String who) throws Exception {
      peers.put(who, server.accept());
    }

    Peer peer(String who) {
      Peer peer = peers.get(who);
      if (peer == null) {
        throw new IllegalStateException("no connection of " + who);
      }
      return peer;
    }

    /** Has this one answered with {@code good}. */
    abstract void help(String who) throws Exception;

    /** If the one that failed had a connection, it must be closed. */
    void expectClosed(String who) throws Exception {
      peer(who).readToEnd();
    }

    /** What there is while one of them stands still. */
    ClientStatistics whileOneStands() {
      return new ClientStatistics(1, 0, 0);
    }
  }

  /** The name of the host is never resolved. */
  private static final class WithoutAddress extends Stalled {
    private final Map<String, CompletableFuture<List<InetAddress>>> asked =
        new ConcurrentHashMap<>();

    WithoutAddress(ScriptedServer server) {
      super(server);
    }

    private CompletableFuture<List<InetAddress>> asked(String host) {
      return asked.computeIfAbsent(host, name -> new CompletableFuture<>());
    }

    @Override
    ClientConfig.Builder client(ClientConfig.Builder config) {
      return config.resolver(this::asked);
    }

    @Override
    String url(String who) {
      return "http://" + origin(who) + "/" + who;
    }

    @Override
    String origin(String who) {
      return who + ".test:" + server.port();
    }

    @Override
    void begun(String who) {}

    @Override
    void help(String who) throws Exception {
      asked(who + ".test").complete(List.of(server.address().getAddress()));
      Peer peer = server.accept();
      peer.head();
      peer.send(ok("good"));
    }

    @Override
    void expectClosed(String who) {}
  }

  /** The server says nothing to the first word of TLS. */
  private static final class WithoutTls extends Stalled {
    WithoutTls(ScriptedServer server) {
      super(server);
    }

    @Override
    RequestBuilder request(HttpClient client, String who) {
      return client.get("https://" + server.host() + "/" + who).insecure();
    }

    @Override
    void help(String who) throws Exception {
      SSLSocket tls =
          (SSLSocket)
              TestKeys.localhost()
                  .context()
                  .getSocketFactory()
                  .createSocket(peer(who).socket(), null, false);
      tls.setUseClientMode(false);
      String head = "GET /" + who + " HTTP/1.1\r\nHost: " + server.host() + "\r\n\r\n";
      assertThat(new String(tls.getInputStream().readNBytes(head.length()), latin1()))
          .isEqualTo(head);
      tls.getOutputStream().write(ok("good").getBytes(latin1()));
    }
  }

  /** The only connection is in use. */
  private static final class WithoutConnection extends Stalled {
    private @Nullable Peer only;

    WithoutConnection(ScriptedServer server) {
      super(server);
    }

    @Override
    ClientConfig.Builder client(ClientConfig.Builder config) {
      return config.maxConnectionsPerOrigin(1);
    }

    @Override
    void prepare(HttpClient client) throws Exception {
      Future<ClientResponse> unused = client.get(url("first")).send();
      only = server.accept();
      only.expect(server.request("GET", "/first"));
    }

    @Override
    void begun(String who) {}

    @Override
    void help(String who) throws Exception {
      if (only == null) {
        throw new IllegalStateException("not prepared");
      }
      only.send(ok("")).expect(server.request("GET", "/" + who)).send(ok("good"));
    }

    @Override
    void expectClosed(String who) {}

    @Override
    ClientStatistics whileOneStands() {
      return new ClientStatistics(1, 0, 1);
    }
  }

  /** The server sends only this of its response. */
  private static final class WithoutResponse extends Stalled {
    private final String begin;

    WithoutResponse(ScriptedServer server, String begin) {
      super(server);
      this.begin = begin;
    }

    @Override
    void begun(String who) throws Exception {
      super.begun(who);
      peer(who).expect(server.request("GET", "/" + who)).send(begin);
    }

    @Override
    void help(String who) throws Exception {
      peer(who).send(begin.isEmpty() ? ok("good") : "o");
    }
  }

  private static Charset latin1() {
    return StandardCharsets.ISO_8859_1;
  }

  /** The one that may wait longer is sent first, so that the other's time is over for both. */
  @ParameterizedTest
  @EnumSource
  void requestMayHaveMoreTimeThanItsClient(Rule rule) throws Exception {
    run(rule, SHORT, null, LONG);
  }

  @ParameterizedTest
  @EnumSource
  void requestMayHaveLessTimeThanItsClient(Rule rule) throws Exception {
    run(rule, LONG, SHORT, null);
  }

  /** Zero is no limit. TLS always has one. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TLS")
  void requestMayHaveAllTheTime(Rule rule) throws Exception {
    run(rule, SHORT, null, Duration.ZERO);
  }

  /** The one limit of a request is for each phase that has none of its own. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TOTAL")
  void noPhaseTakesLongerThanTimeout(Rule rule) throws Exception {
    run(
        rule,
        LONG,
        request -> {
          RequestBuilder hasty = request;
          for (Rule other : EnumSet.range(Rule.CONNECT, rule)) {
            hasty = other == rule ? hasty.timeout(SHORT) : other.apply(hasty, LONG);
          }
          for (Rule other : EnumSet.range(rule, Rule.TOTAL)) {
            hasty = other == rule ? hasty : other.apply(hasty, LONG);
          }
          return hasty;
        },
        request -> request);
  }

  /** Time-outs in the order acquire, connect, TLS, first byte, idle, total; in seconds. */
  private record Setting(
      String what, UnaryOperator<RequestBuilder> change, List<Integer> expected) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Setting> settings() {
    Duration two = Duration.ofSeconds(2);
    Duration seven = Duration.ofSeconds(7);
    return List.of(
        new Setting("none", b -> b, List.of(30, 10, 10, 60, 60, 0)),
        new Setting("timeout", b -> b.timeout(two), List.of(2, 2, 2, 2, 2, 0)),
        new Setting(
            "longer than the defaults", b -> b.timeout(LONG), List.of(300, 300, 300, 300, 300, 0)),
        new Setting("no limit", b -> b.timeout(Duration.ZERO), List.of(0, 0, 10, 0, 0, 0)),
        new Setting("twice", b -> b.timeout(two).timeout(seven), List.of(7, 7, 7, 7, 7, 0)),
        new Setting(
            "total is another matter",
            b -> b.totalTimeout(seven).timeout(two),
            List.of(2, 2, 2, 2, 2, 7)),
        new Setting(
            "acquire before", b -> b.acquireTimeout(seven).timeout(two), List.of(7, 2, 2, 2, 2, 0)),
        new Setting(
            "acquire after", b -> b.timeout(two).acquireTimeout(seven), List.of(7, 2, 2, 2, 2, 0)),
        new Setting(
            "connect before", b -> b.connectTimeout(seven).timeout(two), List.of(2, 7, 2, 2, 2, 0)),
        new Setting(
            "connect after", b -> b.timeout(two).connectTimeout(seven), List.of(2, 7, 2, 2, 2, 0)),
        new Setting("tls before", b -> b.tlsTimeout(seven).timeout(two), List.of(2, 2, 7, 2, 2, 0)),
        new Setting("tls after", b -> b.timeout(two).tlsTimeout(seven), List.of(2, 2, 7, 2, 2, 0)),
        new Setting(
            "first byte before",
            b -> b.firstByteTimeout(seven).timeout(two),
            List.of(2, 2, 2, 7, 2, 0)),
        new Setting(
            "first byte after",
            b -> b.timeout(two).firstByteTimeout(seven),
            List.of(2, 2, 2, 7, 2, 0)),
        new Setting(
            "idle before", b -> b.idleTimeout(seven).timeout(two), List.of(2, 2, 2, 2, 7, 0)),
        new Setting(
            "idle after", b -> b.timeout(two).idleTimeout(seven), List.of(2, 2, 2, 2, 7, 0)),
        new Setting(
            "some before, some after",
            b -> b.idleTimeout(seven).timeout(two).tlsTimeout(seven).timeout(seven).timeout(two),
            List.of(2, 2, 7, 2, 7, 0)));
  }

  @ParameterizedTest
  @MethodSource
  void settings(Setting setting) {
    RequestBuilder request = all.client().get("http://127.0.0.1:1/");

    ClientConfig.Timeouts set = setting.change.apply(request).build().options().timeouts;

    assertThat(
            List.of(
                set.acquire(), set.connect(), set.tls(), set.firstByte(), set.idle(), set.total()))
        .extracting(Duration::toSeconds)
        .containsExactlyElementsOf(setting.expected.stream().map(Integer::longValue).toList());
  }

  /** What the client says of single phases is no reason to wait longer than the request says. */
  @Test
  void timeoutOfARequestReplacesThoseOfItsClient() {
    Duration two = Duration.ofSeconds(2);
    HttpClient client =
        all.client(config -> config.idleTimeout(LONG).tlsTimeout(LONG).totalTimeout(LONG));

    assertThat(client.get("http://127.0.0.1:1/").timeout(two).build().options().timeouts)
        .isEqualTo(new ClientConfig.Timeouts(two, two, two, two, two, LONG));
  }

  @Test
  void timeoutIsNotNegative() {
    RequestBuilder request = all.client().get("http://127.0.0.1:1/");

    assertThatThrownBy(() -> request.timeout(Duration.ofNanos(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("timeout must not be negative but was PT-0.000000001S");
  }

  private void run(
      Rule rule, Duration ofAll, @Nullable Duration ofHasty, @Nullable Duration ofPatient)
      throws Exception {
    run(
        rule,
        ofAll,
        request -> ofHasty == null ? request : rule.apply(request, ofHasty),
        request -> ofPatient == null ? request : rule.apply(request, ofPatient));
  }

  private void run(
      Rule rule,
      Duration ofAll,
      UnaryOperator<RequestBuilder> ofHasty,
      UnaryOperator<RequestBuilder> ofPatient)
      throws Exception {
    Stalled stalled = rule.stalled(all.server());
    HttpClient client = all.client(config -> rule.apply(stalled.client(config), ofAll));
    stalled.prepare(client);
    AtomicInteger completions = new AtomicInteger();

    Future<ClientResponse> patient = ofPatient.apply(stalled.request(client, "patient")).send();
    stalled.begun("patient");
    CompletableFuture<ClientResponse> hasty =
        ofHasty.apply(stalled.request(client, "hasty")).send();
    Future<?> counted = hasty.whenComplete((response, failure) -> completions.incrementAndGet());
    stalled.begun("hasty");

    ClientException failure = Outcome.failure(hasty, rule.kind());
    assertThat(failure)
        .hasMessageContaining(stalled.origin("hasty"))
        .hasMessageContaining(SHORT + " (" + rule.option + ")");
    assertThat(failure.kind().isTimeout()).isTrue();
    stalled.expectClosed("hasty");
    assertThat(client.statistics()).isEqualTo(stalled.whileOneStands());

    assertThat(patient.isDone()).isFalse();
    stalled.help("patient");
    assertThat(new String(Outcome.of(patient).bytes(), latin1())).isIn("good", "go");
    assertThat(client.statistics()).isEqualTo(new ClientStatistics(1, 1, 0));
    Outcome.failure(counted);
    assertThat(completions).hasValue(1);
    assertThat(all.events.count(RecordingEvents.Kind.FAILURE)).isEqualTo(1);
  }

  // ---- connecting

  /** The system makes no more connections to it than wait to be accepted. */
  @Test
  void serverThatAcceptsNobodyIsGivenUp() throws Exception {
    InetAddress local = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    ScriptedServer full = all.add(ScriptedServer.start(local, 1));
    List<SocketChannel> fill = fill(full.address());
    try {
      HttpClient client = all.client();
      ClientException failure =
          Outcome.failure(
              client.get(full.url("/")).connectTimeout(SHORT).send(), Kind.CONNECT_TIMEOUT);
      assertThat(failure)
          .hasMessageContaining("http://" + full.host() + " in " + SHORT + " (connectTimeout)")
          .hasMessageEndingWith("while connecting");
      assertThat(client.statistics()).isEqualTo(new ClientStatistics(0, 0, 0));
    } finally {
      for (SocketChannel channel : fill) {
        channel.close();
      }
    }
  }

  /** Connections until one is not made at once. */
  private static List<SocketChannel> fill(InetSocketAddress address) throws IOException {
    List<SocketChannel> channels = new ArrayList<>();
    boolean made = true;
    while (made) {
      SocketChannel channel = SocketChannel.open();
      channels.add(channel);
      channel.configureBlocking(false);
      made = channel.connect(address) || isConnectedSoon(channel);
    }
    return channels;
  }

  private static boolean isConnectedSoon(SocketChannel channel) throws IOException {
    try (Selector selector = Selector.open()) {
      channel.register(selector, SelectionKey.OP_CONNECT);
      return selector.select(200) > 0 && channel.finishConnect();
    }
  }

  // ---- what counts as progress

  /** A byte a time, more often than the time-out, for longer than it. */
  @Test
  void eachByteBeginsTheIdleTimeAgain() throws Exception {
    ScriptedServer server = all.server();
    Future<ClientResponse> response =
        all.client().get(server.url("/")).idleTimeout(Duration.ofMillis(700)).send();
    Peer peer = server.accept().expect(server.request("GET", "/"));
    peer.drip(ok("fourteen bytes"), Duration.ofMillis(20));
    assertThat(Outcome.of(response).text()).isEqualTo("fourteen bytes");
  }

  /** The head takes longer than allowed, however lively it comes. */
  @Test
  void firstByteTimeoutIsForAllOfTheHead() throws Exception {
    ScriptedServer server = all.server();
    Future<ClientResponse> response =
        all.client().get(server.url("/")).firstByteTimeout(Duration.ofMillis(200)).send();
    Peer peer = server.accept().expect(server.request("GET", "/"));
    peer.drip("HTTP/1.1 200 OK\r\n" + "A: b\r\n".repeat(190), Duration.ofMillis(10));
    Outcome.failure(response, Kind.FIRST_BYTE_TIMEOUT);
    peer.expectEof();
  }

  /** Who does not read has no reason to complain. */
  @Test
  void idleTimeDoesNotRunWhileNobodyTakesTheBody() throws Exception {
    ScriptedServer server = all.server();
    byte[] content = new byte[20_000_000];
    String head = "HTTP/1.1 200 OK\r\nContent-Length: " + content.length + "\r\n\r\n";
    Future<ClientResponse> future =
        all.client().get(server.url("/")).idleTimeout(Duration.ofMillis(700)).stream();
    Peer peer = server.accept().expect(server.request("GET", "/"));
    Future<?> sent =
        CompletableFuture.runAsync(
            () -> {
              send(peer, head.getBytes(latin1()));
              send(peer, content);
            });
    try (ClientResponse response = Outcome.of(future);
        InputStream body = response.stream()) {
      assertThat(peer.isSilentFor(Duration.ofMillis(1500))).isTrue();
      assertThat(sent.isDone()).isFalse();
      assertThat(body.readAllBytes()).hasSize(content.length);
      Outcome.of(sent);
    }
  }

  private static void send(Peer peer, byte[] bytes) {
    try {
      peer.send(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The server reads nothing, for longer than other requests may stand still. */
  @Test
  void requestThatMayStandStillLongerThanItsClientIsSent() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.idleTimeout(SHORT));
    byte[] body = new byte[20_000_000];
    Future<ClientResponse> future =
        client.post(server.url("/")).body(body).idleTimeout(LONG).send();
    Peer peer = server.accept();
    String head = peer.head();
    // longer than the sweep that looks for who does not read
    Outcome.failure(
        client.get(server.url("/")).idleTimeout(Duration.ofMillis(2500)).send(), Kind.IDLE_TIMEOUT);
    assertThat(future.isDone()).isFalse();
    assertThat(head).contains("Content-Length: " + body.length);
    assertThat(peer.bytes(body.length)).hasSize(body.length);
    peer.send(ok("taken"));
    assertThat(Outcome.of(future).text()).isEqualTo("taken");
  }

  // ---- all of it

  @Test
  void totalTimeIncludesTheBodyThatIsStreamed() throws Exception {
    ScriptedServer server = all.server();
    Future<ClientResponse> future =
        all.client().get(server.url("/")).totalTimeout(Duration.ofMillis(300)).stream();
    Peer peer = server.accept().expect(server.request("GET", "/"));
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    try (ClientResponse response = Outcome.of(future);
        InputStream body = response.stream()) {
      peer.drip("x".repeat(1000), Duration.ofMillis(10));
      assertThatThrownBy(body::readAllBytes)
          .isInstanceOfSatisfying(
              ClientException.class,
              failure -> assertThat(failure.kind()).isEqualTo(Kind.TOTAL_TIMEOUT))
          .hasMessageContaining("totalTimeout");
    }
    peer.expectEof();
  }

  @Test
  void totalTimeIncludesAllRedirects() throws Exception {
    ScriptedServer server = all.server();
    HttpClient client = all.client(config -> config.maxRedirects(1_000_000));
    Future<ClientResponse> future =
        client.get(server.url("/")).totalTimeout(Duration.ofMillis(300)).send();
    Peer peer = server.accept();
    Future<?> redirected = CompletableFuture.runAsync(() -> redirectForEver(peer));
    assertThat(Outcome.failure(future, Kind.TOTAL_TIMEOUT))
        .hasMessageContaining("PT0.3S (totalTimeout) to GET " + server.url("/"));
    Outcome.of(redirected);
  }

  private static void redirectForEver(Peer peer) {
    try {
      while (!peer.head().isEmpty()) {
        peer.send("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
      }
    } catch (IOException e) {
      // the client has given up
    }
  }
}
